//! How fast a store is on this machine.
//!
//! ```text
//! cargo run --release -p carnet-store --example rates -- sqlite:/tmp/rates.db
//! cargo run --release -p carnet-store --example rates -- postgres://localhost/rates
//! ```
//!
//! Each line is one kind of work for about two seconds: commits of a redeemed assertion, alone and
//! from sixteen tasks; the same with an entry in the audit log; reads of an account; and the same
//! from the cache, by both of its names. The store should be empty before: what is written stays.
//! A busy machine makes the rates worse; the cached ones also tell the processor's time alone.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use carnet_core::record::Project;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::store::Change;
use carnet_core::store::Known;
use carnet_core::store::Record;
use carnet_core::store::Snapshots;
use carnet_core::store::Store;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_store::Cached;
use carnet_store::Options;
use carnet_store::open;
use carnet_testkit::contract::sample::NOW;
use carnet_testkit::contract::sample::Sample;

const LENGTH: Duration = Duration::from_secs(2);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let url = std::env::args()
        .nth(1)
        .ok_or("name a store: sqlite:PATH or postgres://…")?;
    let store = open(&url, Options::default()).await?;
    let (account, _) = seed(&store).await?;
    for audited in [false, true] {
        for tasks in [1, 16, 64] {
            let name = if audited {
                "commits with an audit entry"
            } else {
                "commits"
            };
            commits(&store, name, audited, tasks).await?;
        }
    }
    reads(&store, &account).await?;
    cached(&store, &account).await
}

async fn seed(store: &Arc<dyn Store>) -> Outcome<(ServiceAccount, ServiceAccountKey)> {
    let mut sample = Sample::new();
    let project: Project = sample.project(None);
    let account = sample.account(&project);
    let pair = KeyPair::generate(KeyType::P256)?;
    let key = ServiceAccountKey {
        algorithm: pair.algorithm(),
        public_key: pair.public_key().to_spki_der(),
        ..sample.key(&account)
    };
    let changes = [
        Change::Insert(Record::Project(project)),
        Change::Insert(Record::ServiceAccount(account.clone())),
        Change::Insert(Record::ServiceAccountKey(key.clone())),
    ];
    store.commit(&changes).await?;
    Ok((account, key))
}

#[expect(clippy::disallowed_methods, reason = "this measures time")]
fn clock() -> Instant {
    Instant::now()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a rate is printed in whole numbers"
)]
fn say(name: &str, tasks: usize, count: u64, length: Duration) {
    let rate = count as f64 / length.as_secs_f64();
    println!(
        "{name}, {tasks} at once: {rate:.0}/s ({:.2} µs each)",
        1e6 / rate
    );
}

/// Runs the work from so many tasks until the time is over.
async fn run<F>(
    name: &str,
    tasks: usize,
    work: impl Fn(u64) -> F + Send + Sync + 'static,
) -> Outcome<()>
where
    F: Future<Output = Outcome<()>> + Send,
{
    let (work, over) = (Arc::new(work), Arc::new(AtomicBool::new(false)));
    let begun = clock();
    let running: Vec<_> = (0..tasks as u64)
        .map(|task| {
            let (work, over) = (Arc::clone(&work), Arc::clone(&over));
            tokio::spawn(async move {
                let mut count = 0;
                while !over.load(Ordering::Relaxed) {
                    work(task).await?;
                    tokio::task::coop::consume_budget().await;
                    count += 1;
                }
                Outcome::Ok(count)
            })
        })
        .collect();
    tokio::time::sleep(LENGTH).await;
    over.store(true, Ordering::Relaxed);
    let mut count = 0;
    for task in running {
        count += task.await??;
    }
    say(name, tasks, count, begun.elapsed());
    Ok(())
}

async fn commits(store: &Arc<dyn Store>, name: &str, audited: bool, tasks: usize) -> Outcome<()> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let store = Arc::clone(store);
    let work = move |_| {
        let store = Arc::clone(&store);
        async move {
            let mut sample = Sample::new();
            let mut spent = sample.spent(NOW);
            let number = MADE.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            spent.digest = carnet_jose::digest::sha256(number);
            let mut changes = vec![Change::AssertionSpent(spent)];
            if audited {
                changes.push(Change::Audited(sample.draft()));
            }
            store.commit(&changes).await?;
            Ok(())
        }
    };
    run(name, tasks, work).await
}

async fn reads(store: &Arc<dyn Store>, account: &ServiceAccount) -> Outcome<()> {
    for tasks in [1, 16] {
        let (store, id) = (Arc::clone(store), account.unique_id.clone());
        let work = move |_| {
            let (store, id) = (Arc::clone(&store), id.clone());
            async move {
                store.service_account(&id).await?.ok_or("it is there")?;
                Ok(())
            }
        };
        run("point reads", tasks, work).await?;
    }
    Ok(())
}

/// Nanoseconds that this thread has spent on a processor, where the system tells.
fn processor() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok()
}

async fn cached(store: &Arc<dyn Store>, account: &ServiceAccount) -> Outcome<()> {
    let cached = Cached::new(Arc::clone(store));
    let rounds: u64 = 3_000_000;
    for name in [account.unique_id.as_str(), account.email.as_str()] {
        cached.account(name).await?.ok_or("it is there")?;
        let (begun, spent) = (clock(), processor());
        for _ in 0..rounds {
            if !matches!(cached.peek_account(name), Known::Yes(_)) {
                return Err("it was kept".into());
            }
        }
        say("peeks of a kept account", 1, rounds, begun.elapsed());
        alone(spent, rounds);
        let (begun, spent) = (clock(), processor());
        for _ in 0..rounds {
            cached.account(name).await?.ok_or("it is there")?;
        }
        say("awaits of a kept account", 1, rounds, begun.elapsed());
        alone(spent, rounds);
    }
    Ok(())
}

fn alone(before: Option<u64>, rounds: u64) {
    if let Some((before, after)) = before.zip(processor()) {
        println!(
            "    {} ns of processor each",
            after.saturating_sub(before) / rounds
        );
    }
}
