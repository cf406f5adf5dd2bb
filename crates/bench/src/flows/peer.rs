//! node-oidc-provider: installed from the lock file in `crates/bench/peer`, and started.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;
use anyhow::ensure;
use tokio::time::Instant;

use super::side::Side;
use super::side::Who;
use crate::process::Pinned;
use crate::process::SERVED;
use crate::servers;
use crate::servers::Server;

const FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../peer/package.json")),
    (
        "package-lock.json",
        include_str!("../../peer/package-lock.json"),
    ),
    ("peer.js", include_str!("../../peer/peer.js")),
];

/// Installs and starts it; the client that signs has this key.
pub(super) async fn start(folder: &Path, public_key: &str) -> anyhow::Result<Side> {
    let folder = folder.join("peer");
    fs::create_dir_all(&folder)?;
    for (name, text) in FILES {
        fs::write(folder.join(name), text)?;
    }
    let key = folder.join("signer.pem");
    fs::write(&key, public_key)?;
    eprintln!("bench: installing node-oidc-provider");
    let installed = Command::new("npm")
        .args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--silent",
        ])
        .current_dir(&folder)
        .status()
        .context("npm is needed, unless --no-peer is given")?;
    ensure!(
        installed.success(),
        "npm ci failed; --no-peer leaves the peer out"
    );
    let address = servers::free_address()?;
    let (script, port) = (folder.join("peer.js"), address.port().to_string());
    let (script, key) = (script.display().to_string(), key.display().to_string());
    let log = folder.join("log");
    let words = [script.as_str(), &port, &key];
    let mut process = Pinned::start(SERVED, Path::new("node"), &words, &log)?;
    servers::wait(&mut process, address, Instant::now()).await?;
    Ok(Side {
        who: Who::Peer,
        server: Server {
            process,
            address,
            caller: String::new(),
        },
    })
}
