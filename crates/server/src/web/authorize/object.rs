//! A request that came in a request object (RFC 9101 section 5.1): it is opened once, when it comes.
//!
//! From then on the request is what was in it. It travels sealed by us, so that nobody adds a parameter to it,
//! and so that a person may take longer than the app's signature is good for. One that cannot be opened goes
//! back to the app where the address beside it is the app's own, and is a page else.

use axum::body::Body;
use axum::http::Response;
use carnet_core::rule::authorize as rule;
use carnet_core::rule::authorize::Read;
use carnet_core::store::Fault;
use carnet_wire::params::Params;

use super::Brought;
use super::back;
use super::stop;
use crate::parts::Parts;
use crate::web::visit::Visit;

/// The same, with what was in the request object, if one came.
pub(super) async fn opened(
    parts: &Parts,
    visit: &Visit,
    mut brought: Brought,
) -> Result<Result<Brought, Response<Body>>, Fault> {
    let Ok(mut outside) = Params::parse(brought.query.as_bytes()) else {
        return Ok(Ok(brought));
    };
    let pushed = outside.sent("request_uri");
    let Some(object) = outside.take("request").filter(|_| !pushed) else {
        return Ok(Ok(brought));
    };
    let read = match Read::of(&brought.query) {
        Ok(read) => read,
        Err(no) => {
            visit.wish(&brought.query);
            return Ok(Err(stop::malformed(parts, visit, &no, &brought)));
        }
    };
    let sent = &read.addressee;
    let facts = match super::app(sent, visit.now, parts).await? {
        Ok(facts) => facts,
        Err(no) => {
            visit.wish(&brought.query);
            let nobody = (None, &brought);
            return Ok(Err(stop::nowhere(parts, visit, (&no, sent), nobody)));
        }
    };
    let (now, outbound) = (visit.now, &parts.outbound);
    let keys = parts
        .client_keys
        .of_signer(facts.keys(), &object, now, outbound);
    let keys = keys.await;
    let of = (sent.client_id.as_ref(), &keys);
    let at = (parts.issuer.as_str(), visit.now);
    let no = match rule::open_request_object(&object, &outside, of, at) {
        Ok(form) => {
            brought.query = form;
            brought.opened = true;
            return Ok(Ok(brought));
        }
        Err(no) => no,
    };
    visit.wish(&brought.query);
    let app = facts.app().cloned();
    Ok(Err(match facts.destination(sent) {
        Ok(destination) => back::To::new(&destination, sent).refuse(parts, visit, &no),
        Err(_) => stop::nowhere(parts, visit, (&no, sent), (app.as_ref(), &brought)),
    }))
}
