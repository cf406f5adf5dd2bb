//! How cookies are set and read.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use carnet_core::value::Seconds;

use super::Cookie;

const ISSUER: &str = "https://id.acme.example";

#[test]
fn a_session_cookie_is_for_this_host_and_no_script() {
    let set = Cookie::Session
        .set("crn_se_x", Seconds(60), ISSUER)
        .unwrap();
    assert_eq!(
        set.to_str().unwrap(),
        "__Host-carnet=crn_se_x; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
    );
    let plain = Cookie::Form
        .set("x", None, "http://127.0.0.1:8080")
        .unwrap();
    assert_eq!(
        plain.to_str().unwrap(),
        "carnet-form=x; Path=/; HttpOnly; SameSite=Lax"
    );
    let clear = Cookie::Session.clear(ISSUER).unwrap();
    assert_eq!(
        clear.to_str().unwrap(),
        "__Host-carnet=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    );
}

#[test]
fn a_cookie_is_read_by_its_whole_name_and_once() {
    let read = |line: &'static str| {
        let mut asked = HeaderMap::new();
        asked.insert("cookie", HeaderValue::from_static(line));
        Cookie::Session.read(&asked, ISSUER)
    };
    assert_eq!(read("a=b; __Host-carnet=one; c=d").as_deref(), Some("one"));
    assert_eq!(
        read("carnet=one"),
        None,
        "the plain name is not read on https"
    );
    assert_eq!(
        read("__host-carnet=one"),
        None,
        "names of cookies have capitals"
    );
    assert_eq!(read("__Host-carnet=one; __Host-carnet=two"), None);
}
