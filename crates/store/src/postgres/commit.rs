//! A commit in one round trip.
//!
//! 1. The statements are prepared (once for each connection).
//! 2. `BEGIN`, every statement, `NOTIFY` and `COMMIT` are sent together.
//! 3. A statement that does not fit fails by itself ([`crate::statement`]); the server then refuses
//!    what follows and turns the `COMMIT` into a rollback. The first failure is the one that counts.
//! 4. Two transactions that stood in each other's way are told so by the server; one of them is made
//!    again, a few times. So is one whose session the server ended before its `COMMIT`.
//!
//! The isolation level is named: "ten keys at most" counts after it holds the account, and must then
//! see what others committed while it waited.

use carnet_core::store::Fault;
use deadpool_postgres::Client;
use deadpool_postgres::Pool;
use tokio_postgres::Error;
use tokio_postgres::Statement;

use crate::engine::Work;
use crate::engine::Written;
use crate::postgres::connect;
use crate::postgres::feed::Channel;
use crate::postgres::feed::Notify;
use crate::postgres::in_order::Boxed;
use crate::postgres::in_order::in_order;
use crate::postgres::trouble;
use crate::postgres::value;
use crate::statement::Step;

const TRIES: usize = 5;

const COMMIT: &str = "COMMIT";

pub(super) async fn commit(pool: &Pool, channel: &Channel, work: &Work) -> Result<Written, Fault> {
    let mut tries = 1;
    loop {
        let client = connect::connection(pool).await?;
        let statements = prepare(&client, &work.steps).await?;
        let notify = channel.notify(&client, &work.topics).await?;
        match once(&client, work, &statements, &notify).await {
            Ok(written) => return Ok(written),
            Err((error, _)) if trouble::is_clash(&error) && tries < TRIES => {}
            Err((error, name)) if is_undone(&error, name) && tries < TRIES => {
                // Dead, though the pool may not have noticed.
                drop(Client::take(client));
            }
            Err((error, name)) => return Err(trouble::fault(&error, name)),
        }
        tries += 1;
    }
}

/// A session that ends before it came to the end undoes everything. What ends at `COMMIT`, or
/// without a word, may have been made: that is for the caller to find out.
fn is_undone(error: &Error, place: &str) -> bool {
    trouble::is_ended(error) && place != COMMIT
}

async fn prepare(client: &Client, steps: &[Step]) -> Result<Vec<Statement>, Fault> {
    let mut statements = Vec::with_capacity(steps.len());
    for step in steps {
        let text = match step.no_row {
            Some(_) => step.statement.postgres_guarded(),
            None => step.statement.postgres(),
        };
        let prepared = client.prepare_cached(text).await;
        statements.push(prepared.map_err(|error| trouble::fault(&error, step.statement.name()))?);
    }
    Ok(statements)
}

async fn once(
    client: &Client,
    work: &Work,
    statements: &[Statement],
    notify: &Notify,
) -> Result<Written, (Error, &'static str)> {
    let run = |text: &'static str| -> Boxed<'_, Result<u64, Error>> {
        Box::pin(async move { client.batch_execute(text).await.map(|()| 0) })
    };
    let mut sent = Vec::with_capacity(statements.len() + 3);
    sent.push(run("BEGIN ISOLATION LEVEL READ COMMITTED"));
    for (step, statement) in work.steps.iter().zip(statements) {
        let params: Vec<_> = step.params.iter().map(value::as_sql).collect();
        sent.push(Box::pin(async move {
            client.execute_raw(statement, params).await
        }));
    }
    if let Some(statement) = &notify.statement {
        for payload in &notify.payloads {
            let params = [notify.channel.as_str(), payload];
            sent.push(Box::pin(async move {
                client.execute_raw(statement, params).await
            }));
        }
    }
    sent.push(run(COMMIT));

    let mut results = in_order(sent).await.into_iter();
    if let Some(Err(error)) = results.next() {
        return Err((error, "BEGIN"));
    }
    let mut touched = 0;
    for (step, result) in work.steps.iter().zip(results.by_ref()) {
        match result {
            Ok(rows) => touched = rows,
            Err(error) => {
                return match trouble::why(&error, step) {
                    Some(why) => Ok(Written::No(step.change, why)),
                    None => Err((error, step.statement.name())),
                };
            }
        }
    }
    // NOTIFY and COMMIT.
    for result in results {
        result.map_err(|error| (error, COMMIT))?;
    }
    Ok(Written::Yes(touched))
}
