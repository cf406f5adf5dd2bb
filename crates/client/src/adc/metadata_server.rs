//! The service account of the machine, from its metadata server.
//!
//! google-wire 7.
//!
//! 1. Its host is what `GCE_METADATA_HOST` says (a host, with a port where it is another than 80), else
//!    `metadata.google.internal`. A host that was named is believed to be there.
//! 2. Else it is looked for: its address is asked three times with half a second for each, and where
//!    nothing answers the firmware is looked at, which says on Google's machines that it is Google's.
//! 3. Request and answer carry `Metadata-Flavor: Google`. What answers without it is something else (a
//!    captive portal, a proxy) and is not believed.
//! 4. No proxy sees these requests.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use http::HeaderName;
use http::HeaderValue;
use http::Response;
use http::StatusCode;
use url::Url;

use crate::adc::environment::Environment;
use crate::adc::files;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CredentialKind;
use crate::adc::source::Fact;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::adc::token_url::body;
use crate::adc::token_url::get;
use crate::error::Error;
use crate::jwt_bearer;
use crate::token::Token;
use crate::transport::Transport;

const HOST: &str = "metadata.google.internal";
const ADDRESS: &str = "169.254.169.254";
const FLAVOR: HeaderName = HeaderName::from_static("metadata-flavor");
const GOOGLE: HeaderValue = HeaderValue::from_static("Google");

/// How often it is looked for, and how long an answer may take.
const LOOKS: u32 = 3;
const PATIENCE: Duration = Duration::from_millis(500);

/// What the firmware of Google's machines says.
const FIRMWARE: &str = "/sys/class/dmi/id/product_name";

/// A metadata server.
pub(crate) struct MetadataServer {
    root: Url,
    facts: Facts,
}

impl MetadataServer {
    /// Looks for it.
    pub(crate) async fn find(
        environment: &Environment,
        transport: &Transport,
    ) -> Result<Option<Self>, Error> {
        let named = environment.text("GCE_METADATA_HOST");
        let named = named.or_else(|| environment.text("GCE_METADATA_ROOT"));
        if let Some(host) = named {
            return Self::at(&host).map(Some);
        }
        if environment.says("NO_GCE_CHECK", "true") {
            return Ok(None);
        }
        let address = environment.text("GCE_METADATA_IP");
        let address = root(address.as_deref().unwrap_or(ADDRESS))?;
        let direct = transport.direct()?;
        for _ in 0..LOOKS {
            let mut request = get(&address)?;
            request.headers_mut().insert(FLAVOR, GOOGLE);
            match tokio::time::timeout(PATIENCE, direct.send(request)).await {
                Ok(Ok(response)) if response.status() == StatusCode::OK && is_google(&response) => {
                    return Self::at(HOST).map(Some);
                }
                // Somebody else is there.
                Ok(Ok(_)) => return Ok(None),
                Ok(Err(_)) | Err(_) => {}
            }
        }
        let firmware = files::text(Path::new(FIRMWARE), 1024).await;
        let google = firmware.is_ok_and(|name| name.trim_start().starts_with("Google"));
        if google {
            Self::at(HOST).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The one at a host.
    pub(crate) fn at(host: &str) -> Result<Self, Error> {
        let root = root(host)?;
        let facts = Facts {
            endpoint: Some(root.to_string()),
            ..Facts::none()
        };
        Ok(Self { root, facts })
    }

    /// The server's address, for people.
    pub(crate) fn host(&self) -> &str {
        self.root.as_str()
    }

    fn url(&self, path: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.root.clone();
        url.set_path(&format!("/computeMetadata/v1/{path}"));
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    async fn ask<T>(
        &self,
        url: &Url,
        asking: Asking<'_>,
        judge: impl Fn(&Response<Vec<u8>>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let mut request = get(url)?;
        request.headers_mut().insert(FLAVOR, GOOGLE);
        let mut outside = asking.outside.clone();
        outside.transport = outside.transport.direct()?;
        let judge = |response: &Response<Vec<u8>>| {
            if response.status().is_success() && !is_google(response) {
                let because = "its header Metadata-Flavor does not say Google";
                return Err(Error::answer(url.as_str(), because));
            }
            judge(response)
        };
        outside.ask(&request, asking.tries, judge).await
    }

    /// A text, where the server has it.
    async fn text(&self, path: &str, asking: Asking<'_>) -> Result<Option<String>, Error> {
        let url = self.url(path, &[]);
        let judge = |response: &Response<Vec<u8>>| {
            if response.status() == StatusCode::NOT_FOUND {
                return Ok(None);
            }
            let text = body(response, url.as_str())?.trim();
            Ok((!text.is_empty()).then(|| text.to_owned()))
        };
        self.ask(&url, asking, judge).await
    }
}

impl Source for MetadataServer {
    fn kind(&self) -> CredentialKind {
        CredentialKind::Metadata
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let scopes = asking.scope.replace(' ', ",");
            let query = [("scopes", scopes.as_str())];
            let query = if scopes.is_empty() { &[][..] } else { &query };
            let url = self.url("instance/service-accounts/default/token", query);
            let judge = |response: &_| {
                jwt_bearer::process(response, url.as_str(), asking.now()).map_err(none_attached)
            };
            self.ask(&url, asking, judge).await
        })
    }

    fn identity<'a>(&'a self, audience: &'a str, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let query = [("audience", audience), ("format", "full")];
            let url = self.url("instance/service-accounts/default/identity", &query);
            let judge = |response: &_| {
                let token = body(response, url.as_str()).map_err(none_attached)?;
                Token::id(token.trim(), asking.now())
                    .ok_or_else(|| Error::answer(url.as_str(), "it is no token"))
            };
            self.ask(&url, asking, judge).await
        })
    }

    fn look_up<'a>(&'a self, what: Fact, asking: Asking<'a>) -> Answer<'a, Option<String>> {
        Box::pin(async move {
            let path = match what {
                Fact::Email => "instance/service-accounts/default/email",
                Fact::Project => "project/project-id",
                Fact::Universe => "universe/universe-domain",
            };
            let found = self.text(path, asking).await?;
            // google-wire 1.4: where it does not say, it is Google's own.
            let default = (what == Fact::Universe).then(|| self.facts.universe.clone());
            Ok(found.or(default))
        })
    }
}

impl fmt::Debug for MetadataServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MetadataServer({})", self.root.as_str())
    }
}

fn is_google(response: &Response<Vec<u8>>) -> bool {
    response.headers().get(FLAVOR) == Some(&GOOGLE)
}

/// A machine may have no account.
fn none_attached(error: Error) -> Error {
    match error.status() {
        Some(404) => Error::source("this machine has no service account"),
        _ => error,
    }
}

fn root(host: &str) -> Result<Url, Error> {
    let bare = host.strip_prefix("http://").unwrap_or(host);
    let bare = bare.trim_end_matches('/');
    let url = Url::parse(&format!("http://{bare}/"));
    url.ok()
        .filter(|url| url.path() == "/" && url.query().is_none() && url.username().is_empty())
        .ok_or_else(|| Error::argument(format!("'{host}' is not the host of a metadata server")))
}
