//! What hashing passwords alone comes to (speed.md, G9): a program that does nothing else, on the server's core, in turns
//! with the server. Both are averages over a turn, of which the best counts.

use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use argon2::Algorithm;
use argon2::Argon2;
use argon2::Block;
use argon2::Params;
use argon2::Version;
use clap::Args;
use tokio::time::Instant;

use crate::process::SERVED;

/// How long it is done.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// In milliseconds.
    milliseconds: u64,
}

/// Hashes, and prints how many nanoseconds one took on average.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let time = Duration::from_millis(arguments.milliseconds);
    println!("{}", average(time)?.as_nanos());
    Ok(())
}

/// One turn of it.
pub(super) fn turn(time: Duration) -> anyhow::Result<Duration> {
    let own = std::env::current_exe()?;
    let milliseconds = time.as_millis().to_string();
    let done = Command::new("taskset")
        .args(["-c", SERVED])
        .arg(own)
        .args(["hash", &milliseconds])
        .output()
        .context("taskset (of util-linux) is needed")?;
    ensure!(done.status.success(), "hashing failed");
    let nanoseconds = String::from_utf8(done.stdout)?.trim().parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// One password hash as Carnet makes it: Argon2id, 19 MiB, two passes, one lane; the memory is used again.
fn average(time: Duration) -> anyhow::Result<Duration> {
    let params = Params::new(19_456, 2, 1, Some(32)).map_err(anyhow::Error::msg)?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut out = [0; 32];
    let mut hash = || {
        let salt = b"sixteen bytes of";
        argon
            .hash_password_into_with_memory(b"a password", salt, &mut out, &mut memory)
            .map_err(anyhow::Error::msg)
    };
    // The memory is the system's until it is touched for the first time.
    hash()?;
    let began = Instant::now();
    let mut hashes = 0;
    while began.elapsed() < time {
        hash()?;
        hashes += 1;
    }
    Ok(began.elapsed() / hashes.max(1))
}
