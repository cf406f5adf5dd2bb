//! The servers take turns.

use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use std::time::SystemTime;

use anyhow::Context as _;
use anyhow::ensure;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use carnet_jose::Algorithm;
use carnet_jose::Jwk;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::digest;
use carnet_jose::jwt::TYP_JWT;
use carnet_jose::sign_compact;
use serde_json::json;

use super::Arguments;
use super::hashing;
use super::job::Job;
use super::peer;
use super::seed;
use super::side::Side;
use super::side::Who;
use super::side::asking;
use super::side::client_credentials;
use super::side::form;
use super::together;
use super::together::Together;
use super::worker;
use super::worker::Plan;
use super::worker::Worker;
use crate::load;
use crate::load::Length;
use crate::load::Shots;
use crate::request;
use crate::request::encode;
use crate::sample::Sample;
use crate::sample::Turn;
use crate::sample::sample;
use crate::script::Answer;
use crate::script::Clients;
use crate::script::Script;
use crate::servers;
use crate::servers::Carnet;

/// How long a server is asked before each measurement.
const WARM: Duration = Duration::from_millis(300);

/// How many requests a turn has where each can be sent only once.
const ONCE: usize = 4_000;

/// How many tokens are asked about.
const TOKENS: usize = 1_000;

/// A row, measured.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) job: Job,
    pub(super) carnet: Turn,
    pub(super) bare: Option<Turn>,
    pub(super) peer: Option<Turn>,
    /// What one password hash takes, where there is one in the row.
    pub(super) hash: Option<Duration>,
}

/// Everything.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) lines: Vec<Line>,
    /// One connection: [`Job::Es256`].
    pub(super) alone: Turn,
    pub(super) together: Together,
}

/// The servers, running.
pub(super) struct Turns {
    /// To start it again on other cores.
    sown: Carnet,
    signer: LocalSigner,
    carnet: Side,
    bare: Side,
    peer: Option<Side>,
}

impl Turns {
    /// Starts Carnet on its data, the bare server with Carnet's answers, and the peer.
    pub(super) async fn begin(
        arguments: &Arguments,
        program: &Path,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let signer = LocalSigner::new(KeyPair::generate(KeyType::P256)?, "bench");
        let public = signer.key_pair().public_key();
        let jwk = serde_json::to_string(&Jwk::new(public.clone(), "bench"))?;
        eprintln!("bench: sowing");
        let sown = Carnet::sow(program, folder, &seed::text(&jwk)).await?;
        let (server, _) = sown.start().await?;
        let carnet = Side {
            who: Who::Carnet,
            server,
        };
        let script = rehearse(&carnet).await?;
        let server = servers::start_bare(script, folder, "").await?;
        let bare = Side {
            who: Who::Bare,
            server,
        };
        let peer = if arguments.no_peer {
            None
        } else {
            Some(peer::start(folder, &public.to_spki_pem()).await?)
        };
        Ok(Self {
            sown,
            signer,
            carnet,
            bare,
            peer,
        })
    }

    /// Measures all rows, then what two cores do together.
    pub(super) async fn run(&self, arguments: &Arguments) -> anyhow::Result<Figures> {
        let many = arguments.sitting.connections;
        let mut lines = Vec::new();
        for job in arguments.jobs() {
            eprintln!("bench: {}", job.name());
            let line = self.line(job, arguments, many).await;
            lines.push(line.with_context(|| job.name())?);
        }
        eprintln!("bench: one connection");
        let alone = self.line(Job::Es256, arguments, 1).await?.carnet;
        eprintln!("bench: tokens while people sign in");
        let together = together::measure(&self.sown, arguments).await?;
        Ok(Figures {
            lines,
            alone,
            together,
        })
    }

    /// Ends all.
    pub(super) fn end(self) -> anyhow::Result<()> {
        self.carnet.server.process.stop()?;
        self.bare.server.process.stop()?;
        self.peer.map_or(Ok(()), |peer| peer.server.process.stop())
    }

    async fn line(&self, job: Job, arguments: &Arguments, many: usize) -> anyhow::Result<Line> {
        let mut line = Line {
            job,
            carnet: Turn::default(),
            bare: job.bare().then(Turn::default),
            peer: (self.peer.is_some() && job.peer()).then(Turn::default),
            hash: None,
        };
        for _ in 0..arguments.sitting.rounds {
            let turn = self.turn(job, &self.carnet, arguments, many).await;
            line.carnet.0.push(turn.context("Carnet")?);
            if job == Job::SignIn {
                let hash = hashing::turn(arguments.sitting.time())?;
                line.hash = Some(line.hash.map_or(hash, |best| best.min(hash)));
            }
            if let Some(turns) = &mut line.bare {
                let turn = self.turn(job, &self.bare, arguments, many).await;
                turns.0.push(turn.context("the bare server")?);
            }
            if let (Some(turns), Some(peer)) = (&mut line.peer, &self.peer) {
                let turn = self.turn(job, peer, arguments, many).await;
                turns.0.push(turn.context("node-oidc-provider")?);
            }
        }
        Ok(line)
    }

    /// One turn of one server.
    async fn turn(
        &self,
        job: Job,
        side: &Side,
        arguments: &Arguments,
        many: usize,
    ) -> anyhow::Result<Sample> {
        let time = arguments.sitting.time();
        let server = &side.server;
        if job.of_person() {
            let crew = Worker::crew(side, job, many).await?;
            let (crew, _) = worker::work(crew, job, Plan::of(side, job), WARM).await?;
            let before = server.process.cpu()?;
            let (_, tally) = worker::work(crew, job, Plan::of(side, job), time).await?;
            let busy = server.process.cpu()?.saturating_sub(before);
            return Ok(Sample::new(&tally, busy));
        }
        let shots = Rc::new(self.shots(job, side).await?);
        let mut length = Length::Once;
        if !job.once() {
            let warm = Length::For(WARM);
            load::fire(server.address, &shots, many, warm, false).await?;
            length = Length::For(time);
        }
        sample(&server.process, server.address, &shots, many, length).await
    }

    async fn shots(&self, job: Job, side: &Side) -> anyhow::Result<Shots> {
        let expect = match job {
            Job::Par => "{",
            Job::Introspect => r#"{"active":true"#,
            _ => r#"{"access_token":""#,
        };
        let requests = match job {
            Job::Kept | Job::Signed => self.assertions(job, side)?,
            Job::Introspect => {
                let path = side.introspection_path();
                let tokens = tokens(side).await?;
                let about = tokens
                    .iter()
                    .map(|token| encode([("token", token.as_str())]));
                about.map(|form| asking(side, path, &form)).collect()
            }
            Job::Par => vec![asking(side, side.par_path(), &side.pushed(true))],
            _ => vec![client_credentials(side, kind(job))],
        };
        Ok(Shots { requests, expect })
    }

    /// Client credentials of a client that signs: each assertion once (RFC 7523 section 3, `jti`).
    fn assertions(&self, job: Job, side: &Side) -> anyhow::Result<Vec<Vec<u8>>> {
        let header = SigningHeader::new(Algorithm::ES256, Some("bench"), Some(TYP_JWT));
        let (who, kind) = match job {
            Job::Kept => (seed::KEEPER, "vault"),
            _ => (seed::SIGNER, "es256"),
        };
        let now = SystemTime::UNIX_EPOCH.elapsed()?;
        let sign = |number: usize| {
            let claims = json!({
                "iss": who,
                "sub": who,
                "aud": format!("http://{}", side.server.host()),
                "iat": now.as_secs(),
                "exp": now.as_secs() + 60,
                "jti": format!("{}-{number}", now.as_nanos()),
            });
            let claims = claims.to_string();
            let assertion = match job {
                Job::Kept => under_secret(&claims),
                _ => sign_compact(&header, claims.as_bytes(), &self.signer)?,
            };
            let mut fields = side.client_credentials(kind);
            fields.push(("client_assertion_type", ASSERTION.to_owned()));
            fields.push(("client_assertion", assertion));
            let (host, path) = (
                side.server.host(),
                side.token_path(if kind == "vault" { "kept" } else { kind }),
            );
            Ok(request::post(&host, path, &form(&fields), None))
        };
        (0..ONCE).map(sign).collect()
    }
}

/// A JWS with HS256 under the client's secret.
fn under_secret(claims: &str) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claims));
    let tag = digest::hmac_sha256(seed::SECRET.as_bytes(), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// RFC 7523 section 2.2.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const fn kind(job: Job) -> &'static str {
    match job {
        Job::Rs256 => "rs256",
        Job::Opaque => "vault",
        _ => "es256",
    }
}

/// A form with the client's secret in the head.
/// Opaque tokens of this server.
async fn tokens(side: &Side) -> anyhow::Result<Vec<String>> {
    let shots = Rc::new(Shots {
        requests: vec![client_credentials(side, "vault"); TOKENS],
        expect: r#"{"access_token":""#,
    });
    let tally = load::fire(side.server.address, &shots, 16, Length::Once, true).await?;
    tally.bodies.iter().map(|body| token(body)).collect()
}

fn token(body: &[u8]) -> anyhow::Result<String> {
    let answer: serde_json::Value = serde_json::from_slice(body)?;
    let token = answer.get("access_token").and_then(|token| token.as_str());
    token.map(str::to_owned).context("an access token")
}

/// Asks Carnet once for each kind of token, and makes of its answers what the bare server is told.
async fn rehearse(carnet: &Side) -> anyhow::Result<Script> {
    let ask = async |kind: &str| -> anyhow::Result<(Answer, String)> {
        let answer = carnet.server.ask(&client_credentials(carnet, kind)).await?;
        let token = token(answer.body.as_bytes())?;
        ensure!(answer.body.contains("Bearer"), "{}", answer.body);
        Ok((answer, token))
    };
    let (es256, es256_token) = ask("es256").await?;
    let (rs256, rs256_token) = ask("rs256").await?;
    let (opaque, opaque_token) = ask("vault").await?;
    Ok(Script {
        clients: Some(Clients {
            secret: seed::SECRET.to_owned(),
            key: KeyPair::generate(KeyType::Rsa2048)?
                .to_pkcs8_pem()?
                .to_string(),
            es256: es256.signing(&es256_token)?,
            rs256: rs256.signing(&rs256_token)?,
            opaque: opaque.sealing(&opaque_token)?,
        }),
        jwks: carnet
            .server
            .ask(&request::get(
                &carnet.server.host(),
                crate::script::JWKS_PATH,
            ))
            .await?,
        signing_key: KeyPair::generate(KeyType::P256)?
            .to_pkcs8_pem()?
            .to_string(),
        ..Script::default()
    })
}
