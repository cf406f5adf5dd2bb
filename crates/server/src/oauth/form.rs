//! The body of an OAuth request: a form, read once and bounded (RFC 6749 section 3.2).

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
use carnet_wire::params::ParamsError;

use crate::http::body;

/// The bytes of a form.
#[derive(Debug)]
pub(super) struct Form(Bytes);

impl Form {
    /// Reads the body, if it says that it is a form.
    pub(super) async fn read(head: &Head, body: Body) -> Result<Self, Refusal> {
        let sent = head
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        match sent.map(ContentType::parse) {
            Some(ContentType::Form) => {}
            _ => return Err(not_a_form(sent, head.uri.query().is_some())),
        }
        let bytes = body::read(body, MAX_BYTES).await.map_err(|_| {
            let detail = format!("The body is larger than {MAX_BYTES} bytes, or did not arrive.");
            Refusal::new(Crn::BODY_TOO_LARGE, detail)
        })?;
        if bytes.is_empty() && head.uri.query().is_some() {
            let detail = "The parameters are in the URL. Put them into the body.";
            return Err(Refusal::new(Crn::PARAMETERS_IN_QUERY, detail));
        }
        Ok(Self(bytes))
    }

    /// Its parameters.
    pub(super) fn params(&self) -> Result<Params<'_>, Refusal> {
        Params::parse(&self.0).map_err(|fault| Refusal::new(cause(&fault), fault.to_string()))
    }
}

/// Which cause of the catalogue a fault of the form is.
fn cause(fault: &ParamsError) -> Crn {
    match fault {
        ParamsError::TooLarge => Crn::BODY_TOO_LARGE,
        ParamsError::TooMany | ParamsError::NameTooLong(_) | ParamsError::ValueTooLong(_) => {
            Crn::FORM_OUT_OF_BOUNDS
        }
        ParamsError::Repeated(_) => Crn::PARAMETER_REPEATED,
        ParamsError::BrokenPercentCode | ParamsError::NotUtf8 => Crn::FORM_ENCODING,
    }
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
