//! Where the program runs, when, and by which chance.

use std::path::Path;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use carnet_testkit::live::Program;
use carnet_testkit::served;

/// `carnet serve` in this folder, on this database.
pub(crate) fn program(folder: &Path, database: &str) -> Program {
    served::program(env!("CARGO_BIN_EXE_carnet"), folder, database).unwrap()
}

/// Seconds since 1970, as assertions have them.
#[expect(clippy::disallowed_methods, reason = "the program has a clock too")]
pub(crate) fn seconds() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_secs()
}

/// What decides the run: `CARNET_TEST_SEED`, or else the time.
#[expect(
    clippy::disallowed_methods,
    reason = "it repeats a test, and is no configuration of Carnet"
)]
pub(crate) fn seed() -> u64 {
    let wanted = std::env::var("CARNET_TEST_SEED").ok();
    wanted.map_or_else(seconds, |text| text.parse().unwrap())
}
