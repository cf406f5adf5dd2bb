//! Which names are held, and which only look like them.

use super::Names;
use super::Universe;
use super::of_an_api;
use crate::http::host::Hosts as _;

#[test]
fn google_wire_0_2_googles_names_are_held_and_no_others() {
    let names = Names::default();
    for held in [
        "oauth2.googleapis.com",
        "OAuth2.GoogleAPIs.com",
        "oauth2.mtls.googleapis.com",
        "www.googleapis.com",
        "accounts.google.com",
        "iamcredentials.googleapis.com",
        "sts.mtls.googleapis.com",
        "metadata.google.internal",
        "www.gstatic.com",
        "auth.cloud.google",
        "storage.googleapis.com",
    ] {
        assert!(names.hold(held) && names.answer_to(held), "{held}");
    }
    for other in [
        "",
        ".",
        "googleapis.com",
        ".googleapis.com",
        "evilgoogleapis.com",
        "oauth2.googleapis.com.",
        "oauth2.googleapis.com.evil.example",
        "a.b.googleapis.com",
        "a.b.mtls.googleapis.com",
        ".mtls.googleapis.com",
        "-.googleapis.com",
        "*.googleapis.com",
        "a b.googleapis.com",
        "google.com",
        "mail.google.com",
        "x.accounts.google.com",
        "gstatic.com",
        "sts.carnet.test",
        "example.com",
    ] {
        assert!(!names.hold(other) && !names.answer_to(other), "{other}");
    }
    // A listener answers to this machine's names; no proxy leads to them.
    for own in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"] {
        assert!(names.answer_to(own) && !names.hold(own), "{own}");
    }
}

#[test]
fn google_wire_0_2_a_universe_has_the_same_names() {
    let names = Names::new(Some("Carnet.test".parse().unwrap()));
    for held in [
        "sts.carnet.test",
        "sts.mtls.carnet.test",
        "sts.googleapis.com",
    ] {
        assert!(names.hold(held), "{held}");
    }
    for other in ["carnet.test", "a.b.carnet.test", "xcarnet.test"] {
        assert!(!names.hold(other), "{other}");
    }
    let domains: Vec<_> = names.domains().collect();
    assert!(domains.contains(&"carnet.test") && domains.contains(&"googleapis.com"));
}

#[test]
fn a_universe_is_a_domain_of_ones_own() {
    for good in ["carnet.test", "a.b.c.example", "xn--a-0ga.test"] {
        assert!(good.parse::<Universe>().is_ok(), "{good}");
    }
    let long = format!("{}.test", "a.".repeat(60));
    for bad in [
        "",
        "test",
        "com",
        ".test",
        "a..test",
        "-a.test",
        "a_b.test",
        "127.0.0.1",
        "a.1",
        "googleapis.com",
        "x.googleapis.com",
        "google.com",
        "cloud.google.com",
        "a.test.",
        "*.test",
        "a.test/x",
        &long,
    ] {
        assert!(bad.parse::<Universe>().is_err(), "{bad}");
    }
}

#[test]
fn google_wire_0_2_an_api_is_the_first_label_of_a_name_and_other_names_are_no_apis() {
    let apis = [
        ("iam.googleapis.com", ("iam", "googleapis.com")),
        ("sts.carnet.test", ("sts", "carnet.test")),
        ("iam.mtls.googleapis.com", ("iam", "mtls.googleapis.com")),
    ];
    for (name, api) in apis {
        assert_eq!(of_an_api(name), Some(api));
    }
    for name in [
        "accounts.google.com",
        "Localhost",
        "127.0.0.1",
        "[::1]",
        "www.gstatic.com",
    ] {
        assert_eq!(of_an_api(name), None, "{name}");
    }
}
