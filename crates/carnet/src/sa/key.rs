//! `carnet sa key`: keys of service accounts.
//!
//! The private half of a key that is made exists once: in the file that is written here.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use carnet_wire::crn::Crn;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::{account_path, days, key_check, key_file};
use crate::admin::{Admin, Request, path};
use crate::duration::{NotASpan, Span};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output};
use crate::prompt;

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the keys of a service account, oldest first, with their last use.
    List {
        /// Name, e-mail or number of the account.
        name: String,
    },
    /// Make a key and write its file. It is the only copy.
    #[command(after_help = "Example:\n  carnet sa key create invoice-sync --out key.json")]
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
    Upload {
        /// Name, e-mail or number of the account.
        name: String,
        /// The public key or certificate, in PEM.
        file: PathBuf,
        /// The algorithm, where the kind of key allows two: RS256, PS256, ES256, ES384, EdDSA.
        #[arg(long, value_name = "ALG")]
        algorithm: Option<String>,
        /// When it ends: a length of time like 90d, or never. A certificate ends when it says.
        #[arg(long, value_name = "SPAN", default_value = "never")]
        expires_in: Expiry,
    },
    /// Disable a key: it verifies nothing from now on.
    Disable {
        /// Name, e-mail or number of the account.
        name: String,
        /// The id of the key, or its first characters.
        key: String,
        /// Why.
        #[arg(long, value_enum, default_value_t = Reason::UserInitiated)]
        reason: Reason,
        /// Why in words, for administrators.
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Enable a key.
    Enable {
        /// Name, e-mail or number of the account.
        name: String,
        /// The id of the key, or its first characters.
        key: String,
    },
    /// Delete a key, for good.
    Delete {
        /// Name, e-mail or number of the account.
        name: String,
        /// The id of the key, or its first characters.
        key: String,
    },
    /// Make a new key in the place of an old one. The old one works on until it is disabled.
    #[command(
        after_help = "Example:\n  carnet sa key roll invoice-sync 7f3c --out key.json\n  carnet sa key disable invoice-sync 7f3c"
    )]
    Roll {
        /// Name, e-mail or number of the account.
        name: String,
        /// The id of the old key, or its first characters.
        key: String,
        /// Where the new file is written.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Disable the old key as soon as the new one is written.
        #[arg(long)]
        disable_old: bool,
        #[command(flatten)]
        wanted: Wanted,
    },
    /// Look at a key file without any server, and name what is wrong with it.
    #[command(
        after_help = "Examples:\n  carnet sa key check key.json\n  printenv GOOGLE_KEY | carnet sa key check -"
    )]
    Check {
        /// The key file; - for standard input.
        file: PathBuf,
    },
}

/// What the new key shall be.
#[derive(Args, Clone, Debug)]
pub(crate) struct Wanted {
    /// Write a PKCS#12 file (password notasecret) instead of Google's JSON.
    #[arg(long)]
    p12: bool,
    /// The length of the RSA key in bits: 2048, 3072 or 4096.
    #[arg(long, value_name = "BITS", default_value_t = 2_048)]
    bits: u16,
    /// When the key ends: a length of time like 90d, or never.
    #[arg(long, value_name = "SPAN", default_value = "90d")]
    expires_in: Expiry,
}

impl Wanted {
    /// Google's JSON file with the usual key.
    pub(super) fn google(expires_in: Expiry) -> Self {
        Self {
            p12: false,
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

const COLUMNS: &[Column] = &[
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
    let admin = Admin::connect(global)?;
    match verb {
        Verb::Check { .. } => {}
        Verb::List { name } => {
            let keys = keys(&account_path(&name, &admin)?, &admin).await?;
            output.list(&keys, COLUMNS)?;
        }
        Verb::Create { name, out, wanted } => {
            key_file::is_free(&out)?;
            let account = account_path(&name, &admin)?;
            make(&account, &out, &wanted, &admin, output).await?;
        }
        Verb::Upload {
            name,
            file,
            algorithm,
            expires_in,
        } => {
            let account = account_path(&name, &admin)?;
            upload(&account, (&file, algorithm, expires_in), &admin, output).await?;
        }
        Verb::Disable {
            name,
            key,
            reason,
            note,
        } => {
            let (one, id) = find(&name, &key, &admin).await?;
            prompt::confirm(
                &format!("Key {id} verifies nothing any more."),
                &key,
                global,
            )?;
            let reason = reason
                .to_possible_value()
                .map(|value| value.get_name().replace('-', "_"));
            let body = json!({"reason": reason, "note": note});
            said(
                admin
                    .change(Request::post(format!("{one}:disable")).json(body))
                    .await?,
                "disabled",
                output,
            )?;
        }
        Verb::Enable { name, key } => {
            let (one, _) = find(&name, &key, &admin).await?;
            said(
                admin.change(Request::post(format!("{one}:enable"))).await?,
                "enabled",
                output,
            )?;
        }
        Verb::Delete { name, key } => {
            let (one, id) = find(&name, &key, &admin).await?;
            prompt::confirm(&format!("Key {id} is deleted, for good."), &key, global)?;
            if admin.change(Request::delete(one)).await?.is_some() {
                output.note(format!("ok Key {id} is deleted."));
            }
        }
        Verb::Roll {
            name,
            key,
            out,
            disable_old,
            wanted,
        } => {
            key_file::is_free(&out)?;
            let (old, id) = find(&name, &key, &admin).await?;
            make(&account_path(&name, &admin)?, &out, &wanted, &admin, output).await?;
            if disable_old {
                said(
                    admin
                        .change(Request::post(format!("{old}:disable")))
                        .await?,
                    "disabled",
                    output,
                )?;
            } else {
                output.note(format!(
                    "  next: put the new file in its place, then: carnet sa key disable {name} {}",
                    id.get(..10).unwrap_or(&id)
                ));
            }
        }
    }
    Ok(Exit::Success)
}

/// Makes a key, and writes the file.
pub(super) async fn make(
    account: &str,
    out: &Path,
    wanted: &Wanted,
    admin: &Admin,
    output: &Output,
) -> Result<(), Failure> {
    let mut body = json!({
        "format": if wanted.p12 { "p12" } else { "google" },
        "bits": wanted.bits,
    });
    if let (Expiry::After(span), Value::Object(members)) = (wanted.expires_in, &mut body) {
        members.insert("expires_in_days".to_owned(), json!(days(span)));
    }
    let request = Request::post(format!("{account}/keys")).json(body);
    let Some(mut made) = admin.change(request).await? else {
        return Ok(());
    };
    let data = made.get_mut("private_key_data").map(Value::take);
    let bytes = data.as_ref().and_then(Value::as_str).and_then(|data| {
        use base64::Engine as _;
        base64::engine::general_purpose::STANDARD.decode(data).ok()
    });
    let bytes =
        bytes.ok_or_else(|| Failure::of(Crn::NOT_CARNET, "the answer holds no key file"))?;
    let key = made.get("key").cloned().unwrap_or_default();
    let text = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = text("id").to_owned();
    if let Err(failure) = key_file::write(out, &bytes) {
        return Err(failure.also(format!(
            "key {id} was made and cannot be had again: delete it"
        )));
    }
    if !output.is_for_people() {
        output.one(&key, COLUMNS)?;
    }
    let until = match text("expires") {
        "" => "It does not expire.".to_owned(),
        until => format!("It expires {}.", until.get(..10).unwrap_or(until)),
    };
    output.note(format!(
        "ok Key {} written to {} (mode 0600). {until} This is the only copy.",
        id.get(..10).unwrap_or(&id),
        out.display()
    ));
    Ok(())
}

async fn upload(
    account: &str,
    (file, algorithm, expires_in): (&Path, Option<String>, Expiry),
    admin: &Admin,
    output: &Output,
) -> Result<(), Failure> {
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
    let mut body = json!({"public_key": pem});
    if let Value::Object(members) = &mut body {
        if let Some(algorithm) = algorithm {
            members.insert("algorithm".to_owned(), json!(algorithm));
        }
        if let Expiry::After(span) = expires_in {
            members.insert("expires_in_days".to_owned(), json!(days(span)));
        }
    }
    let request = Request::post(format!("{account}/keys:upload")).json(body);
    said(admin.change(request).await?, "kept", output)
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
async fn find(name: &str, begins: &str, admin: &Admin) -> Result<(String, String), Failure> {
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

fn said(changed: Option<Value>, how: &str, output: &Output) -> Result<(), Failure> {
    let Some(key) = changed else { return Ok(()) };
    if !output.is_for_people() {
        output.one(&key, COLUMNS)?;
    }
    let id = key.get("id").and_then(Value::as_str).unwrap_or_default();
    output.note(format!("ok Key {} is {how}.", id.get(..10).unwrap_or(id)));
    Ok(())
}
