//! The page on which a request of an app ends, and what the audit log keeps of it.

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::rule::Refusal;
use carnet_pages::App;
use carnet_pages::AuthorizeCause;
use carnet_pages::AuthorizeError;
use carnet_pages::Fact;
use serde_json::Map;
use serde_json::Value;

use crate::http::observe::Code;
use crate::parts::Parts;
use crate::web::page;
use crate::web::session::SignedIn;
use crate::web::visit::Visit;

/// What the page says. It is noted, and counts as a refusal.
pub(super) struct Stopped<'a> {
    /// What kind of no it is.
    pub cause: AuthorizeCause,
    /// What the audit log calls it, and the no.
    pub no: (&'a str, &'a Refusal),
    /// The app, where there is one that is to be trusted.
    pub app: Option<App>,
    /// Its id.
    pub client_id: String,
    /// Who is signed in.
    pub present: Option<&'a SignedIn>,
    /// The way to another account.
    pub switch: Option<String>,
    /// The way back to the app, which its person may take.
    pub back: Option<String>,
    /// Where the person goes on in their browser.
    pub address: Option<String>,
    /// What was sent.
    pub sent: Vec<Fact>,
}

impl<'a> Stopped<'a> {
    /// Nothing but a no.
    pub(super) const fn because(cause: AuthorizeCause, no: (&'a str, &'a Refusal)) -> Self {
        Self {
            cause,
            no,
            app: None,
            client_id: String::new(),
            present: None,
            switch: None,
            back: None,
            address: None,
            sent: Vec::new(),
        }
    }

    /// The page.
    pub(super) fn answer(self, parts: &Parts, visit: &Visit, status: StatusCode) -> Response<Body> {
        let no = self.no.1;
        note(parts, visit, self.no, &self.client_id);
        // Who follows a link in an app tries nothing out, and behind one address there may be many of them.
        if self.cause != AuthorizeCause::Embedded {
            parts.limits.refused_page(visit.address);
        }
        let frame = visit.frame(parts);
        let view = AuthorizeError {
            cause: self.cause,
            app: self.app,
            person: self.present.map(SignedIn::person),
            switch: self.switch,
            back: self.back,
            address: self.address,
            onward: "/".to_owned(),
            reference: visit.trace.to_string(),
            at: visit.now.rfc3339(),
            status: status.as_u16(),
            code: no.crn.to_string(),
            detail: no.detail.clone(),
            sent: self.sent,
        };
        let html = carnet_pages::authorize_error(&frame, &view);
        let mut response = page::private(page::answer(status, &frame, html));
        let code = Code(no.crn.number());
        response.extensions_mut().insert(code);
        response
    }
}

/// Keeps a no for the audit log and for `carnet explain`.
pub(super) fn note(parts: &Parts, visit: &Visit, (action, no): (&str, &Refusal), client_id: &str) {
    let told = no.story.iter();
    let mut detail: Map<String, Value> = told
        .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
        .collect();
    detail.insert("said".to_owned(), Value::String(no.detail.clone()));
    let context = visit.context("anonymous");
    parts.journal.note(AuditDraft {
        at: visit.now,
        actor: context.actor.to_owned(),
        action: action.to_owned(),
        target: client_id.to_owned(),
        outcome: Outcome::Refused(no.crn),
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail: Value::Object(detail).to_string(),
    });
}
