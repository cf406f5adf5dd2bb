//! A route: a method, a path, what answers there, and what the published document says of it.
//!
//! Paths are relative to `/admin/v1` and compared segment by segment. `{name}` takes one segment; a
//! verb stands behind a colon in the last one (`{account}:disable`). A segment is decoded after it was
//! cut, so an encoded slash or colon is part of a name and never of the structure.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use axum::http::Method;
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::answer::Answer;
use super::call::{Call, Parameter};
use super::problem::Problem;

/// An answer that is on its way.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Answer, Problem>> + Send>>;

/// What answers a call.
pub(crate) type Answerer = fn(Call) -> Answering;

/// A type as the document knows it.
#[derive(Clone, Copy)]
pub(crate) struct Documented {
    /// Its name.
    pub name: fn() -> Cow<'static, str>,
    /// Itself.
    pub schema: fn() -> RefOr<Schema>,
    /// What it is made of.
    pub parts: fn(&mut Vec<(String, RefOr<Schema>)>),
}

impl Documented {
    fn of<T: ToSchema>() -> Self {
        Self {
            name: T::name,
            schema: T::schema,
            parts: T::schemas,
        }
    }
}

/// A route.
pub(crate) struct Route {
    /// The method.
    pub method: Method,
    /// The path under `/admin/v1/`.
    pub path: &'static str,
    /// One line for the document.
    pub summary: &'static str,
    /// What answers.
    pub call: Answerer,
    /// The body that it reads.
    pub body: Option<Documented>,
    /// Whether the body may be left out.
    pub body_optional: bool,
    /// What it answers with.
    pub gives: Option<Documented>,
    /// The status of success.
    pub status: u16,
    /// The parameters of the query.
    pub query: Vec<Parameter>,
}

/// A route for this method and path.
pub(crate) fn route(
    method: Method,
    path: &'static str,
    summary: &'static str,
    call: Answerer,
) -> Route {
    let status = if method == Method::DELETE { 204 } else { 200 };
    Route {
        method,
        path,
        summary,
        call,
        body: None,
        body_optional: false,
        gives: None,
        status,
        query: Vec::new(),
    }
}

impl Route {
    /// Reads a body of this type.
    pub(crate) fn takes<T: ToSchema>(mut self) -> Self {
        self.body = Some(Documented::of::<T>());
        self
    }

    /// Reads a body of this type, or none.
    pub(crate) fn may_take<T: ToSchema>(mut self) -> Self {
        self.body_optional = true;
        self.takes::<T>()
    }

    /// Answers with this type.
    pub(crate) fn gives<T: ToSchema>(mut self) -> Self {
        self.gives = Some(Documented::of::<T>());
        self
    }

    /// Answers 201 with this type.
    pub(crate) fn creates<T: ToSchema>(mut self) -> Self {
        self.status = 201;
        self.gives::<T>()
    }

    /// Takes this parameter in the query.
    pub(crate) fn with(mut self, name: &'static str, about: &'static str) -> Self {
        self.query.push(Parameter { name, about });
        self
    }

    /// Answers page by page.
    pub(crate) fn paged(self) -> Self {
        self.with(
            "page_size",
            "How many items a page has: 1 to 1000, 50 unless given.",
        )
        .with("page_token", "The `next_page_token` of the page before.")
    }

    /// Whether it changes something that others may change too, and so needs `If-Match`.
    pub(crate) fn needs_if_match(&self) -> bool {
        self.method == Method::PATCH
    }

    /// What the segments of a path stand for, if it is one of this route.
    fn captures(&self, segments: &[&str]) -> Option<Vec<(&'static str, String)>> {
        let pattern: Vec<&'static str> = self.path.split('/').collect();
        if pattern.len() != segments.len() {
            return None;
        }
        let last = segments.len().saturating_sub(1);
        let mut captured = Vec::new();
        for (place, (wanted, sent)) in pattern.into_iter().zip(segments).enumerate() {
            let (wanted, sent) = if place == last {
                let (wanted, wanted_verb) = verb(wanted);
                let (sent, sent_verb) = verb(sent);
                if wanted_verb != sent_verb {
                    return None;
                }
                (wanted, sent)
            } else {
                (wanted, *sent)
            };
            match wanted
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'))
            {
                Some(name) => captured.push((name, decoded(sent)?)),
                None if wanted == sent => {}
                None => return None,
            }
        }
        Some(captured)
    }
}

/// What a path leads to.
pub(crate) enum Found<'a> {
    /// A route, and what its segments stand for.
    Route(&'a Route, Vec<(&'static str, String)>),
    /// Routes for other methods.
    OtherMethods(Vec<&'a Method>),
    /// Nothing.
    Nothing,
}

/// Finds the route of a path under `/admin/v1/`. `HEAD` is answered as `GET`.
pub(crate) fn find<'a>(routes: &'a [Route], method: &Method, path: &str) -> Found<'a> {
    let segments: Vec<&str> = path.split('/').collect();
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let mut others = Vec::new();
    for route in routes {
        if let Some(captured) = route.captures(&segments) {
            if route.method == *method {
                return Found::Route(route, captured);
            }
            others.push(&route.method);
        }
    }
    if others.is_empty() {
        Found::Nothing
    } else {
        Found::OtherMethods(others)
    }
}

/// Cuts the verb off a last segment.
fn verb(segment: &str) -> (&str, Option<&str>) {
    match segment.rsplit_once(':') {
        Some((name, verb)) => (name, Some(verb)),
        None => (segment, None),
    }
}

/// Decodes a segment; nothing that is empty or not UTF-8 is a name.
fn decoded(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes)
        .ok()
        .filter(|name| !name.is_empty())
}
