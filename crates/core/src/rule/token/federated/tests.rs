//! Whose a federated token is, and that it hangs on its provider, its pool and their project.

use std::sync::Arc;

use carnet_jose::Algorithm;
use carnet_wire::scope::Scope;

use super::{FederatedClaims, FederatedSubject};
use crate::record::{
    OidcProvider, ProjectState, ProviderKeys, ProviderKind, WorkloadPool, WorkloadProvider,
};
use crate::rule::admin::workload_pool::tests::{NOW, pool, project};
use crate::rule::token::{AccessClaims, AccessGrant, Subject, Whose, load, stands};
use crate::store::{Change, Committed, Direct, Memory, Record, Store};
use crate::value::{Counting, ProviderName, Seconds, TokenId, Version};

const ISSUER: &str = "https://auth.example";

fn provider(pool: &WorkloadPool) -> WorkloadProvider {
    WorkloadProvider {
        name: ProviderName::of(&pool.name, "github").unwrap(),
        title: "".parse().unwrap(),
        description: "".parse().unwrap(),
        kind: ProviderKind::Oidc(OidcProvider {
            issuer: "https://ci.example".parse().unwrap(),
            audiences: Vec::new(),
            keys: ProviderKeys::Discovery,
            web: None,
        }),
        mapping: [("google.subject".to_owned(), "assertion.sub".to_owned())].into(),
        condition: None,
        disabled: false,
        deleted: None,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn grant() -> AccessGrant {
    let name = provider(&pool()).name;
    let attributes = [("repo".to_owned(), "acme/app".to_owned())].into();
    let who = FederatedSubject::new(name, "repo:acme/app", vec!["team".to_owned()], attributes);
    AccessGrant {
        id: TokenId::mint(NOW, &mut Counting(3)),
        subject: Subject::Federated(Box::new(who)),
        scope: Scope::parse("read").unwrap(),
        details: None,
        audience: vec!["https://api.example".parse().unwrap()],
        format: crate::record::TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        issued: NOW,
        expires: NOW + Seconds(3_600),
        binding: None,
    }
}

#[test]
fn google_wire_6_4_a_federated_token_names_principal_provider_groups_and_attributes() {
    let grant = grant();
    let claims = AccessClaims::of(&grant, ISSUER);
    let text = serde_json::to_string(&claims).unwrap();
    let pool = "projects/412345678901/locations/global/workloadIdentityPools/ci-pool";
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sub = format!("principal://iam.googleapis.com/{pool}/subject/repo:acme/app");
    assert_eq!(json["sub"], sub.as_str());
    assert_eq!(json["client_id"], format!("{pool}/providers/github"));
    let own = serde_json::json!({ "groups": ["team"], "attributes": { "repo": "acme/app" } });
    assert_eq!(json["federated"], own);
    let read: AccessClaims<'_> = serde_json::from_str(&text).unwrap();
    let read = read.into_owned();
    assert_eq!(read, claims);
    let whose = Whose::Federated {
        provider: format!("{pool}/providers/github").parse().unwrap(),
        subject: "repo:acme/app".to_owned(),
        sign_in: None,
    };
    assert_eq!(read.whose(), Some(whose));
}

#[test]
fn rfc9068_5_claims_that_do_not_belong_together_are_nobodys() {
    let grant = grant();
    let good = AccessClaims::of(&grant, ISSUER).into_owned();
    let spoiled: [fn(&mut AccessClaims<'static>); 7] = [
        |claims| claims.federated = None,
        |claims| claims.client_id = "demo-web".into(),
        |claims| claims.client_id = claims.client_id.replace("ci-pool", "ci-pool2").into(),
        |claims| claims.sub = claims.sub.replace("ci-pool", "ci-pool2").into(),
        |claims| claims.sub = claims.sub.replace("repo:acme/app", "").into(),
        |claims| claims.sub = "100000000000000000001".into(),
        |claims| claims.azn = Some("no sign-in".into()),
    ];
    for spoil in spoiled {
        let mut claims = good.clone();
        spoil(&mut claims);
        assert_eq!(claims.whose(), None, "{claims:?}");
    }
    let mut client = good;
    client.client_id = "demo-web".into();
    client.sub = "demo-web".into();
    assert_eq!(client.whose(), None, "a client has no groups");
    client.federated = None;
    assert!(client.whose().is_some());
    assert_eq!(
        serde_json::to_string(&FederatedClaims::default()).unwrap(),
        "{}"
    );
}

#[tokio::test]
async fn lesson_22_a_federated_token_stands_only_while_provider_pool_and_project_do() {
    let store = Arc::new(Memory::new());
    let mut project = project();
    let mut pool = pool();
    let mut provider = provider(&pool);
    let put = async |change: Change| {
        let committed = store.commit(&[change]).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    };
    let snapshots = Direct(Arc::clone(&store) as Arc<dyn Store>);
    let grant = grant();
    let claims = AccessClaims::of(&grant, ISSUER);
    let good = async || {
        let facts = load(&claims, &snapshots).await.unwrap();
        stands(&claims, &facts, false, NOW)
    };
    assert!(!good().await);
    put(Change::Insert(Record::Project(project.clone()))).await;
    put(Change::Insert(Record::WorkloadPool(pool.clone()))).await;
    assert!(!good().await);
    put(Change::Insert(Record::WorkloadProvider(provider.clone()))).await;
    assert!(good().await);

    for (disabled, deleted) in [(true, None), (false, Some(NOW)), (false, None)] {
        provider.disabled = disabled;
        provider.deleted = deleted;
        provider.version = provider.version.next();
        put(Change::Replace(Record::WorkloadProvider(provider.clone()))).await;
        assert_eq!(good().await, provider.is_on());
    }
    for (disabled, deleted) in [(true, None), (false, Some(NOW)), (false, None)] {
        pool.disabled = disabled;
        pool.deleted = deleted;
        pool.version = pool.version.next();
        put(Change::Replace(Record::WorkloadPool(pool.clone()))).await;
        assert_eq!(good().await, pool.is_on());
    }
    project.state = ProjectState::Suspended { since: NOW };
    project.version = project.version.next();
    put(Change::Replace(Record::Project(project))).await;
    assert!(!good().await);
}
