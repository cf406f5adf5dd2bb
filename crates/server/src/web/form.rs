//! A form that a page of ours posts: read once, bounded, each field at most once.
//!
//! One of which the browser says that another site posts it (`Sec-Fetch-Site`) is not read at all, and
//! answered without any cookie. A client that says nothing needs the token ([`csrf`](super::csrf)) as
//! everybody does.

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header;
use bytes::Bytes;
use carnet_pages::Cause;
use carnet_wire::media::ContentType;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;

use crate::http::body;
use crate::http::body::NotRead;
use crate::web::visit::Visit;

/// The bytes of a form.
#[derive(Debug)]
pub struct Form(Bytes);

/// The body is not a form of ours: the status, and what the person is told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotAForm(pub StatusCode, pub Cause);

impl Form {
    /// Reads the body.
    pub async fn read(visit: &Visit, body: Body) -> Result<Self, NotAForm> {
        if is_foreign(visit) {
            return Err(NotAForm(StatusCode::FORBIDDEN, Cause::Forbidden));
        }
        let kind = visit.headers().get(header::CONTENT_TYPE);
        let kind = kind.and_then(|value| value.to_str().ok());
        if kind.map(ContentType::parse) != Some(ContentType::Form) {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(NotAForm(status, Cause::UnsupportedType));
        }
        let bytes = body::read(body, MAX_BYTES).await.map_err(|why| {
            let status = StatusCode::from_u16(why.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let cause = match why {
                NotRead::TooLarge => Cause::TooLarge,
                NotRead::Slow | NotRead::Broken => Cause::BadRequest,
            };
            NotAForm(status, cause)
        })?;
        Ok(Self(bytes))
    }

    /// Its fields, where one of them is a list of boxes.
    pub fn with_boxes(&self, boxes: &str) -> Result<Params<'_>, NotAForm> {
        Params::parse_boxes(&self.0, boxes)
            .map_err(|_| NotAForm(StatusCode::BAD_REQUEST, Cause::BadRequest))
    }

    /// Its fields.
    pub fn fields(&self) -> Result<Params<'_>, NotAForm> {
        Params::parse(&self.0).map_err(|_| NotAForm(StatusCode::BAD_REQUEST, Cause::BadRequest))
    }
}

fn is_foreign(visit: &Visit) -> bool {
    let site = visit.headers().get("sec-fetch-site");
    let site = site.and_then(|value| value.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}
