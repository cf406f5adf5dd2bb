//! What the journal keeps of a request, and for whom.

use std::collections::HashSet;
use std::net::IpAddr;
use std::net::Ipv4Addr;

use carnet_core::record::KeyUse;
use carnet_core::record::RefusedRedirect;
use carnet_core::record::SecretUse;
use carnet_core::record::SessionSeen;
use carnet_core::store::Change;
use carnet_core::value::Entropy;
use carnet_core::value::KeyId;
use carnet_core::value::SecretId;
use carnet_core::value::SessionId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;

use super::Journal;
use super::USES;
use super::uses::SHARDS;

struct Count(u64);

impl Entropy for Count {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0 += 1;
        for (to, from) in bytes.iter_mut().zip(self.0.to_be_bytes().iter().cycle()) {
            *to = *from;
        }
    }
}

fn keys(many: usize) -> (UniqueId, Vec<KeyId>) {
    let mut entropy = Count(0);
    let account = UniqueId::mint(&mut entropy);
    (
        account,
        (0..many).map(|_| KeyId::mint(&mut entropy)).collect(),
    )
}

fn uses(changes: &[Change]) -> Vec<&KeyUse> {
    changes
        .iter()
        .filter_map(|change| match change {
            Change::KeyUsed(used) => Some(used),
            _ => None,
        })
        .collect()
}

#[test]
fn uses_of_a_key_are_one_row() {
    let journal = Journal::default();
    let (account, keys) = keys(1);
    let address = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    journal.used(&keys[0], &account, UnixTime(10), None);
    journal.used(&keys[0], &account, UnixTime(12), address);
    journal.used(&keys[0], &account, UnixTime(11), None);
    let changes = journal.take_uses(USES);
    let [used] = uses(&changes)[..] else {
        panic!("one row, not {}", changes.len());
    };
    assert_eq!((used.last, used.count), (UnixTime(12), 3));
    assert_eq!(used.address, "127.0.0.1");
    assert!(journal.take_uses(USES).is_empty(), "it is written once");
}

#[test]
fn a_tick_writes_few_and_busy_keys_starve_nobody() {
    let journal = Journal::default();
    let (account, keys) = keys(2_000);
    let mut seen = HashSet::new();
    for now in 0..40 {
        for key in &keys {
            journal.used(key, &account, UnixTime(now), None);
        }
        let changes = journal.take_uses(USES);
        assert!(changes.len() <= USES + SHARDS);
        seen.extend(uses(&changes).iter().map(|used| used.key.clone()));
    }
    assert_eq!(seen.len(), keys.len(), "every key got its turn");
}

#[test]
fn what_could_not_be_written_waits_on_and_goes_first() {
    let journal = Journal::default();
    let (account, keys) = keys(2);
    journal.used(&keys[0], &account, UnixTime(1), None);
    let taken = journal.take_uses(USES);
    journal.used(&keys[0], &account, UnixTime(5), None);
    journal.put_back(&taken);
    let changes = journal.take_uses(USES);
    let [used] = uses(&changes)[..] else {
        panic!("one row, not {}", changes.len());
    };
    assert_eq!((used.last, used.count), (UnixTime(5), 2));
}

#[test]
fn uses_of_a_secret_are_one_row_and_wait_on_where_they_could_not_be_written() {
    let journal = Journal::default();
    let client = "demo-web".parse().unwrap();
    let secret = SecretId::mint(UnixTime(1), &mut Count(0));
    let address = Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    journal.used_secret(secret, &client, UnixTime(10), address);
    let taken = journal.take_uses(USES);
    journal.used_secret(secret, &client, UnixTime(12), None);
    journal.put_back(&taken);
    let wanted = SecretUse {
        secret,
        client,
        last: UnixTime(12),
        address: String::new(),
        count: 2,
    };
    assert_eq!(journal.take_uses(USES), [Change::SecretUsed(wanted)]);
    assert!(journal.take_uses(USES).is_empty(), "it is written once");
}

#[test]
fn of_the_uses_of_a_session_the_last_one_is_written_once() {
    let journal = Journal::default();
    let session = SessionId::from_bytes([1; 16]);
    let seen = |at| SessionSeen {
        session,
        at: UnixTime(at),
        idle_ends: UnixTime(at + 100),
    };
    for at in [10, 30, 20] {
        journal.seen(seen(at));
    }
    let changes = journal.take_uses(USES);
    assert_eq!(changes, [Change::SessionSeen(seen(30))]);
    assert_eq!(journal.take_uses(USES), []);
    journal.seen(seen(40));
    journal.put_back(&changes);
    assert_eq!(journal.take_uses(USES), [Change::SessionSeen(seen(40))]);
    journal.put_back(&changes);
    assert_eq!(
        journal.take_uses(USES),
        changes,
        "what could not be written waits"
    );
}

#[test]
fn of_an_app_the_journal_keeps_as_many_refused_redirects_as_the_store_and_of_few_apps() {
    let journal = Journal::default();
    let refused = |app: usize, place: usize, at| RefusedRedirect {
        client: format!("app-{app}").parse().unwrap(),
        uri: format!("https://a.test/{place}"),
        near: None,
        first: UnixTime(at),
        last: UnixTime(at),
        count: 1,
    };
    for at in [5, 9, 7] {
        journal.refused_redirect(refused(0, 0, at));
    }
    let waits = RefusedRedirect {
        last: UnixTime(9),
        count: 3,
        ..refused(0, 0, 5)
    };
    let changes = journal.take_uses(USES);
    assert_eq!(changes, [Change::RedirectRefused(waits)]);
    journal.put_back(&changes);
    assert_eq!(journal.take_uses(USES), changes, "it waits on");

    for app in 0..1_000 {
        for place in 0..40 {
            journal.refused_redirect(refused(app, place, 5));
        }
    }
    let most = usize::from(RefusedRedirect::MOST);
    assert!(journal.take_uses(USES).len() < USES + most);
    assert!(journal.take_uses(usize::MAX).len() <= 200 * most);
}
