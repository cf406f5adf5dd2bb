//! Issuers elsewhere whose assertions are grants.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedIssuer;
use carnet_core::record::TrustedKeys;
use carnet_core::record::TrustedSubject;
use carnet_core::record::UserClaim;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Topic;
use carnet_core::store::Watcher;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::Seconds;
use carnet_core::value::TrustedIssuerId;
use carnet_core::value::Version;
use carnet_jose::JwkSet;
use carnet_wire::scope::Scope;

use super::sample::NOW;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;
use super::watch::Notes;

const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"one","alg":"ES256"}]}"#;

/// An issuer that this owner trusts. The number tells one from another.
#[must_use]
pub fn issuer_of(owner: IssuerOwner, number: u64) -> TrustedIssuer {
    TrustedIssuer {
        id: TrustedIssuerId::mint(NOW, &mut Counting(number)),
        owner,
        title: parsed("CI"),
        issuer: parsed(&format!("https://ci-{number}.example")),
        audience: None,
        keys: TrustedKeys::Discovery,
        subject: TrustedSubject::User(UserClaim::Email),
        subjects: Vec::new(),
        scopes: Scope::parse("read").expect("a scope"),
        clients: Vec::new(),
        longest: Seconds(3_600),
        disabled: false,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn insert(row: &TrustedIssuer) -> Change {
    Change::Insert(Record::TrustedIssuer(row.clone()))
}

fn replace(row: &TrustedIssuer) -> Change {
    Change::Replace(Record::TrustedIssuer(row.clone()))
}

async fn found(store: &Arc<dyn Store>, id: TrustedIssuerId) -> Option<TrustedIssuer> {
    store.trusted_issuer(id).await.expect("a read")
}

/// Each kind of owner, of keys and of subject.
pub async fn an_issuer_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let owners = [
        IssuerOwner::Project(world.project.id.clone()),
        IssuerOwner::Organization(world.organization.id),
    ];
    for (number, owner) in (1..).zip(owners) {
        let mut row = issuer_of(owner, number);
        yes(store, &[insert(&row)]).await;
        assert_eq!(found(store, row.id).await.as_ref(), Some(&row));
        row.audience = Some(parsed("urn:acme:w\u{e4}sche"));
        row.subject = TrustedSubject::Account(world.account.unique_id.clone());
        row.subjects = vec![parsed("repo:acme/site:*"), parsed("one \"and\" all")];
        row.clients = vec![parsed("nightly")];
        row.scopes = Scope::default();
        row.longest = Seconds(60);
        row.disabled = true;
        let set = JwkSet::parse(KEYS.as_bytes()).expect("a set");
        let keys = [
            TrustedKeys::At(parsed("https://ci.example/keys")),
            TrustedKeys::Inline(set),
        ];
        let claims = [UserClaim::SubjectEmail, UserClaim::SubjectId];
        for (keys, claim) in keys.into_iter().zip(claims) {
            row.keys = keys;
            row.version = row.version.next();
            yes(store, &[replace(&row)]).await;
            assert_eq!(found(store, row.id).await.as_ref(), Some(&row));
            row.subject = TrustedSubject::User(claim);
        }
    }
}

/// Whoever trusts it.
pub async fn an_issuer_and_an_audience_name_one_trust(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let of_project = IssuerOwner::Project(world.project.id.clone());
    let first = issuer_of(of_project, 1);
    let mut second = issuer_of(IssuerOwner::Organization(world.organization.id), 2);
    second.issuer = first.issuer.clone();
    yes(store, &[insert(&first)]).await;
    assert_eq!(no(store, &[insert(&second)]).await, (0, Why::Taken));
    second.audience = Some(parsed("urn:acme"));
    yes(store, &[insert(&second)]).await;
    let named = async |audience| {
        let found = store.trusted_issuer_named(&first.issuer, audience).await;
        found.expect("a read")
    };
    assert_eq!(named(None).await.as_ref(), Some(&first));
    assert_eq!(
        named(second.audience.as_ref()).await.as_ref(),
        Some(&second)
    );
    assert_eq!(named(Some(&parsed("urn:other"))).await, None);
    let other = parsed("https://ci-1.example/");
    let found = store.trusted_issuer_named(&other, None).await;
    assert_eq!(found.expect("a read"), None);
}

/// Of two who come at once.
pub async fn one_of_sixteen_trusts_of_a_name_is_kept(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let ends = sixteen(store, |place| {
        let owner = IssuerOwner::Organization(world.organization.id);
        let mut row = issuer_of(owner, 100 + u64::try_from(place).expect("a number"));
        row.issuer = parsed("https://ci.example");
        vec![insert(&row)]
    })
    .await;
    assert_eq!(winners(&ends, Why::Taken), 1);
}

/// It hangs on a project or an organization, which cannot go before it.
pub async fn an_issuer_needs_its_owner_and_keeps_it(store: &Arc<dyn Store>) {
    let mut world = World::of(store).await;
    let project = world.sample.project(None);
    let nowhere = world.sample.organization();
    let (of_project, of_nobody) = (
        IssuerOwner::Project(project.id.clone()),
        IssuerOwner::Organization(nowhere.id),
    );
    for owner in [&of_project, &of_nobody] {
        let row = issuer_of(owner.clone(), 1);
        assert_eq!(no(store, &[insert(&row)]).await, (0, Why::Referenced));
    }
    let changes = [
        Change::Insert(Record::Project(project.clone())),
        Change::Insert(Record::Organization(nowhere.clone())),
        insert(&issuer_of(of_project, 1)),
        insert(&issuer_of(of_nobody, 2)),
    ];
    yes(store, &changes).await;
    let keys = [
        RecordKey::Project(project.id),
        RecordKey::Organization(nowhere.id),
    ];
    for (number, key) in (1..).zip(keys) {
        let remove = Change::Remove(key, Version::FIRST);
        let refused = no(store, std::slice::from_ref(&remove)).await;
        assert_eq!(refused, (0, Why::Referenced));
        let id = TrustedIssuerId::mint(NOW, &mut Counting(number));
        let first = Change::Remove(RecordKey::TrustedIssuer(id), Version::FIRST);
        yes(store, &[first, remove]).await;
    }
}

/// By id, in pages.
pub async fn owners_see_their_own_issuers(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let owner = IssuerOwner::Project(world.project.id.clone());
    let other = IssuerOwner::Organization(world.organization.id);
    let mut mine = vec![issuer_of(owner.clone(), 1), issuer_of(owner.clone(), 2)];
    mine.sort_by_key(|row| row.id.to_string());
    let changes = [
        insert(&mine[1]),
        insert(&issuer_of(other.clone(), 3)),
        insert(&mine[0]),
    ];
    yes(store, &changes).await;
    let mut page = Page::first(1);
    for expected in &mine {
        let listed = store.trusted_issuers(&owner, &page).await.expect("a read");
        assert_eq!(listed.items, std::slice::from_ref(expected));
        page.after = listed.next;
    }
    assert_eq!(page.after, None);
    let listed = store.trusted_issuers(&other, &page).await.expect("a read");
    assert_eq!(listed.items.len(), 1);
}

/// And one that is gone.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let mut row = issuer_of(IssuerOwner::Organization(world.organization.id), 1);
    assert_eq!(no(store, &[replace(&row)]).await, (0, Why::Stale));
    yes(store, &[insert(&row)]).await;
    assert_eq!(no(store, &[insert(&row)]).await, (0, Why::Taken));
    for version in [Version::FIRST, Version(3)] {
        row.version = version;
        assert_eq!(no(store, &[replace(&row)]).await, (0, Why::Stale));
    }
    let remove = |version| [Change::Remove(RecordKey::TrustedIssuer(row.id), version)];
    assert_eq!(no(store, &remove(Version(2))).await, (0, Why::Stale));
    yes(store, &remove(Version::FIRST)).await;
    assert_eq!(no(store, &remove(Version::FIRST)).await, (0, Why::Stale));
    assert_eq!(found(store, row.id).await, None);
}

/// Whatever is done to it.
pub async fn a_watcher_hears_of_issuers(store: &Arc<dyn Store>) {
    let world = World::of(store).await;
    let notes = Arc::new(Notes::default());
    store.watch(Arc::clone(&notes) as Arc<dyn Watcher>);
    let mut row = issuer_of(IssuerOwner::Organization(world.organization.id), 1);
    let first = insert(&row);
    row.version = Version(2);
    let key = RecordKey::TrustedIssuer(row.id);
    for change in [first, replace(&row), Change::Remove(key, Version(2))] {
        yes(store, &[change]).await;
        assert_eq!(notes.read(), [Topic::TrustedIssuer(row.id)]);
    }
}
