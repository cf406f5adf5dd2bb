//! From a credential of somebody else to a token of a service account: the exchange, then IAM Credentials, as
//! Google's libraries do it (google-wire 5.1, 6.3).

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::record::Holder;
use carnet_core::record::PoolOwner;
use carnet_core::record::ProviderKeys;
use carnet_core::record::Role;
use carnet_core::record::RoleBinding;
use carnet_core::record::Territory;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::value::BindingId;
use carnet_core::value::Counting;
use carnet_core::value::ProjectNumber;
use carnet_core::value::UnixTime;
use carnet_testkit::contract::workload_pool::pool_of;
use carnet_testkit::contract::workload_pool::provider_of;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::READ;
use serde_json::json;

use super::scene::EXCHANGE;
use super::scene::JWT;
use super::scene::Scene;
use super::scene::payload;
use super::scene::pool_named;
use super::scene::trusts;

const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";

/// Who is in this binding may become the account, and nobody else.
async fn binds(scene: &Scene, version: i64, member: &str) {
    let account = scene.server.world.client_id().parse().unwrap();
    let mut policy = AccountPolicy::empty(account, UnixTime(scene.now));
    policy.version.0 = version;
    policy.bindings = vec![AccountBinding {
        role: AccountRole::WorkloadIdentityUser,
        condition: None,
        members: vec![member.parse().unwrap()],
    }];
    let row = Record::AccountPolicy(policy);
    scene
        .commit(match version {
            1 => Change::Insert(row),
            _ => Change::Replace(row),
        })
        .await;
}

impl Scene {
    /// The account is an owner of the installation.
    async fn owns_everything(&self) {
        let account = self.server.world.client_id().parse().unwrap();
        let owner = RoleBinding {
            id: BindingId::from_bytes([9; 16]),
            holder: Holder::ServiceAccount(account),
            role: Role::Owner,
            territory: Territory::Installation,
            created: UnixTime(self.now),
        };
        self.insert(Record::RoleBinding(owner)).await;
    }
}

/// A principal's token with `cloud-platform`, for these claims at this provider.
async fn cloud(scene: &Scene, audience: &str, token: &str) -> String {
    let form = [
        ("grant_type", EXCHANGE),
        ("audience", audience),
        ("scope", CLOUD),
        ("subject_token_type", JWT),
        ("subject_token", token),
    ];
    let answer = scene.server.post("/v1/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

async fn become_account(scene: &Scene, token: &str) -> Answer {
    become_with(scene, token, READ).await
}

async fn become_with(scene: &Scene, token: &str, scope: &str) -> Answer {
    let email = scene.server.world.email();
    let path = format!("/v1/projects/-/serviceAccounts/{email}:generateAccessToken");
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {token}"));
    let body = json!({ "scope": [scope], "lifetime": "600s" }).to_string();
    scene
        .server
        .send(request.body(Body::from(body)).unwrap())
        .await
}

#[tokio::test]
async fn google_wire_6_3_a_principal_becomes_the_account_that_it_is_bound_on() {
    let mut scene = Scene::new().await;
    let attribute = "attribute.repository".to_owned();
    scene
        .set(|provider| {
            provider
                .mapping
                .insert(attribute, "assertion.repository".to_owned());
            provider
                .mapping
                .insert("google.groups".to_owned(), "assertion.groups".to_owned());
        })
        .await;
    let claims = scene.with(json!({ "repository": "acme/app", "groups": ["deployers"] }));
    let own = scene.provider.name.audience();
    let token = cloud(&scene, &own, &scene.issuer.sign(&claims)).await;
    assert_eq!(
        become_account(&scene, &token).await.status,
        403,
        "nobody is bound"
    );

    let pool = scene.pool.name.to_string();
    let one = format!("principal://iam.googleapis.com/{pool}");
    let set = format!("principalSet://iam.googleapis.com/{pool}");
    let other = set.replace("ci-pool", "ci-pool2");
    let cases = [
        (format!("{one}/subject/job-7"), true),
        (format!("{one}/subject/job-8"), false),
        (format!("{set}/attribute.repository/acme/app"), true),
        (format!("{set}/attribute.repository/evil/app"), false),
        (format!("{set}/attribute.owner/acme/app"), false),
        (format!("{set}/group/deployers"), true),
        (format!("{set}/group/others"), false),
        (format!("{set}/*"), true),
        (format!("{other}/*"), false),
        (format!("{other}/group/deployers"), false),
    ];
    for (version, (member, good)) in (1..).zip(cases) {
        binds(&scene, version, &member).await;
        let answer = become_account(&scene, &token).await;
        assert_eq!(answer.status == 200, good, "{member}: {}", answer.body);
        if good {
            let token = answer.json()["accessToken"].as_str().unwrap().to_owned();
            let claims = payload(&token);
            assert_eq!(claims["client_id"], scene.server.world.client_id());
            assert_eq!(claims["act"]["sub"], format!("{one}/subject/job-7"));
        }
    }
}

#[tokio::test]
async fn google_wire_6_4_who_has_the_same_subject_in_another_pool_is_somebody_else() {
    let scene = Scene::new().await;
    let pool = &scene.pool.name;
    let member = format!("principal://iam.googleapis.com/{pool}/subject/job-7");
    binds(&scene, 1, &member).await;
    let second = pool_of(&scene.project, "second");
    let mut provider = provider_of(&second, "main");
    trusts(
        &mut provider,
        &scene.issuer.url,
        &[],
        ProviderKeys::Discovery,
    );
    scene.insert(Record::WorkloadPool(second)).await;
    scene.add(&provider).await;
    let audience = provider.name.audience();
    let claims = scene.with(json!({ "aud": audience }));
    let token = cloud(&scene, &audience, &scene.issuer.sign(&claims)).await;
    assert_eq!(become_account(&scene, &token).await.status, 403);
    // A provider of the same pool vouches for the pool's principals too.
    let mut next = provider_of(&scene.pool, "next");
    trusts(&mut next, &scene.issuer.url, &[], ProviderKeys::Discovery);
    scene.add(&next).await;
    let audience = next.name.audience();
    let claims = scene.with(json!({ "aud": audience }));
    let token = cloud(&scene, &audience, &scene.issuer.sign(&claims)).await;
    assert_eq!(become_account(&scene, &token).await.status, 200);
}

#[tokio::test]
async fn lesson_19_an_owner_of_the_installation_is_one_where_the_pool_is_and_nowhere_else() {
    let scene = Scene::new().await;
    let pool = scene.pool.name.clone();
    let everybody = format!("principalSet://iam.googleapis.com/{pool}/*");
    binds(&scene, 1, &everybody).await;
    scene.owns_everything().await;
    let own = scene.provider.name.audience();
    let token = cloud(&scene, &own, &scene.issuer.sign(&scene.claims())).await;
    let became = become_with(&scene, &token, CLOUD).await;
    assert_eq!(became.status, 200, "{}", became.body);
    let token = became.json()["accessToken"].as_str().unwrap().to_owned();
    let accounts = async |project: &str| {
        let request = Request::get(format!("/v1/projects/{project}/serviceAccounts"))
            .header("authorization", format!("Bearer {token}"));
        let request = request.body(Body::empty()).unwrap();
        scene.server.send(request).await.status.as_u16()
    };
    let mut other = scene.project.clone();
    other.id = "faraway".parse().unwrap();
    other.number = ProjectNumber::mint(&mut Counting(77));
    scene.insert(Record::Project(other)).await;
    assert_eq!(accounts(scene.project.id.as_str()).await, 200);
    assert_eq!(accounts("faraway").await, 403);
}

/// Whoever reads their roles reads as well where they count.
#[tokio::test]
async fn lesson_19_who_came_through_a_pool_is_told_where_the_roles_count() {
    let scene = Scene::new().await;
    let pool = scene.pool.name.clone();
    binds(
        &scene,
        1,
        &format!("principalSet://iam.googleapis.com/{pool}/*"),
    )
    .await;
    scene.owns_everything().await;
    let own = scene.provider.name.audience();
    let token = cloud(&scene, &own, &scene.issuer.sign(&scene.claims())).await;
    let became = become_with(&scene, &token, "carnet.admin.read").await;
    assert_eq!(became.status, 200, "{}", became.body);
    let token = became.json()["accessToken"].as_str().unwrap().to_owned();
    let request =
        Request::get("/admin/v1/whoami").header("authorization", format!("Bearer {token}"));
    let told = scene
        .server
        .send(request.body(Body::empty()).unwrap())
        .await
        .json();
    let everywhere = json!([{ "role": "owner", "territory": "installation" }]);
    assert_eq!(told["roles"], everywhere);
    assert_eq!(
        told["within"],
        json!([format!("projects/{}", scene.project.id)])
    );
}

#[tokio::test]
async fn lesson_22_nobody_becomes_an_account_through_a_provider_that_is_off() {
    let mut scene = Scene::new().await;
    let pool = scene.pool.name.clone();
    binds(
        &scene,
        1,
        &format!("principalSet://iam.googleapis.com/{pool}/*"),
    )
    .await;
    let own = scene.provider.name.audience();
    let token = cloud(&scene, &own, &scene.issuer.sign(&scene.claims())).await;
    let became = become_account(&scene, &token).await;
    assert_eq!(became.status, 200, "{}", became.body);
    let impersonated = became.json()["accessToken"].as_str().unwrap().to_owned();
    let active = async |scene: &Scene| {
        let answer = scene
            .server
            .post("/tokeninfo", &[("access_token", &impersonated)])
            .await;
        answer.status == 200
    };
    assert!(active(&scene).await);
    scene.set(|provider| provider.disabled = true).await;
    assert_eq!(become_account(&scene, &token).await.status, 401);
    assert!(!active(&scene).await, "what it became ends with it");
    scene.set(|provider| provider.disabled = false).await;
    assert!(active(&scene).await);
    scene.server.world.account_is_disabled().await;
    assert_ne!(become_account(&scene, &token).await.status, 200);
    assert!(!active(&scene).await);
}

#[tokio::test]
async fn google_wire_6_1_a_person_of_a_workforce_becomes_the_account_that_it_is_bound_on() {
    let scene = Scene::new().await;
    let name = "locations/global/workforcePools/acme-staff";
    let owner = PoolOwner::Organization(scene.project.organization.unwrap());
    let pool = pool_named(name, owner, &scene.pool);
    let mut provider = provider_of(&pool, "corp");
    let keys = ProviderKeys::Discovery;
    trusts(&mut provider, &scene.issuer.url, &["staff"], keys);
    scene.insert(Record::WorkloadPool(pool)).await;
    scene.add(&provider).await;
    let claims = scene.with(json!({ "aud": "staff", "sub": "dana" }));
    let token = scene.issuer.sign(&claims);
    let form = [
        ("grant_type", EXCHANGE),
        ("audience", &provider.name.audience()),
        ("scope", CLOUD),
        ("subject_token_type", JWT),
        ("subject_token", &token),
        ("options", "%7B%22userProject%22%3A%20%22billing%22%7D"),
    ];
    let answer = scene.server.post("/v1/token", &form).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let one = format!("principal://iam.googleapis.com/{name}/subject/");
    for (version, (subject, status)) in (1..).zip([("erin", 403), ("dana", 200)]) {
        binds(&scene, version, &format!("{one}{subject}")).await;
        let answer = become_account(&scene, &token).await;
        assert_eq!(answer.status, status, "{subject}: {}", answer.body);
    }
}

#[tokio::test]
async fn google_wire_5_3_what_a_principal_got_ends_with_the_binding_of_it_or_of_its_pool() {
    let mut scene = Scene::new().await;
    scene
        .set(|provider| {
            provider
                .mapping
                .insert("google.groups".to_owned(), "assertion.groups".to_owned());
        })
        .await;
    let pool = scene.pool.name.to_string();
    let one = format!("principal://iam.googleapis.com/{pool}/subject");
    let set = format!("principalSet://iam.googleapis.com/{pool}");
    let own = scene.provider.name.audience();
    let claims = scene.with(json!({ "groups": ["deployers"] }));
    let token = cloud(&scene, &own, &scene.issuer.sign(&claims)).await;
    let stands = async |scene: &Scene, token: &str| {
        let form = [("access_token", token)];
        scene.server.post("/tokeninfo", &form).await.status == 200
    };
    let mut version = 0;
    let mut bind = async |scene: &Scene, member: &str| {
        version += 1;
        binds(scene, version, member).await;
    };
    for member in [format!("{one}/job-7"), format!("{set}/*")] {
        bind(&scene, &member).await;
        let became = become_account(&scene, &token).await;
        assert_eq!(became.status, 200, "{member}: {}", became.body);
        let got = became.json()["accessToken"].as_str().unwrap().to_owned();
        assert!(stands(&scene, &got).await, "{member}");
        bind(&scene, &format!("{one}/job-8")).await;
        assert!(!stands(&scene, &got).await, "{member} is gone");
        bind(&scene, &format!("{set}/*")).await;
        assert!(stands(&scene, &got).await, "everybody is in again");
    }
    // Whose groups somebody has is known while they call: what is bound of the pool keeps the token.
    bind(&scene, &format!("{set}/group/deployers")).await;
    let became = become_account(&scene, &token).await;
    let got = became.json()["accessToken"].as_str().unwrap().to_owned();
    assert!(stands(&scene, &got).await);
    bind(
        &scene,
        &format!("{}/group/deployers", set.replace("ci-pool", "ci-pool2")),
    )
    .await;
    assert!(!stands(&scene, &got).await, "nothing of the pool is bound");
}
