//! Somebody whom another issuer knows: workload and workforce identity federation.
//!
//! google-wire 6.1 and 6.3.
//!
//! 1. The credential's own token (the subject token) comes from where `credential_source` says: a file,
//!    an address, a program, a certificate, Amazon.
//! 2. It is exchanged at `token_url` for an access token of the pool's.
//! 3. Where the file names a service account to impersonate, [`super::impersonated`] goes on from
//!    there.

use serde_json::Value;
use serde_json::json;
use url::Url;

use crate::adc::aws::Aws;
use crate::adc::certificate::Certificate;
use crate::adc::executable::Executable;
use crate::adc::iam_credentials::LIFETIME;
use crate::adc::iam_credentials::LONGEST_LIFETIME;
use crate::adc::iam_credentials::Target;
use crate::adc::impersonated;
use crate::adc::members::Members;
use crate::adc::members::secure_url;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CredentialKind;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::adc::sts::StsClient;
use crate::adc::sts::StsExchange;
use crate::adc::token_file::TokenFile;
use crate::adc::token_url::TokenUrl;
use crate::error::Error;
use crate::token::Secret;
use crate::token::Token;
use crate::transport::Transport;

/// The shortest lifetime that a file may ask for, in seconds.
const SHORTEST_LIFETIME: u64 = 600;

/// An external account.
#[derive(Debug)]
pub(crate) struct ExternalAccount {
    /// The provider, as the service knows it.
    audience: String,
    subject_token_type: String,
    token_url: Url,
    client: Option<StsClient>,
    user_project: Option<String>,
    subject: Subject,
    facts: Facts,
}

/// Where the subject token comes from.
#[derive(Debug)]
enum Subject {
    File(TokenFile),
    Url(TokenUrl),
    Executable(Executable),
    Certificate(Certificate),
    Aws(Aws),
}

impl ExternalAccount {
    /// Reads the file, and the account that it names besides.
    pub(crate) fn read(file: &Members) -> Result<(Self, Option<Target>), Error> {
        let audience = file.needed("audience")?;
        let source = file
            .object("credential_source")?
            .ok_or_else(|| file.fault("credential_source", "it is missing"))?;
        let target = target(file)?;
        let email = target.as_ref().map(Target::email);
        let subject_token_type = file.needed("subject_token_type")?;
        let subject = subject(&source, (&audience, &subject_token_type), email)?;
        let mut facts = Facts::of(file)?;
        let token_url = match file.url("token_url")? {
            Some(url) => url,
            None => secure_url(&format!("{}/v1/token", facts.service("sts")))
                .map_err(|because| file.fault("universe_domain", because))?,
        };
        facts.endpoint = Some(token_url.to_string());
        facts.project_number = project_number(&audience);
        let user_project = file.text("workforce_pool_user_project")?;
        if user_project.is_some() && !audience.contains("/workforcePools/") {
            let because = "it is for pools of a workforce, and the audience is none";
            return Err(file.fault("workforce_pool_user_project", because));
        }
        if let Some(project) = &user_project {
            facts.project_number = Some(project.clone());
        }
        let secret = file.secret("client_secret")?;
        let client = file.text("client_id")?.map(|id| StsClient { id, secret });
        let account = Self {
            audience,
            subject_token_type,
            token_url,
            client,
            user_project,
            subject,
            facts,
        };
        Ok((account, target))
    }

    async fn subject_token(&self, asking: Asking<'_>) -> Result<Secret, Error> {
        match &self.subject {
            Subject::File(file) => file.token().await,
            Subject::Url(url) => url.token(asking).await,
            Subject::Executable(executable) => executable.token(asking).await,
            Subject::Certificate(certificate) => certificate.token(asking.environment).await,
            Subject::Aws(aws) => aws.token(&self.audience, asking).await,
        }
    }

    /// google-wire 6.3: an app that proves itself says by that which project pays.
    fn options(&self) -> Option<Value> {
        let project = self.user_project.as_ref();
        project
            .filter(|_| self.client.is_none())
            .map(|project| json!({"userProject": project}))
    }
}

/// The account to impersonate, and for how long its tokens are good.
fn target(file: &Members) -> Result<Option<Target>, Error> {
    let more = file.object("service_account_impersonation")?;
    let lifetime = match more {
        Some(more) => more.number(
            "token_lifetime_seconds",
            SHORTEST_LIFETIME..=LONGEST_LIFETIME,
        )?,
        None => None,
    };
    impersonated::target(file, Vec::new(), lifetime.unwrap_or(LIFETIME))
}

/// The source that the file describes. There is exactly one.
fn subject(
    source: &Members,
    (audience, token_type): (&str, &str),
    email: Option<&str>,
) -> Result<Subject, Error> {
    if source.has("environment_id") {
        return Aws::read(source).map(Subject::Aws);
    }
    let kinds = ["file", "url", "executable", "certificate"];
    let mut named = kinds.into_iter().filter(|kind| source.has(kind));
    let (Some(kind), None) = (named.next(), named.next()) else {
        let because =
            "it is not exactly one of file, url, executable, certificate and environment_id";
        return Err(source.fault("*", because));
    };
    Ok(match kind {
        "file" => Subject::File(TokenFile::read(source)?),
        "url" => Subject::Url(TokenUrl::read(source)?),
        "executable" => {
            Subject::Executable(Executable::read(source, (audience, token_type), email)?)
        }
        _ => Subject::Certificate(Certificate::read(source)?),
    })
}

/// The number of the project that a workload pool is in.
fn project_number(audience: &str) -> Option<String> {
    let (_, rest) = audience.split_once("/projects/")?;
    let (number, _) = rest.split_once('/')?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| number.to_owned())
}

impl Source for ExternalAccount {
    fn kind(&self) -> CredentialKind {
        CredentialKind::ExternalAccount
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let subject_token = self.subject_token(asking).await?;
            let exchange = StsExchange {
                url: &self.token_url,
                client: self.client.as_ref(),
                audience: Some(&self.audience),
                scope: asking.scope_or_all(),
                subject_token: &subject_token,
                subject_token_type: &self.subject_token_type,
                options: self.options(),
            };
            let request = exchange.request()?;
            let mut outside = asking.outside.clone();
            outside.transport = self.transport(asking).await?;
            let judge = |response: &_| exchange.process(response, None, asking.now());
            outside.ask(&request, asking.tries, judge).await
        })
    }

    fn transport<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Transport> {
        Box::pin(async move {
            let usual = &asking.outside.transport;
            match &self.subject {
                Subject::Certificate(certificate) => {
                    let pem = certificate.identity(asking.environment).await?;
                    usual.presenting(&pem)
                }
                _ => Ok(usual.clone()),
            }
        })
    }
}
