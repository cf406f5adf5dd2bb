//! A service identity of Google Distributed Cloud: a key of its own, an endpoint of its own, and an
//! authority of its own that certifies it.
//!
//! google-wire 8.4. The identity signs a token with its key (ES256) and exchanges it, as JSON, for one that
//! is good for one audience. The file may name the certificate of the authority (`ca_cert_path`), which
//! is then the only one that is trusted.

use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use serde_json::json;
use url::Url;
use zeroize::Zeroizing;

use crate::adc::files;
use crate::adc::iam_credentials::json_request;
use crate::adc::members::Members;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::Change;
use crate::adc::source::CredentialKind;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::error::Error;
use crate::jwt_bearer;
use crate::signing_key::SigningKey;
use crate::token::Secret;
use crate::token::Token;
use crate::transport::Transport;

/// Not the name of RFC 8693, but what this service wants.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:token-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
const SUBJECT_TYPE: &str = "urn:k8s:params:oauth:token-type:serviceaccount";

/// A service identity.
#[derive(Clone, Debug)]
pub(crate) struct GdchAccount {
    name: String,
    key: Arc<SigningKey>,
    token_url: Url,
    authority: Option<PathBuf>,
    audience: Option<String>,
    facts: Facts,
}

impl GdchAccount {
    /// Reads the file.
    pub(crate) fn read(file: &Members) -> Result<Self, Error> {
        if file.needed("format_version")? != "1" {
            return Err(file.fault("format_version", "it is not 1"));
        }
        let project = file.needed("project")?;
        let name = file.needed("name")?;
        let private_key = Zeroizing::new(file.needed_secret("private_key")?.reveal().to_owned());
        let key = SigningKey::from_pem(&private_key, &file.needed("private_key_id")?)?;
        let token_url = file
            .url("token_uri")?
            .ok_or_else(|| file.fault("token_uri", "it is missing"))?;
        let facts = Facts {
            endpoint: Some(token_url.to_string()),
            project: Some(project.clone()),
            ..Facts::of(file)?
        };
        Ok(Self {
            name: format!("system:serviceaccount:{project}:{name}"),
            key: Arc::new(key),
            token_url,
            authority: file.text("ca_cert_path")?.map(PathBuf::from),
            audience: None,
            facts,
        })
    }

    fn assertion(&self, now: i64) -> Result<Secret, Error> {
        #[derive(Serialize)]
        struct Claims<'a> {
            iss: &'a str,
            sub: &'a str,
            aud: &'a str,
            iat: i64,
            exp: i64,
        }
        let claims = Claims {
            iss: &self.name,
            sub: &self.name,
            aud: self.token_url.as_str(),
            iat: now,
            exp: now.saturating_add(jwt_bearer::LIFETIME),
        };
        // Strings and numbers always serialise.
        self.key
            .sign(&serde_json::to_vec(&claims).unwrap_or_default())
    }
}

impl Source for GdchAccount {
    fn kind(&self) -> CredentialKind {
        CredentialKind::GdchServiceAccount
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let audience = self.audience.as_deref().ok_or_else(|| {
                Error::argument("a service identity of Google Distributed Cloud needs an audience")
            })?;
            let url = self.token_url.as_str();
            let body = json!({
                "grant_type": GRANT_TYPE,
                "audience": audience,
                "requested_token_type": ACCESS_TOKEN,
                "subject_token": self.assertion(asking.now())?.reveal(),
                "subject_token_type": SUBJECT_TYPE,
            });
            let request = json_request(url, body.to_string().into_bytes(), None)?;
            let mut outside = asking.outside.clone();
            outside.transport = self.transport(asking).await?;
            let judge = |response: &_| jwt_bearer::process(response, url, asking.now());
            outside.ask(&request, asking.tries, judge).await
        })
    }

    fn changed(&self, change: &Change) -> Option<Arc<dyn Source>> {
        match change {
            Change::Audience(audience) => Some(Arc::new(Self {
                audience: Some(audience.clone()),
                ..self.clone()
            })),
            Change::SelfSigned | Change::Subject(_) => None,
        }
    }

    fn transport<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Transport> {
        Box::pin(async move {
            let usual = &asking.outside.transport;
            let Some(path) = &self.authority else {
                return Ok(usual.clone());
            };
            let pem = files::bytes(path, files::CERTIFICATES).await?;
            usual.trusting(&pem)
        })
    }
}
