//! The page on which a request ends that can be sent nowhere: the app, its address or the request itself is
//! not to be trusted. The person learns that they did nothing wrong; who builds the app learns what was sent,
//! and never what would have been right.

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::Client;
use carnet_core::record::ClientKind;
use carnet_core::rule::Refusal;
use carnet_core::store::Fault;
use carnet_pages::App;
use carnet_pages::AuthorizeCause;
use carnet_pages::Fact;
use carnet_wire::authorize::Addressee;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;

use super::Brought;
use super::Judged;
use super::back::REFUSED;
use super::onward;
use crate::parts::Parts;
use crate::web::stopped::Stopped;
use crate::web::visit::Visit;

/// What cannot be read at all.
pub(super) fn unreadable(parts: &Parts, visit: &Visit, detail: &str) -> Response<Body> {
    let no = Refusal::new(Crn::AUTHORIZE_PARAMETER, detail);
    let stop = Stopped::because(AuthorizeCause::Unreadable, (REFUSED, &no));
    stop.answer(parts, visit, StatusCode::BAD_REQUEST)
}

/// A request whose parameters are none, or do not say who asks.
pub(super) fn malformed(
    parts: &Parts,
    visit: &Visit,
    no: &Refusal,
    brought: &Brought,
) -> Response<Body> {
    let mut stop = Stopped::because(AuthorizeCause::Unreadable, (REFUSED, no));
    stop.present = brought.present.as_ref();
    stop.answer(parts, visit, StatusCode::BAD_REQUEST)
}

/// No such app, or not its address.
pub(super) fn nowhere(
    parts: &Parts,
    visit: &Visit,
    (no, sent): (&Refusal, &Addressee<'_>),
    (client, brought): (Option<&Client>, &Brought),
) -> Response<Body> {
    let mut stop = Stopped::because(AuthorizeCause::SignInLink, (REFUSED, no));
    stop.present = brought.present.as_ref();
    stop.app = client.map(|client| App {
        name: client.title.to_string(),
        host: None,
    });
    stop.client_id = client.map_or_else(String::new, |client| client.id.to_string());
    stop.sent = vec![fact("client_id", &sent.client_id)];
    if let Some(uri) = &sent.redirect_uri {
        stop.sent.push(fact("redirect_uri", uri));
    }
    stop.answer(parts, visit, StatusCode::BAD_REQUEST)
}

/// The person's account may not use this app.
pub(super) fn not_for_you(
    parts: &Parts,
    visit: &Visit,
    no: &Refusal,
    (judged, brought): (&Judged, &Brought),
) -> Result<Response<Body>, Fault> {
    let mut stop = Stopped::because(AuthorizeCause::NotForYou, (REFUSED, no));
    stop.present = brought.present.as_ref();
    stop.app = Some(judged.to.app());
    stop.client_id = judged.destination.client().id.to_string();
    if let Some(onward) = onward(visit, brought, judged) {
        let way = onward.anew().sign_in(&parts.encryption)?;
        stop.switch = Some(format!("{way}&switch=1"));
    }
    Ok(stop.answer(parts, visit, StatusCode::FORBIDDEN))
}

/// The page is shown inside an app. Its person learns where to go on: a program that waits for its answer gets it
/// from any browser, so there it is this request; a web app knows its person again only where they began, so
/// there it is its own page, and of one that nobody vouches for none.
pub(super) fn embedded(
    parts: &Parts,
    visit: &Visit,
    no: &Refusal,
    (judged, brought): (&Judged, &Brought),
) -> Result<Response<Body>, Fault> {
    let mut stop = Stopped::because(AuthorizeCause::Embedded, (REFUSED, no));
    let client = judged.destination.client();
    stop.app = Some(judged.to.app());
    stop.client_id = client.id.to_string();
    stop.address = match client.kind {
        ClientKind::Web | ClientKind::Browser if judged.destination.is_trusted() => {
            let home = client.about.home.as_ref().map(ToString::to_string);
            Some(home.unwrap_or_else(|| judged.to.source()))
        }
        ClientKind::Web | ClientKind::Browser => None,
        ClientKind::Native | ClientKind::Device | ClientKind::Daemon if brought.opened => {
            let onward = onward(visit, brought, judged);
            let again = onward.map(|onward| onward.again(&parts.encryption));
            again
                .transpose()?
                .map(|path| format!("{}{path}", parts.issuer))
        }
        ClientKind::Native | ClientKind::Device | ClientKind::Daemon => {
            Some(format!("{}/authorize?{}", parts.issuer, brought.query))
        }
    };
    stop.sent = vec![fact("user_agent", visit.agent().as_str())];
    Ok(stop.answer(parts, visit, StatusCode::FORBIDDEN))
}

fn fact(name: &str, value: &str) -> Fact {
    Fact {
        name: name.to_owned(),
        value: Echo::of(value).to_string(),
        note: None,
    }
}
