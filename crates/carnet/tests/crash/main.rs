//! What is answered is kept: the real program is killed with SIGKILL in the middle of its work, on both
//! engines, and started again on the same data.
//!
//! 1. Some clients write over HTTP, each on a connection of its own: accounts, keys, delegations, users,
//!    tokens for assertions with a `jti`, revocations. Each notes what was answered.
//! 2. At a moment that a seed decides the process is killed. What was sent and not answered is in doubt:
//!    it may have happened or not, and nothing between.
//! 3. After the restart, which takes less than two seconds, all notes are compared with what is there.
//! 4. That is done some times over the same data, until more than a thousand writes were answered.
//!
//! The program is `carnet serve`, as an operator runs it. `CARNET_TEST_SEED` repeats a run. PostgreSQL is found in `CARNET_TEST_POSTGRES`, which
//! `cargo xtask test crash` sets; without it that test fails, since nothing would have been tried.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod client;
mod engine;
mod judge;
mod notes;
mod round;

use carnet_testkit::postgres::Schema;

#[test]
fn d1_to_d6_kill_9_loses_nothing_that_was_answered_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("carnet.db").display());
    round::all(&engine::program(folder.path(), &database));
}

#[test]
fn d1_to_d6_kill_9_loses_nothing_that_was_answered_on_postgresql() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(1)
        .build()
        .unwrap();
    let schema = runtime
        .block_on(Schema::fresh())
        .expect("CARNET_TEST_POSTGRES names no server; `cargo xtask postgres` starts one");
    let folder = tempfile::tempdir().unwrap();
    round::all(&engine::program(folder.path(), &schema.url()));
}
