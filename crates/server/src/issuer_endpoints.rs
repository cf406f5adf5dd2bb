//! Where an issuer elsewhere signs people in, by its discovery document (OpenID Connect Discovery 1.0 section 4), fetched
//! through the one guarded client ([`crate::outbound`]).
//!
//! 1. The document must name exactly that issuer (section 4.3), and where browsers go and codes are redeemed.
//! 2. Browsers are sent to https alone; to plain http only on this machine, where the issuer is there too.
//! 3. What was read is kept for ten minutes, and of a bounded number of issuers. The issuers are those that
//!    administrators named.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use carnet_core::value::IssuerUri;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use serde::Deserialize;
use url::Url;

use crate::outbound::Freshness;
use crate::outbound::NamedBy;
use crate::outbound::Outbound;
use crate::outbound::Wanted;

/// How long a document is kept.
const KEPT: Seconds = Seconds::minutes(10);

/// Of how many issuers.
const MOST: usize = 100;

const DOCUMENT: Wanted = Wanted {
    types: &["application/json"],
    most_bytes: 64 * 1024,
    freshness: Freshness {
        least: Duration::from_mins(1),
        most: Duration::from_mins(10),
        usual: Duration::from_mins(10),
    },
    named_by: NamedBy::Record,
};

/// Where an issuer signs people in.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Endpoints {
    issuer: String,
    /// Where browsers go.
    pub authorization_endpoint: Url,
    /// Where codes are redeemed.
    pub token_endpoint: Option<Url>,
    /// Where more is told of a person.
    pub userinfo_endpoint: Option<Url>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Endpoints {
    /// Whether each answer says who gives it (RFC 9207 section 3).
    pub(crate) const fn names_itself(&self) -> bool {
        self.authorization_response_iss_parameter_supported
    }

    /// Whether a secret goes into the form, as the header is not taken.
    pub(crate) fn wants_form(&self) -> bool {
        let taken = |name: &str| {
            let mut all = self.token_endpoint_auth_methods_supported.iter();
            all.any(|known| known == name)
        };
        taken("client_secret_post") && !taken("client_secret_basic")
    }
}

/// What was read of late.
#[derive(Debug, Default)]
pub(crate) struct IssuerEndpoints(Mutex<HashMap<IssuerUri, (UnixTime, Endpoints)>>);

impl IssuerEndpoints {
    /// Where this issuer signs people in, or why that is not known.
    pub(crate) async fn of(
        &self,
        issuer: &IssuerUri,
        now: UnixTime,
        outbound: &Outbound,
    ) -> Result<Endpoints, String> {
        if let Some(kept) = self.kept(issuer, now) {
            return Ok(kept);
        }
        let endpoints = fetch(issuer, outbound).await?;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(issuer.clone(), (now + KEPT, endpoints.clone()));
        Ok(endpoints)
    }

    fn kept(&self, issuer: &IssuerUri, now: UnixTime) -> Option<Endpoints> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, endpoints) = all.get(issuer)?;
        (now < *until && *until <= now + KEPT).then(|| endpoints.clone())
    }
}

async fn fetch(issuer: &IssuerUri, outbound: &Outbound) -> Result<Endpoints, String> {
    let base = issuer.as_str().trim_end_matches('/');
    let url = format!("{base}/.well-known/openid-configuration");
    let url: Url = url.parse().map_err(|_| "the issuer is no URL".to_owned())?;
    let found = outbound.fetch(&url, &DOCUMENT).await;
    let found = found.map_err(|fault| format!("the discovery document: {}", fault.told()))?;
    let endpoints: Endpoints = serde_json::from_slice(&found.body)
        .map_err(|_| "the discovery document names no authorization_endpoint".to_owned())?;
    if endpoints.issuer != issuer.as_str() {
        return Err("the discovery document names another issuer".to_owned());
    }
    let at = &endpoints.authorization_endpoint;
    let here = matches!(at.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let secure = match at.scheme() {
        "https" => true,
        "http" => here && issuer.as_str().starts_with("http://"),
        _ => false,
    };
    let plain = at.fragment().is_none() && at.username().is_empty() && at.password().is_none();
    if !secure || !plain {
        return Err("its authorization_endpoint is not one that browsers are sent to".to_owned());
    }
    Ok(endpoints)
}

#[cfg(test)]
mod tests;
