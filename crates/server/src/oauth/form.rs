//! The body of an OAuth request: a form, read once and bounded (RFC 6749 section 3.2); at `/token` also JSON that says the
//! same (google-wire 4.7). A page of another origin cannot send JSON without asking first, so this opens no way in.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts as Head;
use bytes::Bytes;
use carnet_core::rule::Refusal;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::media::ContentType;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;

use crate::http::body;

/// What a request proves itself with.
const SECRETS: [&str; 8] = [
    "client_secret",
    "client_assertion",
    "assertion",
    "code",
    "code_verifier",
    "refresh_token",
    "password",
    "subject_token",
];

/// The bytes of a form, or of JSON that says the same.
#[derive(Debug)]
pub(super) struct Form {
    bytes: Bytes,
    json: bool,
}

impl Form {
    /// Reads the body, if it says that it is a form.
    pub(super) async fn read(head: &Head, body: Body) -> Result<Self, Refusal> {
        let sent = head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        match sent.map(ContentType::parse) {
            Some(ContentType::Form) => Self::read_as(false, head, body).await,
            _ => Err(not_a_form(sent, head.uri.query().is_some())),
        }
    }

    /// The same, or JSON: for requests that some of Google's libraries send so.
    pub(super) async fn read_or_json(head: &Head, body: Body) -> Result<Self, Refusal> {
        let sent = head.headers.get(CONTENT_TYPE);
        match sent.and_then(|value| value.to_str().ok().map(ContentType::parse)) {
            Some(ContentType::Json) => Self::read_as(true, head, body).await,
            _ => Self::read(head, body).await,
        }
    }

    async fn read_as(json: bool, head: &Head, body: Body) -> Result<Self, Refusal> {
        if let Some(name) = head.uri.query().and_then(secret_of) {
            let detail = format!(
                "{name} is in the URL, where it is logged. Put it into the body, and replace it."
            );
            return Err(Refusal::new(Crn::PARAMETERS_IN_QUERY, detail));
        }
        let bytes = body::read(body, MAX_BYTES).await.map_err(|_| {
            let detail = format!("The body is larger than {MAX_BYTES} bytes, or did not arrive.");
            Refusal::new(Crn::BODY_TOO_LARGE, detail)
        })?;
        if bytes.is_empty() && head.uri.query().is_some() {
            let detail = "The parameters are in the URL. Put them into the body.";
            return Err(Refusal::new(Crn::PARAMETERS_IN_QUERY, detail));
        }
        Ok(Self { bytes, json })
    }

    /// Its parameters.
    pub(super) fn params(&self) -> Result<Params<'_>, Refusal> {
        let parsed = if self.json {
            Params::parse_json(&self.bytes)
        } else {
            Params::parse(&self.bytes)
        };
        parsed.map_err(|fault| Refusal::new(fault.crn(), fault.to_string()))
    }
}

/// What must not be in a URL (RFC 6749 section 2.3.1), if any of it is.
fn secret_of(query: &str) -> Option<&'static str> {
    let names = query
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or(pair));
    names
        .into_iter()
        .find_map(|name| SECRETS.into_iter().find(|secret| *secret == name))
}

fn not_a_form(sent: Option<&str>, query: bool) -> Refusal {
    let want = "Send application/x-www-form-urlencoded.";
    match sent {
        Some(sent) => {
            let detail = format!("Body is {}. {want}", Echo::of(sent));
            Refusal::new(Crn::CONTENT_TYPE, detail)
        }
        None if query => {
            let detail = "The parameters are in the URL. Put them into the body.";
            Refusal::new(Crn::PARAMETERS_IN_QUERY, detail)
        }
        None => Refusal::new(
            Crn::CONTENT_TYPE,
            format!("Content-Type is missing. {want}"),
        ),
    }
}
