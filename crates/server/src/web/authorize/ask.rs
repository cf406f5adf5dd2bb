//! The consent page: a question of the rules in words and groups.

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::rule::authorization::OFFLINE_ACCESS;
use carnet_core::rule::authorize::Question;
use carnet_core::rule::details;
use carnet_core::store::Fault;
use carnet_pages as pages;
use carnet_wire::redirect_uri::RedirectUriKind;
use serde_json::Value;

use super::Brought;
use super::Judged;
use super::consent;
use super::onward;
use super::request::Pending;
use super::stop;
use crate::parts::Parts;
use crate::web::csrf;
use crate::web::csrf::Bound;
use crate::web::page;
use crate::web::permissions;
use crate::web::session::SignedIn;
use crate::web::visit::Visit;

/// The page for somebody who is signed in.
pub(super) async fn page(
    parts: &Parts,
    visit: &Visit,
    question: &Question,
    (judged, brought): (&Judged, &Brought),
) -> Result<Response<Body>, Fault> {
    let Some(present) = &brought.present else {
        return Err(Fault::lasting(
            "nobody is signed in, and yet somebody is asked",
        ));
    };
    let Some(onward) = onward(visit, brought, judged) else {
        return Ok(stop::unreadable(parts, visit, "the request is too long"));
    };
    let pending = Pending {
        query: brought.query.clone(),
        session: present.session.id,
        answered: brought.answered,
        opened: brought.opened,
        since: visit.now,
    };
    let view = pages::Consent {
        action: "/consent".to_owned(),
        request: pending.seal(&parts.encryption)?,
        csrf: csrf::token(parts, consent::FORM, Bound::Session(&present.session)),
        app: judged.to.app(),
        publisher: permissions::publisher(
            parts,
            judged.destination.client(),
            Some(&judged.destination.project().project),
        )
        .await?,
        person: present.person(),
        switch: format!("{}&switch=1", onward.anew().sign_in(&parts.encryption)?),
        groups: permissions::groups(question),
        details: details(question),
        lasts: lasts(judged, present, visit),
        cautions: cautions(judged),
        admin: match &question.admin {
            Some(_) => Some(permissions::admin(parts, present).await?),
            None => None,
        },
    };
    let frame = visit.frame(parts);
    let html = pages::consent(&frame, &view);
    let toward = judged.to.source();
    let answer = page::answer_toward(StatusCode::OK, &frame, html, Some(&toward));
    Ok(page::private(answer))
}

/// What is asked for in detail: the words of the API, then what the request says.
fn details(question: &Question) -> Vec<pages::AskedDetail> {
    let shown = question.details.iter().map(|(api, detail)| {
        let kind = details::declared(api, detail);
        let title = kind.map_or("", |kind| kind.title.as_str());
        let more = kind.map_or("", |kind| kind.detail.as_str());
        let members = detail.members().filter(|(name, _)| *name != "locations");
        pages::AskedDetail {
            api: api.title.to_string(),
            title: if title.is_empty() {
                detail.kind()
            } else {
                title
            }
            .to_owned(),
            detail: (!more.is_empty()).then(|| more.to_owned()),
            members: members
                .flat_map(|(name, value)| facts(name, value))
                .collect(),
        }
    });
    shown.collect()
}

/// A member, and those of an object one by one.
fn facts(name: &str, value: &Value) -> Vec<pages::Fact> {
    let fact = |name: String, value: String| pages::Fact {
        name,
        value,
        note: None,
    };
    match value {
        Value::Object(members) => {
            let members = members.iter();
            let facts = members.map(|(inner, value)| fact(format!("{name}.{inner}"), plain(value)));
            facts.collect()
        }
        other => vec![fact(name.to_owned(), plain(other))],
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let texts: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    }
}

/// How long it lasts: what tells who somebody is ends with their session, unless they let it go on.
fn lasts(judged: &Judged, present: &SignedIn, visit: &Visit) -> pages::Lasts {
    let scope = &judged.asked.scope;
    let bound = scope.contains("openid") && !scope.contains(OFFLINE_ACCESS);
    let session = bound.then(|| present.session.ends - visit.now);
    permissions::lasts(judged.destination.client(), session)
}

fn cautions(judged: &Judged) -> Vec<pages::Caution> {
    match judged.destination.kind() {
        RedirectUriKind::Https => Vec::new(),
        RedirectUriKind::Loopback => vec![pages::Caution::ThisComputer],
        RedirectUriKind::PrivateUse => vec![pages::Caution::NativeApp],
    }
}
