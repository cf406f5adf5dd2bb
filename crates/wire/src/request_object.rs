//! A request object: an authorization request as the claims of a JWT that the client signed (RFC 9101 §4,
//! OpenID Connect Core §6.1).
//!
//! 1. The claims about the JWT itself (`iss`, `aud`, `exp` and their like) are no parameters.
//! 2. `request` and `request_uri` "MUST NOT be included" (§4); nor is `sub` the client, as it is in an
//!    assertion by which a client authenticates (§10.8).
//! 3. Every other claim is a parameter. A text is its value; a number is written in digits; an object or a
//!    list is JSON, as `claims` and `authorization_details` are. `resource` may be a list of texts.

use std::fmt;

use serde_json::Value;

use crate::bounded;
use crate::params::{MAX_PARAMS, push_pair};

/// The `typ` that names what it is (§10.8).
pub const TYP: &str = "oauth-authz-req+jwt";

/// How deep the claims may be nested.
const MAX_DEPTH: usize = 12;

/// The claims about the JWT (RFC 7519 §4.1).
const ABOUT: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];

/// A request that was in a request object.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestObject {
    /// The client that it says it is of.
    pub client_id: String,
    /// Its parameters as a form, `client_id` too.
    pub form: String,
}

impl RequestObject {
    /// Reads the claims. Whether they were signed, by whom and when is for others to look at.
    pub fn parse(claims: &[u8]) -> Result<Self, RequestObjectError> {
        let Some(Value::Object(claims)) = bounded::read(claims, MAX_DEPTH) else {
            return Err(RequestObjectError::NotAnObject);
        };
        if claims.contains_key("request") || claims.contains_key("request_uri") {
            return Err(RequestObjectError::Nested);
        }
        let client_id = match claims.get("client_id") {
            Some(Value::String(client_id)) => client_id.clone(),
            _ => return Err(RequestObjectError::ClientId),
        };
        if claims.get("sub").and_then(Value::as_str) == Some(client_id.as_str()) {
            return Err(RequestObjectError::Authentication);
        }
        if claims.len() > MAX_PARAMS {
            return Err(RequestObjectError::TooMany);
        }
        let mut form = String::new();
        for (name, value) in &claims {
            if !ABOUT.contains(&name.as_str()) {
                push(name, value, &mut form)?;
            }
        }
        Ok(Self { client_id, form })
    }
}

fn push(name: &str, value: &Value, form: &mut String) -> Result<(), RequestObjectError> {
    match value {
        Value::Null => {}
        Value::String(text) => push_pair(name, text, form),
        Value::Number(number) => push_pair(name, &number.to_string(), form),
        Value::Bool(truth) => push_pair(name, &truth.to_string(), form),
        Value::Array(items) if name == "resource" => {
            for item in items {
                let item = item.as_str().ok_or(RequestObjectError::Resource)?;
                push_pair(name, item, form);
            }
        }
        Value::Array(_) | Value::Object(_) => push_pair(name, &value.to_string(), form),
    }
    Ok(())
}

/// Without the parameters: they name people.
impl fmt::Debug for RequestObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestObject")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Why these are no claims of a request object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestObjectError {
    /// Not a JSON object, nested too deep, or with a claim twice.
    NotAnObject,
    /// It holds `request` or `request_uri`.
    Nested,
    /// It does not say whose it is.
    ClientId,
    /// Its `sub` is the client: it was made to authenticate one.
    Authentication,
    /// It has more claims than a request has parameters.
    TooMany,
    /// A `resource` that is no text.
    Resource,
}

impl fmt::Display for RequestObjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAnObject => "its claims are not a JSON object, or one comes twice",
            Self::Nested => "request and request_uri must not be in it",
            Self::ClientId => "client_id is missing in it",
            Self::Authentication => {
                "its sub is the client, as in an assertion that authenticates one"
            }
            Self::TooMany => "it has too many claims",
            Self::Resource => "resource in it is not a text or a list of texts",
        })
    }
}

impl std::error::Error for RequestObjectError {}

#[cfg(test)]
mod tests;
