//! The JWT bearer grant: a signed assertion for a token.
//!
//! RFC 7523 §2.1 and §3, RFC 7521 §4.1; google-wire 2.1 to 2.4. [`request`] builds, [`process`]
//! judges, and neither sends anything:
//!
//! ```
//! use carnet_client::SigningKey;
//! use carnet_client::jwt_bearer::{self, Ask, Assertion};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let pem = carnet_jose::KeyPair::generate(carnet_jose::KeyType::Rsa2048)?.to_pkcs8_pem()?;
//! let key = SigningKey::from_pem(&pem, "7f3c0a5e91")?;
//! let assertion = Assertion {
//!     issuer: "invoice-sync@billing.sa.example",
//!     audience: "https://auth.example/token",
//!     subject: None,
//!     ask: Ask::Scope("invoices.read"),
//!     now: 1_800_000_000,
//! };
//! let request = jwt_bearer::request("https://auth.example/token", &assertion, &key)?;
//! assert_eq!(request.method(), "POST");
//!
//! // … send it with any HTTP library, then:
//! let body = br#"{"access_token":"crn_at_x","expires_in":3600,"token_type":"Bearer"}"#;
//! let response = http::Response::new(body.to_vec());
//! let token = jwt_bearer::process(&response, "https://auth.example/token", 1_800_000_000)?;
//! assert_eq!(token.expires(), 1_800_003_600);
//! # Ok(())
//! # }
//! ```

use carnet_wire::token::ErrorResponse;
use carnet_wire::token::NotATokenResponse;
use carnet_wire::token::TokenResponse;
use carnet_wire::token::TokenType;
use http::Request;
use http::Response;
use http::header::ACCEPT;
use http::header::CONTENT_TYPE;
use serde::Serialize;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::error::Error;
use crate::error::Kind;
use crate::error::Refused;
use crate::retry::retry_after;
use crate::signing_key::SigningKey;
use crate::token::Token;

/// RFC 7523 §2.1.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// How long an assertion is good, in seconds: as long as Google's libraries make it.
pub const LIFETIME: i64 = 3600;

/// What a service account says.
#[derive(Clone, Debug)]
pub struct Assertion<'a> {
    /// `iss`: the account's address.
    pub issuer: &'a str,
    /// `aud`: the token endpoint.
    pub audience: &'a str,
    /// `sub`: the user for whom it asks, where one delegated something to it.
    pub subject: Option<&'a str>,
    /// What it asks for.
    pub ask: Ask<'a>,
    /// `iat`, in seconds since 1970; `exp` is an hour later.
    pub now: i64,
}

/// What an assertion asks for.
#[derive(Clone, Copy, Debug)]
pub enum Ask<'a> {
    /// An access token with these space-separated scopes.
    Scope(&'a str),
    /// An ID token for this audience.
    TargetAudience(&'a str),
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    aud: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_audience: Option<&'a str>,
    iat: i64,
    exp: i64,
}

impl Assertion<'_> {
    fn claims(&self) -> Vec<u8> {
        let (scope, target_audience) = match self.ask {
            Ask::Scope(scope) => (Some(scope), None),
            Ask::TargetAudience(audience) => (None, Some(audience)),
        };
        let claims = Claims {
            iss: self.issuer,
            sub: self.subject,
            aud: self.audience,
            scope,
            target_audience,
            iat: self.now,
            exp: self.now.saturating_add(LIFETIME),
        };
        // Strings and numbers always serialise.
        serde_json::to_vec(&claims).unwrap_or_default()
    }
}

/// Signs the assertion and builds the request.
pub fn request(
    token_uri: &str,
    assertion: &Assertion<'_>,
    key: &SigningKey,
) -> Result<Request<Vec<u8>>, Error> {
    let signed = key.sign(&assertion.claims())?;
    let form = Serializer::new(String::new())
        .append_pair("grant_type", GRANT_TYPE)
        .append_pair("assertion", signed.reveal())
        .finish();
    form_request(&endpoint(token_uri)?, form)
}

/// Judges the answer of the token endpoint. `token_uri` is named in errors.
pub fn process(response: &Response<Vec<u8>>, token_uri: &str, now: i64) -> Result<Token, Error> {
    if !response.status().is_success() {
        return Err(refusal(response, token_uri));
    }
    let unfit = |fault: NotATokenResponse| Error::answer(token_uri, fault);
    let token = match TokenResponse::parse(response.body()).map_err(unfit)? {
        // A token that is bound to a key is worth nothing to somebody who has not proved one.
        TokenResponse::AccessToken(answer) if answer.token_type != TokenType::Bearer => {
            return Err(unfit(NotATokenResponse::OtherType));
        }
        TokenResponse::AccessToken(answer) => {
            Token::access(&answer.access_token, answer.expires_in, now)
                .map(|token| token.with_scope(answer.scope.as_deref()))
        }
        TokenResponse::IdToken(answer) => Token::id(&answer.id_token, now),
    };
    token.ok_or_else(|| unfit(NotATokenResponse::NoToken))
}

/// What an answer that is no success means: OAuth's words where there are any.
pub(crate) fn refusal(response: &Response<Vec<u8>>, url: &str) -> Error {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers());
    Error::new(match ErrorResponse::parse(response.body()) {
        Some(answer) => Kind::Refused(Refused::new(status, &answer, retry_after)),
        None => Kind::Status {
            url: url.to_owned(),
            status,
            retry_after,
        },
    })
}

/// A form, as every endpoint of OAuth takes it.
pub(crate) fn form_request(url: &Url, form: String) -> Result<Request<Vec<u8>>, Error> {
    Request::post(url.as_str())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .body(form.into_bytes())
        .map_err(|cause| Error::argument(format!("{url} cannot be asked: {cause}")))
}

/// An address to which something may be sent: http or https, and no password in it.
pub(crate) fn endpoint(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text)
        .map_err(|cause| Error::argument(format!("'{text}' is not an address: {cause}")))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(Error::argument(format!("'{text}' is not an https address")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::argument(
            "an address with a user name or password in it is not used",
        ));
    }
    Ok(url)
}

#[cfg(test)]
mod tests;
