//! The metadata server as google-cloud-auth finds it (google-wire 12: R7). The crate reads the environment, so each case
//! is a program of its own.

use std::env;
use std::io::BufRead as _;
use std::io::BufReader;
use std::process::Command;
use std::process::Stdio;

use carnet_interop::SERVER;
use carnet_interop::claims;
use carnet_interop::list;

/// The token that the program finds where the metadata server is at this host.
fn token(host: &str) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_machine"))
        .arg(&SERVER.read)
        .env_clear()
        .env("GCE_METADATA_HOST", host)
        .env("HOME", "/nonexistent")
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}");
    let text = String::from_utf8(done.stdout).expect("text");
    text.trim().to_owned()
}

async fn gives_tokens(host: &str) {
    let token = token(host);
    let said = claims(&token);
    assert_eq!(said["sub"], SERVER.ci_client_id.as_str());
    assert_eq!(said["scope"], SERVER.read.as_str());
    assert_eq!(list(&token).await.0, 200);
}

#[tokio::test]
async fn r7_the_machine_of_the_sandbox() {
    gives_tokens(&SERVER.metadata).await;
}

#[tokio::test]
async fn r7_carnet_metadata_with_a_key_file() {
    let binary = env::var("CARNET_BIN").expect("the runner names the binary");
    let words = ["metadata", "--listen", "127.0.0.1:0", "--key-file"];
    let mut server = Command::new(binary)
        .args(words)
        .arg(&SERVER.ci_file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("carnet metadata starts");
    let out = server.stdout.take().expect("its output");
    let mut line = String::new();
    BufReader::new(out)
        .read_line(&mut line)
        .expect("its first line");
    let host = line.trim().strip_prefix("export GCE_METADATA_HOST=");
    gives_tokens(host.expect("where it listens")).await;
    server.kill().expect("it ends");
    server.wait().expect("it ended");
}
