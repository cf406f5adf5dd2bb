//! The audit log (D6 of `security.md`: the chain verifies).

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::AuditDraft;
use carnet_core::record::AuditEntry;
use carnet_core::record::Outcome;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_wire::crn::Crn;

use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::sixteen;
use super::sample::yes;

/// Reads the whole log and verifies it.
async fn chain(store: &Arc<dyn Store>) -> Vec<AuditEntry> {
    let mut all: Vec<AuditEntry> = Vec::new();
    loop {
        let last = all.last().map_or(0, |entry| entry.sequence);
        let next = store.audit_after(last).await.expect("a read");
        if next.is_empty() {
            break;
        }
        all.extend(next);
    }
    let mut previous = [0; 32];
    for (number, entry) in (1..).zip(&all) {
        assert_eq!(entry.sequence, number, "none is missing");
        assert_eq!(entry.previous, previous, "each follows the one before it");
        assert_eq!(entry.hash, entry.draft.hash_after(&previous));
        previous = entry.hash;
    }
    all
}

/// In the order in which they were written, also within a commit.
pub async fn entries_are_numbered_and_chained(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let mut drafts: Vec<_> = (0..5).map(|_| sample.draft()).collect();
    if let Some(draft) = drafts.get_mut(1) {
        draft.outcome = Outcome::Refused(Crn::all().next().expect("a code"));
        draft.address.clear();
    }
    let (first, rest) = drafts.split_first().expect("drafts");
    yes(store, &[Change::Audited(first.clone())]).await;
    let mut changes: Vec<_> = rest.iter().cloned().map(Change::Audited).collect();
    changes.insert(
        2,
        Change::Insert(Record::Organization(sample.organization())),
    );
    yes(store, &changes).await;
    let kept: Vec<_> = chain(store)
        .await
        .into_iter()
        .map(|entry| entry.draft)
        .collect();
    assert_eq!(kept, drafts);
}

/// Each of sixteen writes two entries, which stay together.
pub async fn parallel_writers_leave_one_unbroken_chain(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let drafts: Vec<_> = (0..64).map(|_| (sample.draft(), sample.draft())).collect();
    for round in drafts.chunks(16) {
        let ends = sixteen(store, |place| {
            let pair = round.get(place).cloned();
            pair.into_iter()
                .flat_map(|(one, two)| [Change::Audited(one), Change::Audited(two)])
                .collect()
        })
        .await;
        assert_eq!(ends, [Committed::Yes; 16]);
    }
    let kept: Vec<AuditDraft> = chain(store)
        .await
        .into_iter()
        .map(|entry| entry.draft)
        .collect();
    assert_eq!(kept.len(), 128);
    for (one, two) in drafts {
        let place = kept
            .iter()
            .position(|draft| *draft == one)
            .expect("it was committed");
        assert_eq!(
            kept.get(place + 1),
            Some(&two),
            "one commit, one after the other"
        );
    }
}

/// And no hole.
pub async fn a_commit_that_fails_leaves_no_entry(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let good = [Change::Audited(sample.draft())];
    let bad = [
        Change::Audited(sample.draft()),
        Change::Insert(Record::Organization(organization)),
        Change::Audited(sample.draft()),
    ];
    yes(store, &good).await;
    assert_eq!(no(store, &bad).await, (1, Why::Taken));
    let good = [Change::Audited(sample.draft())];
    yes(store, &good).await;
    assert_eq!(chain(store).await.len(), 2);
}

/// Alone and together.
pub async fn each_filter_finds_its_entries(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let mut changes = Vec::new();
    for number in 0..16 {
        let word = |bit: usize| if number & bit == 0 { "left" } else { "right" }.to_owned();
        changes.push(Change::Audited(AuditDraft {
            trace: word(1),
            actor: word(2),
            action: word(4),
            target: word(8),
            ..sample.draft()
        }));
    }
    yes(store, &changes).await;
    let page = Page::first(100);
    for mask in 0..16_u32 {
        let right = |bit: u32| (mask & bit != 0).then(|| "right".to_owned());
        let filter = AuditFilter {
            trace: right(1),
            actor: right(2),
            action: right(4),
            target: right(8),
        };
        let found = store.audit(&filter, &page).await.expect("a read").items;
        assert_eq!(found.len(), 16 >> mask.count_ones(), "{filter:?}");
        for wanted in &found {
            assert_eq!(u32::try_from(wanted.sequence - 1).unwrap_or(0) & mask, mask);
        }
    }
    let nobody = AuditFilter {
        actor: Some("no\0body".to_owned()),
        ..AuditFilter::default()
    };
    let found = store.audit(&nobody, &page).await.expect("a read");
    assert_eq!(found.items, []);
}

/// Page after page into the past.
pub async fn the_newest_come_first(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let changes: Vec<_> = (0..7).map(|_| Change::Audited(sample.draft())).collect();
    yes(store, &changes).await;
    let mut page = Page::first(3);
    let mut found = Vec::new();
    loop {
        let listing = store
            .audit(&AuditFilter::default(), &page)
            .await
            .expect("a read");
        found.extend(listing.items.iter().map(|entry| entry.sequence));
        match listing.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, [7, 6, 5, 4, 3, 2, 1]);
    let after = store.audit_after(4).await.expect("a read");
    let after: Vec<_> = after.iter().map(|entry| entry.sequence).collect();
    assert_eq!(after, [5, 6, 7]);
}

/// A caller may have put anything into a name. A zero byte may be kept as another character, since
/// PostgreSQL has none, but it must neither fail nor break the chain.
pub async fn any_text_is_kept_in_the_chain(store: &Arc<dyn Store>) {
    let mut sample = Sample::new();
    let odd = AuditDraft {
        target: "'\"\\%_\u{1F980}\u{7F}\u{FFFD}\r\n\t".to_owned(),
        detail: String::new(),
        ..sample.draft()
    };
    let zero = AuditDraft {
        target: "a\0b".to_owned(),
        trace: "\0".to_owned(),
        ..sample.draft()
    };
    yes(store, &[Change::Audited(odd.clone())]).await;
    yes(store, &[Change::Audited(zero)]).await;
    let all = chain(store).await;
    assert_eq!(all.len(), 2);
    assert_eq!(all.first().map(|entry| &entry.draft), Some(&odd));
}
