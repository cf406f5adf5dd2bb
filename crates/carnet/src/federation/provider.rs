//! `carnet federation provider`: who vouches for the principals of a pool, and what of that is believed.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::path::PathBuf;

use carnet_wire::crn::Crn;
use clap::Args;
use clap::Subcommand;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::named;
use super::named::Whose;
use super::pool::switched;
use super::web;
use super::web::Web;
use crate::admin::MOST;
use crate::admin::Request;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::Column;
use crate::output::Output;
use crate::work::Work;

/// The longest file of keys or metadata that is read, in bytes.
const LONGEST: u64 = 256 * 1024;

/// What can be done with providers.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the providers of a pool.
    List {
        /// The pool: its id, or its whole name.
        #[arg(long, value_name = "POOL")]
        pool: String,
        /// Show deleted providers too, which can be brought back for 30 days.
        #[arg(long)]
        deleted: bool,
        #[command(flatten)]
        whose: Whose,
    },
    /// Show a provider.
    #[command(visible_alias = "show")]
    Get(One),
    /// Make a provider: of JWTs (an OpenID provider, a Kubernetes cluster, a CI system), of SAML, of AWS or of certificates.
    #[command(
        after_help = "Example:\n  carnet federation provider create ci-runners/github --issuer https://token.actions.githubusercontent.com --map google.subject=assertion.sub --map attribute.repository=assertion.repository --condition \"assertion.repository_owner == 'acme'\""
    )]
    Create {
        #[command(flatten)]
        provider: One,
        #[command(flatten)]
        says: Says,
        /// Begin disabled.
        #[arg(long)]
        disabled: bool,
    },
    /// Change a provider. What is not given stays.
    Update {
        #[command(flatten)]
        provider: One,
        #[command(flatten)]
        says: Says,
    },
    /// Disable a provider: it lets nobody in, and what it got its principals is refused at once.
    Disable(One),
    /// Enable a provider.
    Enable(One),
    /// Delete a provider. It can be brought back for 30 days.
    Delete(One),
    /// Bring a deleted provider back.
    Undelete(One),
}

/// One provider.
#[derive(Args, Debug)]
pub(crate) struct One {
    /// It, with its pool: POOL/PROVIDER, or its whole name.
    #[arg(value_name = "POOL/PROVIDER")]
    provider: String,
    #[command(flatten)]
    whose: Whose,
}

/// What a provider says.
#[derive(Args, Debug)]
pub(crate) struct Says {
    /// The issuer: the iss of its tokens, letter by letter.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// A file with the metadata of an identity provider of SAML 2.0, instead of an issuer. The server must be built with
    /// SAML.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["issuer", "audience", "jwks"])]
    saml_metadata: Option<PathBuf>,
    /// The number of an account of AWS, whose workloads sign requests to AWS, instead of an issuer.
    #[arg(long, value_name = "ACCOUNT", conflicts_with_all = ["issuer", "audience", "jwks", "saml_metadata"])]
    aws_account: Option<String>,
    /// A file with the certificates in PEM of those who certify workloads, instead of an issuer.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["issuer", "audience", "jwks", "saml_metadata", "aws_account"])]
    trust_anchors: Option<PathBuf>,
    /// A file with certificates in PEM between those and the certificates of workloads.
    #[arg(long, value_name = "FILE", requires = "trust_anchors")]
    intermediates: Option<PathBuf>,
    /// An aud that is taken; may be repeated. All of them, when updating. None: the provider's own name.
    #[arg(long, value_name = "AUD")]
    audience: Vec<String>,
    /// A file with the issuer's keys (a JWK set), where they cannot be fetched.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    #[command(flatten)]
    web: Web,
    /// What becomes of claims, like google.subject=assertion.sub; may be repeated. All of it, when updating.
    #[arg(long, value_name = "KEY=EXPRESSION", value_parser = mapping)]
    map: Vec<(String, String)>,
    /// The expression that must be true; an empty one takes it away.
    #[arg(long, value_name = "EXPRESSION")]
    condition: Option<String>,
    /// What people call it: at most 32 bytes.
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,
    /// What it is for: at most 256 bytes.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

fn mapping(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=');
    let (key, expression) = parts.ok_or("a mapping is KEY=EXPRESSION")?;
    Ok((key.trim().to_owned(), expression.trim().to_owned()))
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("STATUS", "/state/state"),
    Column::made("ISSUER", issuer),
    Column::at("CONDITION", "/attribute_condition"),
    Column::made("MAPPING", mapped).wide(),
    Column::at("AUDIENCES", "/oidc/allowed_audiences").wide(),
    Column::made("KEYS", keys).wide(),
    Column::at("NAME", "/name").wide(),
    Column::at("DISPLAY NAME", "/display_name").wide(),
    Column::at("DESCRIPTION", "/description").wide(),
    Column::moment("CREATED", "/created").wide(),
    Column::moment("RESTORABLE", "/state/restorable_until").wide(),
];

/// `google.subject=assertion.sub; …`
fn mapped(provider: &Value) -> String {
    let mapping = provider.get("attribute_mapping").and_then(Value::as_object);
    let lines = mapping.into_iter().flatten();
    let lines = lines.map(|(key, text)| format!("{key}={}", text.as_str().unwrap_or_default()));
    lines.collect::<Vec<_>>().join("; ")
}

/// Whom it trusts.
fn issuer(provider: &Value) -> String {
    if provider.get("x509").is_some() {
        return "certificates".to_owned();
    }
    let places = ["/oidc/issuer", "/saml/entity_id", "/aws/account_id"];
    let mut found = places
        .iter()
        .filter_map(|at| provider.pointer(at)?.as_str());
    found.next().unwrap_or_default().to_owned()
}

/// Where its keys are.
fn keys(provider: &Value) -> String {
    if let Some(count) = provider.pointer("/saml/certificates") {
        return format!("{count} certificates");
    }
    if let Some(all) = provider.pointer("/x509/trust_anchors") {
        return format!("{} authorities", all.as_array().map_or(0, Vec::len));
    }
    if provider.get("aws").is_some() {
        return "at AWS".to_owned();
    }
    match provider
        .pointer("/oidc/jwks/keys")
        .and_then(Value::as_array)
    {
        Some(keys) => format!("{} given", keys.len()),
        None => "by discovery".to_owned(),
    }
}

/// Does it.
pub(super) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::List {
            pool,
            deleted,
            whose,
        } => {
            let of = named::providers(&pool, whose, &work.admin).await?;
            let request = Request::get(of).maybe("show_deleted", deleted.then_some("true"));
            work.list(request, MOST).await
        }
        Verb::Get(one) => work.show(one.path(&work).await?).await,
        Verb::Create {
            provider,
            says,
            disabled,
        } => {
            let path = provider.path(&work).await?;
            let (of, id) = path.rsplit_once('/').unwrap_or_default();
            let members = new(says)?.with("id", id);
            let members = members.maybe("disabled", disabled.then_some(true));
            let request = Request::post(of.to_owned()).json(members.into());
            work.act(request, "made").await
        }
        Verb::Update { provider, says } => update(&provider, says, &work).await,
        Verb::Disable(one) => {
            let path = one.path(&work).await?;
            let effect = "It lets nobody in, and what it got its principals is refused at once.";
            crate::prompt::confirm(effect, &one.provider, global)?;
            switched(path, true, &work).await
        }
        Verb::Enable(one) => switched(one.path(&work).await?, false, &work).await,
        Verb::Delete(one) => {
            let path = one.path(&work).await?;
            let effect =
                "Whoever comes through it is refused at once. It can be brought back for 30 days.";
            work.remove(path, (effect, &one.provider)).await
        }
        Verb::Undelete(one) => {
            let path = format!("{}:undelete", one.path(&work).await?);
            work.act(Request::post(path), "back").await
        }
    }
}

/// A provider to be made.
fn new(says: Says) -> Result<Members, Failure> {
    let other = says.other()?;
    if says.issuer.is_none() && other.is_none() {
        let fix = "--issuer https://token.actions.githubusercontent.com";
        return Err(Failure::usage("whose tokens?").fix(fix));
    }
    if says.map.is_empty() && says.aws_account.is_none() {
        return Err(Failure::usage("what becomes of the claims?")
            .why("a mapping says at least who comes")
            .fix("--map google.subject=assertion.sub"));
    }
    if let Some((kind, other)) = other {
        return Ok(says.members().with(kind, other));
    }
    let mut oidc = Map::new();
    oidc.insert("issuer".to_owned(), json!(says.issuer));
    says.within(&mut oidc)?;
    Ok(says.members().with("oidc", oidc))
}

async fn update(one: &One, says: Says, work: &Work<'_>) -> Result<Exit, Failure> {
    let path = one.path(work).await?;
    let before = work.admin.get(path.clone()).await?;
    let oidc = before.get("oidc").and_then(Value::as_object);
    let mut oidc = oidc.cloned().unwrap_or_default();
    web::writable(&mut oidc);
    let was = oidc.clone();
    if let Some(issuer) = &says.issuer {
        oidc.insert("issuer".to_owned(), json!(issuer));
    }
    says.within(&mut oidc)?;
    let other = says.other()?;
    let mut members = says.members();
    if let Some((kind, other)) = other {
        members = members.with(kind, other);
    }
    if oidc != was {
        members = members.with("oidc", oidc);
    }
    let body: Value = members.into();
    if body.as_object().is_some_and(Map::is_empty) {
        return Err(Failure::usage("nothing to change was given"));
    }
    let changed = work.admin.patch_read(path, &before, body).await?;
    work.said(changed, "changed")
}

impl One {
    async fn path(&self, work: &Work<'_>) -> Result<String, Failure> {
        named::provider(&self.provider, self.whose, &work.admin).await
    }
}

impl Says {
    /// What was given of the issuer.
    fn within(&self, oidc: &mut Map<String, Value>) -> Result<(), Failure> {
        if !self.audience.is_empty() {
            oidc.insert("allowed_audiences".to_owned(), json!(self.audience));
        }
        if let Some(file) = &self.jwks {
            oidc.insert("jwks".to_owned(), key_set(file)?);
        }
        self.web.within(oidc)
    }

    /// What is verified otherwise than by the keys of an issuer, if it was given.
    fn other(&self) -> Result<Option<(&'static str, Value)>, Failure> {
        if let Some(account) = &self.aws_account {
            return Ok(Some(("aws", json!({ "account_id": account }))));
        }
        if let Some(file) = &self.trust_anchors {
            let mut x509 = json!({ "trust_anchors": certificates(file)? });
            if let Some(file) = &self.intermediates {
                x509["intermediate_cas"] = json!(certificates(file)?);
            }
            return Ok(Some(("x509", x509)));
        }
        Ok(self.saml()?.map(|saml| ("saml", saml)))
    }

    /// The identity provider of SAML, if one was given.
    fn saml(&self) -> Result<Option<Value>, Failure> {
        let Some(file) = &self.saml_metadata else {
            return Ok(None);
        };
        let text = String::from_utf8(content(file)?).map_err(|_| {
            let what = format!("{} is no XML in UTF-8", file.display());
            Failure::usage(what).why("the metadata of SAML is")
        })?;
        Ok(Some(json!({ "idp_metadata_xml": text })))
    }

    /// What was given of the rest.
    fn members(self) -> Members {
        let mut members = Members::default()
            .maybe("display_name", self.display_name)
            .maybe("description", self.description);
        if !self.map.is_empty() {
            let mapping = self.map.into_iter();
            let mapping = mapping.map(|(key, text)| (key, json!(text)));
            members = members.with("attribute_mapping", mapping.collect::<Map<_, _>>());
        }
        match self.condition {
            None => members,
            Some(none) if none.is_empty() => members.with("attribute_condition", Value::Null),
            Some(text) => members.with("attribute_condition", text),
        }
    }
}

fn key_set(file: &Path) -> Result<Value, Failure> {
    serde_json::from_slice(&content(file)?).map_err(|_| {
        Failure::usage(format!("{} is no JSON", file.display()))
            .why("a JWK set is an object with the member keys")
    })
}

/// Each certificate of a file in PEM; the server reads them.
fn certificates(file: &Path) -> Result<Vec<String>, Failure> {
    const END: &str = "-----END CERTIFICATE-----";
    let text = String::from_utf8(content(file)?).unwrap_or_default();
    let all = text.split_inclusive(END).filter(|one| one.contains(END));
    let all: Vec<_> = all.map(|one| one.trim().to_owned()).collect();
    if all.is_empty() {
        let what = format!("{} has no certificate in PEM", file.display());
        return Err(Failure::usage(what).why("it begins with -----BEGIN CERTIFICATE-----"));
    }
    Ok(all)
}

fn content(file: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |why: String| {
        let what = format!("{} cannot be read: {why}", file.display());
        Failure::of(Crn::FILE_NOT_READABLE, what)
    };
    let mut text = Vec::new();
    let opened = File::open(file).map_err(|error| unreadable(error.to_string()))?;
    let read = opened.take(LONGEST).read_to_end(&mut text);
    read.map_err(|error| unreadable(error.to_string()))?;
    Ok(text)
}
