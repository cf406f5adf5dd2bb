//! What is fetched, and what is not.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::Fetched;
use super::Freshness;
use super::NotFetched;
use super::Outbound;
use super::Resolve;
use super::Settings;
use super::Wanted;
use super::address::is_public;
use super::places::NamedBy;
use super::places::OF_A_HOST;
use super::places::Place;
use super::places::Places;

const JSON: Wanted = Wanted {
    types: &["application/json"],
    most_bytes: 1_000,
    freshness: Freshness {
        least: Duration::from_mins(5),
        most: Duration::from_hours(24),
        usual: Duration::from_hours(1),
    },
    named_by: NamedBy::Record,
};

const GOOD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";

fn url(text: &str) -> Url {
    text.parse().expect("a URL")
}

/// Listens there and gives everybody this answer. The heads that came in are kept.
async fn server(at: &str, answer: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind((at, 0)).await.expect("a socket");
    let address = listener.local_addr().expect("an address");
    let heads = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&heads);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4_096];
            let read = stream.read(&mut head).await.unwrap_or(0);
            head.truncate(read);
            let head = String::from_utf8_lossy(&head).into_owned();
            kept.lock().expect("alone").push(head);
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, heads)
}

/// Answers each question with the next of these; the last one stays.
fn resolver(answers: &[&[&str]]) -> (Resolve, Arc<Mutex<usize>>) {
    let answers: Vec<Vec<IpAddr>> = answers
        .iter()
        .map(|list| {
            list.iter()
                .map(|a| a.parse().expect("an address"))
                .collect()
        })
        .collect();
    let asked = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&asked);
    let resolve: Resolve = Arc::new(move |_, port| {
        let mut asked = counted.lock().expect("alone");
        let answer = answers[(*asked).min(answers.len() - 1)].clone();
        *asked += 1;
        Box::pin(async move { Ok(answer.into_iter().map(|ip| (ip, port).into()).collect()) })
    });
    (resolve, asked)
}

fn allowing(networks: &[&str]) -> Settings {
    Settings {
        networks: networks.iter().map(|n| n.parse().expect("one")).collect(),
        plain_on_loopback: true,
        ..Settings::default()
    }
}

fn outbound(settings: Settings, answers: &[&[&str]]) -> Outbound {
    Outbound::with(settings, resolver(answers).0, Vec::new())
}

async fn from_server(answer: &'static str) -> Result<Fetched, NotFetched> {
    let (at, _) = server("127.0.0.1", answer).await;
    let client = outbound(allowing(&["127.0.0.0/8"]), &[&["127.0.0.1"]]);
    let url = url(&format!("http://client.test:{}/a?b=c", at.port()));
    client.fetch(&url, &JSON).await
}

#[test]
fn lesson_28_no_special_address_is_public_whatever_its_form() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.19.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:8.8.8.8",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "5f00::1",
        "4000::1",
    ] {
        assert!(!is_public(address.parse().expect("one")), "{address}");
    }
    for address in [
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2a00:1450::1",
    ] {
        assert!(is_public(address.parse().expect("one")), "{address}");
    }
}

#[tokio::test]
async fn lesson_28_an_address_in_the_url_is_checked_in_every_notation() {
    let client = outbound(Settings::default(), &[&["127.0.0.1"]]);
    for text in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/",
    ] {
        let refused = client.fetch(&url(text), &JSON).await;
        assert!(matches!(refused, Err(NotFetched::NotPublic(_))), "{text}");
        assert!(client.may_fetch(&url(text)).is_err(), "{text}");
    }
}

#[tokio::test]
async fn only_https_urls_without_user_and_fragment_are_fetched() {
    let client = outbound(Settings::default(), &[&["127.0.0.1"]]);
    let long = format!("https://client.test/{}", "a".repeat(2_100));
    for text in [
        "http://client.test/",
        "ftp://client.test/",
        "file:///etc/passwd",
        "data:application/json,{}",
        "https://user@client.test/",
        "https://user:word@client.test/",
        "https://client.test/#there",
        &long,
    ] {
        let refused = client.fetch(&url(text), &JSON).await;
        assert!(matches!(refused, Err(NotFetched::Url(_))), "{text}");
    }
}

#[tokio::test]
async fn lesson_28_one_private_address_among_public_ones_spoils_all() {
    let client = outbound(Settings::default(), &[&["1.1.1.1", "10.0.0.7"]]);
    let refused = client.fetch(&url("https://client.test/"), &JSON).await;
    let found = "10.0.0.7".parse().expect("an address");
    assert_eq!(refused, Err(NotFetched::NotPublic(found)));
}

#[tokio::test]
async fn lesson_28_dns_rebinding_does_not_reach_what_was_not_checked() {
    let (good, _) = server("127.0.0.2", GOOD).await;
    // Something private listens on the same port.
    let private = TcpListener::bind(("127.0.0.3", good.port())).await;
    let private = private.expect("a socket");
    let (resolve, asked) = resolver(&[&["127.0.0.2"], &["127.0.0.3"]]);
    let client = Outbound::with(allowing(&["127.0.0.2"]), resolve, Vec::new());
    let url = url(&format!("http://client.test:{}/", good.port()));
    let fetched = client.fetch(&url, &JSON).await.expect("the checked one");
    assert_eq!(fetched.body.as_ref(), b"{}");
    assert_eq!(*asked.lock().expect("alone"), 1, "looked up once");
    let refused = client.fetch(&url, &JSON).await;
    let other = "127.0.0.3".parse().expect("an address");
    assert_eq!(refused, Err(NotFetched::NotPublic(other)));
    let nobody = tokio::time::timeout(Duration::from_millis(1), private.accept()).await;
    assert!(nobody.is_err(), "nothing reached the private address");
}

#[tokio::test]
async fn plain_http_is_for_this_machine_alone() {
    let settings = allowing(&["127.0.0.0/8", "10.0.0.0/8"]);
    let client = outbound(settings, &[&["10.0.0.1"]]);
    let refused = client.fetch(&url("http://client.test/"), &JSON).await;
    assert_eq!(refused, Err(NotFetched::Url("only https URLs are fetched")));
}

#[tokio::test]
async fn a_host_that_is_listed_may_have_any_address() {
    let (at, _) = server("127.0.0.1", GOOD).await;
    let settings = Settings {
        hosts: vec!["inside.test".to_owned()],
        plain_on_loopback: true,
        ..Settings::default()
    };
    let client = outbound(settings, &[&["127.0.0.1"]]);
    let inside = url(&format!("http://inside.test:{}/", at.port()));
    client.fetch(&inside, &JSON).await.expect("it is listed");
    for other in ["outside.test", "inside.test.evil.test", "x.inside.test"] {
        let url = url(&format!("http://{other}:{}/", at.port()));
        let refused = client.fetch(&url, &JSON).await;
        assert!(matches!(refused, Err(NotFetched::NotPublic(_))), "{other}");
    }
}

#[tokio::test]
async fn a_request_says_nothing_of_us_but_our_name() {
    let (at, heads) = server("127.0.0.1", GOOD).await;
    let client = outbound(allowing(&["127.0.0.0/8"]), &[&["127.0.0.1"]]);
    let url = url(&format!("http://client.test:{}/a/b?c=d", at.port()));
    client.fetch(&url, &JSON).await.expect("it is there");
    let heads = heads.lock().expect("alone");
    let head = heads[0].to_ascii_lowercase();
    assert!(head.starts_with("get /a/b?c=d http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nhost: client.test:{}\r\n", at.port())));
    let names: Vec<_> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "host",
            "accept",
            "accept-encoding",
            "user-agent",
            "connection"
        ]
    );
}

#[tokio::test]
async fn lesson_10_a_redirect_is_not_followed() {
    let refused = from_server(
        "HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n",
    )
    .await;
    let refused = refused.expect_err("a redirect");
    assert_eq!(refused, NotFetched::Status(302));
    assert!(refused.told().contains("redirects are not followed"));
}

#[tokio::test]
async fn an_answer_of_another_kind_is_not_read() {
    for (answer, wanted) in [
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            NotFetched::Status(404),
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\n\r\n{}",
            NotFetched::ContentType,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            NotFetched::ContentType,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}",
            NotFetched::Encoded,
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1001\r\n\r\n{}",
            NotFetched::TooLarge(1_000),
        ),
    ] {
        let refused = from_server(answer).await;
        // A length that is announced and not kept may be noticed first.
        match refused {
            Err(NotFetched::Unreachable(_)) if wanted == NotFetched::TooLarge(1_000) => {}
            other => assert_eq!(other, Err(wanted)),
        }
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{}",
        " ".repeat(5_000)
    );
    let refused = from_server(Box::leak(answer.into_boxed_str())).await;
    assert_eq!(refused, Err(NotFetched::TooLarge(1_000)));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_answer_is_given_up() {
    let never: Resolve = Arc::new(|_, _| Box::pin(std::future::pending()));
    let client = Outbound::with(Settings::default(), never, Vec::new());
    let refused = client.fetch(&url("https://client.test/"), &JSON).await;
    assert_eq!(refused, Err(NotFetched::TooSlow(5)));
    assert_eq!(client.places.hosts(), 0, "nothing stays behind");
}

#[tokio::test]
async fn rfc9111_5_2_2_an_answer_is_kept_as_long_as_it_says_within_bounds() {
    for (headers, seconds) in [
        ("", 3_600),
        ("cache-control: max-age=7200\r\n", 7_200),
        ("cache-control: public, MAX-AGE=\"7200\"\r\n", 7_200),
        ("cache-control: max-age=7200\r\nage: 600\r\n", 6_600),
        (
            "cache-control: max-age=7200\r\ncache-control: max-age=600\r\n",
            600,
        ),
        ("cache-control: max-age=1\r\n", 300),
        ("cache-control: no-store\r\n", 300),
        ("cache-control: max-age=31536000\r\n", 86_400),
        ("cache-control: max-age=99999999999999999999999\r\n", 86_400),
        ("cache-control: max-age=-1\r\n", 3_600),
        ("cache-control: s-maxage=60\r\n", 3_600),
    ] {
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=utf-8\r\n{headers}content-length: 2\r\n\r\n{{}}"
        );
        let fetched = from_server(Box::leak(answer.into_boxed_str())).await;
        let fetched = fetched.expect("it is there");
        assert_eq!(fetched.fresh_for.as_secs(), seconds, "{headers}");
    }
}

/// A certificate for a name, and a server that has it.
async fn secure(name: &str) -> (SocketAddr, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a certificate and its key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a socket");
    let at = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 4_096]).await;
                let _ = stream.write_all(GOOD.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        }
    });
    (at, certificate)
}

#[tokio::test]
async fn the_certificate_must_be_believed_and_be_for_the_name() {
    let (at, certificate) = secure("client.test").await;
    let client = |extra: Vec<_>| {
        let (resolve, _) = resolver(&[&["127.0.0.1"]]);
        Outbound::with(allowing(&["127.0.0.0/8"]), resolve, extra)
    };
    let named = url(&format!("https://client.test:{}/", at.port()));
    let other = url(&format!("https://other.test:{}/", at.port()));
    let believing = client(vec![certificate]);
    believing
        .fetch(&named, &JSON)
        .await
        .expect("it is believed");
    let wrong_name = believing.fetch(&other, &JSON).await;
    assert!(matches!(wrong_name, Err(NotFetched::Tls(_))));
    let (_, another) = secure("another.test").await;
    let stranger = client(vec![another]).fetch(&named, &JSON).await;
    assert!(matches!(stranger, Err(NotFetched::Tls(_))));
}

async fn place<'p>(places: &'p Places, host: &str, by: NamedBy) -> Result<Place<'p>, NotFetched> {
    let soon = tokio::time::timeout(Duration::from_millis(1), places.take(host, by)).await;
    soon.unwrap_or(Err(NotFetched::TooSlow(0)))
}

#[tokio::test]
async fn a_host_has_so_many_places_and_none_when_nobody_fetches() {
    let places = Places::default();
    let mut taken = Vec::new();
    for _ in 0..OF_A_HOST {
        taken.push(
            place(&places, "a.test", NamedBy::Record)
                .await
                .expect("a place"),
        );
    }
    let fifth = place(&places, "a.test", NamedBy::Record).await;
    assert_eq!(fifth.expect_err("it waits"), NotFetched::TooSlow(0));
    taken.push(
        place(&places, "b.test", NamedBy::Record)
            .await
            .expect("another host"),
    );
    assert_eq!(places.hosts(), 2);
    taken.clear();
    assert_eq!(places.hosts(), 0);
    for host in 0..super::places::IN_ALL {
        let host = host.to_string();
        taken.push(
            place(&places, &host, NamedBy::Record)
                .await
                .expect("a place"),
        );
    }
    let refused = place(&places, "c.test", NamedBy::Record).await;
    assert_eq!(refused.expect_err("there are none left"), NotFetched::Busy);
    taken.clear();
    assert_eq!(places.hosts(), 0);
}

/// Whoever names one host that does not answer keeps nobody else waiting.
#[tokio::test]
async fn who_waits_for_a_host_takes_no_place_of_others() {
    let places = Places::default();
    let mut taken = Vec::new();
    for _ in 0..OF_A_HOST {
        taken.push(
            place(&places, "slow.test", NamedBy::Stranger)
                .await
                .expect("a place"),
        );
    }
    let mut waiting = Vec::new();
    for _ in 0..super::places::WAITING {
        let mut one = Box::pin(places.take("slow.test", NamedBy::Stranger));
        assert!(futures_util::poll!(&mut one).is_pending());
        waiting.push(one);
    }
    let refused = place(&places, "slow.test", NamedBy::Stranger).await;
    assert_eq!(refused.expect_err("too many wait"), NotFetched::Busy);
    assert!(
        place(&places, "quick.test", NamedBy::Stranger)
            .await
            .is_ok()
    );
    drop(waiting);
    taken.clear();
    assert_eq!(places.hosts(), 0);
}

/// Nor do strangers who name many hosts keep what is known from being fetched.
#[tokio::test]
async fn what_strangers_name_takes_no_place_of_what_is_known() {
    let places = Places::default();
    let mut taken = Vec::new();
    for host in 0..super::places::OF_STRANGERS {
        let host = host.to_string();
        taken.push(
            place(&places, &host, NamedBy::Stranger)
                .await
                .expect("a place"),
        );
    }
    let refused = place(&places, "a.test", NamedBy::Stranger).await;
    assert_eq!(refused.expect_err("there are none left"), NotFetched::Busy);
    assert!(place(&places, "a.test", NamedBy::Record).await.is_ok());
}

#[test]
fn what_is_inside_the_network_is_not_told_to_strangers() {
    let inside = [
        NotFetched::NoAddress("not known".to_owned()),
        NotFetched::NotPublic(IpAddr::from([10, 0, 0, 1])),
        NotFetched::Unreachable("refused".to_owned()),
        NotFetched::Tls("unknown issuer".to_owned()),
        NotFetched::TooSlow(5),
    ];
    for error in inside {
        assert_eq!(error.told(), "it could not be fetched", "{error:?}");
    }
}
