//! Whose a token is that somebody got by becoming an account, also after an exchange.

use serde_json::Value;
use serde_json::json;

use super::Impersonator;
use super::MOST_ACTORS;
use crate::rule::token::AccessClaims;
use crate::rule::token::Whose;

const TARGET: &str = "100000000000000000003";
const CALLER: &str = "100000000000000000005";
const PERSON: &str = "200000000000000000006";
const PROVIDER: &str =
    "projects/412345678901/locations/global/workloadIdentityPools/ci-pool/providers/github";

fn whose(more: &Value) -> Option<Whose> {
    let mut claims = json!({
        "iss": "https://auth.example", "sub": TARGET, "client_id": TARGET, "aud": "a", "scope": "s",
        "email": "reports@demo.iam.gserviceaccount.com", "iat": 1, "exp": 2, "jti": "",
    });
    for (name, value) in more.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let text = claims.to_string();
    let claims: AccessClaims<'_> = serde_json::from_str(&text).unwrap();
    claims.whose()
}

fn by(all: &[Impersonator]) -> Whose {
    Whose::Impersonated {
        account: TARGET.parse().unwrap(),
        by: all.to_vec(),
    }
}

#[test]
fn a_token_says_who_became_the_account() {
    let caller = json!({"sub": CALLER, "email": "ci@demo.iam.gserviceaccount.com"});
    let account = Impersonator::Account(CALLER.parse().unwrap());
    assert_eq!(
        whose(&json!({"act": caller})),
        Some(by(std::slice::from_ref(&account)))
    );
    let person = json!({"sub": PERSON, "email": "dana@acme.example"});
    let user = Impersonator::User(PERSON.parse().unwrap());
    let mut chain = caller.clone();
    chain["act"] = person;
    assert_eq!(whose(&json!({"act": chain})), Some(by(&[account, user])));
    let pool = PROVIDER.split_once("/providers/").unwrap().0;
    let principal = format!("principal://iam.googleapis.com/{pool}/subject/repo:a/b");
    let federated = json!({"sub": principal, "provider": PROVIDER});
    let somebody = Impersonator::Federated {
        provider: PROVIDER.parse().unwrap(),
        subject: "repo:a/b".to_owned(),
    };
    assert_eq!(whose(&json!({"act": federated})), Some(by(&[somebody])));
    let held = json!({"sub": TARGET, "provider": "system-key"});
    let of_key = Some(by(&[Impersonator::SystemKey]));
    assert_eq!(whose(&json!({"act": held})), of_key);
}

#[test]
fn who_came_in_by_an_exchange_became_nobody() {
    let via = json!([{"client_id": TARGET}]);
    let origin = |whose: Option<Whose>| match whose {
        Some(Whose::Exchanged { origin, .. }) => Some(*origin),
        _ => None,
    };
    let exchanged = |act: Value| {
        origin(whose(
            &json!({"client_id": "books", "via": via, "act": act}),
        ))
    };
    let own = Some(Whose::Account(TARGET.parse().unwrap()));
    assert_eq!(exchanged(json!({"sub": "books"})), own);
    assert_eq!(exchanged(json!({"sub": PERSON})), own);
    let caller = json!({"sub": CALLER, "email": "ci@demo.iam.gserviceaccount.com"});
    let account = Impersonator::Account(CALLER.parse().unwrap());
    let both = json!({"sub": "books", "act": caller});
    assert_eq!(exchanged(both), Some(by(&[account])));
}

#[test]
fn claims_that_we_never_write_are_nobodys() {
    let nobody = json!({"sub": "ci", "email": "ci@demo.iam.gserviceaccount.com"});
    assert_eq!(whose(&json!({"act": nobody})), None);
    assert_eq!(whose(&json!({"act": {"sub": "x", "provider": "y"}})), None);
    let elsewhere = json!({"sub": "principal://iam.googleapis.com/x", "provider": PROVIDER});
    assert_eq!(whose(&json!({"act": elsewhere})), None);
    let caller = json!({"sub": CALLER, "email": "ci@demo.iam.gserviceaccount.com"});
    let mut long = caller.clone();
    for _ in 0..MOST_ACTORS {
        let mut next = caller.clone();
        next["act"] = long;
        long = next;
    }
    assert_eq!(whose(&json!({"act": long})), None);
}
