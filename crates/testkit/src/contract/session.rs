//! Passwords and sessions.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::Password;
use carnet_core::record::Session;
use carnet_core::record::SessionSeen;
use carnet_core::record::SignInMethod;
use carnet_core::record::User;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Counting;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::sixteen;
use super::sample::winners;
use super::sample::yes;

fn password(user: &User) -> Password {
    Password {
        user: user.id.clone(),
        hash: parsed("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"),
        changed: NOW,
        version: Version::FIRST,
    }
}

/// One of a user, made and last used so many seconds from now.
fn session(sample: &mut Sample, user: &User, after: i64) -> Session {
    let digest: [u8; 32] = sample.bytes();
    let start = digest.iter().fold(0_u64, |start, byte| {
        start.wrapping_mul(31).wrapping_add(u64::from(*byte))
    });
    let seen = NOW + Seconds(after);
    Session {
        id: SessionId::mint(seen, &mut Counting(start)),
        digest: SecretDigest::from_bytes(digest),
        user: user.id.clone(),
        method: SignInMethod::Password,
        created: seen,
        seen,
        idle_ends: seen + Seconds(3_600),
        ends: seen + Seconds(7_200),
        agent: parsed("Firefox"),
        address: "192.0.2.7".to_owned(),
    }
}

fn insert(session: &Session) -> Change {
    Change::Insert(Record::Session(session.clone()))
}

async fn held(store: &Arc<dyn Store>, user: &User) -> Vec<Session> {
    store.sessions_of(&user.id).await.expect("a read")
}

/// One to a user, replaced in the version before its own.
pub async fn a_password_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        ..
    } = World::of(store).await;
    let first = password(&user);
    let write = |row: &Password| Record::Password(row.clone());
    assert_eq!(store.password(&user.id).await.expect("a read"), None);
    yes(store, &[Change::Insert(write(&first))]).await;
    assert_eq!(
        no(store, &[Change::Insert(write(&first))]).await.1,
        Why::Taken
    );
    let second = Password {
        hash: parsed("$2b$10$another.hash"),
        changed: NOW + Seconds(1),
        version: Version(2),
        ..first.clone()
    };
    yes(store, &[Change::Replace(write(&second))]).await;
    assert_eq!(
        no(store, &[Change::Replace(write(&second))]).await.1,
        Why::Stale
    );
    let found = store.password(&user.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&second));
    let gone = |version| {
        [Change::Remove(
            RecordKey::Password(user.id.clone()),
            version,
        )]
    };
    assert_eq!(no(store, &gone(Version::FIRST)).await.1, Why::Stale);
    yes(store, &gone(Version(2))).await;
    assert_eq!(store.password(&user.id).await.expect("a read"), None);
    let nobody = password(&sample.user(organization.id));
    assert_eq!(
        no(store, &[Change::Insert(write(&nobody))]).await.1,
        Why::Referenced
    );
}

/// Two who set a first password at the same time do not both succeed.
pub async fn one_of_sixteen_passwords_wins(store: &Arc<dyn Store>) {
    let user = World::of(store).await.user;
    let ends = sixteen(store, |_| {
        vec![Change::Insert(Record::Password(password(&user)))]
    })
    .await;
    assert_eq!(winners(&ends, Why::Taken), 1);
}

/// By id, by digest, and in its user's list.
pub async fn a_session_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        ..
    } = World::of(store).await;
    let one = session(&mut sample, &user, 0);
    yes(store, &[insert(&one)]).await;
    assert_eq!(no(store, &[insert(&one)]).await.1, Why::Taken);
    let same_secret = Session {
        digest: one.digest,
        ..session(&mut sample, &user, 1)
    };
    assert_eq!(no(store, &[insert(&same_secret)]).await.1, Why::Taken);
    let replace = [Change::Replace(Record::Session(one.clone()))];
    assert_eq!(no(store, &replace).await.1, Why::Stale);
    let found = store.session(one.id).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&one));
    let found = store.session_by_digest(one.digest).await.expect("a read");
    assert_eq!(found.as_ref(), Some(&one));
    assert_eq!(held(store, &user).await, std::slice::from_ref(&one));
    let gone = [Change::Remove(RecordKey::Session(one.id), Version::FIRST)];
    yes(store, &gone).await;
    assert_eq!(no(store, &gone).await.1, Why::Stale);
    let found = store.session_by_digest(one.digest).await.expect("a read");
    assert_eq!(found, None);
    let stranger = sample.user(organization.id);
    let nobody = session(&mut sample, &stranger, 0);
    assert_eq!(no(store, &[insert(&nobody)]).await.1, Why::Referenced);
}

/// Neither the last use nor the idle end goes back, and a session that is gone stays so.
pub async fn a_use_of_a_session_moves_its_idle_end(store: &Arc<dyn Store>) {
    let World {
        mut sample, user, ..
    } = World::of(store).await;
    let mut one = session(&mut sample, &user, 0);
    yes(store, &[insert(&one)]).await;
    let seen = |after| {
        Change::SessionSeen(SessionSeen {
            session: one.id,
            at: NOW + Seconds(after),
            idle_ends: NOW + Seconds(after + 3_600),
        })
    };
    yes(store, &[seen(60), seen(30)]).await;
    one.seen = NOW + Seconds(60);
    one.idle_ends = NOW + Seconds(3_660);
    assert_eq!(held(store, &user).await, std::slice::from_ref(&one));
    yes(
        store,
        &[Change::Remove(RecordKey::Session(one.id), Version::FIRST)],
    )
    .await;
    yes(
        store,
        &[Change::SessionSeen(SessionSeen {
            session: one.id,
            at: NOW,
            idle_ends: NOW,
        })],
    )
    .await;
    assert_eq!(held(store, &user).await, []);
}

/// The one that was not used for the longest makes room.
pub async fn a_user_has_fifty_sessions_at_most(store: &Arc<dyn Store>) {
    let World {
        mut sample, user, ..
    } = World::of(store).await;
    let most = i64::from(Session::MOST);
    let all: Vec<_> = (0..most)
        .map(|after| session(&mut sample, &user, after))
        .collect();
    for one in &all {
        yes(store, &[insert(one)]).await;
    }
    let first = Change::SessionSeen(SessionSeen {
        session: all[0].id,
        at: NOW + Seconds(most),
        idle_ends: all[0].idle_ends,
    });
    let last = session(&mut sample, &user, most + 1);
    yes(store, &[first, insert(&last)]).await;
    let ids: Vec<_> = held(store, &user).await.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), all.len());
    assert!(ids.contains(&all[0].id) && ids.contains(&last.id));
    assert!(!ids.contains(&all[1].id), "it was used before all others");
}

/// All but one, or all; and nobody else's.
pub async fn sessions_of_a_user_end_together(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        user,
        ..
    } = World::of(store).await;
    let other = sample.user(organization.id);
    yes(store, &[Change::Insert(Record::User(other.clone()))]).await;
    let mine: Vec<_> = (0..3).map(|at| session(&mut sample, &user, at)).collect();
    let theirs = session(&mut sample, &other, 0);
    let inserts: Vec<_> = mine.iter().chain([&theirs]).map(insert).collect();
    yes(store, &inserts).await;
    yes(
        store,
        &[Change::SessionsEnded(user.id.clone(), Some(mine[1].id))],
    )
    .await;
    assert_eq!(held(store, &user).await, [mine[1].clone()]);
    yes(store, &[Change::SessionsEnded(user.id.clone(), None)]).await;
    assert_eq!(held(store, &user).await, []);
    assert_eq!(held(store, &other).await, [theirs]);
}

/// With the user go password and sessions.
pub async fn who_goes_is_signed_out(store: &Arc<dyn Store>) {
    let World {
        mut sample, user, ..
    } = World::of(store).await;
    let one = session(&mut sample, &user, 0);
    let first = Change::Insert(Record::Password(password(&user)));
    yes(store, &[first, insert(&one)]).await;
    yes(
        store,
        &[Change::Remove(
            RecordKey::User(user.id.clone()),
            user.version,
        )],
    )
    .await;
    assert_eq!(store.session(one.id).await.expect("a read"), None);
    assert_eq!(store.password(&user.id).await.expect("a read"), None);
}

/// At the idle end, not a second before it, and in bounded steps.
pub async fn sessions_that_have_ended_are_forgotten(store: &Arc<dyn Store>) {
    let World {
        mut sample, user, ..
    } = World::of(store).await;
    let all: Vec<_> = (0..4).map(|at| session(&mut sample, &user, at)).collect();
    yes(store, &all.iter().map(insert).collect::<Vec<_>>()).await;
    let now = all[2].idle_ends;
    for gone in [2, 1, 0] {
        assert_eq!(
            store
                .forget_expired(now, 2)
                .await
                .expect("a store that works"),
            gone
        );
    }
    assert_eq!(held(store, &user).await, [all[3].clone()]);
}

/// The moment from which on sign-ins count moves forward alone, and no row that was read before it moves it back.
pub async fn the_end_of_sign_ins_is_for_good(store: &Arc<dyn Store>) {
    let World { mut user, .. } = World::of(store).await;
    let since = async || {
        let found = store.user(&user.id).await.expect("a read");
        found.expect("the user is there").sign_ins_since
    };
    assert_eq!(since().await, None);
    let end = |at: i64| Change::SignInsEnded(user.id.clone(), UnixTime(at));
    for (at, kept) in [(200, 200), (100, 200), (300, 300)] {
        yes(store, &[end(at)]).await;
        assert_eq!(since().await, Some(UnixTime(kept)));
    }
    let nobody = UserId::mint(&mut Counting(91));
    yes(store, &[Change::SignInsEnded(nobody, UnixTime(1))]).await;
    for (written, kept) in [
        (None, 300),
        (Some(UnixTime(250)), 300),
        (Some(UnixTime(400)), 400),
    ] {
        user.version = user.version.next();
        user.sign_ins_since = written;
        yes(store, &[Change::Replace(Record::User(user.clone()))]).await;
        let found = store.user(&user.id).await.expect("a read").expect("a user");
        assert_eq!(found.sign_ins_since, Some(UnixTime(kept)));
    }
}
