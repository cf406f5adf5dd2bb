//! PostgreSQL: a pool of connections, commits in one round trip, a feed between nodes.
//!
//! 1. A commit is sent whole, `BEGIN` to `COMMIT`, before any answer is read ([`commit`]). It runs
//!    on a task of its own: who asked for it may go away, the commit does not stop half-way.
//! 2. A commit that touched something of which copies are kept says so in the same transaction, by
//!    `NOTIFY`; every node listens ([`feed`]).
//! 3. A lost connection in the middle of a commit leaves its end unknown: that is a fault, never a
//!    success, and the copies are dropped as if it had been made.
//!
//! Prepared statements belong to a session, so a pooler in between must keep sessions together.

mod commit;
mod connect;
mod driver;
mod feed;
mod in_order;
mod migrate;
#[cfg(test)]
mod tests;
mod tls;
mod trouble;
mod url;
mod value;

use std::sync::Arc;

use carnet_core::store::Fault;
use carnet_core::store::Watcher;
use deadpool_postgres::Client;
use deadpool_postgres::Pool;
use tokio_postgres::Error;
use tokio_postgres::Row;

use crate::engine::BadRow;
use crate::engine::Engine;
use crate::engine::Work;
use crate::engine::Written;
use crate::error::OpenError;
use crate::postgres::feed::Channel;
use crate::postgres::feed::Feed;
use crate::row::Decode;
use crate::row::Fields;
use crate::statement::Question;
use crate::watchers::Watchers;

/// How often a read is asked again when its connection turned out to be gone.
const READ_TRIES: usize = 5;

/// A database on a server.
pub(crate) struct Postgres {
    shared: Arc<Shared>,
    /// None where the database was opened for a look: then nothing is written.
    feed: Option<Feed>,
}

/// What a commit on its own task needs.
struct Shared {
    pool: Pool,
    channel: Channel,
    watchers: Arc<Watchers>,
}

impl Postgres {
    /// Connects, brings the schema up to date, and listens.
    pub(crate) async fn open(url: &str, connections: usize) -> Result<Self, OpenError> {
        let target = connect::Target::of(url)?;
        let pool = target.pool(connections)?;
        let client = pool.get().await.map_err(trouble::unreachable)?;
        migrate::migrate(&client).await?;
        let channel = Channel::of(&client).await?;
        drop(client);
        let watchers = Arc::new(Watchers::default());
        let feed = Feed::start(target, channel.clone(), Arc::clone(&watchers)).await?;
        let shared = Arc::new(Shared {
            pool,
            channel,
            watchers,
        });
        Ok(Self {
            shared,
            feed: Some(feed),
        })
    }

    /// Connects for a look, and counts the steps that the schema misses.
    pub(crate) async fn look(url: &str) -> Result<(Self, usize), OpenError> {
        let pool = connect::Target::of(url)?.pool(1)?;
        let client = pool.get().await.map_err(trouble::unreachable)?;
        let missing = migrate::missing_steps(&client).await?;
        let channel = Channel::of(&client).await?;
        drop(client);
        let shared = Arc::new(Shared {
            pool,
            channel,
            watchers: Arc::default(),
        });
        Ok((Self { shared, feed: None }, missing))
    }
}

impl Engine for Postgres {
    async fn read<T: Send + 'static>(
        &self,
        question: Question,
        decode: Decode<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut tries = 1;
        loop {
            let client = connect::connection(&self.shared.pool).await?;
            match ask(&client, &question).await {
                Ok(rows) => return decoded(&rows, &question, decode),
                Err(error) if tries < READ_TRIES && is_gone(&client, &error) => {
                    // Dead, though the pool may not have noticed.
                    drop(Client::take(client));
                    tries += 1;
                }
                Err(error) => return Err(trouble::fault(&error, question.statement.name())),
            }
        }
    }

    async fn write(&self, work: Work) -> Result<Written, Fault> {
        if self.feed.is_none() {
            return Err(Fault::lasting("the store was opened for a look"));
        }
        let shared = Arc::clone(&self.shared);
        let task = tokio::spawn(async move {
            let written = commit::commit(&shared.pool, &shared.channel, &work).await;
            if !matches!(written, Ok(Written::No(..))) {
                shared.watchers.tell(&work.topics);
            }
            written
        });
        task.await
            .map_err(|_| Fault::temporary("a commit was cut short"))?
    }

    fn watch(&self, watcher: Arc<dyn Watcher>) {
        self.shared.watchers.add(watcher);
    }
}

fn is_gone(client: &Client, error: &Error) -> bool {
    client.is_closed() || trouble::is_ended(error)
}

async fn ask(client: &Client, question: &Question) -> Result<Vec<Row>, Error> {
    let statement = client.prepare_cached(question.statement.postgres()).await?;
    let params: Vec<_> = question.params.iter().map(value::as_sql).collect();
    client.query(&statement, &params).await
}

fn decoded<T>(rows: &[Row], question: &Question, decode: Decode<T>) -> Result<Vec<T>, Fault> {
    let name = question.statement.name();
    let decoded = rows.iter().map(|row| decode(&mut Fields::of(row)));
    decoded
        .collect::<Result<_, _>>()
        .map_err(|bad| BadRow::fault(name, bad))
}
