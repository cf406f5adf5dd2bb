//! Who may do what where: each role in each territory against each kind of request, and the ways in
//! which somebody could get more than they have.

use carnet_core::record::{Holder, Password, Role, Territory};
use carnet_core::store::Record;
use carnet_core::value::Version;
use serde_json::{Value, json};

use super::installation::{Installation, Said, acme};
use crate::system::{ADMIN_API, SCOPE_ADMIN};

const ROLES: [Role; 4] = [Role::Viewer, Role::Auditor, Role::Admin, Role::Owner];

/// The narrowest territory in which a role suffices.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Where {
    Project,
    Organization,
    Installation,
}

/// Requests, the role that each takes, and the narrowest territory in which it suffices. `@` is the
/// organization, in which there is a user `kim`.
const ASKED: [(&str, &str, Role, Where); 29] = [
    ("GET", "projects/billing", Role::Viewer, Where::Project),
    (
        "GET",
        "projects/billing/service-accounts",
        Role::Viewer,
        Where::Project,
    ),
    ("GET", "projects/billing/apis", Role::Viewer, Where::Project),
    (
        "GET",
        "projects/billing/clients",
        Role::Viewer,
        Where::Project,
    ),
    (
        "POST",
        "projects/billing/clients",
        Role::Admin,
        Where::Project,
    ),
    ("GET", "audit?target=billing", Role::Auditor, Where::Project),
    ("PATCH", "projects/billing", Role::Admin, Where::Project),
    (
        "POST",
        "projects/billing:restore",
        Role::Admin,
        Where::Project,
    ),
    (
        "POST",
        "projects/billing/service-accounts",
        Role::Admin,
        Where::Project,
    ),
    ("POST", "projects/billing/apis", Role::Admin, Where::Project),
    ("POST", "role-bindings", Role::Owner, Where::Project),
    ("GET", "organizations/@", Role::Viewer, Where::Organization),
    (
        "GET",
        "organizations/@/users",
        Role::Viewer,
        Where::Organization,
    ),
    (
        "GET",
        "organizations/@/delegations",
        Role::Viewer,
        Where::Organization,
    ),
    ("GET", "audit?target=@", Role::Auditor, Where::Organization),
    ("PATCH", "organizations/@", Role::Admin, Where::Organization),
    (
        "POST",
        "organizations/@/users",
        Role::Admin,
        Where::Organization,
    ),
    (
        "POST",
        "organizations/@/policies",
        Role::Admin,
        Where::Organization,
    ),
    (
        "POST",
        "organizations/@/delegations",
        Role::Admin,
        Where::Organization,
    ),
    (
        "GET",
        "organizations/@/users/kim%40acme.example/password",
        Role::Viewer,
        Where::Organization,
    ),
    (
        "PUT",
        "organizations/@/users/kim%40acme.example/password",
        Role::Admin,
        Where::Organization,
    ),
    (
        "GET",
        "organizations/@/users/kim%40acme.example/sessions",
        Role::Viewer,
        Where::Organization,
    ),
    (
        "POST",
        "organizations/@/users/kim%40acme.example/sessions:endAll",
        Role::Admin,
        Where::Organization,
    ),
    (
        "PATCH",
        "organizations/@/users/kim%40acme.example",
        Role::Admin,
        Where::Organization,
    ),
    ("GET", "signing-keys", Role::Viewer, Where::Installation),
    ("GET", "audit", Role::Auditor, Where::Installation),
    ("GET", "audit:verify", Role::Auditor, Where::Installation),
    ("POST", "organizations", Role::Admin, Where::Installation),
    ("POST", "signing-keys", Role::Admin, Where::Installation),
];

/// Asks one of them.
async fn ask(carnet: &Installation, token: &str, method: &str, path: &str) -> Said {
    let body = match (method, path) {
        ("GET", _) => Value::Null,
        (_, "role-bindings") => json!({
            "holder": "nobody@acme.example", "role": "viewer", "territory": "projects/billing"
        }),
        _ => json!({}),
    };
    let path = path.replace('@', &acme().to_string());
    let tag = (method == "PATCH").then_some("*");
    carnet.ask_if(token, (method, &path), body, tag).await
}

/// A user with a password.
async fn kim(carnet: &Installation) {
    let kim = carnet.user("kim@acme.example").await;
    let password = Password {
        user: kim.id,
        hash: "$2b$10$anything".parse().unwrap(),
        changed: carnet.now(),
        version: Version::FIRST,
    };
    carnet.insert(Record::Password(password)).await;
}

#[tokio::test]
async fn each_role_in_each_territory_does_what_it_says_and_no_more() {
    let carnet = Installation::new().await;
    kim(&carnet).await;
    let territories = [
        (
            Where::Project,
            Territory::Project("billing".parse().unwrap()),
        ),
        (Where::Organization, Territory::Organization(acme())),
        (Where::Installation, Territory::Installation),
    ];
    for (held, territory) in territories {
        for role in ROLES {
            let token = carnet.caller(role, territory.clone()).await;
            for (method, path, needed, place) in ASKED {
                let said = ask(&carnet, &token, method, path).await;
                let case = format!("{role:?} in {held:?}: {method} {path}: {}", said.body);
                let told = (said.status, said.code());
                if held < place {
                    assert_eq!(told, (404, "CRN-6004"), "{case}");
                } else if role < needed {
                    assert_eq!(told, (403, "CRN-6003"), "{case}");
                } else {
                    // That the empty body lacks members is told only to those who may.
                    assert!(matches!(told, (200, _) | (400, "CRN-6007")), "{case}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_role_elsewhere_is_no_role_here() {
    let carnet = Installation::new().await;
    kim(&carnet).await;
    for role in ROLES {
        let token = carnet
            .caller(role, Territory::Project("solo".parse().unwrap()))
            .await;
        for (method, path, ..) in ASKED {
            let said = ask(&carnet, &token, method, path).await;
            assert_eq!(
                (said.status, said.code()),
                (404, "CRN-6004"),
                "{method} {path}"
            );
        }
        let list = carnet.get(&token, "projects").await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0]["id"], "solo");
        let list = carnet.get(&token, "organizations").await.expect(200);
        assert_eq!(list["items"], json!([]));
    }
}

#[tokio::test]
async fn lists_show_what_the_caller_may_read_and_page_through_it() {
    let carnet = Installation::new().await;
    for name in ["alpha", "gamma"] {
        carnet.project(name, Some(acme())).await;
    }
    carnet.project("omega", None).await;
    let account = carnet.account("ci-runner", "solo").await;
    let holder = Holder::ServiceAccount(account.unique_id.clone());
    carnet
        .grant(
            holder.clone(),
            Role::Viewer,
            Territory::Organization(acme()),
        )
        .await;
    carnet
        .grant(
            holder,
            Role::Admin,
            Territory::Project("solo".parse().unwrap()),
        )
        .await;
    let token = carnet.token(&account, SCOPE_ADMIN, ADMIN_API).await;
    let mut seen = Vec::new();
    let mut path = "projects?page_size=2".to_owned();
    loop {
        let page = carnet.get(&token, &path).await.expect(200);
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next_page_token"].as_str() else {
            break;
        };
        path = format!("projects?page_size=2&page_token={next}");
    }
    assert_eq!(seen, ["alpha", "billing", "gamma", "solo"]);
    let path = format!("projects?organization={}", acme());
    let list = carnet.get(&token, &path).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn keycloak_cve_2026_3121_nobody_gets_a_credential_of_somebody_stronger() {
    let carnet = Installation::new().await;
    let strong = carnet.account("strong", "billing").await;
    let holder = Holder::ServiceAccount(strong.unique_id.clone());
    carnet
        .grant(holder, Role::Owner, Territory::Installation)
        .await;
    let admin = carnet
        .caller(Role::Admin, Territory::Project("billing".parse().unwrap()))
        .await;
    let path = format!("projects/billing/service-accounts/{}", strong.email);
    carnet.get(&admin, &path).await.expect(200);
    for (method, verb) in [
        ("POST", "/keys"),
        ("POST", ":disable"),
        ("POST", ":enable"),
        ("DELETE", ""),
    ] {
        let said = carnet
            .ask(&admin, method, &format!("{path}{verb}"), Value::Null)
            .await;
        said.refused(403, "CRN-6003");
    }
    let pair = carnet_jose::KeyPair::generate(carnet_jose::KeyType::P256).unwrap();
    let body = json!({"public_key": pair.public_key().to_spki_pem()});
    let said = carnet
        .post(&admin, &format!("{path}/keys:upload"), body)
        .await;
    said.refused(403, "CRN-6003");

    let owner = carnet.owner().await;
    let made = carnet
        .post(&owner, &format!("{path}/keys"), json!({}))
        .await
        .expect(201);
    let key = format!("{path}/keys/{}", made["key"]["id"].as_str().unwrap());
    carnet
        .ask(&admin, "DELETE", &key, Value::Null)
        .await
        .refused(403, "CRN-6003");
    // A leaked key may be stopped by whoever sees it, and is opened again only by its equal.
    carnet
        .post(&admin, &format!("{key}:disable"), Value::Null)
        .await
        .expect(200);
    carnet
        .post(&admin, &format!("{key}:enable"), Value::Null)
        .await
        .refused(403, "CRN-6003");
}

#[tokio::test]
async fn nobody_gives_a_role_where_they_are_not_owner() {
    let carnet = Installation::new().await;
    let friend = carnet.account("friend", "billing").await;
    let owner = carnet
        .caller(Role::Owner, Territory::Project("billing".parse().unwrap()))
        .await;
    let give = |territory: String| {
        let body =
            json!({"holder": friend.email.as_str(), "role": "owner", "territory": territory});
        carnet.post(&owner, "role-bindings", body)
    };
    for wider in [
        "installation".to_owned(),
        format!("organizations/{}", acme()),
        "projects/solo".to_owned(),
    ] {
        give(wider).await.refused(404, "CRN-6004");
    }
    give("projects/no-such-project".to_owned())
        .await
        .refused(404, "CRN-6004");
    give("everywhere".to_owned()).await.refused(400, "CRN-6007");
    let made = give("projects/billing".to_owned()).await.expect(201);
    assert_eq!(made["holder"]["email"], friend.email.as_str());
    give("projects/billing".to_owned())
        .await
        .refused(409, "CRN-6005");
    let one = format!("role-bindings/{}", made["id"].as_str().unwrap());
    assert_eq!(
        carnet.ask(&owner, "DELETE", &one, Value::Null).await.status,
        204
    );
    carnet
        .ask(&owner, "DELETE", &one, Value::Null)
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_role_names_somebody_who_exists_and_whom_the_caller_may_know() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let dana = carnet.user("dana@acme.example").await;
    let gone = carnet.account("gone", "billing").await;
    let path = format!("projects/billing/service-accounts/{}", gone.email);
    carnet.ask(&owner, "DELETE", &path, Value::Null).await;
    let stranger = carnet
        .caller(Role::Owner, Territory::Project("solo".parse().unwrap()))
        .await;
    let neighbour = carnet
        .caller(Role::Owner, Territory::Project("billing".parse().unwrap()))
        .await;
    let give = async |token: &str, holder: &str, project: &str| {
        let territory = format!("projects/{project}");
        let body = json!({"holder": holder, "role": "viewer", "territory": territory});
        carnet.post(token, "role-bindings", body).await
    };
    let unknown = give(&stranger, "nobody@acme.example", "solo")
        .await
        .refused(400, "CRN-6007");
    let hidden = give(&stranger, dana.email.as_str(), "solo")
        .await
        .refused(400, "CRN-6007");
    assert_eq!(unknown["errors"], hidden["errors"]);
    give(&owner, gone.email.as_str(), "billing")
        .await
        .refused(400, "CRN-6007");
    give(&neighbour, dana.email.as_str(), "billing")
        .await
        .expect(201);
    for name in ["nobody@acme.example", dana.email.as_str()] {
        let path = format!("role-bindings?holder={name}");
        let list = carnet.get(&stranger, &path).await.expect(200);
        assert_eq!(list, json!({"items": []}));
    }
}

#[tokio::test]
async fn a_domain_is_vouched_for_by_the_installation() {
    let carnet = Installation::new().await;
    let admin = carnet
        .caller(Role::Owner, Territory::Organization(acme()))
        .await;
    let path = format!("organizations/{}/domains", acme());
    let body = json!({"name": "somebody-elses.example"});
    carnet
        .post(&admin, &path, body)
        .await
        .refused(403, "CRN-6003");
    carnet.get(&admin, &path).await.expect(200);
}

#[tokio::test]
async fn the_installation_keeps_an_owner_who_can_act() {
    let carnet = Installation::new().await;
    let last = carnet.account("last-owner", "billing").await;
    let holder = Holder::ServiceAccount(last.unique_id.clone());
    let binding = carnet
        .grant(holder, Role::Owner, Territory::Installation)
        .await;
    let gone = carnet.user("gone@acme.example").await;
    let holder = Holder::User(gone.id.clone());
    carnet
        .grant(holder, Role::Owner, Territory::Installation)
        .await;
    let token = carnet.token(&last, SCOPE_ADMIN, ADMIN_API).await;
    let user = format!("organizations/{}/users/{}", acme(), gone.email);
    // There are two: one may go, and then the other must stay.
    carnet
        .post(&token, &format!("{user}:suspend"), Value::Null)
        .await
        .expect(200);
    let account = format!("projects/billing/service-accounts/{}", last.email);
    let refused = [
        ("DELETE", format!("role-bindings/{binding}")),
        ("POST", format!("{account}:disable")),
        ("DELETE", account),
        ("POST", "projects/billing:suspend".to_owned()),
    ];
    for (method, path) in &refused {
        let said = carnet.ask(&token, method, path, Value::Null).await;
        said.refused(409, "CRN-6012");
    }
    carnet
        .post(&token, &format!("{user}:restore"), Value::Null)
        .await
        .expect(200);
    let (method, path) = &refused[0];
    assert_eq!(
        carnet.ask(&token, method, path, Value::Null).await.status,
        204
    );
    carnet
        .get(&token, "signing-keys")
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn who_acts_for_somebody_may_do_what_both_may() {
    let carnet = Installation::new().await;
    let dana = carnet.user("dana@acme.example").await;
    let holder = Holder::User(dana.id.clone());
    carnet
        .grant(holder, Role::Owner, Territory::Installation)
        .await;
    let robot = carnet.account("robot", "billing").await;
    carnet.delegate(&robot, "carnet.admin").await;
    let token = carnet
        .token_as(&robot, Some(&dana), (SCOPE_ADMIN, ADMIN_API))
        .await;
    let me = carnet.get(&token, "whoami").await.expect(200);
    assert_eq!(
        (&me["kind"], &me["email"]),
        (&json!("user"), &json!("dana@acme.example"))
    );
    assert_eq!(me["actor"]["email"], robot.email.as_str());
    carnet
        .get(&token, "projects/billing")
        .await
        .refused(404, "CRN-6004");
    let holder = Holder::ServiceAccount(robot.unique_id.clone());
    carnet
        .grant(
            holder,
            Role::Viewer,
            Territory::Project("billing".parse().unwrap()),
        )
        .await;
    carnet.get(&token, "projects/billing").await.expect(200);
    carnet
        .post(&token, "projects/billing:restore", Value::Null)
        .await
        .refused(403, "CRN-6003");
    carnet
        .get(&token, "projects/solo")
        .await
        .refused(404, "CRN-6004");
}

#[tokio::test]
async fn a_token_stops_with_its_account() {
    let carnet = Installation::new().await;
    let owner = carnet.owner().await;
    let account = carnet.account("ci-runner", "billing").await;
    let holder = Holder::ServiceAccount(account.unique_id.clone());
    carnet
        .grant(holder, Role::Viewer, Territory::Installation)
        .await;
    let token = carnet.token(&account, SCOPE_ADMIN, ADMIN_API).await;
    carnet.get(&token, "whoami").await.expect(200);
    let path = format!("projects/billing/service-accounts/{}", account.email);
    carnet
        .post(&owner, &format!("{path}:disable"), Value::Null)
        .await
        .expect(200);
    carnet.get(&token, "whoami").await.refused(401, "CRN-6001");
    carnet
        .post(&owner, &format!("{path}:enable"), Value::Null)
        .await
        .expect(200);
    carnet.get(&token, "whoami").await.expect(200);
    carnet
        .post(&owner, "projects/billing:suspend", Value::Null)
        .await
        .expect(200);
    carnet.get(&token, "whoami").await.refused(401, "CRN-6001");
}
