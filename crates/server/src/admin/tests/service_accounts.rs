//! Service accounts and their keys, as an administrator uses them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::store::Accounts;
use carnet_core::value::Seconds;
use carnet_jose::{Algorithm, Limits};
use carnet_jose::{KeyPair, LocalSigner, PublicKey, SigningHeader, Unverified, sign_compact};
use carnet_wire::google::{GdchKeyFile, KeyFile};
use serde_json::{Value, json};

use super::installation::{ISSUER, Installation};

const DAY: i64 = 86_400;

#[tokio::test]
async fn google_wire_1_3_a_service_account_is_made_and_found_by_its_email_and_its_number() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let body = json!({"account_id": "invoice-sync", "display_name": "Invoices"});
    let said = carnet
        .post(&owner, "projects/billing/service-accounts", body)
        .await;
    let location = said.header("location").to_owned();
    assert_eq!(said.header("etag"), "\"1\"");
    let made = said.expect(201);
    assert_eq!(
        made["email"],
        "invoice-sync@billing.iam.gserviceaccount.com"
    );
    assert_eq!(made["unique_id"].as_str().unwrap().len(), 21);
    assert_eq!(made["state"], json!({"state": "active"}));
    for name in [
        "invoice-sync@billing.iam.gserviceaccount.com",
        made["unique_id"].as_str().unwrap(),
    ] {
        for project in ["billing", "-"] {
            let path = format!("projects/{project}/service-accounts/{name}");
            assert_eq!(carnet.get(&owner, &path).await.expect(200), made);
        }
        let elsewhere = format!("projects/solo/service-accounts/{name}");
        carnet
            .get(&owner, &elsewhere)
            .await
            .refused(404, "CRN-6004");
    }
    let path = location.strip_prefix("/admin/v1/").unwrap();
    assert_eq!(carnet.get(&owner, path).await.expect(200), made);
    let list = carnet
        .get(&owner, "projects/billing/service-accounts")
        .await
        .expect(200);
    assert_eq!(list, json!({"items": [made]}));
}

#[tokio::test]
async fn an_email_belongs_to_one_account_and_a_new_one_gets_a_new_number() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let path = "projects/billing/service-accounts";
    let body = json!({"account_id": "ci-runner"});
    let first = carnet.post(&owner, path, body.clone()).await.expect(201);
    carnet
        .post(&owner, path, body.clone())
        .await
        .refused(409, "CRN-6005");
    let one = format!("{path}/{}", first["unique_id"].as_str().unwrap());
    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
    let second = carnet.post(&owner, path, body).await.expect(201);
    assert_ne!(first["unique_id"], second["unique_id"]);
    assert_eq!(first["email"], second["email"]);
    let restored = carnet
        .post(&owner, &format!("{one}:undelete"), Value::Null)
        .await;
    restored.refused(409, "CRN-6005");
}

#[tokio::test]
async fn a_deleted_account_can_be_restored_for_30_days_and_not_longer() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}", account.unique_id);
    carnet
        .post(&owner, &format!("{path}:undelete"), Value::Null)
        .await
        .refused(409, "CRN-6012");
    carnet.ask(&owner, "DELETE", &path, Value::Null).await;
    let shown = carnet.get(&owner, &path).await.expect(200);
    assert_eq!(shown["state"]["state"], "deleted");
    let list = carnet
        .get(&owner, "projects/billing/service-accounts")
        .await
        .expect(200);
    assert_eq!(list["items"], json!([]));
    let all = "projects/billing/service-accounts?show_deleted=true";
    assert_eq!(
        carnet.get(&owner, all).await.expect(200)["items"],
        json!([shown])
    );
    carnet
        .post(&owner, &format!("{path}:enable"), Value::Null)
        .await
        .refused(409, "CRN-6012");

    carnet.wait(30 * DAY - 1);
    let restored = carnet
        .post(&owner, &format!("{path}:undelete"), Value::Null)
        .await
        .expect(200);
    assert_eq!(restored["state"], json!({"state": "active"}));

    carnet.ask(&owner, "DELETE", &path, Value::Null).await;
    carnet.wait(30 * DAY);
    carnet
        .post(&owner, &format!("{path}:undelete"), Value::Null)
        .await
        .refused(409, "CRN-6012");
}

#[tokio::test]
async fn a_disabled_account_says_since_when_and_why() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}", account.email);
    let body = json!({"reason": "left the company"});
    let disabled = carnet
        .post(&owner, &format!("{path}:disable"), body)
        .await
        .expect(200);
    let since = disabled["state"]["since"].as_str().unwrap().to_owned();
    assert_eq!(
        disabled["state"],
        json!({"state": "disabled", "since": since, "reason": "left the company"})
    );
    carnet.wait(60);
    let again = carnet
        .post(&owner, &format!("{path}:disable"), Value::Null)
        .await
        .expect(200);
    assert_eq!(
        again["state"], disabled["state"],
        "a repeated request changes nothing"
    );
    let enabled = carnet
        .post(&owner, &format!("{path}:enable"), Value::Null)
        .await
        .expect(200);
    assert_eq!(enabled["state"], json!({"state": "active"}));
}

#[tokio::test]
async fn google_wire_8_4_the_file_of_a_service_identity_signs_for_its_key() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}/keys", account.email);
    let body = json!({"format": "gdch", "ca_cert_path": "/etc/ssl/ca.pem", "expires_in_days": 9});
    let made = carnet.post(&owner, &path, body).await.expect(201);
    assert_eq!(made["key"]["algorithm"], "ES256");
    assert_eq!(made["key"]["bits"], 256);
    assert_eq!(made["key"]["origin"], "made");
    let id = made["key"]["id"].as_str().unwrap();
    assert_eq!(made["file_name"], format!("billing-{}.json", &id[..12]));
    let data = made["private_key_data"].as_str().unwrap();
    let data = STANDARD.decode(data).unwrap();
    let file = GdchKeyFile::parse(&data).unwrap();
    let names = (file.project.as_str(), file.name.as_str());
    assert_eq!(names, ("billing", "ci-runner"));
    assert_eq!(file.private_key_id, id);
    assert_eq!(file.token_uri, format!("{ISSUER}/token"));
    assert_eq!(file.ca_cert_path, "/etc/ssl/ca.pem");
    let members: Value = serde_json::from_slice(&data).unwrap();
    assert_eq!(members.as_object().unwrap().len(), 8);

    let pair = KeyPair::from_pem(&file.private_key).unwrap();
    let of = id.parse().unwrap();
    let kept = carnet.store().service_account_key(&of).await;
    let kept = kept.unwrap().unwrap();
    assert_eq!(kept.algorithm, Algorithm::ES256);
    assert_eq!(kept.public_key, pair.public_key().to_spki_der());
    let list = carnet.get(&owner, &path).await;
    assert!(!list.body.to_string().contains("PRIVATE KEY"), "shown once");

    // A path is written where there is one.
    let made = carnet.post(&owner, &path, json!({"format": "gdch"})).await;
    let data = made.expect(201)["private_key_data"].clone();
    let data = STANDARD.decode(data.as_str().unwrap()).unwrap();
    assert!(!String::from_utf8(data).unwrap().contains("ca_cert_path"));
}

#[tokio::test]
async fn google_wire_8_4_a_key_is_made_for_its_file() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}/keys", account.email);
    let before = carnet.get(&owner, &path).await.expect(200);
    let long = "/".repeat(4_096);
    for (body, field) in [
        (json!({"format": "gdch", "bits": 2_048}), "/bits"),
        (
            json!({"format": "gdch", "algorithm": "RS256"}),
            "/algorithm",
        ),
        (
            json!({"format": "gdch", "ca_cert_path": "a\nb"}),
            "/ca_cert_path",
        ),
        (
            json!({"format": "gdch", "ca_cert_path": long}),
            "/ca_cert_path",
        ),
        (json!({"algorithm": "ES256"}), "/algorithm"),
        (json!({"format": "p12", "algorithm": "ES256"}), "/algorithm"),
        (json!({"ca_cert_path": "/etc/ssl/ca.pem"}), "/ca_cert_path"),
    ] {
        let told = carnet.post(&owner, &path, body).await.expect(400);
        assert!(told.to_string().contains(field), "{field}: {told}");
    }
    assert_eq!(carnet.get(&owner, &path).await.expect(200), before);
}

#[tokio::test]
async fn google_wire_1_1_a_key_file_has_all_eleven_fields_and_signs_for_the_key() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}/keys", account.email);
    let made = carnet.post(&owner, &path, Value::Null).await.expect(201);
    let data = STANDARD
        .decode(made["private_key_data"].as_str().unwrap())
        .unwrap();
    let fields: Value = serde_json::from_slice(&data).unwrap();
    assert_eq!(fields.as_object().unwrap().len(), 11);
    let id = made["key"]["id"].as_str().unwrap();
    assert_eq!(fields["type"], "service_account");
    assert_eq!(fields["project_id"], "billing");
    assert_eq!(fields["private_key_id"], id);
    assert_eq!(fields["client_email"], account.email.as_str());
    assert_eq!(fields["client_id"], account.unique_id.as_str());
    assert_eq!(fields["token_uri"], format!("{ISSUER}/token"));
    assert_eq!(fields["universe_domain"], "googleapis.com");
    assert_eq!(made["file_name"], format!("billing-{}.json", &id[..12]));

    let file = KeyFile::parse(&data).unwrap();
    let signer = LocalSigner::new(KeyPair::from_pem(&file.private_key).unwrap(), id);
    let header = SigningHeader::new(Algorithm::RS256, Some(id), Some("JWT"));
    let token = sign_compact(&header, br#"{"iss":"x"}"#, &signer).unwrap();
    let kept = carnet
        .store()
        .service_account_key(&id.parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let public = PublicKey::from_spki_der(&kept.public_key).unwrap();
    assert!(
        Unverified::parse(&token, Limits::STRICT)
            .unwrap()
            .verify(&public)
            .is_ok()
    );

    let list = carnet.get(&owner, &path).await;
    assert!(!list.body.to_string().contains("PRIVATE KEY"), "shown once");
    assert_eq!(list.expect(200)["items"], json!([made["key"]]));
}

#[tokio::test]
async fn google_wire_1_2_a_p12_file_opens_with_googles_password() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/-/service-accounts/{}/keys", account.unique_id);
    let made = carnet
        .post(&owner, &path, json!({"format": "p12"}))
        .await
        .expect(201);
    let data = STANDARD
        .decode(made["private_key_data"].as_str().unwrap())
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("key.p12");
    std::fs::write(&file, data).unwrap();
    let opened = std::process::Command::new("openssl")
        .args(["pkcs12", "-nodes", "-passin", "pass:notasecret", "-in"])
        .arg(&file)
        .output()
        .expect("openssl is installed");
    let text = String::from_utf8_lossy(&opened.stdout).into_owned();
    assert!(
        opened.status.success(),
        "{}",
        String::from_utf8_lossy(&opened.stderr)
    );
    assert!(text.contains("friendlyName: privatekey") && text.contains("PRIVATE KEY"));
}

#[tokio::test]
async fn google_wire_1_3_an_account_has_ten_keys_at_most() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}/keys", account.email);
    for _ in 0..10 {
        let pem = KeyPair::generate(carnet_jose::KeyType::P256).unwrap();
        let body = json!({"public_key": pem.public_key().to_spki_pem()});
        let key = carnet
            .post(&owner, &format!("{path}:upload"), body)
            .await
            .expect(201);
        assert_eq!(key["algorithm"], "ES256");
        assert_eq!(key["origin"], "uploaded");
    }
    carnet
        .post(&owner, &path, json!({}))
        .await
        .refused(409, "CRN-6009");
    let keys = carnet.get(&owner, &path).await.expect(200);
    let one = format!("{path}/{}", keys["items"][3]["id"].as_str().unwrap());
    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
    carnet.get(&owner, &one).await.refused(404, "CRN-6004");
    carnet
        .post(&owner, &path, json!({"expires_in_days": 90}))
        .await
        .expect(201);
}

#[tokio::test]
async fn a_public_key_is_taken_once_and_a_private_one_never() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!(
        "projects/billing/service-accounts/{}/keys:upload",
        account.email
    );
    let pair = KeyPair::generate(carnet_jose::KeyType::Ed25519).unwrap();
    let body = json!({"public_key": pair.public_key().to_spki_pem()});
    carnet.post(&owner, &path, body.clone()).await.expect(201);
    carnet
        .post(&owner, &path, body)
        .await
        .refused(409, "CRN-6005");
    let private = pair.to_pkcs8_pem().unwrap();
    let said = carnet
        .post(&owner, &path, json!({"public_key": private.as_str()}))
        .await;
    let problem = said.refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/public_key");
    assert!(
        !problem.to_string().contains("BEGIN"),
        "what was sent is not repeated"
    );
}

#[tokio::test]
async fn a_key_is_disabled_for_one_of_googles_reasons() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}/keys", account.email);
    let made = carnet.post(&owner, &path, json!({})).await.expect(201);
    let one = format!("{path}/{}", made["key"]["id"].as_str().unwrap());
    let body = json!({"reason": "exposed", "note": "found on a web page"});
    let disabled = carnet
        .post(&owner, &format!("{one}:disable"), body)
        .await
        .expect(200);
    assert_eq!(disabled["state"]["state"], "disabled");
    assert_eq!(disabled["state"]["reason"], "exposed");
    let wrong = carnet
        .post(
            &owner,
            &format!("{one}:disable"),
            json!({"reason": "bored"}),
        )
        .await;
    wrong.refused(400, "CRN-6007");
    let enabled = carnet
        .post(&owner, &format!("{one}:enable"), Value::Null)
        .await
        .expect(200);
    assert_eq!(enabled["state"], json!({"state": "active"}));
}

#[tokio::test]
async fn rfc6585_3_a_change_must_say_which_state_it_is_made_to() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let path = format!("projects/billing/service-accounts/{}", account.email);
    let body = json!({"display_name": "New"});
    let change = |tag| carnet.ask_if(&owner, ("PATCH", &path), body.clone(), tag);
    change(None).await.refused(428, "CRN-6015");
    change(Some("\"7\"")).await.refused(412, "CRN-6006");
    change(Some("W/\"1\"")).await.refused(412, "CRN-6006");
    let said = change(Some("\"7\", \"1\"")).await;
    assert_eq!(said.header("etag"), "\"2\"");
    assert_eq!(said.expect(200)["display_name"], "New");
    change(Some("\"1\"")).await.refused(412, "CRN-6006");
    assert_eq!(
        change(Some("*")).await.expect(200)["etag"],
        "\"2\"",
        "nothing was changed"
    );
}

#[tokio::test]
async fn the_end_of_a_key_is_brought_forward_with_its_etag_and_never_put_off() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let keys = format!(
        "projects/billing/service-accounts/{}/keys",
        account.unique_id
    );
    let wanted = json!({"expires_in_days": 90});
    let made = carnet.post(&owner, &keys, wanted).await.expect(201);
    let path = format!("{keys}/{}", made["key"]["id"].as_str().unwrap());
    let tag = made["key"]["etag"].as_str().unwrap().to_owned();
    let end = |days| json!({"expires": (carnet.now() + Seconds::days(days)).rfc3339()});
    let change = |body, tag| carnet.ask_if(&owner, ("PATCH", &path), body, tag);

    change(end(1), None).await.refused(428, "CRN-6015");
    change(end(91), Some(&tag)).await.refused(400, "CRN-6007");
    change(end(0), Some(&tag)).await.refused(400, "CRN-6007");
    let soon = json!({"expires": "soon"});
    change(soon, Some(&tag)).await.refused(400, "CRN-6007");
    let now = change(end(1), Some(&tag)).await.expect(200);
    assert_eq!(now["expires"], end(1)["expires"]);
    change(end(1), Some(&tag)).await.refused(412, "CRN-6006");
    let tag = now["etag"].as_str().unwrap();
    change(end(2), Some(tag)).await.refused(400, "CRN-6007");
    carnet.wait(86_400);
    change(end(1), Some(tag)).await.refused(409, "CRN-6012");
}
