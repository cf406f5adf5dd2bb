//! What an account with roles may administer when somebody became it by a binding: no more than those could take
//! anyway who control whom it was.

use carnet_core::record::{
    AccountBinding, AccountPolicy, AccountRole, Holder, Role, ServiceAccount, Territory, User,
};
use carnet_core::rule::token::{AccountSubject, Actor};
use carnet_core::store::Record;
use carnet_core::value::Member;
use serde_json::json;

use super::installation::{Installation, acme};
use crate::system::{ADMIN_API, SCOPE_ADMIN};

/// As a token's `act` names an account.
fn by(account: &ServiceAccount, before: Option<Actor<'static>>) -> Actor<'static> {
    Actor {
        sub: account.unique_id.to_string().into(),
        email: Some(account.email.to_string().into()),
        provider: None,
        act: before.map(Box::new),
    }
}

/// As a token's `act` names a person.
fn by_person(user: &User) -> Actor<'static> {
    Actor {
        sub: user.id.to_string().into(),
        email: Some(user.email.to_string().into()),
        provider: None,
        act: None,
    }
}

struct Scene {
    carnet: Installation,
    boss: ServiceAccount,
}

impl Scene {
    /// An account in a project of Acme with this role, on which these are bound.
    async fn new(role: Role, territory: Territory) -> Self {
        let carnet = Installation::new().await;
        let boss = carnet.account("boss-bot", "billing").await;
        let holder = Holder::ServiceAccount(boss.unique_id.clone());
        carnet.grant(holder, role, territory).await;
        Self { carnet, boss }
    }

    async fn bind(&self, on: &ServiceAccount, members: Vec<Member>) {
        let mut policy = AccountPolicy::empty(on.unique_id.clone(), self.carnet.now());
        policy.bindings = vec![AccountBinding {
            role: AccountRole::TokenCreator,
            condition: None,
            members,
        }];
        self.carnet.insert(Record::AccountPolicy(policy)).await;
    }

    /// A token of the account for whoever became it.
    async fn token(&self, acting: Actor<'static>) -> String {
        let subject = AccountSubject {
            id: self.boss.unique_id.clone(),
            email: self.boss.email.clone(),
            user: None,
            acting: Some(acting),
        };
        let asked = (SCOPE_ADMIN, ADMIN_API);
        self.carnet.token_of(subject, asked).await
    }

    async fn status(&self, token: &str, path: &str) -> u16 {
        self.carnet.get(token, path).await.status
    }

    /// Makes somebody an owner of this territory.
    async fn grants(&self, token: &str, territory: &str) -> u16 {
        let body = json!({"holder": self.boss.email, "role": "owner", "territory": territory});
        self.carnet.post(token, "role-bindings", body).await.status
    }

    /// Makes a service account in this project.
    async fn makes(&self, token: &str, project: &str) -> u16 {
        let path = format!("projects/{project}/service-accounts");
        let body = json!({"account_id": "newcomer"});
        self.carnet.post(token, &path, body).await.status
    }
}

fn account(of: &ServiceAccount) -> Member {
    Member::ServiceAccount(of.unique_id.clone())
}

#[tokio::test]
async fn lesson_19_a_binding_lends_no_role_beyond_the_project_of_whom_it_lets_in() {
    let organization = format!("organizations/{}", acme());
    let scene = Scene::new(Role::Owner, Territory::Installation).await;
    let middle = scene.carnet.account("middle", "billing").await;
    scene.bind(&scene.boss, vec![account(&middle)]).await;
    let token = scene.token(by(&middle, None)).await;
    for path in [
        organization.as_str(),
        &format!("{organization}/users"),
        "projects/solo",
        "signing-keys",
    ] {
        assert_eq!(scene.status(&token, path).await, 404, "{path}");
    }
    for territory in ["installation", organization.as_str(), "projects/solo"] {
        assert_eq!(scene.grants(&token, territory).await, 404, "{territory}");
    }
    // Where its keys are made it is an admin, as whoever makes them is.
    assert_eq!(scene.status(&token, "projects/billing").await, 200);
    assert_eq!(scene.grants(&token, "projects/billing").await, 403);
    assert_eq!(scene.makes(&token, "billing").await, 201);
    let me = scene.carnet.get(&token, "whoami").await.expect(200);
    assert_eq!(me["within"], json!(["projects/billing"]));
    assert_eq!(me["at_most"], "admin");
}

#[tokio::test]
async fn lesson_19_an_account_of_another_project_lends_nothing_and_each_of_a_chain_counts() {
    let scene = Scene::new(Role::Owner, Territory::Installation).await;
    let far = scene.carnet.account("far-bot", "solo").await;
    let near = scene.carnet.account("near-bot", "billing").await;
    scene
        .bind(&scene.boss, vec![account(&far), account(&near)])
        .await;
    scene.bind(&near, vec![account(&far)]).await;
    let alone = scene.token(by(&far, None)).await;
    assert_eq!(scene.status(&alone, "projects/solo").await, 200);
    assert_eq!(scene.status(&alone, "projects/billing").await, 404);
    let through = by(&near, Some(by(&far, None)));
    let token = scene.token(through).await;
    for path in ["projects/solo", "projects/billing"] {
        assert_eq!(scene.status(&token, path).await, 404, "{path}");
    }
}

#[tokio::test]
async fn lesson_19_a_person_lends_within_their_organization_what_its_admins_may() {
    let organization = format!("organizations/{}", acme());
    let scene = Scene::new(Role::Owner, Territory::Installation).await;
    let bob = scene.carnet.user("bob@acme.example").await;
    scene
        .bind(&scene.boss, vec![Member::User(bob.id.clone())])
        .await;
    let token = scene.token(by_person(&bob)).await;
    assert_eq!(scene.status(&token, &organization).await, 200);
    assert_eq!(scene.makes(&token, "billing").await, 201);
    assert_eq!(scene.grants(&token, &organization).await, 403);
    assert_eq!(scene.grants(&token, "projects/billing").await, 403);
    assert_eq!(scene.status(&token, "projects/solo").await, 404);
    assert_eq!(scene.status(&token, "signing-keys").await, 404);
}

#[tokio::test]
async fn a_ci_account_of_a_project_administers_it_by_a_binding() {
    let territory = Territory::Project("billing".parse().unwrap());
    let scene = Scene::new(Role::Admin, territory).await;
    let ci = scene.carnet.account("ci-runner", "billing").await;
    scene.bind(&scene.boss, vec![account(&ci)]).await;
    let token = scene.token(by(&ci, None)).await;
    assert_eq!(scene.status(&token, "projects/billing").await, 200);
    assert_eq!(scene.makes(&token, "billing").await, 201);
}

#[tokio::test]
async fn lesson_19_what_a_key_of_ours_signed_administers_nothing() {
    let scene = Scene::new(Role::Owner, Territory::Installation).await;
    let held = Actor::of_system_key(&scene.boss.unique_id);
    let token = scene.token(held).await;
    for path in ["projects/billing", "projects/solo", "signing-keys"] {
        assert_eq!(scene.status(&token, path).await, 404, "{path}");
    }
    assert_eq!(scene.grants(&token, "projects/billing").await, 404);
    let me = scene.carnet.get(&token, "whoami").await.expect(200);
    assert_eq!(me["at_most"], "nothing");
    // Nor does whoever goes on from there, or acts for a person.
    let next = scene.carnet.account("next-bot", "billing").await;
    scene.bind(&scene.boss, vec![account(&next)]).await;
    let mark = Actor::of_system_key(&next.unique_id);
    let token = scene.token(by(&next, Some(mark))).await;
    assert_eq!(scene.status(&token, "projects/billing").await, 404);
    let dana = scene.carnet.user("dana@acme.example").await;
    let holder = Holder::User(dana.id.clone());
    let everywhere = Territory::Installation;
    scene.carnet.grant(holder, Role::Owner, everywhere).await;
    scene.carnet.delegate(&scene.boss, SCOPE_ADMIN).await;
    let subject = |acting: Option<Actor<'static>>| AccountSubject {
        id: scene.boss.unique_id.clone(),
        email: scene.boss.email.clone(),
        user: Some((dana.id.clone(), dana.email.clone())),
        acting,
    };
    let asked = (SCOPE_ADMIN, ADMIN_API);
    let own = scene.carnet.token_of(subject(None), asked).await;
    assert_eq!(scene.status(&own, "projects/billing").await, 200);
    let mark = Actor::of_system_key(&scene.boss.unique_id);
    let signed = scene.carnet.token_of(subject(Some(mark)), asked).await;
    assert_eq!(scene.status(&signed, "projects/billing").await, 404);
    let told = scene.carnet.get(&signed, "whoami").await.expect(200);
    assert_eq!(
        (&told["kind"], &told["at_most"]),
        (&json!("user"), &json!("nothing"))
    );
}
