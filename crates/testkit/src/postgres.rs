//! A schema of its own on a real PostgreSQL, for one test.
//!
//! The server is named by `CARNET_TEST_POSTGRES`, which `cargo xtask test` always sets. Without it a
//! test has nothing to try, and says so.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use carnet_core::store::Store;
use carnet_store::Options;
use tokio_postgres::Client;
use tokio_postgres::NoTls;

const VARIABLE: &str = "CARNET_TEST_POSTGRES";

static MADE: AtomicU32 = AtomicU32::new(0);

/// An empty schema. It goes with this value.
#[derive(Debug)]
pub struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// A new one; none, and a line on the screen, where no server is named.
    pub async fn fresh() -> Option<Self> {
        let Some(server) = server() else {
            println!("skipped: {VARIABLE} is not set");
            return None;
        };
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", std::process::id());
        let schema = Self { server, name };
        schema.run("DROP SCHEMA IF EXISTS", "CASCADE").await;
        schema.run("CREATE SCHEMA", "").await;
        Some(schema)
    }

    /// The URL under which a store sees this schema and no other.
    #[must_use]
    pub fn url(&self) -> String {
        let join = if self.server.contains('?') { '&' } else { '?' };
        format!(
            "{}{join}options=-c%20search_path%3D{}",
            self.server, self.name
        )
    }

    /// A store on this schema, as one node has it.
    pub async fn store(&self) -> Arc<dyn Store> {
        let opened = carnet_store::open(&self.url(), Options::default()).await;
        opened.unwrap_or_else(|error| unreachable!("a fresh schema: {error}"))
    }

    /// A connection that sees this schema, for whatever no store would do.
    pub async fn client(&self) -> Client {
        connect(&self.url()).await
    }

    async fn run(&self, verb: &str, ending: &str) {
        let client = connect(&self.server).await;
        let text = format!("{verb} {} {ending}", self.name);
        client
            .batch_execute(&text)
            .await
            .unwrap_or_else(|error| unreachable!("{text}: {error}"));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "which server to test with is no configuration of Carnet"
)]
fn server() -> Option<String> {
    std::env::var(VARIABLE).ok()
}

async fn connect(url: &str) -> Client {
    let connected = tokio_postgres::connect(url, NoTls).await;
    let (client, connection) =
        connected.unwrap_or_else(|error| unreachable!("{VARIABLE} names no server: {error}"));
    tokio::spawn(connection);
    client
}

impl Drop for Schema {
    fn drop(&mut self) {
        // A test's runtime may be on its way out, so this is done on another.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                if let Ok(runtime) = runtime {
                    runtime.block_on(self.run("DROP SCHEMA IF EXISTS", "CASCADE"));
                }
            });
        });
    }
}
