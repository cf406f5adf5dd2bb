//! Tests of the rule: see the file beside this directory.

use carnet_jose::Prefixed;

use super::{LONGEST, MOST_USES, Made, create, delete};
use crate::record::InitialToken;
use crate::rule::admin::{Context, Decision};
use crate::rule::registration::invitation;
use crate::rule::sample::Sample;
use crate::store::{Change, Record, RecordKey};
use crate::value::{Counting, Seconds, UnixTime};

const NOW: UnixTime = UnixTime(1_775_121_058);

const CONTEXT: Context<'static> = Context {
    now: NOW,
    actor: "user:2",
    address: "",
    trace: "T",
};

fn made(uses: u32, days: i64) -> Decision<Made> {
    let title = "A partner".parse().expect("a title");
    let project = Sample::new().project;
    create(&project, (title, uses, days), &CONTEXT, &mut Counting(1))
}

fn token() -> InitialToken {
    made(2, 7).expect("made").record.token
}

#[test]
fn rfc7591_3_a_token_has_256_bits_a_prefix_and_is_kept_as_its_digest() {
    let done = made(2, 7).expect("made");
    let [
        Change::Insert(Record::InitialToken(kept)),
        Change::Audited(draft),
    ] = done.changes.as_slice()
    else {
        panic!("{:?}", done.changes);
    };
    assert_eq!(kept.digest, done.record.text.digest());
    assert_eq!((kept.uses, kept.expires), (2, NOW + Seconds::days(7)));
    let text = done.record.text.clone().reveal();
    let bytes = Prefixed::InitialAccess.decode(&text);
    assert_eq!(bytes.map(|bytes| bytes.len()), Ok(32));
    assert!(kept.ends_in.len() == 4 && text.ends_with(&kept.ends_in));
    assert!(!format!("{kept:?}{draft:?}").contains(&*text), "shown once");
    assert_eq!(draft.action, "initial_token.create");
}

#[test]
fn lesson_14_a_token_is_for_a_number_of_clients_and_for_a_time() {
    let place = |uses, days| {
        let no = made(uses, days).expect_err("out of bounds");
        no.wrongs[0].pointer.clone()
    };
    for uses in [0, MOST_USES + 1, u32::MAX] {
        assert_eq!(place(uses, 7), "/uses");
    }
    for days in [i64::MIN, -1, 0, 366, i64::MAX] {
        assert_eq!(place(1, days), "/expires_in_days");
    }
    for (uses, days) in [(1, 1), (MOST_USES, 365)] {
        let token = made(uses, days).expect("within bounds").record.token;
        assert!(token.expires - NOW <= LONGEST);
    }
}

#[test]
fn a_token_lets_in_until_it_is_used_up_or_has_ended() {
    let why = |found, now| {
        let refusal = invitation(found, now).expect_err("nobody");
        (refusal.detail.clone(), format!("{refusal:?}"))
    };
    let token = token();
    let last = UnixTime(token.expires.0 - 1);
    let let_in = invitation(Some(token.clone()), last);
    assert_eq!(let_in.expect("it lives"), token);
    let spent = InitialToken {
        uses: 0,
        ..token.clone()
    };
    let told = [
        (None, NOW, "unknown"),
        (Some(token.clone()), token.expires, "expired"),
        (Some(spent), NOW, "used up"),
    ]
    .map(|(found, now, reason)| {
        let (detail, story) = why(found, now);
        assert!(story.contains(reason), "{reason}: {story}");
        detail
    });
    assert!(
        told.iter().all(|detail| *detail == told[0]),
        "a stranger is not told which it is"
    );
}

#[test]
fn a_token_is_deleted_in_its_version() {
    let token = token();
    let done = delete(token.clone(), &CONTEXT).expect("deleted");
    let key = RecordKey::InitialToken(token.id);
    assert_eq!(done.changes[0], Change::Remove(key, token.version));
    assert!(
        matches!(&done.changes[1], Change::Audited(draft) if draft.action == "initial_token.delete")
    );
}
