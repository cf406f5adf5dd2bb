//! The two servers, started on their core.

use std::fs;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::bail;
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::load::Reader;
use crate::process::Pinned;
use crate::process::SERVED;
use crate::request;
use crate::script;
use crate::script::Answer;
use crate::script::Script;

/// How long a start may take; the longest part is to write many accounts.
const PATIENCE: Duration = Duration::from_mins(5);

/// A server that answers.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) process: Pinned,
    pub(crate) address: SocketAddr,
    /// The token with which one may introspect here.
    pub(crate) caller: String,
}

impl Server {
    /// What is written into `Host`.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    /// Asks once.
    pub(crate) async fn ask(&self, request: &[u8]) -> anyhow::Result<Answer> {
        ask(self.address, request).await
    }
}

/// Carnet, with its data on disk.
#[derive(Debug)]
pub(crate) struct Carnet {
    program: PathBuf,
    configuration: String,
    log: PathBuf,
    address: SocketAddr,
    caller: String,
}

/// What we read in the ready file.
#[derive(Deserialize)]
struct Ready {
    admin_token: String,
}

impl Carnet {
    /// Makes a new database of a seed.
    pub(crate) async fn sow(program: &Path, folder: &Path, text: &str) -> anyhow::Result<Self> {
        let address = free_address()?;
        let at = |name: &str| folder.join(name).display().to_string();
        let (data, seed, ready) = (at("data"), at("seed.toml"), at("ready.json"));
        fs::write(&seed, text)?;
        let listen = address.to_string();
        let options = ["--listen", &listen, "--data", &data, "--seed", &seed];
        let words = [&["dev", "--ready-file", &ready], options.as_slice()].concat();
        let log = folder.join("dev.log");
        let mut sandbox = Pinned::start(SERVED, program, &words, &log)?;
        wait(&mut sandbox, address, Instant::now()).await?;
        sandbox.stop()?;
        let ready = fs::read(&ready).context("the ready file")?;
        let ready: Ready = serde_json::from_slice(&ready).context("the ready file")?;
        let configuration = folder.join("carnet.toml");
        fs::write(&configuration, configured(address, &data))?;
        Ok(Self {
            program: program.to_owned(),
            configuration: configuration.display().to_string(),
            log: folder.join("carnet.log"),
            address,
            caller: ready.admin_token,
        })
    }

    /// Starts on what is in the database, and says after what time it answered.
    pub(crate) async fn start(&self) -> anyhow::Result<(Server, Duration)> {
        self.start_elsewhere(SERVED).await
    }

    /// The same, on other cores.
    pub(crate) async fn start_elsewhere(&self, cores: &str) -> anyhow::Result<(Server, Duration)> {
        let words = ["serve", "--config", &self.configuration];
        let began = Instant::now();
        let mut process = Pinned::start(cores, &self.program, &words, &self.log)?;
        let took = wait(&mut process, self.address, began).await?;
        let server = Server {
            process,
            address: self.address,
            caller: self.caller.clone(),
        };
        Ok((server, took))
    }

    /// Starts and ends it so many times.
    pub(crate) async fn starts(&mut self, times: usize) -> anyhow::Result<Vec<Duration>> {
        let mut starts = Vec::new();
        for _ in 0..times {
            let (server, took) = self.start().await?;
            server.process.stop()?;
            starts.push(took);
        }
        Ok(starts)
    }

    /// How large the program is.
    pub(crate) fn size(&self) -> anyhow::Result<u64> {
        Ok(fs::metadata(&self.program)?.len())
    }
}

/// The configuration of a server on the database that the sandbox left. Nobody balances loads here, so
/// it stops without giving notice.
fn configured(address: SocketAddr, data: &str) -> String {
    format!(
        "issuer = \"http://{address}\"\ndatabase_url = \"sqlite:{data}/carnet.db\"\n\
         secret_key_file = \"{data}/secret_key\"\n\
         [http]\nlisten = \"{address}\"\n[ops]\nlisten = \"off\"\n[drain]\ndelay = \"0s\"\n"
    )
}

/// Starts the bare server. It does not ask who asks; the caller's token is shown to it all the same, so
/// that it reads as many bytes.
pub(crate) async fn start_bare(
    mut script: Script,
    folder: &Path,
    caller: &str,
) -> anyhow::Result<Server> {
    let address = free_address()?;
    script.port = address.port();
    script.rows = folder.join("bare.db");
    let file = folder.join("script.json");
    fs::write(&file, serde_json::to_vec(&script)?)?;
    let own = std::env::current_exe()?;
    let file = file.display().to_string();
    let mut process = Pinned::start(SERVED, &own, &["bare", &file], &folder.join("bare.log"))?;
    wait(&mut process, address, Instant::now()).await?;
    Ok(Server {
        process,
        address,
        caller: caller.to_owned(),
    })
}

/// An address that nobody uses now. Carnet's must be known before it starts: its tokens carry it.
pub(crate) fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// Waits for the first 200.
pub(crate) async fn wait(
    process: &mut Pinned,
    address: SocketAddr,
    began: Instant,
) -> anyhow::Result<Duration> {
    let request = request::get(&address.to_string(), script::JWKS_PATH);
    while began.elapsed() < PATIENCE {
        if ask(address, &request).await.is_ok() {
            return Ok(began.elapsed());
        }
        if process.ended()? {
            bail!("the server ended when it should have begun; --keep keeps what it said");
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    bail!("the server did not answer within {PATIENCE:?}")
}

async fn ask(address: SocketAddr, request: &[u8]) -> anyhow::Result<Answer> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request).await?;
    let mut reader = Reader::default();
    let answer = reader.read(&mut stream).await?;
    let body = std::str::from_utf8(answer.body)?.to_owned();
    if answer.status != 200 {
        bail!("answered {}: {body}", answer.status);
    }
    let headers = answer.head.lines().skip(1);
    let headers = headers.filter_map(|line| line.split_once(": "));
    let of_hyper = |name: &str| ["content-length", "date"].contains(&name);
    let headers = headers
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .filter(|(name, _)| !of_hyper(name))
        .collect();
    Ok(Answer { headers, body })
}
