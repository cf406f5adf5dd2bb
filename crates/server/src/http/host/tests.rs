//! Host names that are ours, and those that are not.

use http::HeaderMap;
use http::Request;
use http::Version;

use super::BadHost;
use super::CameAs;
use super::came_as;
use super::check;

fn request(version: Version, hosts: &[&str]) -> Request<()> {
    let mut request = Request::builder().version(version).uri("/");
    for host in hosts {
        request = request.header("host", *host);
    }
    request.body(()).unwrap()
}

#[test]
fn rfc9112_3_2_http_1_1_needs_exactly_one_host() {
    assert_eq!(check(&request(Version::HTTP_11, &["a.example"])), Ok(()));
    assert_eq!(check(&request(Version::HTTP_11, &[])), Err(BadHost));
    assert_eq!(check(&request(Version::HTTP_11, &["a", "a"])), Err(BadHost));
    assert_eq!(check(&request(Version::HTTP_10, &[])), Ok(()));
    assert_eq!(check(&request(Version::HTTP_2, &[])), Ok(()));
    assert_eq!(check(&request(Version::HTTP_2, &["a", "b"])), Err(BadHost));
}

#[test]
fn a_host_is_a_name_or_a_literal_with_a_port() {
    for host in [
        "a.example:8080",
        "127.0.0.1",
        "[2001:db8::1]:443",
        "my_host",
        "",
    ] {
        assert_eq!(check(&request(Version::HTTP_11, &[host])), Ok(()), "{host}");
    }
    let long = "a".repeat(261);
    for host in ["a@b", "a/b", "a b", "a?b", "a,b", "<script>", long.as_str()] {
        assert_eq!(
            check(&request(Version::HTTP_11, &[host])),
            Err(BadHost),
            "{host}"
        );
    }
}

#[test]
fn the_name_under_which_a_request_came_is_compared_with_ours() {
    for (uri, host, came) in [
        ("/", Some("auth.acme.example"), CameAs::Us),
        ("/", Some("AUTH.acme.example:443"), CameAs::Us),
        (
            "/",
            Some("10.0.9.5"),
            CameAs::Another("10.0.9.5".to_owned()),
        ),
        (
            "/",
            Some("auth.acme.example:8443"),
            CameAs::Another("auth.acme.example:8443".to_owned()),
        ),
        ("/", None, CameAs::Unnamed),
        // HTTP/2 says it in the target, which counts for more (RFC 9112 section 3.2.2).
        (
            "https://auth.acme.example/",
            Some("evil.example"),
            CameAs::Us,
        ),
        (
            "https://evil.example/",
            None,
            CameAs::Another("evil.example".to_owned()),
        ),
    ] {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert("host", host.parse().unwrap());
        }
        let uri = uri.parse().unwrap();
        assert_eq!(
            came_as(&uri, &headers, "auth.acme.example"),
            came,
            "{uri} {host:?}"
        );
    }
}
