//! The two servers take turns.

use std::path::Path;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_wire::token::TokenResponse;

use super::Arguments;
use super::accounts::Accounts;
use super::accounts::Wanted;
use super::measure::Around;
use super::measure::Figures;
use super::measure::Line;
use super::row::Row;
use super::row::Source;
use crate::load;
use crate::load::Length;
use crate::load::Shots;
use crate::request;
use crate::sample::Sample;
use crate::sample::Turn;
use crate::sample::sample;
use crate::script;
use crate::script::Answer;
use crate::script::Script;
use crate::servers;
use crate::servers::Carnet;
use crate::servers::Server;

/// How long a server is asked before each measurement.
const WARM: Duration = Duration::from_millis(300);

/// How many requests a turn has where each can be sent only once.
const ONCE: usize = 8_000;

/// How many tokens are asked about, where they are asked about again and again.
const TOKENS: usize = 4_000;

/// Over how many connections memory is measured (speed.md, G13).
const MANY: usize = 64;

/// Both servers, running.
pub(super) struct Turns<'a> {
    accounts: &'a Accounts,
    carnet: Server,
    bare: Server,
    idle: (u64, u64),
    size: u64,
}

impl<'a> Turns<'a> {
    /// Starts Carnet on its data, and the bare server with Carnet's answers.
    pub(super) async fn begin(
        carnet: Carnet,
        accounts: &'a Accounts,
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let size = carnet.size()?;
        let (carnet, _) = carnet.start().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let idle = carnet.process.memory()?;
        let script = rehearse(&carnet, accounts).await?;
        let bare = servers::start_bare(script, folder, &carnet.caller).await?;
        let bare_idle = bare.process.memory()?;
        Ok(Self {
            accounts,
            carnet,
            bare,
            idle: (idle, bare_idle),
            size,
        })
    }

    /// Measures all rows, and what is around them.
    pub(super) async fn run(
        &self,
        arguments: &Arguments,
        starts: Vec<Duration>,
    ) -> anyhow::Result<Figures> {
        // First, while the servers remember nothing yet.
        let around = if arguments.brief {
            None
        } else {
            Some(self.around(arguments, starts).await?)
        };
        let mut lines = Vec::new();
        for row in arguments.rows() {
            eprintln!("bench: {} accounts: {}", self.accounts.count, row.name());
            let measured = self
                .row(row, arguments, arguments.sitting.connections)
                .await;
            let (carnet, bare) = measured.with_context(|| row.name())?;
            lines.push(Line { row, carnet, bare });
        }
        Ok(Figures {
            accounts: self.accounts.count,
            lines,
            around,
        })
    }

    /// Ends both.
    pub(super) fn end(self) -> anyhow::Result<()> {
        self.carnet.process.stop()?;
        self.bare.process.stop()
    }

    async fn around(&self, arguments: &Arguments, starts: Vec<Duration>) -> anyhow::Result<Around> {
        eprintln!("bench: one connection, then {MANY}");
        let (alone, bare_alone) = self.row(Row::Jwt, arguments, 1).await?;
        for row in [Row::Jwt, Row::IntrospectOpaque] {
            self.row(row, arguments, MANY).await?;
        }
        Ok(Around {
            starts,
            idle: self.idle.0,
            busy: self.carnet.process.memory()?,
            bare_idle: self.idle.1,
            bare_busy: self.bare.process.memory()?,
            size: self.size,
            alone,
            bare_alone,
        })
    }

    async fn row(
        &self,
        row: Row,
        arguments: &Arguments,
        connections: usize,
    ) -> anyhow::Result<(Turn, Turn)> {
        let length = match row.source() {
            Source::SignedOnce | Source::MintedOnce => Length::Once,
            _ => Length::For(arguments.sitting.time()),
        };
        let mut shots = (None, None);
        let (mut carnet, mut bare) = (Turn::default(), Turn::default());
        for _ in 0..arguments.sitting.rounds {
            let turn = self.turn(row, &self.carnet, &mut shots.0, (connections, length));
            carnet.0.push(turn.await.context("Carnet")?);
            let turn = self.turn(row, &self.bare, &mut shots.1, (connections, length));
            bare.0.push(turn.await.context("the bare server")?);
        }
        Ok((carnet, bare))
    }

    /// One turn of one server. `known` keeps the requests that can be sent again.
    async fn turn(
        &self,
        row: Row,
        server: &Server,
        known: &mut Option<Rc<Shots>>,
        (connections, length): (usize, Length),
    ) -> anyhow::Result<Sample> {
        let again = matches!(length, Length::For(_));
        let shots = match known {
            Some(shots) if again => Rc::clone(shots),
            _ => {
                let shots = Rc::new(self.shots(row, server).await?);
                if again {
                    // Once around, so that nothing is met for the first time while it is measured.
                    let once = Length::Once;
                    load::fire(server.address, &shots, connections, once, false).await?;
                }
                *known = Some(Rc::clone(&shots));
                shots
            }
        };
        if again {
            let warm = Length::For(WARM);
            load::fire(server.address, &shots, connections, warm, false).await?;
        }
        sample(&server.process, server.address, &shots, connections, length).await
    }

    async fn shots(&self, row: Row, server: &Server) -> anyhow::Result<Shots> {
        let host = server.host();
        let introspect = |token: &String| {
            let form = request::about(token);
            let caller = Some(server.caller.as_str());
            request::post(&host, script::INTROSPECT_PATH, &form, caller)
        };
        let requests = match row.source() {
            Source::Signed(wanted) => asking(self.accounts.signed(wanted), wanted, &host),
            Source::SignedOnce => asking(&self.accounts.sign_once(ONCE)?, Wanted::Jwt, &host),
            Source::Minted(wanted) => {
                let tokens = self.tokens(server, wanted, TOKENS).await?;
                tokens.iter().map(introspect).collect()
            }
            Source::MintedOnce => {
                let tokens = self.tokens(server, Wanted::Jwt, ONCE).await?;
                tokens.iter().map(introspect).collect()
            }
            Source::Fixed if row == Row::Jwks => vec![request::get(&host, script::JWKS_PATH)],
            Source::Fixed => vec![request::get(&host, script::DISCOVERY_PATH)],
        };
        Ok(Shots {
            requests,
            expect: row.expect(),
        })
    }

    /// Tokens from this server.
    async fn tokens(
        &self,
        server: &Server,
        wanted: Wanted,
        many: usize,
    ) -> anyhow::Result<Vec<String>> {
        let signed = self.accounts.signed(wanted).iter().cycle().take(many);
        let signed: Vec<_> = signed.cloned().collect();
        let shots = Rc::new(Shots {
            requests: asking(&signed, wanted, &server.host()),
            expect: r#"{"access_token":"#,
        });
        let tally = load::fire(server.address, &shots, 16, Length::Once, true).await?;
        tally.bodies.iter().map(|body| token(body)).collect()
    }
}

fn asking(assertions: &[String], wanted: Wanted, host: &str) -> Vec<Vec<u8>> {
    let path = path(wanted);
    assertions
        .iter()
        .map(|assertion| request::post(host, path, &request::grant(assertion), None))
        .collect()
}

const fn path(wanted: Wanted) -> &'static str {
    match wanted {
        Wanted::Opaque => script::OPAQUE_PATH,
        Wanted::Jwt => script::JWT_PATH,
    }
}

fn token(body: &[u8]) -> anyhow::Result<String> {
    match TokenResponse::parse(body)? {
        TokenResponse::AccessToken(response) => Ok(response.access_token.into_owned()),
        TokenResponse::IdToken(_) => anyhow::bail!("an ID token, and nobody asked for one"),
    }
}

/// Asks Carnet once for everything, and makes of its answers what the bare server is told.
async fn rehearse(carnet: &Server, accounts: &Accounts) -> anyhow::Result<Script> {
    let host = carnet.host();
    let ask = async |wanted: Wanted| -> anyhow::Result<(Answer, String, Answer)> {
        let assertion = accounts.signed(wanted).first().context("an assertion")?;
        let form = request::grant(assertion);
        let asked = request::post(&host, path(wanted), &form, None);
        let given = carnet.ask(&asked).await.context("a token")?;
        let token = token(given.body.as_bytes())?;
        let form = request::about(&token);
        let caller = Some(carnet.caller.as_str());
        let asked = request::post(&host, script::INTROSPECT_PATH, &form, caller);
        let said = carnet.ask(&asked).await.context("introspection")?;
        ensure!(said.body.starts_with(r#"{"active":true"#), "{}", said.body);
        Ok((given, token, said))
    };
    let (opaque, sealed, introspect_opaque) = ask(Wanted::Opaque).await?;
    let (jwt, signed, introspect_jwt) = ask(Wanted::Jwt).await?;
    let kid = Unverified::parse(&signed, Limits::STRICT)?
        .header()
        .key_id
        .clone();
    Ok(Script {
        clients: None,
        rows: PathBuf::new(),
        port: 0,
        keys: accounts.public_keys(),
        signing_key: KeyPair::generate(KeyType::P256)?
            .to_pkcs8_pem()?
            .to_string(),
        signing_key_id: kid.context("a token of Carnet names its key")?,
        sealing_key: [7; 32],
        opaque: opaque.sealing(&sealed)?,
        jwt: jwt.signing(&signed)?,
        introspect_opaque,
        introspect_jwt,
        jwks: carnet.ask(&request::get(&host, script::JWKS_PATH)).await?,
        discovery: carnet
            .ask(&request::get(&host, script::DISCOVERY_PATH))
            .await?,
    })
}
