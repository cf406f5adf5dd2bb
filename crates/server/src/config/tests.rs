//! Sections of the configuration, read and refused.

use std::time::Duration;

use super::drain::Drain;
use super::google::Google;
use super::http::Http;
use super::http::Listen;
use super::http::TraceContext;
use super::log::Log;
use super::ops::Ops;
use super::outbound::Outbound;
use super::par::Par;
use super::rate::Rate;
use super::registration::Documents;
use super::registration::Registration;
use super::session::Session;
use crate::captive::proxy::Others;
use crate::password::Hashing;

fn refused<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
    let refused = toml::from_str::<T>(text).expect_err("this is not allowed");
    refused.message().to_owned()
}

#[test]
fn an_empty_section_has_the_safe_defaults() {
    assert_eq!(toml::from_str::<Http>("").unwrap(), Http::default());
    assert_eq!(toml::from_str::<Ops>("").unwrap(), Ops::default());
    assert_eq!(toml::from_str::<Log>("").unwrap(), Log::default());
    assert_eq!(toml::from_str::<Drain>("").unwrap(), Drain::default());
    assert_eq!(toml::from_str::<Rate>("").unwrap(), Rate::default());
    assert_eq!(toml::from_str::<Par>("").unwrap(), Par::default());
    assert_eq!(toml::from_str::<Session>("").unwrap(), Session::default());
    assert_eq!(toml::from_str::<Hashing>("").unwrap(), Hashing::default());
    assert_eq!(Ops::default().listen.unwrap().to_string(), "127.0.0.1:9090");
    let Drain { delay, timeout } = Drain::default();
    assert!(delay < timeout && timeout < Duration::from_secs(10));
}

#[test]
fn every_key_can_be_written() {
    let http: Http = toml::from_str(
        r#"
        listen = ["0.0.0.0:8080", "[::1]:8443", "unix:/run/carnet/http.sock"]
        tls = { cert = "c.pem", key = "k.pem" }
        trusted_proxies = ["10.0.0.0/8", "fd00::/8"]
        trace_context = "anyone"
        max_connections = 5
        max_head_bytes = 8192
        max_headers = 16
        max_body_bytes = 65536
        max_streams = 7
        max_reset_streams = 8
        head_timeout = "500ms"
        body_timeout = "2s"
        idle_timeout = "1m"
        write_timeout = "1h"
        handshake_timeout = 4
        "#,
    )
    .unwrap();
    let written: Vec<_> = http.listen.iter().map(ToString::to_string).collect();
    assert_eq!(
        written,
        ["0.0.0.0:8080", "[::1]:8443", "unix:/run/carnet/http.sock"]
    );
    assert_eq!(http.trace_context, TraceContext::Anyone);
    assert_eq!(
        (
            http.limits.connections,
            http.limits.head_bytes,
            http.limits.headers
        ),
        (5, 8192, 16)
    );
    assert_eq!((http.limits.body_bytes, http.limits.streams), (65_536, 7));
    assert_eq!(http.limits.reset_streams, 8);
    let times = http.timeouts;
    let millis = [
        times.head,
        times.body,
        times.idle,
        times.write,
        times.handshake,
    ];
    assert_eq!(
        millis.map(|time| time.as_millis()),
        [500, 2_000, 60_000, 3_600_000, 4_000]
    );
    assert_eq!(http.tls.unwrap().key.to_str(), Some("k.pem"));
}

/// RFC 6749 section 3.2, RFC 9700 section 2.6: what is secret goes over TLS.
#[test]
fn rfc6749_3_2_plain_http_is_for_this_machine_or_for_a_proxy_that_is_named() {
    let taken = |text: &str| toml::from_str::<Http>(text).is_ok();
    for place in ["0.0.0.0:80", "[::]:80", "192.0.2.7:80", "[fe80::1]:80"] {
        let listen = format!("listen = \"{place}\"");
        let no = refused::<Http>(&listen);
        assert!(
            no.contains("http.listen") && no.contains("http.tls"),
            "{no}"
        );
        assert!(taken(&format!(
            "{listen}\ntrusted_proxies = \"10.0.0.0/8\""
        )));
        assert!(taken(&format!(
            "{listen}\ntls = {{ cert = \"c\", key = \"k\" }}"
        )));
    }
    for place in ["127.0.0.1:80", "[::1]:80", "unix:/run/carnet/http.sock"] {
        assert!(taken(&format!("listen = \"{place}\"")), "{place}");
    }
    assert!(!taken("listen = [\"127.0.0.1:80\", \"0.0.0.0:80\"]"));
    assert!(
        Http::default()
            .listen
            .iter()
            .all(|place| !place.is_for_others())
    );
}

#[test]
fn a_list_may_be_one_text_as_an_environment_variable_is() {
    let http: Http = toml::from_str(r#"trusted_proxies = "10.0.0.0/8, 192.0.2.1""#).unwrap();
    let other: Http = toml::from_str(r#"trusted_proxies = ["10.0.0.0/8", "192.0.2.1"]"#).unwrap();
    assert_eq!(http, other);
    let one: Http = toml::from_str(r#"listen = "127.0.0.1:0""#).unwrap();
    assert_eq!(one.listen, [Listen::Tcp(([127, 0, 0, 1], 0).into())]);
}

#[test]
fn unknown_keys_stop_the_server() {
    assert!(refused::<Http>("max_conections = 5").contains("max_conections"));
    assert!(refused::<Http>(r#"tls = { cert = "c", key = "k", kye = "k" }"#).contains("kye"));
    assert!(refused::<Ops>("lisen = 1").contains("lisen"));
    assert!(refused::<Log>("levle = 1").contains("levle"));
    assert!(refused::<Drain>("dely = 1").contains("dely"));
    assert!(refused::<Rate>("enable = true").contains("enable"));
}

#[test]
fn crn_7002_a_value_that_is_not_allowed_is_told_with_key_value_and_reason() {
    assert_eq!(
        refused::<Http>("max_headers = 5"),
        "http.max_headers is 5; allowed are 16 to 1000"
    );
    assert_eq!(
        refused::<Http>("head_timeout = \"2h\""),
        "http.head_timeout is 7200s; allowed are 100ms to 3600s"
    );
    assert_eq!(
        refused::<Drain>("delay = 9"),
        "drain.delay is 9s; it must not be longer than drain.timeout, 8s"
    );
    assert!(refused::<Log>("level = \"=loud\"").starts_with("log.level is =loud; levels are "));
    assert!(refused::<Ops>("listen = \"9090\"").starts_with("ops.listen is 9090; "));
    assert!(refused::<Http>("head_timeout = -1").contains("a length of time is"));
    assert!(refused::<Http>("head_timeout = \"ten\"").contains("a length of time is"));
}

#[test]
fn all_faults_of_a_section_are_told_at_once() {
    let told = refused::<Http>(
        "max_headers = 5\nmax_streams = 0\nlisten = \"8080\"\ntrusted_proxies = [\"proxy.local\", \"10.1.0.0/8\"]",
    );
    let keys: Vec<_> = told
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(
        keys,
        [
            "http.listen",
            "http.trusted_proxies",
            "http.trusted_proxies",
            "http.max_headers",
            "http.max_streams"
        ]
    );
}

#[test]
fn lesson_16_a_trusted_proxy_is_an_address_and_never_a_name() {
    let told = refused::<Http>("trusted_proxies = [\"proxy.local\"]");
    assert!(told.contains("names are not looked up"), "{told}");
}

#[test]
fn a_value_cannot_break_the_line_that_tells_about_it() {
    let told = refused::<Ops>("listen = \"a\\nb\"");
    assert!(told.starts_with("ops.listen is a\\nb; "), "{told}");
}

#[test]
fn ops_and_rate_can_be_switched_off() {
    assert_eq!(
        toml::from_str::<Ops>("listen = \"off\"").unwrap().listen,
        None
    );
    assert_eq!(
        toml::from_str::<Rate>(
            "refusals_per_minute = 0\nnamed_per_minute = 0\ndevices_per_minute = 0\npeople_per_minute = 0"
        )
        .unwrap(),
        Rate::off()
    );
}

#[test]
fn a_list_has_an_end() {
    let long = vec!["\"192.0.2.1\""; 1_001].join(",");
    assert!(refused::<Http>(&format!("trusted_proxies = [{long}]")).contains("1000"));
    let long = vec!["192.0.2.1"; 1_001].join(",");
    assert!(refused::<Http>(&format!("trusted_proxies = \"{long}\"")).contains("1000"));
}

#[test]
fn a_person_stays_signed_in_for_as_long_as_is_said() {
    let Session(length) = toml::from_str("idle = \"1h\"\nabsolute = \"2d\"").unwrap();
    assert_eq!((length.idle.0, length.absolute.0), (3_600, 2 * 86_400));
    let Session(length) = toml::from_str("absolute = \"8h\"").unwrap();
    assert_eq!((length.idle.0, length.absolute.0), (8 * 3_600, 8 * 3_600));
    for text in [
        "idle = \"299s\"",
        "absolute = \"366d\"",
        "idle = \"91d\"",
        "absolute = 0",
    ] {
        assert!(refused::<Session>(text).starts_with("session."), "{text}");
    }
    let told = refused::<Session>("idle = \"2h\"\nabsolute = \"1h\"");
    assert!(
        told.contains("not be longer than session.absolute"),
        "{told}"
    );
}

#[test]
fn a_hash_costs_what_is_said_within_bounds() {
    let text =
        "memory_kib = 65536\npasses = 3\nthreads = 4\nmax_waiting = 10\nmax_wait = \"500ms\"";
    let hashing: Hashing = toml::from_str(text).unwrap();
    assert_eq!((hashing.cost.memory(), hashing.cost.passes()), (65_536, 3));
    assert_eq!((hashing.threads, hashing.queue), (4, 10));
    assert_eq!(hashing.wait, Duration::from_millis(500));
    for text in [
        "memory_kib = 8",
        "memory_kib = 1000000",
        "passes = 0",
        "passes = 11",
        "threads = 0",
        "threads = 257",
        "max_waiting = 0",
        "max_wait = \"31s\"",
    ] {
        assert!(refused::<Hashing>(text).starts_with("password."), "{text}");
    }
}

#[test]
fn what_may_be_fetched_besides_the_public_internet_is_listed() {
    let text =
        "allow = \"keys.example.com, 10.1.0.0/16,::1\"\nplain_http = \"loopback\"\ntimeout = 2";
    let outbound: Outbound = toml::from_str(text).unwrap();
    assert_eq!(outbound.hosts, ["keys.example.com"]);
    assert_eq!(outbound.networks.len(), 2);
    assert!(outbound.plain_on_loopback);
    assert_eq!(outbound.timeout, Duration::from_secs(2));
    let safe = Outbound::default();
    assert!(safe.hosts.is_empty() && safe.networks.is_empty() && !safe.plain_on_loopback);
    let many = vec!["\"a.example\""; 101].join(",");
    for text in [
        "timeout = \"999ms\"",
        "timeout = \"31s\"",
        "allow = \"*.example.com\"",
        "allow = \"https://keys.example.com\"",
        "allow = \"keys.example.com:8443\"",
        "allow = \"10.0.0.1/8\"",
        &format!("allow = [{many}]"),
    ] {
        assert!(refused::<Outbound>(text).starts_with("outbound."), "{text}");
    }
}

#[test]
fn documents_of_apps_are_nobodys_unless_it_is_said() {
    let safe = Registration::default();
    assert!(!safe.takes("app.example") && !safe.takes_documents());
    let text = "documents = \"listed\"\ndocument_hosts = \"app.example,b.example\"";
    let listed: Registration = toml::from_str(text).unwrap();
    assert!(listed.takes("b.example") && !listed.takes("x.app.example"));
    let any: Registration = toml::from_str("documents = \"any\"").unwrap();
    assert!(any.takes("x.app.example"));
    assert_eq!(any.documents, Documents::Any);
    for text in [
        "documents = \"listed\"",
        "document_hosts = \"*.example\"",
        "document_hosts = \"https://app.example\"",
        "document_hosts = \"App.example\"",
        "document_hosts = \"127.0.0.1\"",
        "project = \"X\"",
    ] {
        let told = refused::<Registration>(text);
        assert!(told.starts_with("registration."), "{text}: {told}");
    }
}

#[test]
fn rfc9126_5_who_must_push_and_for_how_long_it_is_good() {
    let usual = Par::default();
    assert_eq!((usual.lifetime.0, usual.required), (60, false));
    let by_app: Par = toml::from_str(r#"required = "by_app""#).unwrap();
    assert_eq!(by_app, usual);
    let always: Par = toml::from_str("required = \"always\"\nlifetime = \"10m\"").unwrap();
    assert_eq!((always.lifetime.0, always.required), (600, true));
    let shortest: Par = toml::from_str(r#"lifetime = "5s""#).unwrap();
    assert_eq!(shortest.lifetime.0, 5);
    for length in ["4s", "601s", "1h"] {
        let said = refused::<Par>(&format!("lifetime = \"{length}\""));
        assert!(said.contains("par.lifetime"), "{length}: {said}");
    }
    for wrong in ["required = true", r#"required = "never""#, "requried = 1"] {
        refused::<Par>(wrong);
    }
}

#[test]
fn google_wire_13_the_proxy_is_for_this_machine_and_no_open_relay() {
    assert_eq!(Google::default().listen, None);
    let nothing: Google = toml::from_str("listen = \"off\"").unwrap();
    assert_eq!(nothing, Google::default());
    let both = "listen = \"127.0.0.1:8443\"\nproxy = \"[::1]:8444\"\n";
    let google: Google = toml::from_str(&format!("{both}universe = \"carnet.test\"")).unwrap();
    assert_eq!(google.proxy, "[::1]:8444".parse().ok());
    assert_eq!(google.others, Others::Refuse);
    let tunnel: Google = toml::from_str(&format!("{both}others = \"tunnel\"")).unwrap();
    assert_eq!(tunnel.others, Others::Tunnel);
    let open = "listen = \"0.0.0.0:8443\"\nproxy = \"0.0.0.0:8444\"\nreach = \"anywhere\"\n";
    assert!(toml::from_str::<Google>(open).is_ok());
    for (text, key) in [
        ("listen = \"0.0.0.0:8443\"", "google.listen"),
        ("listen = \"localhost:8443\"", "google.listen"),
        (
            "listen = \"127.0.0.1:1\"\nproxy = \"10.0.0.1:2\"",
            "google.proxy",
        ),
        ("proxy = \"127.0.0.1:8444\"", "google.proxy"),
        (&format!("{open}others = \"tunnel\""), "google.others"),
        ("universe = \"googleapis.com\"", "google.universe"),
    ] {
        let told = refused::<Google>(text);
        assert!(told.starts_with(key), "{text}: {told}");
    }
    refused::<Google>("lisen = \"127.0.0.1:1\"");
}
