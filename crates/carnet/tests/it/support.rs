//! Runs the binary, and starts servers with it that end with the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

/// How long a server may take to start, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long it waits before it looks again.
const PAUSE: Duration = Duration::from_millis(20);

/// What a command did.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The binary, in a folder of its own, with nothing of our environment that it could read.
pub(crate) fn carnet(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_carnet"));
    command.args(words).current_dir(folder).env_clear();
    command.env("HOME", folder).env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::null());
    command
}

/// Runs it to its end.
pub(crate) fn run(folder: &Path, words: &[&str]) -> Ran {
    ran(carnet(folder, words).output().expect("the binary runs"))
}

/// What it did.
pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A process that ends with the test.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something is so.
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    let looks = PATIENCE.as_millis() / PAUSE.as_millis();
    for _ in 0..looks {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(PAUSE);
    }
    panic!("it did not come about in time");
}

/// A sandbox.
pub(crate) struct Sandbox {
    pub(crate) folder: TempDir,
    pub(crate) ready: Value,
    _server: Running,
}

impl Sandbox {
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// With these words more.
    pub(crate) fn with(more: &[&str]) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut words = vec!["dev", "--port", "0", "--ready-file", "ready.json"];
        words.extend(more);
        let mut command = carnet(folder.path(), &words);
        let server = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let server = Running(server.expect("the binary runs"));
        let file = folder.path().join("ready.json");
        let ready = until(|| serde_json::from_slice(&std::fs::read(&file).ok()?).ok());
        Self {
            folder,
            ready,
            _server: server,
        }
    }

    /// The key file of the sandbox's account of this name.
    pub(crate) fn key(&self, name: &str) -> String {
        let accounts = self.ready["service_accounts"].as_array().expect("accounts");
        let is = |account: &&Value| {
            account["email"]
                .as_str()
                .is_some_and(|email| email.starts_with(&format!("{name}@")))
        };
        let account = accounts.iter().find(is).expect("an account of that name");
        account["key_file"].as_str().expect("a key file").to_owned()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command as the sandbox's administrator.
    pub(crate) fn admin(&self, words: &[&str]) -> Ran {
        let key = self.key("admin");
        let mut all = words.to_vec();
        all.extend(["--key", &key, "--project", "demo"]);
        run(self.folder.path(), &all)
    }

    /// Runs any command.
    pub(crate) fn run(&self, words: &[&str]) -> Ran {
        run(self.folder.path(), words)
    }
}
