//! Proofs at every boundary, and what each client is bound to.

use std::sync::LazyLock;

use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::base64url;
use carnet_wire::bearer::Scheme;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;
use serde_json::Value;
use serde_json::json;

use super::ALLOWED;
use super::About;
use super::Nonces;
use super::Possession;
use super::Proved;
use super::digest;
use super::lasting;
use super::prove;
use super::same;
use super::shown;
use crate::record::Binding;
use crate::record::ClientAuthentication;
use crate::rule::Refusal;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::value::Seconds;
use crate::value::UnixTime;

static KEY: LazyLock<LocalSigner> =
    LazyLock::new(|| LocalSigner::new(KeyPair::generate(KeyType::P256).unwrap(), ""));

const TOKEN: &str = "https://auth.example/token";
const ALIAS: &str = "https://mtls.auth.example/token";

fn claims() -> Value {
    json!({"jti": "j", "htm": "POST", "htu": TOKEN, "iat": NOW.0})
}

fn text(claims: &Value) -> String {
    let jwk = Jwk::new(KEY.key_pair().public_key().clone(), "").to_json();
    let header = json!({"typ": dpop::TYPE, "alg": "ES256", "jwk": jwk});
    let input = [header.to_string(), claims.to_string()].map(base64url::encode);
    let input = input.join(".");
    let signature = KEY.sign_now(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url::encode(signature))
}

struct Case {
    nonces: Nonces,
    token: Option<&'static str>,
    now: UnixTime,
}

fn case() -> Case {
    Case {
        nonces: Nonces::new(&[1; 32], false),
        token: None,
        now: NOW,
    }
}

impl Case {
    fn prove(&self, claims: &Value) -> Result<Proved, Refusal> {
        let about = About {
            method: "POST",
            addresses: &[TOKEN.to_owned(), ALIAS.to_owned()],
            token: self.token,
        };
        prove(&text(claims), about, &self.nonces, self.now)
    }

    fn refused(&self, name: &str, value: impl Into<Value>) -> Crn {
        let mut claims = claims();
        claims[name] = value.into();
        self.prove(&claims).unwrap_err().crn
    }
}

#[test]
fn rfc9449_5_1_what_discovery_lists_is_what_is_taken() {
    let listed = dpop::ALGORITHMS.map(|name| name.parse().unwrap());
    assert!(listed.iter().all(|listed| ALLOWED.contains(listed)));
    assert!(ALLOWED.iter().all(|allowed| listed.contains(allowed)));
}

#[test]
fn rfc9449_4_3_a_proof_holds_for_one_request() {
    let proved = case().prove(&claims()).unwrap();
    let thumbprint = KEY.key_pair().public_key().thumbprint_text();
    assert_eq!(proved.thumbprint, thumbprint);
    assert_eq!(
        case().refused("htm", "GET"),
        Crn::DPOP_PROOF_OF_ANOTHER_REQUEST
    );
    let other = "http://auth.example/token";
    assert_eq!(
        case().refused("htu", other),
        Crn::DPOP_PROOF_OF_ANOTHER_REQUEST
    );
    assert_eq!(case().refused("jti", ""), Crn::DPOP_PROOF_MALFORMED);
    let mut alias = claims();
    alias["htu"] = ALIAS.into();
    assert!(case().prove(&alias).is_ok(), "each address of ours");
    assert_eq!(case().refused("iat", NOW.0 - 61), Crn::DPOP_PROOF_TIME);
    assert_eq!(case().refused("iat", NOW.0 + 61), Crn::DPOP_PROOF_TIME);
}

#[test]
fn rfc9449_11_1_each_proof_has_its_own_place_and_outlives_its_window() {
    let first = case().prove(&claims()).unwrap().spent;
    assert_eq!(case().prove(&claims()).unwrap().spent, first);
    let mut other = claims();
    other["jti"] = "k".into();
    assert_ne!(case().prove(&other).unwrap().spent.digest, first.digest);
    assert!(first.until > NOW + Seconds(2 * dpop::WINDOW));
}

#[test]
fn rfc9449_7_1_beside_a_token_ath_is_its_digest() {
    let case = Case {
        token: Some("abc"),
        ..case()
    };
    let absent = case.prove(&claims()).unwrap_err();
    assert_eq!(absent.crn, Crn::DPOP_PROOF_OF_ANOTHER_TOKEN);
    assert_eq!(
        case.refused("ath", digest("abd")),
        Crn::DPOP_PROOF_OF_ANOTHER_TOKEN
    );
    let mut right = claims();
    right["ath"] = digest("abc").into();
    assert!(case.prove(&right).is_ok());
}

#[test]
fn rfc9449_8_a_nonce_is_ours_and_new_or_asked_for() {
    let mut case = case();
    assert_eq!(case.refused("nonce", "somebody's"), Crn::DPOP_NONCE);
    let mut right = claims();
    right["nonce"] = case.nonces.newest(NOW).into();
    assert!(case.prove(&right).is_ok());
    case.now = NOW + Seconds(2 * super::NONCE_PERIOD);
    right["iat"] = case.now.0.into();
    assert_eq!(case.prove(&right).unwrap_err().crn, Crn::DPOP_NONCE);
    case.nonces = Nonces::new(&[1; 32], true);
    right["nonce"] = case.nonces.newest(case.now).into();
    assert!(case.prove(&right).is_ok());
    right.as_object_mut().unwrap().remove("nonce");
    assert_eq!(case.prove(&right).unwrap_err().crn, Crn::DPOP_NONCE);
}

fn proof() -> Possession {
    Possession {
        proof: Some(case().prove(&claims()).unwrap()),
        certificate: None,
    }
}

fn certificate(digest: &str) -> Possession {
    Possession {
        proof: None,
        certificate: Some(digest.to_owned()),
    }
}

#[test]
fn rfc9449_5_2_and_rfc8705_3_4_what_the_settings_of_a_client_want() {
    let mut client = Sample::new().client;
    let nothing = Possession::default();
    let key = Binding::Key(KEY.key_pair().public_key().thumbprint_text());
    assert_eq!(nothing.binding(&client).unwrap(), None);
    assert_eq!(proof().binding(&client).unwrap(), Some(key));
    let unasked = certificate("c").binding(&client).unwrap();
    assert_eq!(
        unasked, None,
        "a certificate binds where the settings say so"
    );
    client.require_dpop = true;
    let missing = nothing.binding(&client).unwrap_err();
    assert_eq!(missing.crn, Crn::DPOP_PROOF_MISSING);
    assert!(proof().binding(&client).unwrap().is_some());
    client.require_dpop = false;
    client.certificate_bound = true;
    let missing = nothing.binding(&client).unwrap_err();
    assert_eq!(missing.crn, Crn::CERTIFICATE_MISSING);
    let both = proof().binding(&client).unwrap_err();
    assert_eq!(both.crn, Crn::PROOF_BESIDE_CERTIFICATE);
    let bound = certificate("c").binding(&client).unwrap();
    assert_eq!(bound, Some(Binding::Certificate("c".to_owned())));
}

#[test]
fn rfc9449_5_what_a_public_client_gets_stays_bound() {
    let mut client = Sample::new().client;
    let key = Binding::Key("k".to_owned());
    assert_eq!(lasting(&client, Some(&key)), None);
    client.authentication = ClientAuthentication::None;
    assert_eq!(lasting(&client, Some(&key)), Some(key.clone()));
    assert_eq!(lasting(&client, None), None);
    assert!(same(None, Some(&key)).is_ok());
    assert!(same(Some(&key), Some(&key)).is_ok());
    for shown in [
        None,
        Some(&Binding::Key("l".to_owned())),
        Some(&Binding::Certificate("k".to_owned())),
    ] {
        assert_eq!(
            same(Some(&key), shown).unwrap_err().crn,
            Crn::BOUND_TO_ANOTHER_KEY
        );
    }
}

#[test]
fn rfc9449_7_2_a_token_is_shown_as_it_is_bound() {
    let thumbprint = KEY.key_pair().public_key().thumbprint_text();
    let key = Confirmation::key(thumbprint.clone());
    let other = Confirmation::key("another");
    let tls = Confirmation::certificate("c");
    let both = Confirmation {
        jkt: Some(thumbprint.into()),
        ..Confirmation::certificate("c")
    };
    let strange = Confirmation {
        strange: true,
        ..key.clone()
    };
    let whole = Possession {
        certificate: Some("c".to_owned()),
        ..proof()
    };
    let nothing = Possession::default();
    let (bearer, dpop) = (Scheme::Bearer, Scheme::Dpop);
    for (bound, scheme, possession, good) in [
        (None, bearer, &nothing, true),
        (None, bearer, &whole, true),
        (None, dpop, &proof(), false),
        (Some(&key), dpop, &proof(), true),
        (Some(&key), dpop, &nothing, false),
        (Some(&key), bearer, &proof(), false),
        (Some(&other), dpop, &proof(), false),
        (Some(&tls), bearer, &certificate("c"), true),
        (Some(&tls), bearer, &certificate("d"), false),
        (Some(&tls), bearer, &nothing, false),
        (Some(&tls), dpop, &whole, false),
        (Some(&both), dpop, &whole, true),
        (Some(&both), dpop, &proof(), false),
        (Some(&strange), dpop, &whole, false),
    ] {
        let outcome = shown(bound, scheme, possession);
        assert_eq!(outcome.is_ok(), good, "{bound:?} {scheme:?} {possession:?}");
        if let Err(refusal) = outcome {
            assert_eq!(refusal.crn, Crn::TOKEN_IS_BOUND);
        }
    }
}
