//! Tests of the rule: see the file beside this directory.

use super::{Walk, sentence};
use crate::record::{AuditDraft, AuditEntry, AuditHash, Outcome};
use crate::value::UnixTime;
use carnet_wire::crn::Crn;

fn chain(length: i64) -> Vec<AuditEntry> {
    let mut previous: AuditHash = [0; 32];
    let entry = |sequence| {
        let draft = AuditDraft {
            at: UnixTime(sequence),
            actor: "carnet".to_owned(),
            action: "user.create".to_owned(),
            target: format!("user {sequence}"),
            outcome: Outcome::Done,
            address: String::new(),
            trace: String::new(),
            detail: "{}".to_owned(),
        };
        let hash = draft.hash_after(&previous);
        let entry = AuditEntry {
            sequence,
            draft,
            previous,
            hash,
        };
        previous = hash;
        entry
    };
    (1..=length).map(entry).collect()
}

#[test]
fn d6_a_chain_that_holds_is_walked_to_its_end_in_any_steps() {
    let entries = chain(10);
    let whole = Walk::default().over(&entries);
    assert_eq!((whole.sequence, whole.broken), (10, None));
    assert_eq!(Some(whole.hash), entries.last().map(|entry| entry.hash));
    let (some, rest) = entries.split_at(4);
    assert_eq!(Walk::default().over(some).over(rest), whole);
    assert_eq!(whole.over(&[]), whole);
}

#[test]
fn d6_an_entry_that_was_altered_dropped_inserted_or_moved_breaks_the_chain() {
    let broken = |change: fn(&mut Vec<AuditEntry>)| {
        let mut entries = chain(10);
        change(&mut entries);
        Walk::default().over(&entries).broken
    };
    assert_eq!(broken(|entries| entries[4].draft.target.push('x')), Some(5));
    assert_eq!(
        broken(|entries| entries[4].draft.at = UnixTime(99)),
        Some(5)
    );
    assert_eq!(
        broken(|entries| entries[4].draft.outcome = Outcome::Refused(Crn::NOT_FOUND)),
        Some(5)
    );
    assert_eq!(broken(|entries| entries[4].hash[0] ^= 1), Some(5));
    assert_eq!(broken(|entries| drop(entries.remove(4))), Some(5));
    assert_eq!(broken(|entries| drop(entries.remove(0))), Some(1));
    assert_eq!(
        broken(|entries| entries.insert(4, entries[4].clone())),
        Some(6)
    );
    assert_eq!(broken(|entries| entries.swap(4, 5)), Some(5));
}

#[test]
fn an_entry_that_was_made_up_with_a_good_hash_breaks_the_chain_behind_it() {
    let mut entries = chain(3);
    entries[1].draft.target = "forged".to_owned();
    entries[1].hash = entries[1].draft.hash_after(&entries[1].previous);
    assert_eq!(Walk::default().over(&entries).broken, Some(3));
}

#[test]
fn an_entry_is_a_sentence() {
    let mut entry = chain(1).remove(0);
    assert_eq!(sentence(&entry), "carnet: user create user 1");
    entry.draft.outcome = Outcome::Refused(Crn::NOT_FOUND);
    assert!(sentence(&entry).ends_with("(CRN-6004)"));
}

#[test]
fn an_entry_about_an_app_or_its_secret_names_the_app() {
    let mut entry = chain(1).remove(0);
    entry.draft.action = "client.create".to_owned();
    entry.draft.target = "client:ledgerly".to_owned();
    assert_eq!(sentence(&entry), "carnet: client create ledgerly");
    entry.draft.action = "client_secret.create".to_owned();
    entry.draft.target = "sec_1".to_owned();
    entry.draft.detail = r#"{"client":"ledgerly"}"#.to_owned();
    let told = "carnet: client secret create sec_1 of ledgerly";
    assert_eq!(sentence(&entry), told);
    entry.draft.detail = "not JSON".to_owned();
    assert_eq!(sentence(&entry), "carnet: client secret create sec_1");
}
