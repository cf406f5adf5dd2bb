//! Carnet and the bare servers take turns.

use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use serde_json::Value;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::Arguments;
use super::row::Row;
use super::seed;
use super::seed::Field;
use super::table::Figures;
use super::table::Line;
use crate::load;
use crate::load::Length;
use crate::load::Shots;
use crate::process::Pinned;
use crate::process::SERVED;
use crate::request;
use crate::sample::Turn;
use crate::sample::sample;
use crate::script;
use crate::script::Answer;
use crate::script::Clients;
use crate::script::Script;
use crate::servers;
use crate::servers::Carnet;
use crate::servers::Server;

/// How long a server is asked before each measurement.
const WARM: Duration = Duration::from_millis(300);

/// The client of the bare server that signs.
const CLIENT: &str = "bench";
const SECRET: &str = "bench-secret-bench-secret-bench-secret";

const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";

const TOKEN_PATH: &str = "/computeMetadata/v1/instance/service-accounts/default/token";

/// The servers, running.
pub(super) struct Turns<'a> {
    field: &'a Field,
    carnet: Server,
    metadata: Server,
    /// Verifies and signs; gives bytes that are ready.
    verifying: Server,
    /// Only signs.
    signing: Server,
    /// A token of a principal.
    principal: String,
    tokens: Vec<(String, String)>,
}

impl<'a> Turns<'a> {
    pub(super) async fn begin(
        carnet: &Carnet,
        field: &'a Field,
        program: &Path,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let (server, _) = carnet.start().await?;
        let tokens = field.tokens()?;
        let (audience, token) = tokens.first().context("a token of the issuer")?;
        let host = server.host();
        let exchanged = server.ask(&exchange(&host, audience, token)).await?;
        let principal = member(&exchanged, "access_token")?;
        let asked = generate(&host, Row::AccessToken, 0, &principal);
        let access = server.ask(&asked).await.context("generateAccessToken")?;
        let asked = generate(&host, Row::IdToken, 0, &principal);
        let id = server.ask(&asked).await.context("generateIdToken")?;
        let metadata = metadata(program, folder).await?;
        let kept = metadata.ask(&kept(&metadata)).await?;
        ensure!(kept.body.starts_with('{'), "{}", kept.body);
        let script = Script {
            keys: vec![field.issuer.key_pair().public_key().to_spki_pem()],
            jwt: exchanged.signing(&principal)?,
            jwks: kept,
            signing_key: KeyPair::generate(KeyType::P256)?
                .to_pkcs8_pem()?
                .to_string(),
            ..Script::default()
        };
        let (access_token, id_token) = (member(&access, "accessToken")?, member(&id, "token")?);
        let clients = Clients {
            secret: SECRET.to_owned(),
            key: KeyPair::generate(KeyType::Rsa2048)?
                .to_pkcs8_pem()?
                .to_string(),
            es256: access.clone().signing(&access_token)?,
            rs256: id.signing(&id_token)?,
            opaque: access,
        };
        let signing = Script {
            clients: Some(clients),
            signing_key: script.signing_key.clone(),
            ..Script::default()
        };
        let of = |name: &str| -> anyhow::Result<_> {
            let folder = folder.join(name);
            fs::create_dir(&folder)?;
            Ok(folder)
        };
        Ok(Self {
            field,
            metadata,
            verifying: servers::start_bare(script, &of("verifying")?, "").await?,
            signing: servers::start_bare(signing, &of("signing")?, "").await?,
            carnet: server,
            principal,
            tokens,
        })
    }

    /// Measures all rows.
    pub(super) async fn run(&self, arguments: &Arguments) -> anyhow::Result<Figures> {
        let mut lines = Vec::new();
        for row in arguments.rows() {
            eprintln!("bench: {} providers: {}", self.field.providers, row.name());
            let line = self.line(row, arguments).await;
            lines.push(line.with_context(|| row.name())?);
        }
        Ok(Figures {
            providers: self.field.providers,
            bindings: self.field.bindings(),
            lines,
        })
    }

    /// Ends all.
    pub(super) fn end(self) -> anyhow::Result<()> {
        for server in [self.carnet, self.metadata, self.verifying, self.signing] {
            server.process.stop()?;
        }
        Ok(())
    }

    async fn line(&self, row: Row, arguments: &Arguments) -> anyhow::Result<Line> {
        let (server, bare) = match row {
            Row::Exchange => (&self.carnet, &self.verifying),
            Row::AccessToken | Row::IdToken => (&self.carnet, &self.signing),
            Row::Metadata => (&self.metadata, &self.verifying),
        };
        let ours = Rc::new(Shots {
            requests: self.requests(row),
            expect: row.expect(),
        });
        let theirs = Rc::new(Shots {
            requests: self.bare_requests(row, bare),
            expect: r#"{"access_token":""#,
        });
        let (mut carnet, mut other) = (Turn::default(), Turn::default());
        for _ in 0..arguments.sitting.rounds {
            for (server, shots, turn) in [(server, &ours, &mut carnet), (bare, &theirs, &mut other)]
            {
                let many = arguments.sitting.connections;
                // Once around, so that nothing is met for the first time while it is measured.
                load::fire(server.address, shots, many, Length::Once, false).await?;
                load::fire(server.address, shots, many, Length::For(WARM), false).await?;
                let length = Length::For(arguments.sitting.time());
                turn.0
                    .push(sample(&server.process, server.address, shots, many, length).await?);
            }
        }
        Ok(Line {
            row,
            carnet,
            bare: other,
        })
    }

    fn requests(&self, row: Row) -> Vec<Vec<u8>> {
        let host = self.carnet.host();
        match row {
            Row::Exchange => {
                let all = self.tokens.iter();
                all.map(|(audience, token)| exchange(&host, audience, token))
                    .collect()
            }
            Row::AccessToken | Row::IdToken => (0..self.field.accounts())
                .map(|account| generate(&host, row, account, &self.principal))
                .collect(),
            Row::Metadata => vec![kept(&self.metadata)],
        }
    }

    fn bare_requests(&self, row: Row, bare: &Server) -> Vec<Vec<u8>> {
        let host = bare.host();
        let form = "grant_type=client_credentials";
        let signing = |path| {
            vec![request::post_with(
                &host,
                path,
                form,
                &request::basic(CLIENT, SECRET),
            )]
        };
        match row {
            Row::Exchange => {
                let all = self.tokens.iter().map(|(_, token)| request::grant(token));
                all.map(|form| request::post(&host, script::JWT_PATH, &form, None))
                    .collect()
            }
            Row::AccessToken => signing("/token"),
            Row::IdToken => signing("/rs256"),
            Row::Metadata => vec![request::get(&host, script::JWKS_PATH)],
        }
    }
}

fn member(answer: &Answer, name: &str) -> anyhow::Result<String> {
    let body: Value = serde_json::from_str(&answer.body)?;
    let text = body.get(name).and_then(Value::as_str);
    text.map(str::to_owned)
        .with_context(|| format!("no {name}: {}", answer.body))
}

/// The exchange as Google's libraries send it (google-wire 6.1).
fn exchange(host: &str, audience: &str, token: &str) -> Vec<u8> {
    let urn = |rest: &str| format!("urn:ietf:params:oauth:{rest}");
    let form = request::encode([
        ("grant_type", urn("grant-type:token-exchange").as_str()),
        ("audience", audience),
        ("scope", CLOUD),
        (
            "requested_token_type",
            urn("token-type:access_token").as_str(),
        ),
        ("subject_token_type", urn("token-type:jwt").as_str()),
        ("subject_token", token),
    ]);
    request::post(host, "/v1/token", &form, None)
}

fn generate(host: &str, row: Row, account: usize, token: &str) -> Vec<u8> {
    let (method, body) = match row {
        Row::IdToken => (
            "generateIdToken",
            json!({ "audience": "https://bench.example", "includeEmail": true }),
        ),
        _ => (
            "generateAccessToken",
            json!({ "scope": [seed::SCOPE], "lifetime": "3600s" }),
        ),
    };
    let (body, email) = (body.to_string(), seed::email(account));
    format!(
        "POST /v1/projects/-/serviceAccounts/{email}:{method} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\n\
         Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The token that the metadata server keeps.
fn kept(server: &Server) -> Vec<u8> {
    format!(
        "GET {TOKEN_PATH} HTTP/1.1\r\nHost: {}\r\nUser-Agent: bench\r\nMetadata-Flavor: Google\r\n\r\n",
        server.host()
    )
    .into_bytes()
}

/// `carnet metadata` with the key file of the account that the seed made.
async fn metadata(program: &Path, folder: &Path) -> anyhow::Result<Server> {
    let address = servers::free_address()?;
    let key = folder.join("data/administrator-key.json");
    let (key, listen) = (key.display().to_string(), address.to_string());
    let words = [
        "metadata",
        "--key-file",
        &key,
        "--listen",
        &listen,
        "--scope",
        seed::SCOPE,
    ];
    let mut process = Pinned::start(SERVED, program, &words, &folder.join("metadata.log"))?;
    let began = Instant::now();
    while TcpStream::connect(address).await.is_err() {
        ensure!(
            began.elapsed() < Duration::from_secs(10) && !process.ended()?,
            "the metadata server does not answer"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(Server {
        process,
        address,
        caller: String::new(),
    })
}
