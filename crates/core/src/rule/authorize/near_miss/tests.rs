//! What an owner sees of a redirect URI that was refused.

use carnet_wire::redirect_uri::Difference;

use crate::record::Client;
use crate::record::Near;
use crate::record::RefusedRedirect;
use crate::rule::sample;
use crate::value::UnixTime;

use super::is_settled;
use super::refused;

const REGISTERED: &str = "https://ledgerly.example/callback";

fn app(uris: &[&str]) -> Client {
    let mut client = sample::client();
    client.redirect_uris = uris.iter().map(|uri| uri.parse().unwrap()).collect();
    client
}

fn seen(presented: &str) -> RefusedRedirect {
    refused(&app(&[REGISTERED]), presented, UnixTime(7))
}

#[test]
fn ux_w8_by_what_it_fails_is_told_for_each_kind_of_slip() {
    let slips = [
        (
            "https://ledgerly.example/callback/",
            Difference::TrailingSlash,
        ),
        ("http://ledgerly.example/callback", Difference::Scheme),
        ("https://ledgerly.example:8443/callback", Difference::Port),
        ("https://Ledgerly.example/callback", Difference::Case),
        ("https://www.ledgerly.example/callback", Difference::Host),
        ("https://ledgerly.example/auth/callback", Difference::Path),
        ("https://ledgerly.example/%63allback", Difference::Encoding),
        (
            "https://ledgerly.example/callback?code=1",
            Difference::Query,
        ),
        (
            "https://ledgerly.example/callback#top",
            Difference::Fragment,
        ),
    ];
    for (presented, difference) in slips {
        let near = Near {
            registered: REGISTERED.to_owned(),
            difference,
        };
        assert_eq!(seen(presented).near, Some(near), "{presented}");
    }
    assert_eq!(seen("https://evil.test/steal").near, None);
}

#[test]
fn what_may_be_secret_or_a_trick_is_not_kept() {
    let kept = |presented: &str| seen(presented).uri;
    assert_eq!(
        kept("https://a.test/cb?code=secret#frag"),
        "https://a.test/cb"
    );
    assert_eq!(kept("https://user:secret@a.test/cb"), "https://a.test/cb");
    assert_eq!(kept("https://a.test?x=/@"), "https://a.test");
    assert_eq!(
        kept("https://a.test/\u{202e}\n\"<b>"),
        "https://a.test/? '<b>"
    );
    assert_eq!(kept(""), "");
    let long = format!("https://a.test/{}", "x".repeat(10_000));
    assert_eq!(kept(&long).len(), RefusedRedirect::LONGEST);
}

#[test]
fn it_is_settled_once_it_is_registered() {
    let slash = "https://ledgerly.example/callback/";
    let seen_slash = seen(slash);
    assert!(!is_settled(&app(&[REGISTERED]), &seen_slash));
    assert!(is_settled(&app(&[REGISTERED, slash]), &seen_slash));
    let with_query = seen("https://ledgerly.example/callback?tenant=1");
    assert!(!is_settled(&app(&[REGISTERED]), &with_query));
}
