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
use super::supported;
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

fn check(password: &str, hash: &str) -> super::Verified {
    let mut memory = vec![Block::default(); 8];
    verified(password, Some(&kept(hash)), Cost::cheapest(), &mut memory)
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

/// Vectors of the reference implementation (phc-winner-argon2, test.c) and of OpenBSD's bcrypt.
#[test]
fn hashes_of_other_systems_are_verified() {
    let known = [
        (
            "password",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ),
        (
            "password",
            "argon2$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        ),
        (
            "U*U",
            "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        ),
        (
            "U*U",
            "bcrypt$$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        ),
    ];
    for (password, hash) in known {
        assert_eq!(supported(&kept(hash)), Ok(()), "{hash}");
        let found = check(password, hash);
        assert!(found.right, "{hash}");
        assert!(found.anew.is_some(), "{hash} becomes one of ours");
        assert!(!check("passwore", hash).right, "{hash}");
    }
}

#[test]
fn a_hash_that_would_stall_the_pool_is_refused() {
    for hash in [
        "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=65536,t=4000000000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$argon2id$v=19$m=256,t=2,p=9999$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2b$05$short",
        "{SSHA}aaaaaaaaaaaaaaaa",
        "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
        "plain-text-password",
    ] {
        assert!(supported(&kept(hash)).is_err(), "{hash}");
        assert!(!check("plain-text-password", hash).right, "{hash}");
    }
}

#[test]
fn costs_are_bounded() {
    assert!(Cost::new(19_456, 2).is_some());
    for (memory, passes) in [(7_167, 2), (131_073, 1), (19_456, 0), (19_456, 11)] {
        assert_eq!(Cost::new(memory, passes), None);
    }
}
