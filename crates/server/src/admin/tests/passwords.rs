//! The password of a user and their sessions, in the hands of administrators.

use carnet_core::record::{Holder, Role, Session, SignInMethod, Territory, User};
use carnet_core::store::{Record, Sessions as _};
use carnet_core::value::{Seconds, Secret, SecretDigest, SessionId};
use serde_json::{Value, json};

use super::installation::{Installation, acme};
use crate::entropy::SystemEntropy;
use crate::password::Typed;

/// bcrypt of `U*U`.
const FOREIGN: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

fn of(user: &User) -> String {
    format!("organizations/{}/users/{}", acme(), user.email)
}

async fn put(carnet: &Installation, token: &str, user: &User, body: Value) -> super::Said {
    let path = format!("{}/password", of(user));
    carnet.ask(token, "PUT", &path, body).await
}

/// Whether this is the password of the user now.
async fn is_right(carnet: &Installation, user: &User, password: &str) -> bool {
    let kept = carnet.store().password(&user.id).await.unwrap();
    let typed = Typed::new(password.to_owned());
    let verified = carnet
        .started
        .parts
        .passwords
        .verify(typed, kept.map(|kept| kept.hash));
    verified.await.unwrap().right
}

/// Signs somebody in.
async fn session(carnet: &Installation, user: &User, secret: &str) -> SessionId {
    let id = SessionId::mint(carnet.now(), &mut SystemEntropy);
    let session = Session {
        id,
        digest: digest(secret),
        user: user.id.clone(),
        method: SignInMethod::Password,
        created: carnet.now(),
        seen: carnet.now(),
        idle_ends: carnet.now() + Seconds(600),
        ends: carnet.now() + Seconds(6_000),
        agent: "Mozilla".parse().unwrap(),
        address: "192.0.2.7".to_owned(),
    };
    carnet.insert(Record::Session(session)).await;
    id
}

fn digest(secret: &str) -> SecretDigest {
    Secret::new(secret.to_owned()).digest()
}

#[tokio::test]
async fn an_administrator_sets_a_password_and_takes_it_away() {
    let carnet = Installation::new().await;
    let admin = carnet
        .caller(Role::Admin, Territory::Organization(acme()))
        .await;
    let dana = carnet.user("dana@acme.example").await;
    let path = format!("{}/password", of(&dana));
    carnet.get(&admin, &path).await.refused(404, "CRN-6004");
    let said = put(&carnet, &admin, &dana, json!({"password": "eleven zebras"})).await;
    assert_eq!(said.header("etag"), "\"1\"");
    let set = said.expect(200);
    assert_eq!(
        (&set["user"], &set["form"]),
        (&json!(dana.id.to_string()), &json!("argon2id"))
    );
    assert!(!set.to_string().contains("$argon2id"), "{set}");
    assert_eq!(carnet.get(&admin, &path).await.expect(200), set);
    assert!(is_right(&carnet, &dana, "eleven zebras").await);

    session(&carnet, &dana, "one").await;
    put(&carnet, &admin, &dana, json!({"password": "twelve zebras"}))
        .await
        .expect(200);
    assert!(!is_right(&carnet, &dana, "eleven zebras").await);
    let left = carnet.store().sessions_of(&dana.id).await.unwrap();
    assert_eq!(left, [], "a new password ends the sessions");

    session(&carnet, &dana, "two").await;
    let gone = carnet.ask(&admin, "DELETE", &path, Value::Null).await;
    assert_eq!(gone.status, 204);
    assert!(!is_right(&carnet, &dana, "twelve zebras").await);
    assert_eq!(carnet.store().sessions_of(&dana.id).await.unwrap(), []);
    carnet
        .ask(&admin, "DELETE", &path, Value::Null)
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_password_that_is_unfit_is_not_set_and_nowhere_told() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let dana = carnet.user("dana@acme.example").await;
    for (password, why) in [
        ("zebra-7", "at least 8"),
        ("Dana@Acme.example", "e-mail"),
        ("Password123", "first"),
        ("", "needed"),
    ] {
        let body = json!({ "password": password });
        let problem = put(&carnet, &owner, &dana, body)
            .await
            .refused(400, "CRN-6007");
        assert_eq!(problem["errors"][0]["pointer"], "/password");
        assert!(
            problem["detail"].as_str().unwrap().contains(why),
            "{problem}"
        );
        assert!(password.is_empty() || !problem.to_string().contains(password));
    }
    for body in [
        json!({"password": "x".repeat(1_025)}),
        json!({"password": "eleven zebras", "password_hash": FOREIGN}),
        json!({"password": 7}),
        json!({"pasword": "eleven zebras"}),
        json!({}),
    ] {
        let problem = put(&carnet, &owner, &dana, body)
            .await
            .refused(400, "CRN-6007");
        assert!(!problem.to_string().contains("zebras"), "{problem}");
    }
    assert_eq!(carnet.store().password(&dana.id).await.unwrap(), None);
}

#[tokio::test]
async fn a_password_is_set_to_the_state_that_was_seen() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let dana = carnet.user("dana@acme.example").await;
    let path = format!("{}/password", of(&dana));
    let set = |password: &str, tag: &'static str| {
        let body = json!({ "password": password });
        carnet.ask_if(&owner, ("PUT", &path), body, Some(tag))
    };
    set("eleven zebras", "*").await.refused(412, "CRN-6006");
    put(&carnet, &owner, &dana, json!({"password": "eleven zebras"}))
        .await
        .expect(200);
    set("twelve zebras", "\"2\"").await.refused(412, "CRN-6006");
    set("twelve zebras", "\"1\"").await.expect(200);
    let stale = carnet
        .ask_if(&owner, ("DELETE", &path), Value::Null, Some("\"1\""))
        .await;
    stale.refused(412, "CRN-6006");
    assert!(is_right(&carnet, &dana, "twelve zebras").await);
}

#[tokio::test]
async fn keycloak_cve_2026_3121_nobody_sets_the_password_of_somebody_stronger() {
    let carnet = Installation::new().await;
    let boss = carnet.user("boss@acme.example").await;
    carnet
        .grant(
            Holder::User(boss.id.clone()),
            Role::Owner,
            Territory::Installation,
        )
        .await;
    let admin = carnet
        .caller(Role::Owner, Territory::Organization(acme()))
        .await;
    put(&carnet, &admin, &boss, json!({"password": "eleven zebras"}))
        .await
        .refused(403, "CRN-6003");
    let path = format!("{}/password", of(&boss));
    carnet
        .ask(&admin, "DELETE", &path, Value::Null)
        .await
        .refused(403, "CRN-6003");
    let owner = carnet.owner().await;
    put(&carnet, &owner, &boss, json!({"password": "eleven zebras"}))
        .await
        .expect(200);
    // To end a session only makes the person sign in again.
    session(&carnet, &boss, "one").await;
    let all = format!("{}/sessions:endAll", of(&boss));
    let ended = carnet.post(&admin, &all, Value::Null).await.expect(200);
    assert_eq!(ended, json!({"ended": 1}));
}

#[tokio::test]
async fn lesson_24_what_others_vouch_for_is_said_by_an_owner_of_the_installation() {
    let carnet = Installation::new().await;
    let dana = carnet.user("dana@acme.example").await;
    let one = of(&dana);
    let users = format!("organizations/{}/users", acme());
    let callers = [
        carnet
            .caller(Role::Owner, Territory::Organization(acme()))
            .await,
        carnet.caller(Role::Admin, Territory::Installation).await,
    ];
    for token in &callers {
        put(&carnet, token, &dana, json!({ "password_hash": FOREIGN }))
            .await
            .refused(403, "CRN-6003");
        for body in [
            json!({"email": "kim@acme.example", "password_hash": FOREIGN}),
            json!({"email": "kim@acme.example", "email_verified": true}),
            json!({"email": "kim@acme.example", "email_verified": false}),
        ] {
            carnet
                .post(token, &users, body)
                .await
                .refused(403, "CRN-6003");
        }
        let body = json!({"email_verified": true});
        carnet
            .ask_if(token, ("PATCH", &one), body, Some("*"))
            .await
            .refused(403, "CRN-6003");
    }
    assert_eq!(carnet.store().password(&dana.id).await.unwrap(), None);

    let owner = carnet.owner().await;
    let verified = carnet
        .ask_if(
            &owner,
            ("PATCH", &one),
            json!({"email_verified": true}),
            Some("*"),
        )
        .await
        .expect(200);
    assert_eq!(verified["email_verified"], true);
    let body = json!({"email": "dana.kim@acme.example"});
    let moved = carnet
        .ask_if(&callers[0], ("PATCH", &one), body, Some("*"))
        .await
        .expect(200);
    assert_eq!(
        moved["email_verified"], false,
        "of the new address nobody knows"
    );
}

#[tokio::test]
async fn a_user_is_brought_along_with_the_password_they_have() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let users = format!("organizations/{}/users", acme());
    let wrong =
        json!({"email": "kim@acme.example", "password_hash": "{MD5}X03MO1qnZdYdgyfeuILPmQ=="});
    let problem = carnet
        .post(&owner, &users, wrong)
        .await
        .refused(400, "CRN-6007");
    assert_eq!(problem["errors"][0]["pointer"], "/password_hash");
    assert!(!problem.to_string().contains("X03MO1qn"), "{problem}");
    let body = json!({
        "email": "kim@acme.example", "name": "Kim", "email_verified": true, "password_hash": FOREIGN
    });
    let made = carnet.post(&owner, &users, body).await.expect(201);
    assert_eq!(made["email_verified"], true);
    assert!(!made.to_string().contains("$2a$"), "{made}");
    let id = made["id"].as_str().unwrap().parse().unwrap();
    let kept = carnet.store().password(&id).await.unwrap().unwrap();
    let typed = Typed::new("U*U".to_owned());
    let pool = &carnet.started.parts.passwords;
    let found = pool.verify(typed, Some(kept.hash)).await.unwrap();
    assert!(found.right && found.anew.is_some());
    let path = format!("{users}/kim@acme.example/password");
    let shown = carnet.get(&owner, &path).await.expect(200);
    assert_eq!(shown["form"], "bcrypt");
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_or_all() {
    let carnet = Installation::new().await;
    let admin = carnet
        .caller(Role::Admin, Territory::Organization(acme()))
        .await;
    let viewer = carnet
        .caller(Role::Viewer, Territory::Organization(acme()))
        .await;
    let dana = carnet.user("dana@acme.example").await;
    let other = carnet.user("kim@acme.example").await;
    let foreign = session(&carnet, &other, "other").await;
    session(&carnet, &dana, "expired").await;
    carnet.wait(601);
    let one = session(&carnet, &dana, "one").await;
    let two = session(&carnet, &dana, "two").await;
    let path = format!("{}/sessions", of(&dana));
    let list = carnet.get(&viewer, &path).await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "the one that ended by itself is not told");
    let told = ["method", "agent", "address"].map(|name| items[0][name].as_str().unwrap());
    assert_eq!(told, ["password", "Mozilla", "192.0.2.7"]);
    let secret = digest("one").as_bytes().map(|byte| format!("{byte:02x}"));
    let shown = list.to_string();
    assert!(!shown.contains(&secret.concat()), "the digest is ours");
    for (token, id, status, code) in [
        (&viewer, one, 403, "CRN-6003"),
        (&admin, foreign, 404, "CRN-6004"),
    ] {
        carnet
            .ask(token, "DELETE", &format!("{path}/{id}"), Value::Null)
            .await
            .refused(status, code);
    }
    let end = format!("{path}/{one}");
    assert_eq!(
        carnet.ask(&admin, "DELETE", &end, Value::Null).await.status,
        204
    );
    carnet
        .ask(&admin, "DELETE", &end, Value::Null)
        .await
        .refused(404, "CRN-6004");
    let left = carnet.get(&admin, &path).await.expect(200);
    assert_eq!(left["items"][0]["id"], two.to_string());
    let all = format!("{path}:endAll");
    let ended = carnet.post(&admin, &all, Value::Null).await.expect(200);
    assert_eq!(ended, json!({"ended": 1}));
    assert_eq!(
        carnet.get(&admin, &path).await.expect(200)["items"],
        json!([])
    );
    assert!(carnet.store().session(foreign).await.unwrap().is_some());
}

#[tokio::test]
async fn each_change_is_in_the_audit_log_and_no_secret_is() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let dana = carnet.user("dana@acme.example").await;
    put(&carnet, &owner, &dana, json!({"password": "eleven zebras"}))
        .await
        .expect(200);
    put(&carnet, &owner, &dana, json!({ "password_hash": FOREIGN }))
        .await
        .expect(200);
    let id = session(&carnet, &dana, "one").await;
    let path = of(&dana);
    carnet
        .ask(
            &owner,
            "DELETE",
            &format!("{path}/sessions/{id}"),
            Value::Null,
        )
        .await;
    carnet
        .post(&owner, &format!("{path}/sessions:endAll"), Value::Null)
        .await
        .expect(200);
    carnet
        .ask(&owner, "DELETE", &format!("{path}/password"), Value::Null)
        .await;
    let audit = format!("audit?target={}", dana.id);
    let log = carnet.get(&owner, &audit).await.expect(200);
    let mut actions: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["action"].as_str().unwrap())
        .collect();
    actions.sort_unstable();
    let wanted = [
        "password.import",
        "password.remove",
        "password.set",
        "session.end",
        "session.end_all",
    ];
    assert_eq!(actions, wanted, "{log}");
    for secret in ["zebras", "$2a$", "argon2id$"] {
        assert!(!log.to_string().contains(secret), "{secret}");
    }
}
