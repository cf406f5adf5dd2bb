//! The ways in which the admin API says yes.

use std::borrow::Cow;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderValue, Response, StatusCode};
use carnet_core::value::Version;
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::etag;

/// A yes, on its way to the caller.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    body: Option<Vec<u8>>,
    etag: Option<Version>,
    location: Option<String>,
}

impl Answer {
    /// 200 with this body.
    pub(crate) fn ok(body: &impl Serialize) -> Self {
        Self {
            status: StatusCode::OK,
            // Our own types are strings, numbers and lists: printing them cannot fail.
            body: Some(serde_json::to_vec(body).unwrap_or_default()),
            etag: None,
            location: None,
        }
    }

    /// 201: it was made, and is found there.
    pub(crate) fn created(body: &impl Serialize, location: String) -> Self {
        Self {
            status: StatusCode::CREATED,
            location: Some(location),
            ..Self::ok(body)
        }
    }

    /// 204: it is gone.
    pub(crate) const fn gone() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    /// 304: the caller has it already.
    pub(crate) const fn known(version: Version) -> Self {
        let mut answer = Self::empty(StatusCode::NOT_MODIFIED);
        answer.etag = Some(version);
        answer
    }

    const fn empty(status: StatusCode) -> Self {
        Self {
            status,
            body: None,
            etag: None,
            location: None,
        }
    }

    /// With the tag of this version.
    pub(crate) const fn tagged(mut self, version: Version) -> Self {
        self.etag = Some(version);
        self
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let tag = self.etag.map(etag::of);
        for (name, value) in [(ETAG, tag), (LOCATION, self.location)] {
            if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
                headers.insert(name, value);
            }
        }
        if let Some(body) = self.body {
            *response.body_mut() = Body::from(body);
        }
        response
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(crate) struct List<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Send it back as `page_token` for the next page. Absent: this is the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

/// Each list has a name of its own in the document: a derived one would be the same for all of them, and so
/// all of them would be lists of one thing.
impl<T: ToSchema> ToSchema for List<T> {
    fn name() -> Cow<'static, str> {
        format!("{}List", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
        schemas.push((T::name().into_owned(), T::schema()));
    }
}

impl<T: ToSchema> PartialSchema for List<T> {
    fn schema() -> RefOr<Schema> {
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(T::name()))
            .description(Some(
                "In the order of the list. A page may have fewer than were asked for, and even none, \
                 while more follow.",
            ));
        let next = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "Send it back as `page_token` for the next page. Absent: this is the last one.",
            ));
        ObjectBuilder::new()
            .description(Some("A page of a list."))
            .property("items", items)
            .required("items")
            .property("next_page_token", next)
            .into()
    }
}
