//! What an issuer says about itself.
//!
//! RFC 8414 §3 and OpenID Connect Discovery 1.0 §4. The document of RFC 8414 is asked for first,
//! and where there is none (404) that of OpenID Connect. A document that names another issuer is
//! not used (RFC 8414 §3.3), nor an address in it that is less protected than the issuer's.

use carnet_wire::discovery;
use carnet_wire::discovery::NotMetadata;
use http::Request;
use http::Response;
use http::header::ACCEPT;
use url::Url;

use crate::clock::Clock;
use crate::error::Error;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::refusal;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::transport::Transport;

/// The metadata of an issuer, or as much of it as a client or an API needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata(discovery::Metadata);

impl Metadata {
    /// Who it is.
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Where its public keys are.
    pub fn jwks_uri(&self) -> Option<&str> {
        self.0.jwks_uri.as_deref()
    }

    /// Where tokens are asked for.
    pub fn token_endpoint(&self) -> Option<&str> {
        self.0.token_endpoint.as_deref()
    }

    /// Where a browser is sent to sign in.
    pub fn authorization_endpoint(&self) -> Option<&str> {
        self.0.authorization_endpoint.as_deref()
    }

    /// Where a device asks for its codes.
    pub fn device_authorization_endpoint(&self) -> Option<&str> {
        self.0.device_authorization_endpoint.as_deref()
    }

    /// Where an authorization request is pushed.
    pub fn pushed_authorization_request_endpoint(&self) -> Option<&str> {
        self.0.pushed_authorization_request_endpoint.as_deref()
    }

    /// Whether every authorization request must be pushed (RFC 9126 §5).
    pub fn requires_pushed_authorization_requests(&self) -> bool {
        self.0
            .require_pushed_authorization_requests
            .unwrap_or_default()
    }

    /// Whether the answer to an authorization request names the issuer (RFC 9207 §3).
    pub fn names_issuer_in_answers(&self) -> bool {
        self.0
            .authorization_response_iss_parameter_supported
            .unwrap_or_default()
    }

    /// Where clients register themselves.
    pub fn registration_endpoint(&self) -> Option<&str> {
        self.0.registration_endpoint.as_deref()
    }

    /// Where a token asks who its user is.
    pub fn userinfo_endpoint(&self) -> Option<&str> {
        self.0.userinfo_endpoint.as_deref()
    }

    /// Where tokens are asked about.
    pub fn introspection_endpoint(&self) -> Option<&str> {
        self.0.introspection_endpoint.as_deref()
    }

    /// Where tokens are called back.
    pub fn revocation_endpoint(&self) -> Option<&str> {
        self.0.revocation_endpoint.as_deref()
    }
}

/// Fetches the metadata of an issuer.
pub async fn fetch(issuer: &str) -> Result<Metadata, Error> {
    fetch_with(issuer, &Transport::new()?, &Clock::system()).await
}

/// The same over a transport and by a clock of the caller's.
pub async fn fetch_with(
    issuer: &str,
    transport: &Transport,
    clock: &Clock,
) -> Result<Metadata, Error> {
    let outside = Outside {
        transport: transport.clone(),
        clock: clock.clone(),
    };
    let first = request(&discovery::oauth_authorization_server(issuer), issuer)?;
    match outside
        .ask(&first, Tries::Three, |answer| process(answer, issuer))
        .await
    {
        Err(error) if error.status() == Some(404) => {
            let second = request(&discovery::openid_configuration(issuer), issuer)?;
            outside
                .ask(&second, Tries::Three, |answer| process(answer, issuer))
                .await
        }
        done => done,
    }
}

fn request(url: &str, issuer: &str) -> Result<Request<Vec<u8>>, Error> {
    // RFC 8414 §2: "no query or fragment components".
    let known = endpoint(issuer)?;
    if known.query().is_some() || known.fragment().is_some() {
        return Err(Error::argument(format!(
            "the issuer '{issuer}' has a query or a fragment"
        )));
    }
    Request::get(url)
        .header(ACCEPT, "application/json")
        .body(Vec::new())
        .map_err(|cause| Error::argument(format!("'{issuer}' is not an issuer: {cause}")))
}

/// Judges the answer.
pub fn process(response: &Response<Vec<u8>>, issuer: &str) -> Result<Metadata, Error> {
    if !response.status().is_success() {
        return Err(refusal(response, issuer));
    }
    let metadata = discovery::Metadata::parse(response.body(), issuer)
        .map_err(|fault: NotMetadata| Error::answer(issuer, fault))?;
    let addresses = [
        &metadata.authorization_endpoint,
        &metadata.device_authorization_endpoint,
        &metadata.pushed_authorization_request_endpoint,
        &metadata.registration_endpoint,
        &metadata.userinfo_endpoint,
        &metadata.jwks_uri,
        &metadata.token_endpoint,
        &metadata.introspection_endpoint,
        &metadata.revocation_endpoint,
    ];
    let weaker = |url: &Url| issuer.starts_with("https:") && url.scheme() != "https";
    for address in addresses.into_iter().flatten() {
        if endpoint(address).map_or(true, |url| weaker(&url)) {
            return Err(Error::answer(issuer, WeakAddress));
        }
    }
    Ok(Metadata(metadata))
}

/// An address in the metadata cannot be used.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("an address in the metadata is malformed, or not https although the issuer is")]
struct WeakAddress;

#[cfg(test)]
mod tests;
