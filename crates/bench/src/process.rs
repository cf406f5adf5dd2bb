//! Other programs, on a core of their own: started, watched from `/proc`, ended.

use std::env;
use std::fs;
use std::fs::File;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::bail;
use tokio::time::Instant;

/// How many ticks of `/proc/PID/stat` there are in a second: the same on every Linux of today.
const TICKS: u64 = 100;

/// How long a program may take to end.
const PATIENCE: Duration = Duration::from_secs(10);

/// The core of a server.
pub(crate) const SERVED: &str = "0";

/// The core of the generator.
pub(crate) const ASKING: &str = "1";

/// Both, for a server that has two.
pub(crate) const BOTH: &str = "0,1";

/// Keeps this thread, and those that it starts from now on, on one core.
pub(crate) fn pin_here(core: &str) -> anyhow::Result<()> {
    let pinned = Command::new("taskset")
        .args(["-pc", core, &std::process::id().to_string()])
        .stdout(Stdio::null())
        .status()
        .context("taskset (of util-linux) is needed")?;
    if !pinned.success() {
        bail!("this process cannot be kept on core {core}");
    }
    Ok(())
}

/// A program that runs on a core of its own, and is ended with us.
#[derive(Debug)]
pub(crate) struct Pinned {
    child: Child,
}

impl Pinned {
    /// Starts it. `taskset` becomes the program, so the process id is the program's. What it says on
    /// standard error goes to a file.
    pub(crate) fn start(
        cores: &str,
        program: &Path,
        words: &[&str],
        says: &Path,
    ) -> anyhow::Result<Self> {
        let says = File::options().create(true).append(true).open(says)?;
        let mut command = Command::new("taskset");
        // What is set for the bench is no configuration of the server's: it refuses keys that it does not know.
        for (name, _) in env::vars_os() {
            if name.as_encoded_bytes().starts_with(b"CARNET_") {
                command.env_remove(name);
            }
        }
        let child = command
            .args(["-c", cores])
            .arg(program)
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(says)
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        Ok(Self { child })
    }

    /// Whether it has ended by itself.
    pub(crate) fn ended(&mut self) -> anyhow::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Tells it to end, and waits until it has.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.ended()? {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        bail!("a server did not end within {PATIENCE:?}")
    }

    /// The time that it has kept a core busy: user and system, all threads.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name of the program, in brackets, may hold anything; behind it stand numbers.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        Ok(Duration::from_millis(ticks * 1_000 / TICKS))
    }

    /// The memory that it holds, in bytes.
    pub(crate) fn memory(&self) -> anyhow::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        let kilobytes: u64 = kilobytes.context("VmRSS")?.parse()?;
        Ok(kilobytes * 1_024)
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
