//! Pools of workload identity and their providers.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AwsProvider;
use carnet_core::record::OidcProvider;
use carnet_core::record::Organization;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::SamlProvider;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::record::X509Provider;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::Why;
use carnet_core::value::PoolName;
use carnet_core::value::ProviderName;
use carnet_core::value::Seconds;
use carnet_core::value::Version;
use carnet_jose::JwkSet;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;
use super::watch::Notes;

const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"one","alg":"ES256"}]}"#;

/// A pool of this project.
#[must_use]
pub fn pool_of(project: &Project, id: &str) -> WorkloadPool {
    let name = PoolName::workload(&project.number, id).expect("a name");
    pool(name, PoolOwner::Project(project.id.clone()))
}

pub(super) fn of_organization(organization: &Organization, id: &str) -> WorkloadPool {
    let name = PoolName::workforce(id).expect("a name");
    pool(name, PoolOwner::Organization(organization.id))
}

fn pool(name: PoolName, owner: PoolOwner) -> WorkloadPool {
    WorkloadPool {
        name,
        owner,
        title: parsed("CI"),
        description: parsed("what builds"),
        disabled: false,
        deleted: None,
        session: Seconds(3_600),
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

/// A provider of this pool, with its keys at its issuer.
#[must_use]
pub fn provider_of(pool: &WorkloadPool, id: &str) -> WorkloadProvider {
    let subject = ("google.subject".to_owned(), "assertion.sub".to_owned());
    WorkloadProvider {
        name: ProviderName::of(&pool.name, id).expect("a name"),
        title: parsed(""),
        description: parsed(""),
        kind: ProviderKind::Oidc(OidcProvider {
            issuer: parsed("https://ci.example"),
            audiences: Vec::new(),
            keys: ProviderKeys::Discovery,
            web: None,
        }),
        mapping: [subject].into(),
        condition: None,
        disabled: false,
        deleted: None,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn insert_pool(row: &WorkloadPool) -> Change {
    Change::Insert(Record::WorkloadPool(row.clone()))
}

fn insert(row: &WorkloadProvider) -> Change {
    Change::Insert(Record::WorkloadProvider(row.clone()))
}

async fn found(store: &Arc<dyn Store>, name: &PoolName) -> Option<WorkloadPool> {
    store.workload_pool(name).await.expect("a read")
}

/// Each state, of both kinds of owner.
pub async fn a_pool_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        organization,
        project,
        ..
    } = World::of(store).await;
    for mut row in [
        pool_of(&project, "ci-pool"),
        of_organization(&organization, "acme-staff"),
    ] {
        yes(store, &[insert_pool(&row)]).await;
        assert_eq!(found(store, &row.name).await.as_ref(), Some(&row));
        row.title = parsed("");
        row.description = parsed("w\u{e4}scht \"alles\"");
        row.disabled = true;
        row.deleted = Some(NOW + Seconds(5));
        row.session = Seconds(900);
        row.version = row.version.next();
        yes(store, &[Change::Replace(Record::WorkloadPool(row.clone()))]).await;
        assert_eq!(found(store, &row.name).await, Some(row));
    }
}

/// Bindings name it.
pub async fn a_pools_name_is_never_given_again(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let row = pool_of(&project, "ci-pool");
    yes(store, &[insert_pool(&row)]).await;
    assert_eq!(no(store, &[insert_pool(&row)]).await, (0, Why::Taken));
    let key = RecordKey::WorkloadPool(row.name.clone());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    assert_eq!(found(store, &row.name).await, None);
    assert_eq!(no(store, &[insert_pool(&row)]).await, (0, Why::Taken));
    yes(store, &[insert_pool(&pool_of(&project, "ci-pool-2"))]).await;
}

/// It hangs on a project or an organization, which cannot go before it.
pub async fn a_pool_needs_its_owner_and_keeps_it(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let project = sample.project(None);
    let nowhere = sample.organization();
    for row in [
        pool_of(&project, "ci-pool"),
        of_organization(&nowhere, "acme-staff"),
    ] {
        assert_eq!(no(store, &[insert_pool(&row)]).await, (0, Why::Referenced));
    }
    let first = pool_of(&project, "ci-pool");
    let changes = [
        Change::Insert(Record::Project(project.clone())),
        insert_pool(&first),
        insert_pool(&of_organization(&organization, "acme-staff")),
    ];
    yes(store, &changes).await;
    for key in [
        RecordKey::Project(project.id.clone()),
        RecordKey::Organization(organization.id),
    ] {
        let remove = [Change::Remove(key, Version::FIRST)];
        assert_eq!(no(store, &remove).await, (0, Why::Referenced));
    }
    let goes = [
        Change::Remove(RecordKey::WorkloadPool(first.name), Version::FIRST),
        Change::Remove(RecordKey::Project(project.id), Version::FIRST),
    ];
    yes(store, &goes).await;
}

/// By name, in pages.
pub async fn owners_see_their_own_pools(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        ..
    } = World::of(store).await;
    let other = sample.project(None);
    let mine = [pool_of(&project, "aaaa"), pool_of(&project, "bbbb")];
    let changes = [
        Change::Insert(Record::Project(other.clone())),
        insert_pool(&mine[1]),
        insert_pool(&pool_of(&other, "aaaa")),
        insert_pool(&of_organization(&organization, "acme-staff")),
        insert_pool(&mine[0]),
    ];
    yes(store, &changes).await;
    let of = PoolOwner::Project(project.id.clone());
    let mut page = Page::first(1);
    for expected in &mine {
        let listed = store.workload_pools(&of, &page).await.expect("a read");
        assert_eq!(listed.items, std::slice::from_ref(expected));
        page.after = listed.next;
    }
    assert_eq!(page.after, None);
    let of = PoolOwner::Organization(organization.id);
    let listed = store.workload_pools(&of, &page).await.expect("a read");
    assert_eq!(listed.items.len(), 1);
}

fn web() -> WebSignIn {
    WebSignIn {
        client_id: parsed("a client \"of\" theirs"),
        client_secret: Some(vec![0, 1, 0xFF]),
        response: WebResponse::Code,
        claims: WebClaims::UserInfo,
        scopes: parsed("email groups"),
    }
}

/// With keys here and keys there.
pub async fn a_provider_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let pool = pool_of(&project, "ci-pool");
    let mut row = provider_of(&pool, "github");
    assert_eq!(no(store, &[insert(&row)]).await, (0, Why::Referenced));
    yes(store, &[insert_pool(&pool), insert(&row)]).await;
    let found = store.workload_provider(&row.name).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&row));
    assert_eq!(no(store, &[insert(&row)]).await, (0, Why::Taken));

    let keys = JwkSet::parse(KEYS.as_bytes()).expect("keys");
    assert_eq!(keys.keys.len(), 1);
    row.kind = ProviderKind::Oidc(OidcProvider {
        issuer: parsed("https://kubernetes.default.svc.cluster.local"),
        audiences: vec![parsed("https://carnet.example"), parsed("sts 'x' \"y\"")],
        keys: ProviderKeys::Inline(keys),
        web: Some(Box::new(web())),
    });
    let groups = "assertion['groups']".to_owned();
    row.mapping.insert("google.groups".to_owned(), groups);
    row.condition = Some("assertion.ref == \"refs/heads/main\"".to_owned());
    row.disabled = true;
    row.deleted = Some(NOW);
    row.title = parsed("GitHub");
    row.description = parsed("actions");
    row.version = row.version.next();
    let replace = Change::Replace(Record::WorkloadProvider(row.clone()));
    yes(store, &[replace]).await;
    let found = store.workload_provider(&row.name).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&row));
    for kind in [
        ProviderKind::Aws(AwsProvider {
            account: "123456789012".to_owned(),
        }),
        ProviderKind::X509(X509Provider {
            anchors: vec![vec![0x30, 0, 0xFF], vec![1]],
            intermediates: vec![vec![2; 300]],
        }),
    ] {
        row.kind = kind;
        row.version = row.version.next();
        let replace = Change::Replace(Record::WorkloadProvider(row.clone()));
        yes(store, &[replace]).await;
        let found = store.workload_provider(&row.name).await.expect("a read");
        assert_eq!(found.as_ref(), Some(&row));
    }
    let all = store.workload_providers(&pool.name).await.expect("a read");
    assert_eq!(all, [row]);

    let mut saml = provider_of(&pool, "saml");
    saml.kind = ProviderKind::Saml(SamlProvider {
        metadata: "<EntityDescriptor a=\"'\">\u{e9}\n</EntityDescriptor>".to_owned(),
        entity: "https://idp.example/?a=\"1\"".to_owned(),
        certificates: vec![vec![0, 255, 48], vec![1; 1_500]],
    });
    yes(store, &[insert(&saml)]).await;
    let found = store.workload_provider(&saml.name).await.expect("a read");
    assert_eq!(found, Some(saml));
}

/// Also when sixteen come at once.
pub async fn a_pool_has_fifty_providers_at_most(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let pool = pool_of(&project, "ci-pool");
    let mut changes = vec![insert_pool(&pool)];
    let most = WorkloadProvider::MOST;
    changes.extend((1..most).map(|at| insert(&provider_of(&pool, &format!("provider-{at}")))));
    yes(store, &changes).await;
    let last = |at| vec![insert(&provider_of(&pool, &format!("last-{at}")))];
    let ends = sixteen(store, last).await;
    assert_eq!(winners(&ends, Why::Full), 1);
    let all = store.workload_providers(&pool.name).await.expect("a read");
    assert_eq!(all.len(), most);
}

/// As for every record with a version.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let mut pool = pool_of(&project, "ci-pool");
    let mut provider = provider_of(&pool, "github");
    yes(store, &[insert_pool(&pool), insert(&provider)]).await;
    let keys = [
        RecordKey::WorkloadProvider(provider.name.clone()),
        RecordKey::WorkloadPool(pool.name.clone()),
    ];
    for version in [Version(1), Version(3)] {
        pool.version = version;
        provider.version = version;
        for record in [
            Record::WorkloadPool(pool.clone()),
            Record::WorkloadProvider(provider.clone()),
        ] {
            let replace = [Change::Replace(record)];
            assert_eq!(no(store, &replace).await, (0, Why::Stale));
        }
        for key in keys.clone() {
            let remove = [Change::Remove(key, Version(2))];
            assert_eq!(no(store, &remove).await, (0, Why::Stale));
        }
    }
    for key in keys {
        yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    }
}

/// And no others.
pub async fn a_pool_takes_its_providers_along(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let pools = [pool_of(&project, "ci-pool"), pool_of(&project, "ci-pool-2")];
    let providers = pools.each_ref().map(|pool| provider_of(pool, "github"));
    let mut changes: Vec<_> = pools.iter().map(insert_pool).collect();
    changes.extend(providers.iter().map(insert));
    yes(store, &changes).await;
    let key = RecordKey::WorkloadPool(pools[0].name.clone());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    let name = &providers[0].name;
    assert_eq!(store.workload_provider(name).await.expect("a read"), None);
    let kept = store.workload_providers(&pools[1].name).await;
    assert_eq!(kept.expect("a read"), [providers[1].clone()]);
}

/// For the purge.
pub async fn those_deleted_until_a_moment_come_the_earliest_first(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let deleted = [Some(30), None, Some(10), Some(20), Some(40)];
    let mut pools = Vec::new();
    let mut providers = Vec::new();
    for (at, deleted) in (0..).zip(deleted) {
        let mut pool = pool_of(&project, &format!("pool-{at}"));
        let mut provider = provider_of(&pool, "github");
        pool.deleted = deleted.map(|at| NOW + Seconds(at));
        provider.deleted = pool.deleted;
        yes(store, &[insert_pool(&pool), insert(&provider)]).await;
        pools.push(pool);
        providers.push(provider);
    }
    let until = NOW + Seconds(30);
    let due = store.workload_pools_deleted_until(until, 2).await;
    assert_eq!(due.expect("a read"), [pools[2].clone(), pools[3].clone()]);
    let due = store.workload_pools_deleted_until(until, 10).await;
    assert_eq!(due.expect("a read").len(), 3);
    let due = store.workload_providers_deleted_until(until, 2).await;
    let first = [providers[2].clone(), providers[3].clone()];
    assert_eq!(due.expect("a read"), first);
}

/// Whatever is done to one, its pool's topic is told.
pub async fn a_watcher_hears_of_pools_and_providers(store: &Arc<dyn Store>) {
    let World { project, .. } = World::of(store).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let pool = pool_of(&project, "ci-pool");
    let mut provider = provider_of(&pool, "github");
    let mut changes = vec![insert_pool(&pool), insert(&provider)];
    provider.version = Version(2);
    changes.push(Change::Replace(Record::WorkloadProvider(provider.clone())));
    let key = RecordKey::WorkloadProvider(provider.name);
    changes.push(Change::Remove(key, Version(2)));
    let key = RecordKey::WorkloadPool(pool.name.clone());
    changes.push(Change::Remove(key, Version::FIRST));
    for change in changes {
        yes(store, &[change]).await;
        assert_eq!(notes.read(), [Topic::Pool(pool.name.clone())]);
    }
}
