//! Runs an interop suite: a library that we did not write, against a fresh `carnet dev`.
//!
//! The steps are those of `interop/README.md`: tools, packages, prepare, server, run, stop.

mod featured;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::counts::Counter;
use crate::house::House;
use crate::ledger::Outcome;
use crate::process;
use crate::suite::Suite;

/// The suites that Carnet promises.
pub(crate) const SUITES: &[&str] = &[
    "python", "go", "java", "spring", "node", "mcp", "rust", "ruby", "rclone", "curl", "gcloud",
    "browser", "saml", "openapi",
];

const START: Duration = Duration::from_mins(1);
/// `carnet` drains in less.
const STOP: Duration = Duration::from_secs(10);
/// The longest that one command of `prepare` may take: a first download of everything, on two cores.
const PREPARE_SECONDS: u64 = 1_200;

/// One suite, as a stage.
pub(crate) fn run(house: &House, name: &str, carnet: &Path) -> Result<Outcome> {
    let Some(suite) = Suite::read(&house.root().join("interop").join(name))? else {
        return Ok(Outcome::left_out(format!(
            "there is no interop/{name}/suite.toml"
        )));
    };
    if let Some(outcome) = without(&suite, process::in_ci()) {
        return Ok(outcome);
    }
    install(&suite)?;
    let featured = match suite.features.as_slice() {
        [] => None,
        features => Some(featured::build(house, features, carnet)?),
    };
    let carnet = featured.as_deref().unwrap_or(carnet);
    let desk = Desk::lay(house, name, &suite, carnet)?;
    for command in &suite.prepare {
        let status = process::shown(&mut desk.shell(command, PREPARE_SECONDS))?;
        if !status.success() {
            bail!("`{command}` ended with {status}");
        }
    }
    desk.tests(&suite)
}

/// What becomes of a suite whose programs are not all there.
fn without(suite: &Suite, in_ci: bool) -> Option<Outcome> {
    let rare = absent(&suite.only_with);
    if !rare.is_empty() {
        return Some(Outcome::left_out(format!(
            "not on this machine, and no package registry has it: {}",
            rare.join(", ")
        )));
    }
    let missing = absent(&suite.tools);
    if missing.is_empty() {
        return None;
    }
    let reason = format!("not on this machine: {}", missing.join(", "));
    Some(if in_ci {
        Outcome::trouble(reason)
    } else {
        Outcome::left_out(reason)
    })
}

fn absent(programs: &[String]) -> Vec<&str> {
    programs
        .iter()
        .map(String::as_str)
        .filter(|program| process::on_path(program).is_none())
        .collect()
}

/// Installs those Debian packages that are not there.
fn install(suite: &Suite) -> Result<()> {
    let absent: Vec<&str> = suite
        .needs
        .iter()
        .map(String::as_str)
        .filter(|name| !is_installed(name))
        .collect();
    if absent.is_empty() {
        Ok(())
    } else {
        process::install(&absent)
    }
}

fn is_installed(package: &str) -> bool {
    let mut ask = Command::new("dpkg-query");
    ask.args(["--show", "--showformat=${db:Status-Status}", package]);
    process::captured(&mut ask).is_ok_and(|status| status == "installed")
}

/// Where a suite works.
struct Desk<'a> {
    folder: &'a Path,
    work: PathBuf,
    carnet: &'a Path,
    ready_file: PathBuf,
}

impl<'a> Desk<'a> {
    fn lay(house: &House, name: &str, suite: &'a Suite, carnet: &'a Path) -> Result<Self> {
        let work = house.target_dir().join("interop").join(name);
        fs::create_dir_all(&work).with_context(|| format!("making {}", work.display()))?;
        let ready_file = work.join("ready.json");
        if ready_file.exists() {
            fs::remove_file(&ready_file)?;
        }
        Ok(Self {
            folder: &suite.folder,
            work,
            carnet,
            ready_file,
        })
    }

    /// A shell command of the suite, which is ended when its time is over.
    fn shell(&self, text: &str, seconds: u64) -> Command {
        let mut command = process::command("timeout", self.folder);
        command
            .arg("--kill-after=10")
            .arg(seconds.to_string())
            .args(["bash", "-euo", "pipefail", "-c", text])
            .env("CARNET_BIN", self.carnet)
            .env("CARNET_WORK", &self.work)
            .env("CARGO_TARGET_DIR", self.work.join("target"));
        command
    }

    /// Starts the server, runs the tests, stops the server.
    fn tests(&self, suite: &Suite) -> Result<Outcome> {
        let mut server = Server::start(self, &suite.dev_args)?;
        let mut counter = Counter::new(suite.kind);
        let mut command = self.shell(&suite.run, suite.timeout_seconds);
        command.env("CARNET_READY_FILE", &self.ready_file);
        let status = process::streamed(&mut command, &mut |line| {
            if let Some(shown) = counter.line(line) {
                println!("{shown}");
            }
        });
        let stopped = server.stop();
        let counts = counter.counts();
        let trouble = trouble(status?, suite.timeout_seconds)
            .or_else(|| stopped.err().map(|error| format!("{error:#}")));
        if trouble.is_some() || counts.failed > 0 {
            println!("the server said, at the end:\n{}", server.last_words());
        }
        Ok(Outcome {
            counts,
            trouble,
            left_out: None,
            verdicts: counter.verdicts(),
        })
    }
}

/// `timeout` ends with 124 when it had to end what it watched.
fn trouble(status: ExitStatus, seconds: u64) -> Option<String> {
    match status.code() {
        Some(0) => None,
        Some(124 | 137) => Some(format!("it was not done after {seconds} s")),
        _ => Some(format!("it ended with {status}")),
    }
}

/// A `carnet dev` that answers.
struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    fn start(desk: &Desk<'_>, more: &[String]) -> Result<Self> {
        let log = desk.work.join("carnet.log");
        let output = fs::File::create(&log)?;
        let child = process::tethered(desk.carnet, "TERM", &desk.work)
            .args(["dev", "--port", "0", "--ready-file"])
            .arg(&desk.ready_file)
            .args(more)
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("starting carnet dev")?;
        let mut server = Self { child, log };
        let ready = process::wait_until(START, || {
            if let Some(status) = server.child.try_wait()? {
                bail!(
                    "carnet dev ended at its start ({status}):\n{}",
                    server.last_words()
                );
            }
            Ok(desk.ready_file.is_file().then_some(()))
        })?;
        if ready.is_none() {
            bail!("carnet dev wrote no ready file:\n{}", server.last_words());
        }
        Ok(server)
    }

    /// It must end by itself, in order.
    fn stop(&mut self) -> Result<()> {
        match process::end(&mut self.child, "TERM", STOP)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!("carnet dev ended with {status}"),
            None => bail!("carnet dev did not end {} s after SIGTERM", STOP.as_secs()),
        }
    }

    /// The last lines of its log.
    fn last_words(&self) -> String {
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        let from = lines.len().saturating_sub(40);
        lines.get(from..).unwrap_or_default().join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ended = self.child.kill();
            let _status = self.child.wait();
        }
    }
}

#[cfg(test)]
mod tests;
