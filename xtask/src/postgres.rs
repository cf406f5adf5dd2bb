//! A PostgreSQL of our own, for as long as the tests run.
//!
//! 1. Its programs are found, or installed where we are root.
//! 2. `initdb` makes an empty cluster in a folder that the server's user can enter. (PostgreSQL refuses to run
//!    as root, so root lends the work to `postgres`.)
//! 3. It listens on a free port of the loopback address and on a socket in its own folder, and believes who
//!    calls: nobody else can reach it. What it calls durable is durable: `fsync` stays on.
//! 4. It is stopped and its folder removed when it goes out of scope, also after a failure.

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::process;

/// The variable by which tests find it.
pub(crate) const VARIABLE: &str = "CARNET_TEST_POSTGRES";

/// The version that the tests are written for, and its Debian package.
const VERSION: u32 = 15;
const PACKAGE: &str = "postgresql-15";

/// How its folder is named, before the number of our process.
const FOLDER: &str = "carnet-postgres-";

const USER: &str = "postgres";
const START: Duration = Duration::from_mins(1);
const STOP: Duration = Duration::from_secs(30);

/// A server that runs until it is dropped.
pub(crate) struct Postgres {
    server: Child,
    folder: PathBuf,
    port: u16,
}

impl Postgres {
    /// Starts an empty one.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs()?;
        let version = process::captured(Command::new(programs.join("postgres")).arg("--version"))?;
        sweep();
        let folder = std::env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("making {}", folder.display()))?;
        if process::is_root() {
            process::captured(Command::new("chown").arg(USER).arg(&folder))?;
        }
        let data = folder.join("data");
        process::captured(
            as_user(&programs.join("initdb"), &folder)
                .arg("-D")
                .arg(&data)
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                ]),
        )?;
        let port = free_port()?;
        let log = fs::File::create(folder.join("log"))?;
        let server = as_user(&programs.join("postgres"), &folder)
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args([
                "-c",
                "max_connections=300",
                "-c",
                "fsync=on",
                "-c",
                "synchronous_commit=on",
            ])
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting postgres")?;
        let mut postgres = Self {
            server,
            folder,
            port,
        };
        postgres.wait(&programs)?;
        println!("{} on port {port}", version.trim());
        Ok(postgres)
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, programs: &Path) -> Result<()> {
        let port = self.port.to_string();
        let ready = process::wait_until(START, || {
            if let Some(status) = self.server.try_wait()? {
                bail!("postgres ended at its start ({status}): {}", self.log());
            }
            let mut ask = Command::new(programs.join("pg_isready"));
            ask.args(["-q", "-h", "127.0.0.1", "-p", &port]);
            Ok(process::shown(&mut ask)?.success().then_some(()))
        })?;
        ready.with_context(|| format!("postgres does not answer: {}", self.log()))
    }

    fn log(&self) -> String {
        let mut text = String::new();
        if let Ok(file) = fs::File::open(self.folder.join("log")) {
            // A log that cannot be read explains nothing, and is no trouble of its own.
            let _read = file.take(8_000).read_to_string(&mut text);
        }
        text
    }
}

impl Drop for Postgres {
    /// A fast shutdown: open sessions are ended, what was committed is written.
    fn drop(&mut self) {
        if !matches!(process::end(&mut self.server, "INT", STOP), Ok(Some(_))) {
            eprintln!("postgres did not stop and is killed");
            let _ended = self.server.kill();
            let _status = self.server.wait();
        }
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("{} stays: {error}", self.folder.display());
        }
    }
}

/// `cargo xtask postgres`: one that runs until this program is ended.
pub(crate) fn hold() -> Result<bool> {
    let mut postgres = Postgres::start()?;
    println!("export {VARIABLE}={}", postgres.url());
    let status = postgres.server.wait()?;
    println!("postgres ended ({status})");
    Ok(status.success())
}

/// Removes the folders of runs that were killed: those whose process is gone.
fn sweep() {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let process = name.to_str().and_then(|name| name.strip_prefix(FOLDER));
        if process.is_some_and(|number| !Path::new("/proc").join(number).exists()) {
            // One that stays is in nobody's way.
            let _removed = fs::remove_dir_all(entry.path());
        }
    }
}

/// The folder with the server's programs, which are installed if they are missing.
fn programs() -> Result<PathBuf> {
    if let Some(folder) = installed() {
        return Ok(folder);
    }
    process::install(&[PACKAGE])?;
    installed().with_context(|| format!("{PACKAGE} brought no server"))
}

fn installed() -> Option<PathBuf> {
    let debian = PathBuf::from(format!("/usr/lib/postgresql/{VERSION}/bin"));
    let complete = |folder: &PathBuf| {
        ["initdb", "postgres", "pg_isready"]
            .iter()
            .all(|program| folder.join(program).is_file())
    };
    if complete(&debian) {
        return Some(debian);
    }
    let elsewhere = process::on_path("initdb")?.parent()?.to_path_buf();
    let text = process::captured(Command::new(elsewhere.join("initdb")).arg("--version")).ok()?;
    (complete(&elsewhere) && is_version(&text)).then_some(elsewhere)
}

/// `initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`
fn is_version(text: &str) -> bool {
    let number = text
        .split_whitespace()
        .nth(2)
        .and_then(|word| word.split('.').next());
    number.and_then(|number| number.parse().ok()) == Some(VERSION)
}

/// A program of the server, as a user that it accepts, and ended by the kernel should we die.
fn as_user(program: &Path, folder: &Path) -> Command {
    if !process::is_root() {
        return process::tethered(program, "INT", folder);
    }
    let mut command = process::command("setpriv", folder);
    command.args([
        "--reuid",
        USER,
        "--regid",
        USER,
        "--init-groups",
        "--pdeathsig",
        "INT",
        "--",
    ]);
    command.arg(program);
    command
}

/// A port that nobody has; the kernel hands the same one out again only after a while.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("looking for a free port")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests;
