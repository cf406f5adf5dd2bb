//! What a page knows of the request that it answers.

use std::net::IpAddr;
use std::sync::OnceLock;

use axum::http::HeaderMap;
use axum::http::header;
use axum::http::request::Parts as Head;
use carnet_core::rule::admin::Context;
use carnet_core::value::Description;
use carnet_core::value::UnixTime;
use carnet_pages::Frame;
use carnet_pages::Language;
use carnet_wire::params::Params;
use carnet_wire::user_agent::Embedded;

use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::parts::Parts;
use crate::web::page;

/// How much of a `User-Agent` is kept, in characters.
const AGENT: usize = 256;

/// A request of a browser, without its body.
#[derive(Debug)]
pub struct Visit {
    head: Head,
    /// Its trace id.
    pub trace: TraceId,
    /// From where it came.
    pub address: Option<IpAddr>,
    /// When. A request has one moment.
    pub now: UnixTime,
    written: String,
    wished: OnceLock<Language>,
}

impl Visit {
    /// The request with this head.
    #[must_use]
    pub fn of(parts: &Parts, head: Head) -> Self {
        let address = ClientAddress::of(&head.extensions);
        Self {
            trace: TraceId::of(&head.extensions),
            address,
            now: parts.now(),
            written: address.map_or_else(String::new, |address| address.to_string()),
            head,
            wished: OnceLock::new(),
        }
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Its query, as it came.
    #[must_use]
    pub fn raw_query(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    /// The parameters of its query; none where they cannot be read.
    #[must_use]
    pub fn query(&self) -> Params<'_> {
        let query = self.head.uri.query().unwrap_or_default();
        Params::parse(query.as_bytes()).unwrap_or_default()
    }

    /// The app that brought its reader here says which languages they read: `ui_locales` among these
    /// parameters (OpenID Connect Core 1.0 section 3.1.2.1). The first one that says it is heard.
    pub fn wish(&self, parameters: &str) {
        let parameters = Params::parse(parameters.as_bytes()).ok();
        let tags = parameters.and_then(|mut parameters| parameters.take("ui_locales"));
        if let Some(language) = tags.and_then(|tags| Language::wished(&tags)) {
            self.speak(language);
        }
    }

    /// The pages for its reader are in this language, unless one is chosen already.
    pub fn speak(&self, language: Language) {
        self.wished.get_or_init(|| language);
    }

    /// The language that an app chose.
    #[must_use]
    pub fn wished(&self) -> Option<Language> {
        self.wished.get().copied()
    }

    /// The frame of a page for its reader.
    #[must_use]
    pub fn frame(&self, parts: &Parts) -> Frame {
        let frame = page::frame(parts, &self.head.headers);
        Frame {
            language: self.wished().unwrap_or(frame.language),
            ..frame
        }
    }

    /// What a decision is told of it.
    #[must_use]
    pub fn context<'a>(&'a self, actor: &'a str) -> Context<'a> {
        Context {
            now: self.now,
            actor,
            address: &self.written,
            trace: self.trace.as_str(),
        }
    }

    /// What shows our pages, where it says that it is no browser but a view inside an app.
    #[must_use]
    pub fn embedded(&self) -> Option<Embedded> {
        let text = self.head.headers.get(header::USER_AGENT)?;
        Embedded::of(&String::from_utf8_lossy(text.as_bytes()))
    }

    /// What the browser calls itself, as far as it is kept.
    #[must_use]
    pub fn agent(&self) -> Description {
        let text = self.head.headers.get(header::USER_AGENT);
        let text = text.and_then(|value| value.to_str().ok());
        let kept = text.unwrap_or_default().chars();
        let kept: String = kept.filter(|it| !it.is_control()).take(AGENT).collect();
        kept.parse().unwrap_or_default()
    }
}
