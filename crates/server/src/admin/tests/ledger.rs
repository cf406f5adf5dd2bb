//! Signing keys, the audit log, traces.

use std::collections::BTreeSet;

use carnet_core::record::{Role, Territory};
use carnet_core::rule::signing::{LONGEST_TOKEN, PUBLISHED_AHEAD};
use carnet_core::value::UnixTime;
use carnet_jose::{Limits, Unverified};
use serde_json::{Value, json};

use super::installation::{Installation, Said};
use crate::start::{Started, swept};

const HOUR: i64 = 3_600;

/// What the key set of the server holds.
fn published(started: &Started) -> Vec<String> {
    let keyring = started.parts.keyring.load();
    keyring
        .published()
        .iter()
        .map(|key| key.id.to_string())
        .collect()
}

#[tokio::test]
async fn a_signing_key_is_published_before_it_signs() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let made = carnet
        .post(&owner, "signing-keys", json!({"usage": "ES256"}))
        .await
        .expect(201);
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(made["state"]["state"], "published");
    assert!(
        published(&carnet.started).contains(&id),
        "in the key set at once"
    );
    let activate = format!("signing-keys/{id}:activate");
    carnet
        .post(&owner, &activate, Value::Null)
        .await
        .refused(409, "CRN-6012");
    carnet.wait(HOUR);
    let now = carnet
        .post(&owner, &activate, Value::Null)
        .await
        .expect(200);
    assert_eq!(now["state"]["state"], "active");
    carnet
        .post(&owner, &format!("signing-keys/{id}:withdraw"), Value::Null)
        .await
        .refused(409, "CRN-6012");
    let list = carnet.get(&owner, "signing-keys").await.expect(200);
    let states = |state: &str| {
        let items = list["items"].as_array().unwrap();
        items
            .iter()
            .filter(|key| key["usage"] == "ES256" && key["state"]["state"] == state)
            .count()
    };
    assert_eq!((states("active"), states("retired")), (1, 1));
    // Tokens of the key that retired are still good: this very caller has one.
    carnet.get(&owner, "whoami").await.expect(200);
}

/// Three rotations, a token every twenty minutes, and a verifier that fetches the key set as rarely as it may:
/// every token that has not expired verifies at every moment.
#[tokio::test]
async fn capability_29_no_token_fails_while_keys_are_rotated() {
    let carnet = Installation::new().await;
    let account = carnet.account("busy", "billing").await;
    let key_set = || carnet.started.parts.keyring.load_full();
    let (mut fetched, mut copy) = (carnet.now(), key_set());
    let mut tokens: Vec<(UnixTime, String)> = Vec::new();
    let mut signers = BTreeSet::new();
    let mut waiting: Option<String> = None;
    let mut verified = 0;
    for step in 0..3 * 60 {
        let now = carnet.now();
        // A fresh token: the key of an old one is forgotten at last.
        let owner = carnet.owner().await;
        match &waiting {
            None if step % (3 * 12) == 0 && step < 3 * 36 => {
                let wanted = json!({"usage": "ES256"});
                let made = carnet
                    .post(&owner, "signing-keys", wanted)
                    .await
                    .expect(201);
                waiting = Some(made["id"].as_str().unwrap().to_owned());
            }
            Some(id) => {
                let activate = format!("signing-keys/{id}:activate");
                if carnet.post(&owner, &activate, Value::Null).await.status == 200 {
                    waiting = None;
                }
            }
            None => {}
        }
        swept(&carnet.started.parts).await.unwrap();
        let token = carnet.token(&account, "billing.read", "https://billing.example");
        tokens.push((now, token.await));
        tokens.retain(|(issued, _)| now - *issued < LONGEST_TOKEN);
        if now - fetched >= PUBLISHED_AHEAD {
            (fetched, copy) = (now, key_set());
        }
        for (_, token) in &tokens {
            let unverified = Unverified::parse(token, Limits::STRICT).unwrap();
            let kid = unverified.header().key_id.clone().unwrap();
            signers.insert(kid.clone());
            let key = copy.published().iter().find(|key| key.id.as_str() == kid);
            let key = key.unwrap_or_else(|| panic!("step {step}: no key {kid} in the copy"));
            unverified.verify(&key.public).unwrap();
            verified += 1;
        }
        carnet.wait(1_200);
    }
    assert_eq!(signers.len(), 4, "the first key, and three more");
    assert!(verified > 3_000, "{verified}");
}

#[tokio::test]
async fn a_key_that_leaked_is_replaced_in_a_hurry_and_its_tokens_die() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let list = carnet.get(&owner, "signing-keys").await.expect(200);
    let leaked = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["usage"] == "ES256")
        .unwrap();
    let made = carnet
        .post(&owner, "signing-keys", json!({"usage": "ES256"}))
        .await
        .expect(201);
    let activate = format!("signing-keys/{}:activate", made["id"].as_str().unwrap());
    carnet
        .post(&owner, &activate, json!({"hurry": true}))
        .await
        .expect(200);
    let withdraw = format!("signing-keys/{}:withdraw", leaked["id"].as_str().unwrap());
    carnet
        .post(&owner, &withdraw, Value::Null)
        .await
        .expect(200);
    carnet.get(&owner, "whoami").await.refused(401, "CRN-6001");
}

#[tokio::test]
async fn every_change_and_every_refusal_is_in_the_audit_log_and_the_chain_holds() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let path = "projects/billing/service-accounts";
    let made: Said = carnet
        .post(&owner, path, json!({"account_id": "ci-runner"}))
        .await;
    let trace = made.trace.clone();
    let made = made.expect(201);
    let refused = carnet
        .post(&owner, path, json!({"account_id": "ci-runner"}))
        .await;
    let refusal = refused.trace.clone();
    refused.refused(409, "CRN-6005");

    let id = made["unique_id"].as_str().unwrap();
    let log = carnet
        .get(&owner, &format!("audit?target={id}"))
        .await
        .expect(200);
    let entry = &log["items"][0];
    assert_eq!(entry["action"], "service_account.create");
    assert_eq!(entry["detail"]["email"], made["email"]);
    assert_eq!(entry["trace_id"], trace);
    assert_eq!(entry["address"], "203.0.113.9");
    let story = carnet
        .get(&owner, &format!("traces/{trace}"))
        .await
        .expect(200);
    assert_eq!(story["entries"], json!([entry]));
    let story = carnet
        .get(&owner, &format!("traces/{refusal}"))
        .await
        .expect(200);
    assert_eq!(story["entries"][0]["outcome"], "refused");
    assert_eq!(story["causes"][0]["code"], "CRN-6005");
    carnet
        .get(&owner, "traces/00000000000000000000000000")
        .await
        .refused(404, "CRN-6004");

    let verified = carnet.get(&owner, "audit:verify").await.expect(200);
    assert_eq!(verified["intact"], true);
    let newest = carnet.get(&owner, "audit?page_size=1").await.expect(200);
    assert_eq!(verified["count"], newest["items"][0]["sequence"]);
    assert_eq!(verified["head"], newest["items"][0]["hash"]);
}

#[tokio::test]
async fn an_auditor_of_a_project_reads_what_is_about_it_and_nothing_else() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let mut traces = Vec::new();
    for project in ["billing", "solo"] {
        let path = format!("projects/{project}/service-accounts");
        let said = carnet
            .post(&owner, &path, json!({"account_id": "ci-runner"}))
            .await;
        traces.push((said.trace.clone(), said.expect(201)));
    }
    let auditor = carnet
        .caller(
            Role::Auditor,
            Territory::Project("billing".parse().unwrap()),
        )
        .await;
    let viewer = carnet
        .caller(Role::Viewer, Territory::Project("billing".parse().unwrap()))
        .await;
    let (own, other) = (&traces[0], &traces[1]);
    carnet
        .get(&auditor, &format!("traces/{}", own.0))
        .await
        .expect(200);
    carnet
        .get(&auditor, &format!("traces/{}", other.0))
        .await
        .refused(404, "CRN-6004");
    carnet
        .get(&viewer, &format!("traces/{}", own.0))
        .await
        .refused(404, "CRN-6004");
    let about = |made: &Value| format!("audit?target={}", made["unique_id"].as_str().unwrap());
    carnet.get(&auditor, &about(&own.1)).await.expect(200);
    carnet
        .get(&auditor, &about(&other.1))
        .await
        .refused(404, "CRN-6004");
    carnet
        .get(&viewer, &about(&own.1))
        .await
        .refused(403, "CRN-6003");
    let own = carnet.get(&auditor, "audit").await;
    let trace = format!("traces/{}", own.trace);
    own.refused(404, "CRN-6004");
    carnet.get(&auditor, &trace).await.expect(200);
    carnet.get(&viewer, &trace).await.refused(404, "CRN-6004");
}

#[tokio::test]
async fn no_private_key_and_no_token_gets_into_the_audit_log() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}/keys", account.email);
    carnet.post(&owner, &path, json!({})).await.expect(201);
    carnet
        .get("crn_at_made-up", "projects")
        .await
        .refused(401, "CRN-6001");
    let log = carnet
        .get(&owner, "audit?page_size=1000")
        .await
        .expect(200)
        .to_string();
    assert!(log.contains("service_account_key.create"));
    assert!(log.contains("admin.refuse"));
    for secret in ["PRIVATE", "made-up", owner.as_str()] {
        assert!(!log.contains(secret), "{secret}");
    }
}
