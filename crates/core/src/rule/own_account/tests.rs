//! What a person may do with their own account.

use carnet_wire::scope::Scope;

use super::Removed;
use super::UNDO;
use super::change_password;
use super::end_others;
use super::end_session;
use super::remove_app;
use super::restore_app;
use crate::record::Authorization;
use crate::record::Consent;
use crate::record::Ended;
use crate::record::Obtained;
use crate::record::Session;
use crate::record::WhyEnded;
use crate::rule::admin::Context;
use crate::rule::sample::NOW;
use crate::rule::sample::Sample;
use crate::store::Change;
use crate::store::Record;
use crate::store::RecordKey;
use crate::value::AuthorizationId;
use crate::value::Counting;
use crate::value::Seconds;
use crate::value::SessionId;
use crate::value::UserId;
use crate::value::Version;

const CONTEXT: Context<'static> = Context {
    now: NOW,
    actor: "user:1",
    address: "192.0.2.7",
    trace: "trace",
};

/// Another session of the same person, and one of somebody else.
fn sessions(own: &Session) -> [Session; 3] {
    let other = Session {
        id: SessionId::from_bytes([6; 16]),
        ..own.clone()
    };
    let foreign = Session {
        id: SessionId::from_bytes([7; 16]),
        user: UserId::mint(&mut Counting(99)),
        ..own.clone()
    };
    [own.clone(), other, foreign]
}

fn held(sample: &Sample) -> Authorization {
    Authorization {
        id: AuthorizationId::mint(NOW, &mut Counting(30)),
        client: sample.client.id.clone(),
        user: sample.user.id.clone(),
        scope: Scope::parse("read").unwrap(),
        details: None,
        audience: Vec::new(),
        obtained: Obtained::Code,
        authenticated: NOW,
        session: None,
        binding: None,
        created: NOW,
        ends: NOW + Seconds::days(90),
        idle: Seconds::days(14),
        generation: 1,
        rotated: NOW,
        ended: None,
    }
}

#[test]
fn a_person_ends_sessions_of_their_own() {
    let own = Sample::new().session;
    let [_, other, foreign] = sessions(&own);
    let all = sessions(&own);
    let changes = end_session(&all, other.id, &own.user, &CONTEXT).unwrap();
    assert!(matches!(
        changes.as_slice(),
        [Change::Remove(RecordKey::Session(id), _), Change::Audited(_)] if *id == other.id
    ));
    assert_eq!(end_session(&all, foreign.id, &own.user, &CONTEXT), None);
    let nobody = SessionId::from_bytes([8; 16]);
    assert_eq!(end_session(&all, nobody, &own.user, &CONTEXT), None);
    let changes = end_others(&own, 1, &CONTEXT);
    let ended = Change::SessionsEnded(own.user.clone(), Some(own.id));
    assert_eq!(changes.first(), Some(&ended));
}

#[test]
fn a_new_password_has_its_day_and_ends_the_other_sessions() {
    let sample = Sample::new();
    let (own, user) = (sample.session, sample.user);
    let hash = || "$argon2id$v=19$new".parse().unwrap();
    let first = change_password(&user, (None, hash()), &own, &CONTEXT);
    let Some(Change::Insert(Record::Password(password))) = first.first() else {
        panic!("{first:?}");
    };
    assert_eq!((password.version, password.changed), (Version::FIRST, NOW));
    let next = change_password(&user, (Some(password), hash()), &own, &CONTEXT);
    let Some(Change::Replace(Record::Password(password))) = next.first() else {
        panic!("{next:?}");
    };
    assert_eq!(password.version, Version::FIRST.next());
    let ended = Change::SessionsEnded(user.id.clone(), Some(own.id));
    assert_eq!(next.get(1), Some(&ended));
    assert_eq!(next.get(2), Some(&Change::SignInsEnded(user.id, NOW)));
}

#[test]
fn an_app_that_is_removed_loses_what_it_holds_of_this_person() {
    let held = held(&Sample::new());
    let mut of_another = held.clone();
    of_another.user = UserId::mint(&mut Counting(99));
    let mut elsewhere = held.clone();
    elsewhere.client = "another-app".parse().unwrap();
    let all = [held.clone(), of_another, elsewhere];
    let changes = remove_app(&held.client, None, &all, (&held.user, &CONTEXT));
    assert!(matches!(
        changes.as_slice(),
        [Change::AuthorizationEnded { id, why: WhyEnded::Removed, .. }, Change::Audited(_)]
            if *id == held.id
    ));
}

#[test]
fn ux_w4_an_app_comes_back_as_it_was_within_the_minute_and_not_after_it() {
    let mut one = held(&Sample::new());
    let consent = Consent {
        user: one.user.clone(),
        client: one.client.clone(),
        scopes: [("read".parse().unwrap(), NOW)].into(),
        created: NOW,
        changed: NOW,
        version: Version(7),
    };
    let removed = Removed {
        client: one.client.clone(),
        at: NOW,
        consent: Some(consent.clone()),
    };
    let end = |why, since| Some(Ended { since, why });
    one.ended = end(WhyEnded::Removed, NOW);
    let at = |seconds| Context {
        now: NOW + Seconds(seconds),
        ..CONTEXT
    };
    let restore = |held: &[Authorization], allowed, seconds| {
        restore_app(&removed, allowed, held, (&one.user, &at(seconds)))
    };
    let all = [one.clone()];
    let changes = restore(&all, None, UNDO.0 - 1).unwrap();
    let [
        Change::AuthorizationRestored(id, since),
        Change::Insert(Record::Consent(back)),
        Change::Audited(_),
    ] = &changes[..]
    else {
        panic!("{changes:?}");
    };
    assert_eq!((*id, *since, back.version), (one.id, NOW, Version::FIRST));
    assert_eq!(back.scopes, consent.scopes);
    assert_eq!(restore(&all, None, UNDO.0), None);
    assert_eq!(restore(&all, None, -1), None, "a clock that was set back");
    let changes = restore(&all, Some(&consent), 1).unwrap();
    assert_eq!(changes.len(), 2, "a yes that was said since stays");

    for other in [
        end(WhyEnded::Removed, NOW - Seconds(500)),
        end(WhyEnded::RefreshReplayed, NOW),
        end(WhyEnded::Administrator, NOW),
        None,
    ] {
        let ended = Authorization {
            ended: other,
            ..one.clone()
        };
        assert_eq!(restore(&[ended], Some(&consent), 1), None, "{other:?}");
    }
    let of_another = Authorization {
        user: UserId::mint(&mut Counting(99)),
        ..one.clone()
    };
    assert_eq!(restore(&[of_another], Some(&consent), 1), None);
}
