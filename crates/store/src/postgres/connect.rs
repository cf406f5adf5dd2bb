//! Connections, and the settings that each must have.

use std::time::Duration;

use carnet_core::store::Fault;
use deadpool_postgres::Hook;
use deadpool_postgres::HookError;
use deadpool_postgres::Manager;
use deadpool_postgres::ManagerConfig;
use deadpool_postgres::Pool;
use deadpool_postgres::RecyclingMethod;
use deadpool_postgres::Runtime;
use tokio_postgres::Client;
use tokio_postgres::Config;
use tokio_postgres::Error;
use tokio_postgres::NoTls;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::OpenError;
use crate::postgres::driver::Driver;
use crate::postgres::driver::drive;
use crate::postgres::tls;
use crate::postgres::trouble;
use crate::postgres::url;

/// A server that does not answer is not there.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a request may wait for a connection: longer, and the client has given up anyway.
const WAIT: Duration = Duration::from_secs(5);

/// How many may wait: who comes when there are more is told at once.
const MOST_WAITING: usize = 1_024;

/// What was sent must be acknowledged within this time, or the connection is dead.
const SILENCE: Duration = Duration::from_secs(10);

/// Nothing of ours takes long, and what does must not hold locks. A server that acknowledges before
/// its log is on the disk would forget revocations in a crash: only that one setting is corrected,
/// stricter ones stay.
const SETTINGS: &str = "SET statement_timeout = '10s';
    SET lock_timeout = '5s';
    SET idle_in_transaction_session_timeout = '10s';
    SET client_min_messages = 'warning';
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'";

/// Where to connect, and how.
#[derive(Clone)]
pub(super) struct Target {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Target {
    pub(super) fn of(url: &str) -> Result<Self, OpenError> {
        let parsed = url::Parsed::of(url)?;
        let mut config = parsed.config;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(SILENCE);
        }
        if config.get_application_name().is_none() {
            config.application_name("carnet");
        }
        let tls = if parsed.encrypted {
            Some(tls::connector(parsed.roots.as_deref())?)
        } else {
            None
        };
        Ok(Self { config, tls })
    }

    pub(super) fn pool(&self, connections: usize) -> Result<Pool, OpenError> {
        let manager_config = ManagerConfig {
            recycling_method: RecyclingMethod::Fast,
        };
        let config = self.config.clone();
        let manager = match &self.tls {
            Some(tls) => Manager::from_config(config, tls.clone(), manager_config),
            None => Manager::from_config(config, NoTls, manager_config),
        };
        let settle = Hook::async_fn(|client: &mut deadpool_postgres::ClientWrapper, _| {
            Box::pin(async move {
                let settled = client.batch_execute(SETTINGS).await;
                settled.map_err(HookError::Backend)
            })
        });
        Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .runtime(Runtime::Tokio1)
            .post_create(settle)
            .build()
            .map_err(|error| OpenError::unreachable(error.to_string()))
    }

    /// A connection beside the pool, for the feed.
    pub(super) async fn connect(
        &self,
        hear: impl Fn(&str) + Send + 'static,
    ) -> Result<(Client, Driver), Error> {
        if let Some(tls) = &self.tls {
            let (client, connection) = self.config.connect(tls.clone()).await?;
            return Ok((client, drive(connection, hear)));
        }
        let (client, connection) = self.config.connect(NoTls).await?;
        Ok((client, drive(connection, hear)))
    }
}

/// A connection of the pool's, if there is one soon.
pub(super) async fn connection(pool: &Pool) -> Result<deadpool_postgres::Client, Fault> {
    if pool.status().waiting >= MOST_WAITING {
        return Err(Fault::temporary("too many wait for the database"));
    }
    pool.get().await.map_err(trouble::no_connection)
}
