//! Bringing the schema up to date, by one node at a time.
//!
//! The whole of it is one transaction that holds an advisory lock of this schema, so a second node
//! that starts at the same moment waits and then finds nothing to do.

use deadpool_postgres::Client;
use tokio_postgres::Error;

use crate::error::OpenError;
use crate::migration;
use crate::migration::Applied;
use crate::migration::Migration;
use crate::migration::POSTGRES;
use crate::postgres::trouble;

/// Steps may take longer than what a request may.
const BEGIN: &str = "BEGIN;
    SET LOCAL statement_timeout = 0;
    SET LOCAL lock_timeout = 0;
    SET LOCAL idle_in_transaction_session_timeout = 0;
    SELECT pg_advisory_xact_lock(hashtextextended('carnet ' || current_schema(), 0));
    CREATE TABLE IF NOT EXISTS carnet_migrations (
        number BIGINT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL,
        checksum BYTEA NOT NULL
    )";

const APPLIED: &str = "SELECT number, checksum FROM carnet_migrations ORDER BY number";

const BEGUN: &str = "SELECT to_regclass('carnet_migrations') IS NOT NULL";

const RECORD: &str = "INSERT INTO carnet_migrations (number, name, checksum) VALUES ($1, $2, $3)";

pub(super) async fn migrate(client: &Client) -> Result<(), OpenError> {
    let refused = |error: Error| trouble::refused(&error);
    client.batch_execute(BEGIN).await.map_err(refused)?;
    let ended = steps(client).await;
    let end = if ended.is_ok() { "COMMIT" } else { "ROLLBACK" };
    client.batch_execute(end).await.map_err(refused)?;
    ended
}

async fn steps(client: &Client) -> Result<(), OpenError> {
    for step in missing(client).await? {
        let made = make(client, step).await;
        made.map_err(|error| trouble::refused(&error))?;
    }
    Ok(())
}

/// How many steps are still to be made, without making them.
pub(super) async fn missing_steps(client: &Client) -> Result<usize, OpenError> {
    let refused = |error: Error| trouble::refused(&error);
    let row = client.query_one(BEGUN, &[]).await.map_err(refused)?;
    if row.get(0) {
        Ok(missing(client).await?.len())
    } else {
        Ok(migration::ALL.len())
    }
}

async fn missing(client: &Client) -> Result<&'static [Migration], OpenError> {
    let rows = client.query(APPLIED, &[]).await;
    let rows = rows.map_err(|error| trouble::refused(&error))?;
    let applied: Vec<_> = rows
        .iter()
        .map(|row| Applied {
            number: row.get(0),
            checksum: row.get(1),
        })
        .collect();
    migration::missing(&applied).map_err(OpenError::unfit)
}

async fn make(client: &Client, step: &Migration) -> Result<(), Error> {
    tracing::info!(step = step.number, name = step.name, "the database grows");
    client.batch_execute(&step.text(&POSTGRES)).await?;
    let checksum = step.checksum().to_vec();
    client
        .execute(RECORD, &[&step.number, &step.name, &checksum])
        .await
        .map(|_| ())
}
