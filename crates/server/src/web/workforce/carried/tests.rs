//! Tests of what a browser takes along: see the file beside this directory.

use carnet_core::rule::federation::workforce::Asked;
use carnet_core::rule::federation::workforce::PROGRAMS;
use carnet_core::value::UnixTime;
use carnet_wire::params::Params;

use super::Carried;
use super::HOLDS;
use crate::keyring::KeyEncryptionKey;

const NOW: UnixTime = UnixTime(1_800_000_000);
const PROVIDER: &str = "locations/global/workforcePools/acme-people/providers/login";

fn key() -> KeyEncryptionKey {
    KeyEncryptionKey::new([7; 32]).unwrap()
}

fn carried(state: Option<&str>) -> Carried {
    let asked = Asked {
        client: PROGRAMS[0],
        redirect_uri: "http://localhost:8085/",
        scope: None,
        challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    };
    Carried::new(&asked, state, &PROVIDER.parse().unwrap(), NOW)
}

fn is_of(carried: &Carried, provider: &str, state: &str, now: UnixTime) -> bool {
    let query = format!("state={state}");
    let params = Params::parse(query.as_bytes()).unwrap();
    carried.is_of(provider, &params, now).is_ok()
}

#[test]
fn lesson_3_what_was_sealed_for_something_else_is_nothing() {
    let sealed = carried(None).seal(&key()).unwrap().unwrap();
    let opened = Carried::open(&sealed, &key()).unwrap();
    assert_eq!(opened.provider().as_str(), PROVIDER);
    let other = KeyEncryptionKey::new([8; 32]).unwrap();
    assert!(Carried::open(&sealed, &other).is_none());
    assert!(Carried::open(&sealed[1..], &key()).is_none());
    assert!(Carried::open("", &key()).is_none());
}

#[test]
fn rfc9700_4_7_a_browser_brings_the_word_it_took_along_within_ten_minutes() {
    let carried = carried(Some("theirs"));
    let own = carried.own_state.clone();
    assert!(is_of(&carried, PROVIDER, &own, NOW));
    assert!(is_of(&carried, PROVIDER, &own, NOW + HOLDS));
    assert!(!is_of(&carried, PROVIDER, &own, NOW + HOLDS + HOLDS));
    assert!(!is_of(&carried, PROVIDER, "theirs", NOW));
    assert!(!is_of(&carried, PROVIDER, "", NOW));
    let none = Params::default();
    assert!(carried.is_of(PROVIDER, &none, NOW).is_err());
}

#[test]
fn rfc9700_4_4_a_browser_comes_back_to_the_provider_that_it_was_sent_for() {
    let carried = carried(None);
    let own = carried.own_state.clone();
    let other = PROVIDER.replace("login", "evil");
    assert!(!is_of(&carried, &other, &own, NOW));
}

#[test]
fn a_state_that_no_cookie_holds_is_told_and_not_cut() {
    let long = "s".repeat(4_000);
    assert!(carried(Some(&long)).seal(&key()).unwrap().is_none());
}

#[test]
fn no_two_sign_ins_have_the_same_words() {
    let (one, two) = (carried(None), carried(None));
    assert_ne!(one.own_state, two.own_state);
    assert_ne!(one.nonce, two.nonce);
    assert_ne!(one.verifier, two.verifier);
    assert_eq!(one.verifier.len(), 43, "RFC 7636 section 4.1");
}
