//! The real program in a process of its own: started, killed and started again on the same data.

use std::ffi::OsString;
use std::fs;
use std::fs::File;
use std::fs::OpenOptions;
use std::io;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::time::Instant;

use crate::talk::Answer;
use crate::talk::Caller;

/// How long a start may take before it has failed.
const START: Duration = Duration::from_mins(1);
/// How often it is asked whether it is there.
const STEP: Duration = Duration::from_millis(2);

/// How the program is started, each time anew.
#[derive(Clone, Debug)]
pub struct Program {
    /// The binary.
    pub path: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What is in its environment besides. What its own environment would tell it is kept from it.
    pub environment: Vec<(String, String)>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where `stdout` and `stderr` are kept: two files, which grow with each start.
    pub folder: PathBuf,
}

impl Program {
    /// Starts it, and waits until it answers.
    pub fn start(&self) -> io::Result<Live> {
        let began = now();
        let mut command = Command::new(&self.path);
        for (name, _) in std::env::vars_os() {
            let ours = name.to_str().is_none_or(|name| name.starts_with("CARNET_"));
            if ours || name == "DATABASE_URL" || name == "RUST_LOG" {
                command.env_remove(name);
            }
        }
        let child = command
            .args(&self.arguments)
            .envs(self.environment.iter().cloned())
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(self.output("stdout")?)
            .stderr(self.output("stderr")?)
            .spawn()?;
        let mut live = Live {
            child,
            took: Duration::ZERO,
        };
        while !self.answers() {
            if let Some(status) = live.child.try_wait()? {
                return Err(self.failed(&format!("it ended with {status}")));
            }
            if began.elapsed() > START {
                return Err(self.failed("it does not answer"));
            }
            thread::sleep(STEP);
        }
        live.took = began.elapsed();
        Ok(live)
    }

    /// Everything that it printed since its first start.
    #[must_use]
    pub fn printed(&self, stream: &str) -> String {
        fs::read(self.folder.join(stream))
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    fn answers(&self) -> bool {
        Caller::new(self.address)
            .get("/jwks")
            .is_ok_and(|answer: Answer| answer.status == 200)
    }

    fn output(&self, stream: &str) -> io::Result<File> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join(stream))
    }

    fn failed(&self, why: &str) -> io::Error {
        let said = self.printed("stderr");
        io::Error::other(format!("{}: {why}\n{said}", self.path.display()))
    }
}

/// A running program. It is killed when this goes.
#[derive(Debug)]
pub struct Live {
    child: Child,
    /// From the start to the first answer.
    pub took: Duration,
}

impl Live {
    /// Whether it still runs.
    pub fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL: it has no say in it. The process is gone when this returns.
    pub fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

/// An address of this machine that nobody has: the same one is handed out again only after a while.
pub fn free_address() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// Which of these secrets stand in the text; each is told by its first letters only.
#[must_use]
pub fn leaked(text: &str, secrets: &[String]) -> Vec<String> {
    secrets
        .iter()
        .filter(|secret| secret.len() >= 16 && text.contains(secret.as_str()))
        .map(|secret| secret.chars().take(12).collect())
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long a start takes is what is measured"
)]
fn now() -> Instant {
    Instant::now()
}
