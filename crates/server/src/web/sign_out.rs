//! `/logout`: a question, and the end of the session.
//!
//! A link cannot sign anybody out: only the form can, with its token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::rule::sign_in;
use carnet_pages::SignOut;
use carnet_pages::SignedOut;

use crate::parts::Parts;
use crate::web::cookie::Cookie;
use crate::web::csrf;
use crate::web::csrf::Bound;
use crate::web::failed;
use crate::web::form::Form;
use crate::web::page;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::visit::Visit;

const FORM: &str = "logout";

/// Where somebody goes who stays.
const HOME: &str = "/account";

/// Asks.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (head, _) = request.into_parts();
    let visit = Visit::of(&parts, head);
    match session::signed_in(&parts, visit.headers(), visit.now).await {
        Ok(Some(present)) => ask(&parts, &visit, &present),
        Ok(None) => gone(&parts, &visit),
        Err(fault) => failed::ours(&parts, &visit, &fault),
    }
}

/// Ends the session, or not.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (head, body) = request.into_parts();
    let visit = Visit::of(&parts, head);
    let read = match Form::read(&visit, body).await {
        Ok(read) => read,
        Err(why) => return failed::form(&parts, &visit, why),
    };
    let mut fields = match read.fields() {
        Ok(fields) => fields,
        Err(why) => return failed::form(&parts, &visit, why),
    };
    let present = match session::signed_in(&parts, visit.headers(), visit.now).await {
        Ok(Some(present)) => present,
        Ok(None) => return gone(&parts, &visit),
        Err(fault) => return failed::ours(&parts, &visit, &fault),
    };
    let sent = fields.take("csrf").unwrap_or_default();
    let bound = Bound::Session(&present.session);
    let decision = fields.take("decision").unwrap_or_default();
    match decision.as_ref() {
        "stay" => page::see(HOME),
        "sign_out" if csrf::is_ours(&parts, FORM, bound, &sent) => {
            end(&parts, &visit, &present).await
        }
        _ => ask(&parts, &visit, &present),
    }
}

/// Whether it ends now or has ended already, the person is signed out.
async fn end(parts: &Parts, visit: &Visit, present: &SignedIn) -> Response<Body> {
    let actor = present.actor();
    let changes = sign_in::sign_out(&present.session, &visit.context(&actor));
    match parts.store.commit(&changes).await {
        Ok(_) => gone(parts, visit),
        Err(fault) => failed::ours(parts, visit, &fault),
    }
}

fn ask(parts: &Parts, visit: &Visit, present: &SignedIn) -> Response<Body> {
    let view = SignOut {
        action: "/logout".to_owned(),
        request: None,
        csrf: csrf::token(parts, FORM, Bound::Session(&present.session)),
        app: None,
        person: present.person(),
    };
    let frame = visit.frame(parts);
    let page = carnet_pages::sign_out(&frame, &view);
    page::private(page::answer(StatusCode::OK, &frame, page))
}

fn gone(parts: &Parts, visit: &Visit) -> Response<Body> {
    let view = SignedOut {
        sign_in: "/login".to_owned(),
        ..SignedOut::default()
    };
    let frame = visit.frame(parts);
    let page = carnet_pages::signed_out(&frame, &view);
    let mut response = page::private(page::answer(StatusCode::OK, &frame, page));
    // Without the cookie the request may come from another site, which shall sign nobody out.
    let sent = Cookie::Session
        .read(visit.headers(), &parts.issuer)
        .is_some();
    if let Some(clear) = Cookie::Session.clear(&parts.issuer).filter(|_| sent) {
        response.headers_mut().append(header::SET_COOKIE, clear);
    }
    response
}
