//! Who is signed in, and for how long.

use carnet_wire::crn::Crn;

use super::Facts;
use super::SEEN_EVERY;
use super::SessionLength;
use super::decide;
use super::seen;
use super::sign_out;
use super::stands;
use crate::record::Outcome;
use crate::record::Password;
use crate::record::User;
use crate::record::UserState;
use crate::rule::admin::Context;
use crate::store::Change;
use crate::store::Record;
use crate::value::Counting;
use crate::value::Description;
use crate::value::OrganizationId;
use crate::value::Seconds;
use crate::value::Secret;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

const NOW: UnixTime = UnixTime(1_775_121_058);
const CONTEXT: Context<'static> = Context {
    now: NOW,
    actor: "anonymous",
    address: "192.0.2.7",
    trace: "trace",
};

fn user(state: UserState) -> User {
    User {
        id: UserId::mint(&mut Counting(1)),
        organization: OrganizationId::from_bytes([1; 16]),
        email: "dana@acme.example".parse().unwrap(),
        email_verified: true,
        name: "Dana".parse().unwrap(),
        state,
        sign_ins_since: None,
        created: NOW,
        changed: NOW,
        version: Version::FIRST,
    }
}

fn facts(state: UserState, right: bool) -> Facts {
    let user = user(state);
    Facts {
        password: Some(Password {
            user: user.id.clone(),
            hash: "$2b$10$anything".parse().unwrap(),
            changed: NOW,
            version: Version(4),
        }),
        user: Some(user),
        right,
        anew: None,
        agent: Description::default(),
    }
}

fn suspended() -> UserState {
    UserState::Suspended {
        since: NOW,
        reason: Description::default(),
    }
}

fn cause(facts: Facts) -> Crn {
    let secret = Secret::new("secret".to_owned());
    let end = decide(
        facts,
        secret,
        SessionLength::default(),
        &CONTEXT,
        &mut Counting(2),
    );
    let no = end.unwrap_err();
    assert_eq!(no.entry.outcome, Outcome::Refused(no.crn));
    no.crn
}

#[test]
fn a_session_knows_the_digest_of_its_secret_and_when_it_ends() {
    let secret = Secret::new("secret".to_owned());
    let digest = secret.digest();
    let facts = facts(UserState::Active, true);
    let length = SessionLength::default();
    let signed_in = decide(facts, secret, length, &CONTEXT, &mut Counting(2)).unwrap();
    let session = signed_in.session;
    assert_eq!(session.digest, digest);
    assert_eq!(session.idle_ends, NOW + length.idle);
    assert_eq!(session.ends, NOW + length.absolute);
    assert!(stands(
        &session,
        &signed_in.user,
        session.idle_ends - Seconds(1)
    ));
    assert!(!stands(&session, &signed_in.user, session.idle_ends));
    assert!(!stands(&session, &user(suspended()), NOW), "lesson 22");
    assert!(matches!(
        signed_in.changes.as_slice(),
        [Change::Insert(Record::Session(_)), Change::Audited(_)]
    ));
}

#[test]
fn an_idle_session_lives_on_when_it_is_used_but_not_beyond_its_end() {
    let length = SessionLength {
        idle: Seconds(100),
        absolute: Seconds(250),
    };
    let facts = facts(UserState::Active, true);
    let secret = Secret::new("secret".to_owned());
    let signed_in = decide(facts, secret, length, &CONTEXT, &mut Counting(2)).unwrap();
    let session = signed_in.session;
    assert_eq!(seen(&session, length, NOW + SEEN_EVERY - Seconds(1)), None);
    let use_ = seen(&session, length, NOW + Seconds(90)).unwrap();
    assert_eq!(use_.idle_ends, NOW + Seconds(190));
    let use_ = seen(&session, length, NOW + Seconds(180)).unwrap();
    assert_eq!(use_.idle_ends, session.ends);
}

#[test]
fn nobody_no_password_and_a_wrong_one_are_one_refusal() {
    let wrong = facts(UserState::Active, false);
    let nobody = Facts {
        user: None,
        password: None,
        ..wrong.clone()
    };
    let without = Facts {
        password: None,
        ..wrong.clone()
    };
    for facts in [wrong, nobody, without] {
        assert_eq!(cause(facts), Crn::SIGN_IN_NO_MATCH);
    }
}

#[test]
fn ux_4_2_a_suspension_is_told_after_the_right_password_only() {
    assert_eq!(cause(facts(suspended(), false)), Crn::SIGN_IN_NO_MATCH);
    assert_eq!(cause(facts(suspended(), true)), Crn::SIGN_IN_SUSPENDED);
}

#[test]
fn a_hash_made_anew_replaces_the_old_one_and_leaves_the_day_it_was_set() {
    let mut facts = facts(UserState::Active, true);
    facts.anew = Some("$argon2id$anew".parse().unwrap());
    let secret = Secret::new("secret".to_owned());
    let length = SessionLength::default();
    let signed_in = decide(facts, secret, length, &CONTEXT, &mut Counting(2)).unwrap();
    let Some(Change::Replace(Record::Password(password))) = signed_in.changes.first() else {
        panic!("no new hash: {:?}", signed_in.changes);
    };
    assert_eq!((password.version, password.changed), (Version(5), NOW));
    assert_eq!(signed_in.without_rehash(), signed_in.changes.get(1..));
}

#[test]
fn who_signs_out_has_no_session() {
    let facts = facts(UserState::Active, true);
    let secret = Secret::new("secret".to_owned());
    let length = SessionLength::default();
    let signed_in = decide(facts, secret, length, &CONTEXT, &mut Counting(2)).unwrap();
    let changes = sign_out(&signed_in.session, &CONTEXT);
    assert!(matches!(
        changes.as_slice(),
        [Change::Remove(..), Change::Audited(_)]
    ));
}
