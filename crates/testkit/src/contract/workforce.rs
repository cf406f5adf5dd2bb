//! Sign-ins of people of workforces.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Ended;
use carnet_core::record::WhyEnded;
use carnet_core::record::WorkforceSignIn;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::AuthorizationId;
use carnet_core::value::Seconds;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;
use super::workload_pool::of_organization;
use super::workload_pool::provider_of;

impl Sample {
    /// Somebody's whom this provider let in.
    pub fn sign_in(&mut self, provider: &WorkloadProvider) -> WorkforceSignIn {
        WorkforceSignIn {
            id: AuthorizationId::from_bytes(self.bytes()),
            provider: provider.name.clone(),
            subject: "w\u{e4}rter 'x'".to_owned(),
            client: parsed("32555940559.apps.googleusercontent.com"),
            scope: parsed("https://www.googleapis.com/auth/cloud-platform email"),
            claims: vec![0, 0xFF, 7],
            redirect: self.bytes(),
            challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM".to_owned(),
            created: NOW,
            code_ends: NOW + Seconds(300),
            ends: NOW + Seconds(3_600),
            redeemed: None,
            ended: None,
        }
    }
}

async fn signed_in(store: &Arc<dyn Store>) -> (World, WorkloadProvider, WorkforceSignIn) {
    let mut world = World::of(store).await;
    let pool = of_organization(&world.organization, "acme-staff");
    let provider = provider_of(&pool, "login");
    let row = world.sample.sign_in(&provider);
    let changes = [
        Change::Insert(Record::WorkloadPool(pool)),
        Change::Insert(Record::WorkloadProvider(provider.clone())),
        Change::Insert(Record::WorkforceSignIn(row.clone())),
    ];
    yes(store, &changes).await;
    (world, provider, row)
}

async fn read(store: &Arc<dyn Store>, id: AuthorizationId) -> Option<WorkforceSignIn> {
    store.workforce_sign_in(id).await.expect("a read")
}

fn ended(row: &WorkforceSignIn, why: WhyEnded, after: Seconds) -> Change {
    Change::AuthorizationEnded {
        id: row.id,
        since: NOW + after,
        why,
        until: NOW + Seconds(7_200),
    }
}

/// Fresh, redeemed and ended.
pub async fn a_sign_in_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let (mut world, provider, first) = signed_in(store).await;
    assert_eq!(read(store, first.id).await.as_ref(), Some(&first));
    let second = WorkforceSignIn {
        redeemed: Some(NOW + Seconds(2)),
        ended: Some(Ended {
            since: NOW + Seconds(3),
            why: WhyEnded::CodeReplayed,
        }),
        ..world.sample.sign_in(&provider)
    };
    let insert = [Change::Insert(Record::WorkforceSignIn(second.clone()))];
    yes(store, &insert).await;
    assert_eq!(read(store, second.id).await.as_ref(), Some(&second));
    assert_eq!(no(store, &insert).await, (0, Why::Taken));
    let nobody = AuthorizationId::from_bytes([9; 16]);
    assert_eq!(read(store, nobody).await, None);
}

/// It needs it, and goes with it.
pub async fn a_sign_in_follows_its_provider(store: &Arc<dyn Store>) {
    let (mut world, provider, row) = signed_in(store).await;
    let pool = of_organization(&world.organization, "acme-staff");
    let orphan = world.sample.sign_in(&provider_of(&pool, "elsewhere"));
    let insert = [Change::Insert(Record::WorkforceSignIn(orphan))];
    assert_eq!(no(store, &insert).await, (0, Why::Referenced));
    let key = RecordKey::WorkloadProvider(provider.name.clone());
    yes(store, &[Change::Remove(key, Version::FIRST)]).await;
    assert_eq!(read(store, row.id).await, None);
}

/// D3 of `security.md`.
pub async fn one_of_sixteen_redemptions_of_a_sign_in_wins(store: &Arc<dyn Store>) {
    let (_, _, row) = signed_in(store).await;
    let ends = sixteen(store, |_| vec![Change::SignInRedeemed(row.id, NOW)]).await;
    assert_eq!(winners(&ends, Why::Stale), 1);
    let now = read(store, row.id).await.expect("it is there");
    assert_eq!(now.redeemed, Some(NOW));
}

/// Not by a second; and not where there is none.
pub async fn nobody_redeems_a_sign_in_whose_code_is_over(store: &Arc<dyn Store>) {
    let (_, _, row) = signed_in(store).await;
    let late = [Change::SignInRedeemed(row.id, row.code_ends)];
    assert_eq!(no(store, &late).await, (0, Why::Stale));
    let nobody = AuthorizationId::from_bytes([9; 16]);
    let never = [Change::SignInRedeemed(nobody, NOW)];
    assert_eq!(no(store, &never).await, (0, Why::Stale));
    let last = row.code_ends - Seconds(1);
    yes(store, &[Change::SignInRedeemed(row.id, last)]).await;
}

/// The first reason stays, and nothing is redeemed afterwards.
pub async fn a_sign_in_that_has_ended_stays_so(store: &Arc<dyn Store>) {
    let (_, _, row) = signed_in(store).await;
    yes(store, &[ended(&row, WhyEnded::Revoked, Seconds(1))]).await;
    yes(store, &[ended(&row, WhyEnded::CodeReplayed, Seconds(2))]).await;
    let now = read(store, row.id).await.expect("it is there");
    let first = Ended {
        since: NOW + Seconds(1),
        why: WhyEnded::Revoked,
    };
    assert_eq!(now.ended, Some(first));
    let late = [Change::SignInRedeemed(row.id, NOW + Seconds(3))];
    assert_eq!(no(store, &late).await, (0, Why::Stale));
}

/// In bounded steps.
pub async fn a_sign_in_is_forgotten_when_it_has_ended(store: &Arc<dyn Store>) {
    let (mut world, provider, first) = signed_in(store).await;
    let second = world.sample.sign_in(&provider);
    let mut third = WorkforceSignIn {
        ends: first.ends + Seconds(1),
        ..world.sample.sign_in(&provider)
    };
    let changes = [&second, &third].map(|row| Change::Insert(Record::WorkforceSignIn(row.clone())));
    yes(store, &changes).await;
    yes(store, &[Change::SignInRedeemed(third.id, third.created)]).await;
    third.redeemed = Some(third.created);
    let gone = async |most| store.forget_expired(first.ends, most).await.expect("done");
    assert_eq!(gone(1).await, 1);
    assert_eq!(gone(10).await, 1);
    assert_eq!(gone(10).await, 0);
    assert_eq!(read(store, third.id).await, Some(third));
}

/// Ten minutes after its code: whoever makes a browser come back again and again fills no table.
pub async fn a_sign_in_whose_code_nobody_redeemed_is_forgotten_soon(store: &Arc<dyn Store>) {
    let (_, _, row) = signed_in(store).await;
    let soon = row.code_ends + Seconds(599);
    assert!(soon < row.ends, "its session would go on");
    let gone = async |now| store.forget_expired(now, 10).await.expect("done");
    assert_eq!(gone(soon).await, 0);
    assert_eq!(gone(soon + Seconds(1)).await, 1);
    assert_eq!(read(store, row.id).await, None);
}
