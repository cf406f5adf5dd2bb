//! Tests of the rule: see the file beside this directory. What a server makes of it is in its flows.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::google::sts::{Options, SubjectTokenType};

use super::{load, named};
use crate::record::{OidcProvider, ProviderKeys, ProviderKind, WorkloadProvider};
use crate::rule::admin::workload_pool::tests::{NOW, pool, project};
use crate::store::{Change, Committed, Direct, Memory, Record, Store};
use crate::value::{ProviderName, Version};

fn provider(audiences: &[&str]) -> WorkloadProvider {
    WorkloadProvider {
        name: ProviderName::of(&pool().name, "github").unwrap(),
        title: "".parse().unwrap(),
        description: "".parse().unwrap(),
        kind: ProviderKind::Oidc(OidcProvider {
            issuer: "https://ci.example".parse().unwrap(),
            audiences: audiences.iter().map(|one| one.parse().unwrap()).collect(),
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

async fn holding(provider: WorkloadProvider) -> Direct {
    let store = Memory::new();
    let changes = [
        Change::Insert(Record::Project(project())),
        Change::Insert(Record::WorkloadPool(pool())),
        Change::Insert(Record::WorkloadProvider(provider)),
    ];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    Direct(Arc::new(store))
}

#[test]
fn google_wire_6_1_a_provider_is_named_in_full() {
    let own = provider(&[]).name;
    assert_eq!(named(Some(&own.audience())).unwrap(), own);
    for wrong in [None, Some(""), Some("ci-pool"), Some(own.as_str())] {
        assert_eq!(named(wrong).unwrap_err().crn, Crn::STS_AUDIENCE);
    }
}

#[tokio::test]
async fn google_wire_6_4_a_provider_takes_its_own_name_unless_it_lists_others() {
    let own = provider(&[]).name;
    let snapshots = holding(provider(&[])).await;
    let facts = load(&own, &snapshots).await.unwrap().unwrap();
    let name = own.audience();
    assert_eq!(facts.trust().audiences, [format!("https:{name}"), name]);
    let snapshots = holding(provider(&["a", "b"])).await;
    let facts = load(&own, &snapshots).await.unwrap().unwrap();
    assert_eq!(facts.trust().audiences, ["a", "b"]);
}

#[tokio::test]
async fn an_option_that_would_have_to_be_dropped_is_refused() {
    let snapshots = holding(provider(&[])).await;
    let facts = load(&provider(&[]).name, &snapshots).await.unwrap();
    let facts = facts.unwrap();
    let boundary = Options {
        access_boundary: Some(serde_json::json!({})),
        ..Options::default()
    };
    let bound = Options {
        bind_cert_fingerprint: Some("x".to_owned()),
        ..Options::default()
    };
    for options in [&boundary, &bound] {
        let no = facts.takes(SubjectTokenType::Jwt, options).unwrap_err();
        assert_eq!(no.crn, Crn::STS_OPTIONS);
    }
    for kind in SubjectTokenType::ALL {
        let taken = facts.takes(kind, &Options::default());
        let jwt = [SubjectTokenType::Jwt, SubjectTokenType::IdToken];
        assert_eq!(taken.is_ok(), jwt.contains(&kind), "{kind:?}");
    }
}
