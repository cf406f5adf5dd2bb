//! `carnet trusted-issuer`: issuers elsewhere whose assertions buy tokens here (RFC 7523), of a project or of an
//! organization.

mod check;

use std::path::PathBuf;

use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;
use serde_json::Value;

use crate::admin::Admin;
use crate::admin::MOST;
use crate::admin::Request;
use crate::admin::path;
use crate::app::keys;
use crate::duration::Span;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::Column;
use crate::output::Output;
use crate::work::Work;

/// What can be done with trusted issuers.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the issuers that a project trusts, or an organization.
    List(Whose),
    /// Show a trusted issuer.
    #[command(visible_alias = "show")]
    Get(One),
    /// Trust an issuer: its assertions buy tokens of a service account, or of users.
    #[command(
        after_help = "Example:\n  carnet trusted-issuer create \"CI of the website\" --issuer https://gitlab.example --account deployer@site.iam.gserviceaccount.com --subject 'project_path:acme/site:*' --scope invoices.read"
    )]
    Create {
        /// What people call it.
        title: String,
        /// Its iss, letter by letter.
        #[arg(long, value_name = "URL")]
        issuer: String,
        /// What aud must be. Not given: this server's issuer or token endpoint.
        #[arg(long, value_name = "AUD")]
        audience: Option<String>,
        #[command(flatten)]
        says: Says,
        /// Begin disabled.
        #[arg(long)]
        disabled: bool,
        #[command(flatten)]
        whose: Whose,
    },
    /// Change what a trusted issuer may. What is not given stays.
    Update {
        #[command(flatten)]
        one: One,
        /// What people call it.
        #[arg(long, value_name = "TEXT")]
        title: Option<String>,
        #[command(flatten)]
        says: Says,
    },
    /// Disable a trusted issuer: it gets nobody a token, and what it got is refused at once.
    Disable(One),
    /// Enable a trusted issuer.
    Enable(One),
    /// Trust an issuer no more, for good.
    Delete(One),
    /// Say, step by step, whether an assertion would buy a token, and whose. Nothing is issued, and it can be used afterwards.
    #[command(
        after_help = "Example:\n  carnet trusted-issuer check --issuer https://gitlab.example token.jwt"
    )]
    Check(check::Arguments),
}

/// Who trusts.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Whose {
    /// The organization trusts it, and not a project.
    #[arg(long)]
    of_organization: bool,
}

/// One trusted issuer.
#[derive(Args, Debug)]
pub(crate) struct One {
    /// Its id.
    id: String,
    #[command(flatten)]
    whose: Whose,
}

/// What a trusted issuer may.
#[derive(Args, Debug)]
pub(crate) struct Says {
    /// The service account that it gets tokens for, by e-mail or number.
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,
    /// By what it names users of the organization.
    #[arg(long, value_enum, value_name = "CLAIM", conflicts_with = "account")]
    user_claim: Option<UserClaim>,
    /// A sub that is taken, exactly or with a * at its end; may be repeated. All of them, when updating.
    #[arg(long, value_name = "SUB")]
    subject: Vec<String>,
    /// A scope that is granted at most; several with commas between, or by repeating this. All of them.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// A client that may bring assertions; may be repeated. All of them, when updating.
    #[arg(long, value_name = "CLIENT")]
    client: Vec<String>,
    /// A file with the issuer's keys, where they cannot be fetched: a JWK Set, or PEM.
    #[arg(long, value_name = "FILE")]
    jwks: Option<PathBuf>,
    /// Where the issuer's keys are, if it has no discovery document: https.
    #[arg(long, value_name = "URL", conflicts_with = "jwks")]
    jwks_uri: Option<String>,
    /// How long an assertion may live: 1m to 24h.
    #[arg(long, value_name = "SPAN")]
    max_lifetime: Option<Span>,
}

/// By what an assertion names a user.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum UserClaim {
    /// The claim email, where `email_verified` is true.
    Email,
    /// Its sub is their e-mail address.
    SubjectEmail,
    /// Its sub is their number here.
    SubjectId,
}

impl UserClaim {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::SubjectEmail => "subject_email",
            Self::SubjectId => "subject_id",
        }
    }
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("TITLE", "/title"),
    Column::at("ISSUER", "/issuer"),
    Column::made("FOR", whom),
    Column::at("DISABLED", "/disabled"),
    Column::at("AUDIENCE", "/audience").wide(),
    Column::at("SUBJECTS", "/subjects").wide(),
    Column::at("SCOPES", "/scopes").wide(),
    Column::at("CLIENTS", "/clients").wide(),
    Column::made("KEYS", keys_of).wide(),
    Column::at("LIFETIME", "/max_lifetime_seconds").wide(),
    Column::moment("CREATED", "/created").wide(),
];

/// Whom it gets tokens for.
fn whom(issuer: &Value) -> String {
    let text = |name: &str| issuer.get(name).and_then(Value::as_str);
    match (text("account"), text("user_claim")) {
        (Some(account), _) => account.to_owned(),
        (None, Some(claim)) => format!("users by {claim}"),
        (None, None) => String::new(),
    }
}

/// Where its keys are.
fn keys_of(issuer: &Value) -> String {
    if let Some(url) = issuer.get("jwks_uri").and_then(Value::as_str) {
        return url.to_owned();
    }
    match issuer.pointer("/jwks/keys").and_then(Value::as_array) {
        Some(keys) => format!("{} given", keys.len()),
        None => "by discovery".to_owned(),
    }
}

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    match verb {
        Verb::List(whose) => {
            let of = whose.path(&work.admin).await?;
            work.list(Request::get(of), MOST).await
        }
        Verb::Get(one) => work.show(one.path(&work).await?).await,
        Verb::Create {
            title,
            issuer,
            audience,
            says,
            disabled,
            whose,
        } => {
            let members = says.members()?;
            let members = members.with("title", title).with("issuer", issuer);
            let members = members.maybe("audience", audience);
            let members = members.maybe("disabled", disabled.then_some(true));
            let of = whose.path(&work.admin).await?;
            work.act(Request::post(of).json(members.into()), "trusted")
                .await
        }
        Verb::Update { one, title, says } => {
            let members = says.members()?.maybe("title", title);
            work.patch(one.path(&work).await?, members.into()).await
        }
        Verb::Disable(one) => {
            let request = Request::post(format!("{}:disable", one.path(&work).await?));
            let effect = "It gets nobody a token, and what it got is refused at once.";
            work.act_after_asking(request, (effect, &one.id), "disabled")
                .await
        }
        Verb::Enable(one) => {
            let request = Request::post(format!("{}:enable", one.path(&work).await?));
            work.act(request, "enabled").await
        }
        Verb::Check(arguments) => check::run(arguments, &work).await,
        Verb::Delete(one) => {
            let effect = "It is trusted no more, and what it got is refused at once.";
            work.remove(one.path(&work).await?, (effect, &one.id)).await
        }
    }
}

impl Whose {
    async fn path(self, admin: &Admin) -> Result<String, Failure> {
        if self.of_organization {
            let organization = admin.organization().await?;
            return Ok(path(&["organizations", &organization, "trusted-issuers"]));
        }
        Ok(path(&["projects", admin.project()?, "trusted-issuers"]))
    }
}

impl One {
    async fn path(&self, work: &Work<'_>) -> Result<String, Failure> {
        let of = self.whose.path(&work.admin).await?;
        Ok(format!("{of}/{}", path(&[&self.id])))
    }
}

impl Says {
    fn members(self) -> Result<Members, Failure> {
        let keys = self.jwks.as_deref().map(keys::read).transpose()?;
        Ok(Members::default()
            .maybe("account", self.account)
            .maybe("user_claim", self.user_claim.map(UserClaim::as_str))
            .list("subjects", self.subject)
            .list("scopes", self.scope)
            .list("clients", self.client)
            .maybe("jwks", keys)
            .maybe("jwks_uri", self.jwks_uri)
            .maybe("max_lifetime_seconds", self.max_lifetime.map(|span| span.0)))
    }
}
