//! Tests of the rule: see the file beside this directory. What a server makes of it is in its flows.

use carnet_jose::base64url;
use carnet_jose::{Jwk, JwkSet, KeyPair, KeyType};
use carnet_wire::crn::Crn;
use serde_json::{Value, json};

use super::{Trust, read, vouch};
use crate::value::UnixTime;

const NOW: UnixTime = UnixTime(1_775_121_058);
const ISSUER: &str = "https://ci.example";

fn key_pair() -> KeyPair {
    KeyPair::generate(KeyType::P256).unwrap()
}

fn keys(named: &[(&str, &KeyPair)]) -> JwkSet {
    let keys = named.iter();
    JwkSet {
        keys: keys
            .map(|(name, pair)| Jwk::new(pair.public_key().clone(), *name))
            .collect(),
        skipped: Vec::new(),
    }
}

fn signed(pair: &KeyPair, header: &Value, claims: &str) -> String {
    let header = base64url::encode(header.to_string());
    let input = format!("{header}.{}", base64url::encode(claims));
    let signature = base64url::encode(pair.sign(input.as_bytes()).unwrap());
    format!("{input}.{signature}")
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "sub": "job", "aud": "us", "iat": NOW.0, "exp": NOW.0 + 60 })
}

fn judged(token: &str, keys: &JwkSet) -> Result<Value, Crn> {
    let audiences = ["us".to_owned(), "https:us".to_owned()];
    let trust = Trust {
        issuer: ISSUER,
        audiences: &audiences,
        longest: super::LONGEST,
    };
    let foreign = read(token).map_err(|no| no.crn)?;
    let vouched = vouch(&foreign, keys, trust, NOW).map_err(|no| no.crn)?;
    assert_eq!(vouched.expires(), NOW + crate::value::Seconds(60));
    Ok(vouched.claims().clone())
}

#[test]
fn google_wire_6_4_what_holds_is_vouched_for_with_all_its_claims() {
    let pair = key_pair();
    let header = json!({ "alg": "ES256", "kid": "one" });
    let token = signed(&pair, &header, &claims().to_string());
    assert_eq!(judged(&token, &keys(&[("one", &pair)])), Ok(claims()));
}

#[test]
fn rfc7515_4_1_4_the_key_is_the_one_of_that_name_and_no_other() {
    let (pair, other) = (key_pair(), key_pair());
    let header = json!({ "alg": "ES256", "kid": "one" });
    let token = signed(&pair, &header, &claims().to_string());
    for keys in [
        keys(&[]),
        keys(&[("two", &pair)]),
        keys(&[("one", &other), ("two", &pair)]),
        keys(&[("", &pair)]),
    ] {
        assert_eq!(judged(&token, &keys), Err(Crn::FOREIGN_SIGNATURE));
    }
    // An issuer may have two of one name while it rolls.
    let both = keys(&[("one", &other), ("one", &pair)]);
    assert!(judged(&token, &both).is_ok());
    assert!(read(&token).unwrap().is_signed_with(&both));
}

#[test]
fn lesson_44_a_claim_that_stands_twice_spoils_the_token() {
    let pair = key_pair();
    let header = json!({ "alg": "ES256", "kid": "one" });
    let good = claims().to_string();
    for extra in [r#""aud":"us""#, r#""x":{"y":1,"y":2}"#] {
        let twice = format!("{{{extra},{}", good.trim_start_matches('{'));
        let token = signed(&pair, &header, &twice);
        let no = judged(&token, &keys(&[("one", &pair)]));
        assert_eq!(no, Err(Crn::FOREIGN_MALFORMED), "{twice}");
    }
}

#[test]
fn rfc8725_3_11_a_jwt_of_another_use_is_not_taken() {
    let pair = key_pair();
    for (typ, taken) in [
        ("JWT", true),
        ("at+jwt", true),
        ("secevent+jwt", false),
        ("client-authentication+jwt", false),
        ("token-introspection+jwt", false),
    ] {
        let header = json!({ "alg": "ES256", "kid": "one", "typ": typ });
        let token = signed(&pair, &header, &claims().to_string());
        let judged = judged(&token, &keys(&[("one", &pair)]));
        assert_eq!(judged.is_ok(), taken, "{typ}");
    }
}
