//! `carnet serve` as an operator runs it, and its first administrator as anybody becomes one: by the
//! setup link that it prints.

use std::fs;
use std::io;
use std::path::Path;

use carnet_jose::KeyPair;
use carnet_jose::LocalSigner;
use carnet_jose::SigningHeader;
use carnet_jose::sign_compact;
use serde_json::Value;
use serde_json::json;

use crate::live::Program;
use crate::live::free_address;
use crate::talk::Caller;

/// The grant type of assertions.
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// What the first administrator's token is for.
const SCOPES: &str = "carnet.admin carnet.introspect";

/// How `carnet serve` is started in this folder, on this database. The log tells everything it can.
pub fn program(binary: &str, folder: &Path, database: &str) -> io::Result<Program> {
    let address = free_address()?;
    let secret = folder.join("secret_key");
    fs::write(&secret, [7_u8; 32])?;
    let environment = [
        ("CARNET_ISSUER", format!("http://{address}")),
        ("CARNET_HTTP__LISTEN", address.to_string()),
        ("CARNET_OPS__LISTEN", "off".to_owned()),
        ("CARNET_LOG__FORMAT", "json".to_owned()),
        ("CARNET_LOG__LEVEL", "debug".to_owned()),
        ("CARNET_SECRET_KEY_FILE", secret.display().to_string()),
        ("DATABASE_URL", database.to_owned()),
    ];
    Ok(Program {
        path: binary.into(),
        arguments: vec!["serve".into()],
        environment: environment
            .map(|(name, value)| (name.to_owned(), value))
            .to_vec(),
        address,
        folder: folder.to_owned(),
    })
}

/// The first administrator.
pub struct Administrator {
    /// The account.
    pub email: String,
    /// Its key.
    pub signer: LocalSigner,
    /// A token for everything.
    pub token: String,
    /// What must stand in no log: the secret of the link, the text of the key, the assertion, the token.
    pub secrets: Vec<String>,
}

impl Administrator {
    /// Opens the link that a running program printed: an organization with the domain `crash.example`, and a
    /// project with this name.
    pub fn first(program: &Program, project: &str, now: u64) -> io::Result<Self> {
        let printed = program.printed("stdout");
        let link = after(&printed, "/setup?t=")?;
        let secret: String = link
            .chars()
            .take_while(|letter| !letter.is_whitespace())
            .collect();
        let mut caller = Caller::new(program.address);
        let form = [
            ("token", secret.as_str()),
            ("organization", "Crash"),
            ("domain", "crash.example"),
            ("project", project),
            ("email", "owner@crash.example"),
        ];
        let page = caller.form("/setup", &form)?.text();
        let file = after(&page, "json;charset=utf-8,")?;
        let file = decoded(file.split('"').next().unwrap_or_default());
        let key: Value = serde_json::from_slice(&file)?;
        let pem = text(&key, "private_key")?;
        let pair = KeyPair::from_pem(&pem).map_err(io::Error::other)?;
        let email = text(&key, "client_email")?;
        let signer = LocalSigner::new(pair, text(&key, "private_key_id")?);
        let claims = json!({
            "iss": email, "scope": SCOPES, "aud": format!("http://{}/token", program.address),
            "iat": now, "exp": now + 3_600,
        });
        let assertion = signed(&signer, &claims)?;
        let form = [("grant_type", JWT_BEARER), ("assertion", &assertion)];
        let token = text(&caller.form("/token", &form)?.json(), "access_token")?;
        let of_key = pem.lines().nth(1).unwrap_or_default().to_owned();
        Ok(Self {
            email,
            signer,
            secrets: vec![secret, of_key, assertion, token.clone()],
            token,
        })
    }
}

/// A JWT with these claims.
pub fn signed(signer: &LocalSigner, claims: &Value) -> io::Result<String> {
    let header = SigningHeader::of(signer, "JWT");
    sign_compact(&header, claims.to_string().as_bytes(), signer).map_err(io::Error::other)
}

fn after<'a>(text: &'a str, mark: &str) -> io::Result<&'a str> {
    let found = text.split_once(mark).map(|(_, rest)| rest);
    found.ok_or_else(|| io::Error::other(format!("no {mark} in {text}")))
}

fn text(value: &Value, name: &str) -> io::Result<String> {
    let found = value.get(name).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| io::Error::other(format!("no {name} in {value}")))
}

/// A text without its percent codes.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend_from_slice(before.as_bytes());
        let (code, after) = after.split_at_checked(2).unwrap_or(("", after));
        bytes.extend(u8::from_str_radix(code, 16));
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
