//! The feed between nodes: `NOTIFY` in the transaction that changes something, `LISTEN` on a
//! connection of its own.
//!
//! 1. A payload is a few lines: which node speaks, then one [`Topic`] each. A payload must be shorter
//!    than 8000 bytes, so many topics make several.
//! 2. A node skips what it said itself: it has heard it already, before its commit was answered.
//! 3. While the feed is broken nobody knows what changes elsewhere: every copy is dropped when it
//!    breaks, with every try to mend it, and once more when it is mended. A connection can be dead
//!    without a sound, so it is asked every second whether it lives.
//! 4. The name of the channel has the schema in it: neighbours in one database do not hear each other.

use std::sync::Arc;
use std::time::Duration;

use carnet_core::store::Fault;
use carnet_core::store::Topic;
use deadpool_postgres::Client;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio::time::timeout;
use tokio_postgres::Error;
use tokio_postgres::Statement;

use crate::error::OpenError;
use crate::postgres::connect::Target;
use crate::postgres::driver::Driver;
use crate::postgres::trouble;
use crate::watchers::Watchers;

/// PostgreSQL takes 7999 bytes.
const PAYLOAD: usize = 7_900;

/// How often the connection is asked whether it lives, and how long it may take to say so.
const BEAT: Duration = Duration::from_secs(1);

/// Between two tries to mend the feed, and how long one may take.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_millis(900);

pub(super) const NOTIFY: &str = "SELECT pg_notify($1, $2)";

/// Both chosen by the server: the schema we work in, and a name that no other node has.
const WHO: &str = "SELECT current_schema()::text, gen_random_uuid()::text";

/// Where the nodes of one installation hear each other, and who speaks.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    name: String,
    node: String,
}

/// The statement that tells the other nodes, once for each of its payloads.
pub(super) struct Notify {
    pub(super) statement: Option<Statement>,
    pub(super) channel: String,
    pub(super) payloads: Vec<String>,
}

impl Channel {
    pub(super) async fn of(client: &Client) -> Result<Self, OpenError> {
        let row = client.query_one(WHO, &[]).await;
        let row = row.map_err(|error| trouble::refused(&error))?;
        let (schema, node): (String, String) = (row.get(0), row.get(1));
        Ok(Self {
            name: format!("carnet_{schema}"),
            node,
        })
    }

    /// What a commit has to say about these topics.
    pub(super) async fn notify(&self, client: &Client, topics: &[Topic]) -> Result<Notify, Fault> {
        let statement = if topics.is_empty() {
            None
        } else {
            let prepared = client.prepare_cached(NOTIFY).await;
            Some(prepared.map_err(|error| trouble::fault(&error, "NOTIFY"))?)
        };
        Ok(Notify {
            statement,
            channel: self.name.clone(),
            payloads: self.payloads(topics),
        })
    }

    fn payloads(&self, topics: &[Topic]) -> Vec<String> {
        let mut lines: Vec<String> = topics.iter().map(Topic::to_string).collect();
        lines.sort_unstable();
        lines.dedup();
        let mut payloads: Vec<String> = Vec::new();
        for line in lines {
            match payloads.last_mut() {
                Some(last) if last.len() + 1 + line.len() <= PAYLOAD => {
                    last.push('\n');
                    last.push_str(&line);
                }
                _ => payloads.push(format!("{}\n{line}", self.node)),
            }
        }
        payloads
    }

    /// What somebody else said.
    fn heard(&self, payload: &str) -> Vec<Topic> {
        let mut lines = payload.split('\n');
        if lines.next() == Some(&self.node) {
            return Vec::new();
        }
        // A line always means something: see `Topic::from_str`.
        lines.filter_map(|line| line.parse().ok()).collect()
    }
}

/// The task that listens. It ends with the store.
pub(super) struct Feed(JoinHandle<()>);

impl Drop for Feed {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Feed {
    /// Returns when the feed is heard.
    pub(super) async fn start(
        target: Target,
        channel: Channel,
        watchers: Arc<Watchers>,
    ) -> Result<Self, OpenError> {
        let ear = Ear {
            target,
            channel,
            watchers,
        };
        let listening = ear.listen().await;
        let listening = listening.map_err(|error| trouble::refused(&error))?;
        Ok(Self(tokio::spawn(ear.stay(listening))))
    }
}

struct Ear {
    target: Target,
    channel: Channel,
    watchers: Arc<Watchers>,
}

struct Listening {
    client: tokio_postgres::Client,
    driver: Driver,
}

impl Ear {
    async fn listen(&self) -> Result<Listening, Error> {
        let (watchers, channel) = (Arc::clone(&self.watchers), self.channel.clone());
        let hear = move |payload: &str| watchers.tell(&channel.heard(payload));
        let (client, driver) = self.target.connect(hear).await?;
        let name = self.channel.name.replace('"', "\"\"");
        client.batch_execute(&format!("LISTEN \"{name}\"")).await?;
        Ok(Listening { client, driver })
    }

    async fn stay(self, mut listening: Listening) {
        loop {
            listening.until_it_breaks().await;
            tracing::warn!("the change feed is interrupted: nothing is kept until it is back");
            listening = self.mend().await;
            self.watchers.tell(&[Topic::Everything]);
            tracing::info!("the change feed is back");
        }
    }

    async fn mend(&self) -> Listening {
        let mut wait = FIRST_WAIT;
        loop {
            self.watchers.tell(&[Topic::Everything]);
            // A server that takes a connection and says nothing must not stop the dropping.
            if let Ok(Ok(listening)) = timeout(LONGEST_WAIT, self.listen()).await {
                return listening;
            }
            self.watchers.tell(&[Topic::Everything]);
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

impl Listening {
    async fn until_it_breaks(&mut self) {
        loop {
            if timeout(BEAT, &mut self.driver.0).await.is_ok() {
                return;
            }
            let alive = timeout(BEAT, self.client.check_connection()).await;
            if !matches!(alive, Ok(Ok(()))) {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests;
