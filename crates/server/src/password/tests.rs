//! The pool, and the hashes that it knows.

use std::time::Duration;

use argon2::Block;
use carnet_core::value::PasswordHash;

use super::Busy;
use super::Cost;
use super::Hashing;
use super::LONGEST;
use super::Passwords;
use super::Typed;
use super::verified;

fn pool() -> Passwords {
    Passwords::start(Hashing {
        cost: Cost::cheapest(),
        threads: 1,
        wait: Duration::from_secs(30),
        ..Hashing::default()
    })
}

fn typed(text: &str) -> Typed {
    Typed::new(text.to_owned())
}

fn kept(text: &str) -> PasswordHash {
    text.parse().unwrap()
}

#[tokio::test]
async fn what_was_hashed_is_verified_and_nothing_else() {
    let pool = pool();
    let hash = pool.hash(typed("correct horse")).await.unwrap();
    let right = pool
        .verify(typed("correct horse"), Some(hash.clone()))
        .await
        .unwrap();
    assert!(right.right && right.anew.is_none());
    let wrong = pool
        .verify(typed("correct horsf"), Some(hash.clone()))
        .await
        .unwrap();
    assert!(!wrong.right);
    let again = pool.hash(typed("correct horse")).await.unwrap();
    assert_ne!(hash, again, "each hash has a salt of its own");
}

#[tokio::test]
async fn nobody_and_no_password_are_not_right() {
    let pool = pool();
    assert!(!pool.verify(typed("anything"), None).await.unwrap().right);
    let long = typed(&"a".repeat(LONGEST + 1));
    assert!(!pool.verify(long, None).await.unwrap().right);
}

#[tokio::test]
async fn a_hash_at_another_cost_is_made_anew() {
    let other = Passwords::start(Hashing {
        cost: Cost {
            memory: 16,
            passes: 2,
        },
        wait: Duration::from_secs(30),
        ..Hashing::default()
    });
    let old = other.hash(typed("secret")).await.unwrap();
    let pool = pool();
    let verified = pool
        .verify(typed("secret"), Some(old.clone()))
        .await
        .unwrap();
    let anew = verified.anew.unwrap();
    assert!(anew.as_str().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
    assert!(
        pool.verify(typed("secret"), Some(anew))
            .await
            .unwrap()
            .right
    );
    let wrong = pool.verify(typed("Secret"), Some(old)).await.unwrap();
    assert_eq!(wrong.anew, None, "a wrong password makes no hash anew");
}

#[tokio::test]
async fn what_does_not_fit_the_queue_is_told_at_once() {
    let pool = Passwords::start(Hashing {
        cost: Cost {
            memory: 131_072,
            passes: 10,
        },
        queue: 1,
        threads: 1,
        wait: Duration::from_millis(1),
    });
    let work: Vec<_> = (0..64).map(|_| pool.verify(typed("x"), None)).collect();
    let ends = futures_util::future::join_all(work).await;
    assert!(ends.iter().all(|end| *end == Err(Busy)));
}

/// Who is let into the queue is served, unless threads have less than their core.
#[test]
fn a_full_queue_is_hashed_before_anybody_in_it_gives_up() {
    let usual = Hashing::default();
    let one = Duration::from_millis(16);
    let queue = u32::try_from(usual.queue).unwrap();
    assert!(one * queue <= usual.wait);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn threads_that_hash_stand_back() {
    let pool = pool();
    pool.hash(typed("secret")).await.unwrap();
    let nice = |stat: &str| stat.rsplit(") ").next()?.split(' ').nth(16)?.parse().ok();
    let read = |file: std::path::PathBuf| std::fs::read_to_string(file).unwrap_or_default();
    let own: Option<i32> = nice(&read("/proc/self/stat".into()));
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let stats = tasks.map(|task| read(task.unwrap().path().join("stat")));
    let mut hashing = stats.filter(|stat| stat.contains("(password-1)"));
    // Those of other tests may have begun at this moment.
    assert!(hashing.any(|stat| nice(&stat) == own.map(|own| (own + super::NICE).min(19))));
}

/// The time of a refusal does not depend on whether there is a hash, and of which form: a hash of ours
/// is computed in each case. What is counted is work, since a test does not measure time.
#[test]
fn lesson_20_a_cheap_old_hash_is_refused_no_faster_than_nobody() {
    let cost = Cost {
        memory: 64,
        passes: 1,
    };
    let ours = {
        let mut memory = vec![Block::default(); cost.blocks()];
        super::hashed("right", cost, &mut memory).unwrap()
    };
    let cheap = kept("{SSHA}/TV/gVj/+t1FrxeyoNUtqoenySMBAgMEBQYHCA==");
    let cases = [
        ("wrong", None),
        ("wrong", Some(&ours)),
        ("right", Some(&ours)),
        ("wrong", Some(&cheap)),
        ("tr0ub4dor&3", Some(&cheap)),
    ];
    for (password, kept) in cases {
        let mut memory = vec![Block::default(); cost.blocks()];
        let found = verified(password, kept, cost, &mut memory);
        let touched = memory.iter().filter(|block| is_touched(block)).count();
        assert_eq!(touched, cost.blocks(), "{password} {kept:?}");
        assert_eq!(found.right, matches!(password, "right" | "tr0ub4dor&3"));
    }
}

fn is_touched(block: &Block) -> bool {
    let words: &[u64] = block.as_ref();
    words.iter().any(|word| *word != 0)
}

#[test]
fn costs_are_bounded() {
    assert!(Cost::new(19_456, 2).is_some());
    for (memory, passes) in [(7_167, 2), (131_073, 1), (19_456, 0), (19_456, 11)] {
        assert_eq!(Cost::new(memory, passes), None);
    }
}
