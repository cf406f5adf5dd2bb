//! The two engines: how the program is started on each, and who its first administrator is.
//!
//! On SQLite it is `carnet dev --data`, whose ready file has a token. On PostgreSQL it is `carnet serve`,
//! and the setup link that it prints makes the first administrator, as for any operator.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

use carnet_testkit::live::Program;
use carnet_testkit::live::free_address;

/// The binary under test.
const CARNET: &str = env!("CARGO_BIN_EXE_carnet");

/// Where the program runs, and on what.
pub(crate) struct Ground {
    pub(crate) program: Program,
    pub(crate) issuer: String,
    ready: Option<PathBuf>,
}

impl Ground {
    /// A SQLite file in this folder.
    pub(crate) fn sqlite(folder: &Path) -> Self {
        let address = free_address().unwrap();
        let ready = folder.join("ready.json");
        let port = address.port().to_string();
        let data = folder.join("data");
        let arguments = [
            "dev".as_ref(),
            "--port".as_ref(),
            port.as_ref(),
            "--data".as_ref(),
            data.as_os_str(),
            "--ready-file".as_ref(),
            ready.as_os_str(),
        ];
        let program = Program {
            path: CARNET.into(),
            arguments: arguments.map(std::ffi::OsStr::to_owned).to_vec(),
            environment: Vec::new(),
            address,
            folder: folder.to_owned(),
        };
        Self {
            program,
            issuer: format!("http://{address}"),
            ready: Some(ready),
        }
    }
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

/// The first administrator.
pub(crate) struct Administrator {
    /// A token for everything.
    pub(crate) token: String,
    /// What was shown to make it, and must stand in no log.
    pub(crate) secrets: Vec<String>,
}

impl Ground {
    /// Finds or makes the first administrator.
    pub(crate) fn first_administrator(&self) -> Administrator {
        let ready = self.ready.as_ref().unwrap();
        let ready: serde_json::Value = serde_json::from_slice(&fs::read(ready).unwrap()).unwrap();
        let token = ready["admin_token"].as_str().unwrap().to_owned();
        Administrator {
            secrets: vec![token.clone()],
            token,
        }
    }
}
