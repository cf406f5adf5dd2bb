//! How many passwords a second the pool hashes, beside Argon2 alone with its memory used again (the limit
//! that the machine sets), in the same run:
//!
//! ```text
//! cargo run --release -p carnet-server --example password_hashes
//! ```
//!
//! Both use the default cost and as many threads. They take turns, five each, and the best turn of each
//! counts. A third column is Argon2 as it is used most often: with new memory for each hash.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;
use carnet_server::password::Cost;
use carnet_server::password::Hashing;
use carnet_server::password::Passwords;
use carnet_server::password::Typed;
use futures_util::future::try_join_all;

/// How many hashes make a turn.
const HASHES: u32 = 64;
const TURNS: u32 = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cost = Cost::default();
    let threads = Hashing::default().threads;
    let pool = Passwords::start(Hashing {
        cost,
        threads,
        queue: 1_000,
        wait: Duration::from_mins(10),
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let mut best = [f64::MAX; 3];
    for _ in 0..=TURNS {
        let turns = [
            timed(|| runtime.block_on(by_pool(&pool)))?,
            timed(|| bare(cost, threads, true))?,
            timed(|| bare(cost, threads, false))?,
        ];
        for (best, turn) in best.iter_mut().zip(turns) {
            *best = best.min(turn);
        }
    }
    let [pool, reused, fresh] = best.map(|seconds| f64::from(HASHES) / seconds);
    println!(
        "{threads} thread(s), {} KiB, {} passes: pool {pool:.1} hashes/s, bare with reused memory {reused:.1}, \
         bare with new memory {fresh:.1}; pool/bare {:.1} %",
        cost.memory(),
        cost.passes(),
        pool / reused * 100.0
    );
    Ok(())
}

type Done = Result<(), Box<dyn std::error::Error>>;

fn timed(work: impl FnOnce() -> Done) -> Result<f64, Box<dyn std::error::Error>> {
    #[expect(clippy::disallowed_methods, reason = "this measures time")]
    let begin = std::time::Instant::now();
    work()?;
    Ok(begin.elapsed().as_secs_f64())
}

async fn by_pool(pool: &Passwords) -> Done {
    let hashes = (0..HASHES).map(|number| pool.hash(Typed::new(password(number))));
    try_join_all(hashes).await?;
    Ok(())
}

/// The same work without a pool: each thread takes the next number.
fn bare(cost: Cost, threads: usize, reused: bool) -> Done {
    let params = Params::new(cost.memory(), cost.passes(), 1, Some(32))?;
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let next = AtomicU32::new(0);
    let wrong = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut memory = vec![Block::default(); argon.params().block_count()];
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= HASHES {
                        return;
                    }
                    if !reused {
                        memory = vec![Block::default(); argon.params().block_count()];
                    }
                    let (typed, mut out) = (password(number), [0; 32]);
                    let salt = [7; 16];
                    let hash = argon.hash_password_into_with_memory(
                        typed.as_bytes(),
                        &salt,
                        &mut out,
                        &mut memory,
                    );
                    wrong.fetch_add(u32::from(hash.is_err()), Ordering::Relaxed);
                }
            });
        }
    });
    match wrong.into_inner() {
        0 => Ok(()),
        some => Err(format!("{some} hashes failed").into()),
    }
}

fn password(number: u32) -> String {
    format!("correct horse {number}")
}
