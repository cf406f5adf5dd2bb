//! `carnet sa key`: keys of service accounts.
//!
//! The private half of a key that is made exists once: in the file that is written here.

mod roll;

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_wire::crn::Crn;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Map, Value, json};

use super::{account_path, days, key_check, key_file};
use crate::admin::{Admin, Request, path};
use crate::duration::{NotASpan, Span};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the keys of a service account, oldest first, with their last use.
    List {
        /// Name, e-mail or number of the account.
        name: String,
    },
    /// Make a key and write its file. It is the only copy.
    #[command(
        after_help = "Examples:\n  carnet sa key create invoice-sync --out key.json\n  carnet sa key create invoice-sync --gdch --ca-cert-path /etc/ssl/private-ca.pem --out gdch.json"
    )]
    Create {
        /// Name, e-mail or number of the account.
        name: String,
        /// Where the file is written (mode 0600, never over a file that is there).
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Keep a public key whose private half stays where it is.
    #[command(
        after_help = "Example:\n  openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out private.pem\n  openssl pkey -in private.pem -pubout -out public.pem\n  carnet sa key upload invoice-sync public.pem"
    )]
    Upload(Upload),
    /// Disable a key: it verifies nothing from now on.
    Disable(Disable),
    /// Enable a key.
    Enable(Named),
    /// Delete a key, for good.
    Delete(Named),
    /// Make a new key in the place of an old one, which works on for a while and then ends by itself.
    #[command(
        after_help = "Example:\n  carnet sa key roll invoice-sync 7f3c --overlap 24h --out key.json"
    )]
    Roll(roll::Roll),
    /// Look at a key file without any server, and name what is wrong with it.
    #[command(
        after_help = "Examples:\n  carnet sa key check key.json\n  printenv GOOGLE_KEY | carnet sa key check -"
    )]
    Check {
        /// The key file; - for standard input.
        file: PathBuf,
    },
}

/// Which key.
#[derive(Args, Debug)]
pub(crate) struct Named {
    /// Name, e-mail or number of the account.
    pub(super) name: String,
    /// The id of the key, or its first characters: four at least.
    // Not named key: that is the option of every command that names a key file.
    #[arg(value_name = "KEY")]
    pub(super) key_id: String,
}

/// A public key to be kept.
#[derive(Args, Debug)]
pub(crate) struct Upload {
    /// Name, e-mail or number of the account.
    name: String,
    /// The public key or certificate, in PEM.
    file: PathBuf,
    /// The algorithm, where the kind of key allows two: RS256 or PS256.
    #[arg(long, value_name = "ALG")]
    algorithm: Option<String>,
    /// When it ends: a length of time like 90d, or never. A certificate ends when it says.
    #[arg(long, value_name = "SPAN", default_value = "never")]
    expires_in: Expiry,
}

/// A key to be disabled.
#[derive(Args, Debug)]
pub(crate) struct Disable {
    #[command(flatten)]
    named: Named,
    /// Why.
    #[arg(long, value_enum, default_value_t = Reason::UserInitiated)]
    reason: Reason,
    /// Why in words, for administrators.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
}

/// What the new key shall be.
#[derive(Args, Clone, Debug)]
pub(crate) struct Wanted {
    /// Write a PKCS#12 file (password notasecret) instead of Google's JSON.
    #[arg(long)]
    p12: bool,
    /// Write the file of a service identity of Google Distributed Cloud, with a key of P-256 for ES256.
    #[arg(long, conflicts_with_all = ["p12", "bits"])]
    gdch: bool,
    /// What the file of a service identity says of certificates: where its program finds those by which alone it
    /// believes this server. It is written as it is, and not read here. Go's library insists on one.
    #[arg(long, value_name = "PATH", requires = "gdch")]
    ca_cert_path: Option<String>,
    /// The length of the RSA key in bits: 2048, 3072 or 4096.
    #[arg(long, value_name = "BITS", default_value_t = 2_048)]
    bits: u16,
    /// When the key ends: a length of time like 90d, or never.
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    expires_in: Expiry,
}

impl Wanted {
    /// As the API wants it.
    fn to_body(&self) -> Value {
        let mut body = Map::new();
        let mut say = |name: &str, value: Value| body.insert(name.to_owned(), value);
        if self.gdch {
            say("format", json!("gdch"));
            if let Some(path) = &self.ca_cert_path {
                say("ca_cert_path", json!(path));
            }
        } else {
            say("format", json!(if self.p12 { "p12" } else { "google" }));
            say("bits", json!(self.bits));
        }
        if let Expiry::After(span) = self.expires_in {
            say("expires_in_days", json!(days(span)));
        }
        Value::Object(body)
    }

    /// Google's JSON file with the usual key.
    pub(super) fn google(expires_in: Expiry) -> Self {
        Self {
            p12: false,
            gdch: false,
            ca_cert_path: None,
            bits: 2_048,
            expires_in,
        }
    }
}

/// When a key ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Expiry {
    /// Never.
    Never,
    /// After this time.
    After(Span),
}

impl FromStr for Expiry {
    type Err = NotASpan;

    fn from_str(text: &str) -> Result<Self, NotASpan> {
        if text == "never" {
            Ok(Self::Never)
        } else {
            text.parse().map(Self::After)
        }
    }
}

/// Google's reasons to disable a key.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Reason {
    /// A person wanted it.
    UserInitiated,
    /// It was found in public.
    Exposed,
    /// It was used by somebody else.
    CompromiseDetected,
}

const KEYS: &[Column] = &[
    Column::at("KEY", "/id"),
    Column::at("STATUS", "/state/state"),
    Column::at("ALG", "/algorithm"),
    Column::moment("CREATED", "/created"),
    Column::moment("EXPIRES", "/expires"),
    Column::moment("LAST USED", "/last_used/at"),
    Column::at("FROM", "/last_used/address"),
    Column::at("ORIGIN", "/origin").wide(),
    Column::at("REASON", "/state/reason").wide(),
    Column::at("FINGERPRINT", "/fingerprint").wide(),
];

/// Does it.
pub(super) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    if let Verb::Check { file } = &verb {
        return key_check::run(file, output);
    }
    let work = Work::begin(global, output, KEYS)?;
    let account = |name: &str| account_path(name, &work.admin);
    match verb {
        Verb::Check { .. } => Ok(Exit::Success),
        Verb::List { name } => {
            output.list(&keys(&account(&name)?, &work.admin).await?, KEYS)?;
            Ok(Exit::Success)
        }
        Verb::Create { name, out, wanted } => make(&account(&name)?, &out, &wanted, &work).await,
        Verb::Upload(new) => {
            let of = account(&new.name)?;
            upload(&of, (&new.file, new.algorithm, new.expires_in), &work).await
        }
        Verb::Disable(asked) => disable(&asked, &work).await,
        Verb::Enable(Named { name, key_id: key }) => {
            let (one, _) = find(&name, &key, &work.admin).await?;
            work.act(Request::post(format!("{one}:enable")), "enabled")
                .await
        }
        Verb::Delete(Named { name, key_id: key }) => {
            let (one, id) = find(&name, &key, &work.admin).await?;
            let effect = format!("Key {id} is deleted, for good.");
            work.remove(one, (&effect, &key)).await
        }
        Verb::Roll(asked) => roll::run(&asked, &work).await,
    }
}

async fn disable(asked: &Disable, work: &Work<'_>) -> Result<Exit, Failure> {
    let Named { name, key_id: key } = &asked.named;
    let (one, id) = find(name, key, &work.admin).await?;
    let reason = asked.reason.to_possible_value();
    let reason = reason.map(|value| value.get_name().replace('-', "_"));
    let body = json!({"reason": reason, "note": asked.note});
    let request = Request::post(format!("{one}:disable")).json(body);
    let effect = format!("Key {id} verifies nothing any more.");
    work.act_after_asking(request, (&effect, key), "disabled")
        .await
}

/// Makes a key, writes the file, and says so.
pub(super) async fn make(
    account: &str,
    out: &Path,
    wanted: &Wanted,
    work: &Work<'_>,
) -> Result<Exit, Failure> {
    let Some(key) = made(account, out, wanted, work).await? else {
        return Ok(Exit::Success);
    };
    let text = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
    let until = match text("expires") {
        "" => "It does not expire.".to_owned(),
        until => format!("It expires {}.", until.get(..10).unwrap_or(until)),
    };
    work.output.note(format!(
        "ok Key {} written to {} (mode 0600). {until} This is the only copy.",
        text("id").get(..10).unwrap_or_default(),
        out.display()
    ));
    Ok(Exit::Success)
}

/// Makes a key, and writes the file. None where nothing was to be done but to show it.
pub(super) async fn made(
    account: &str,
    out: &Path,
    wanted: &Wanted,
    work: &Work<'_>,
) -> Result<Option<Value>, Failure> {
    key_file::is_free(out)?;
    let request = Request::post(format!("{account}/keys")).json(wanted.to_body());
    let Some(made) = work.admin.change(request).await? else {
        return Ok(None);
    };
    let data = made.get("private_key_data").and_then(Value::as_str);
    let bytes = data.and_then(|data| STANDARD.decode(data).ok());
    let bytes =
        bytes.ok_or_else(|| Failure::of(Crn::NOT_CARNET, "the answer holds no key file"))?;
    let key = made.get("key").cloned().unwrap_or_default();
    key_file::write(out, &bytes).map_err(|failure| {
        let id = key.get("id").and_then(Value::as_str).unwrap_or_default();
        failure.also(format!(
            "key {id} was made and its file cannot be had again: delete it"
        ))
    })?;
    if !work.output.is_for_people() {
        work.output.one(&key, KEYS)?;
    }
    Ok(Some(key))
}

async fn upload(
    account: &str,
    (file, algorithm, expires_in): (&Path, Option<String>, Expiry),
    work: &Work<'_>,
) -> Result<Exit, Failure> {
    let pem = fs::read_to_string(file).map_err(|error| {
        Failure::of(
            Crn::FILE_NOT_READABLE,
            format!("{} cannot be read: {error}", file.display()),
        )
    })?;
    if pem.contains("PRIVATE KEY") {
        return Err(
            Failure::usage(format!("{} holds a private key", file.display()))
                .why("only the public half is uploaded, and nothing was sent")
                .fix(format!(
                    "openssl pkey -in {} -pubout -out public.pem",
                    file.display()
                )),
        );
    }
    let mut body = Map::new();
    body.insert("public_key".to_owned(), json!(pem));
    if let Some(algorithm) = algorithm {
        body.insert("algorithm".to_owned(), json!(algorithm));
    }
    if let Expiry::After(span) = expires_in {
        body.insert("expires_in_days".to_owned(), json!(days(span)));
    }
    let request = Request::post(format!("{account}/keys:upload")).json(Value::Object(body));
    work.act(request, "kept").await
}

/// The keys of an account.
pub(super) async fn keys(account: &str, admin: &Admin) -> Result<Vec<Value>, Failure> {
    let answer = admin.get(format!("{account}/keys")).await?;
    Ok(answer
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default())
}

/// The one key of the account whose id begins so: its path, and its id.
pub(super) async fn find(
    name: &str,
    begins: &str,
    admin: &Admin,
) -> Result<(String, String), Failure> {
    let account = account_path(name, admin)?;
    if begins.len() < 4 {
        return Err(Failure::usage(
            "name a key by the first four characters of its id, at least",
        ));
    }
    let keys = keys(&account, admin).await?;
    let ids = keys.iter().filter_map(|key| key.get("id")?.as_str());
    let found: Vec<_> = ids.filter(|id| id.starts_with(begins)).collect();
    match found.as_slice() {
        [only] => Ok((
            format!("{account}/keys/{}", path(&[only])),
            (*only).to_owned(),
        )),
        [] => Err(
            Failure::new(Exit::NotFound, format!("{name} has no key {begins}"))
                .fix(format!("carnet sa key list {name}")),
        ),
        _ => Err(Failure::usage(format!(
            "{name} has {} keys that begin with {begins}",
            found.len()
        ))
        .fix("give more of the id")),
    }
}
