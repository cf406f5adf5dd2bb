//! The consent page: a question of the rules in words and groups.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::Client;
use carnet_core::record::GrantType;
use carnet_core::record::Risk;
use carnet_core::record::Trust;
use carnet_core::rule::authorization::OFFLINE_ACCESS;
use carnet_core::rule::authorize::Choice;
use carnet_core::rule::authorize::Permission;
use carnet_core::rule::authorize::Question;
use carnet_core::rule::details;
use carnet_core::store::Fault;
use carnet_core::value::Seconds;
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
        since: visit.now,
    };
    let view = pages::Consent {
        action: "/consent".to_owned(),
        request: pending.seal(&parts.encryption)?,
        csrf: csrf::token(parts, consent::FORM, Bound::Session(&present.session)),
        app: judged.to.app(),
        publisher: publisher(parts, judged).await?,
        person: present.person(),
        switch: format!("{}&switch=1", onward.anew().sign_in(&parts.encryption)?),
        groups: groups(question),
        details: details(question),
        lasts: lasts(judged, present, visit),
        cautions: cautions(judged),
        admin: match &question.admin {
            Some(_) => Some(admin(parts, present).await?),
            None => None,
        },
    };
    let frame = visit.frame(parts);
    let html = pages::consent(&frame, &view);
    let toward = judged.to.source();
    let answer = page::answer_toward(StatusCode::OK, &frame, html, Some(&toward));
    Ok(page::private(answer))
}

/// Who runs the app, as far as the organization vouches for it.
async fn publisher(parts: &Parts, judged: &Judged) -> Result<pages::Publisher, Fault> {
    let project = &judged.destination.project().project;
    let organization = match project.organization {
        Some(id) => parts.store.organization(id).await?,
        None => None,
    };
    let client = judged.destination.client();
    if let Some(document) = client.id.document()
        && client.trust == Trust::Unknown
    {
        // All that is known of it is where it is.
        let name = document.host().to_owned();
        return Ok(pages::Publisher::Unverified { name });
    }
    let title = organization.map_or_else(|| project.title.to_string(), |it| it.title.to_string());
    Ok(match judged.destination.client().trust {
        Trust::Own => pages::Publisher::Own,
        Trust::Known => pages::Publisher::Verified { name: title },
        Trust::Unknown if title.is_empty() => pages::Publisher::Unknown,
        Trust::Unknown => pages::Publisher::Unverified { name: title },
    })
}

async fn admin(parts: &Parts, present: &SignedIn) -> Result<pages::AdminOnly, Fault> {
    let organization = parts.store.organization(present.user.organization).await?;
    Ok(pages::AdminOnly {
        organization: organization.map_or_else(String::new, |it| it.title.to_string()),
        contact: None,
    })
}

/// First what concerns the account, then one group for each API.
fn groups(question: &Question) -> Vec<pages::PermissionGroup> {
    let mut own = Vec::new();
    let mut apis: BTreeMap<_, (String, Vec<pages::Permission>)> = BTreeMap::new();
    for permission in &question.permissions {
        let words = words(permission);
        match &permission.api {
            None => own.push(words),
            Some(known) => {
                let title = known.api.title.to_string();
                let group = apis.entry(known.api.id);
                group.or_insert((title, Vec::new())).1.push(words);
            }
        }
    }
    let account = (!own.is_empty()).then_some(pages::PermissionGroup {
        api: None,
        permissions: own,
    });
    let others = apis.into_values().map(|(title, permissions)| {
        let api = Some(title);
        pages::PermissionGroup { api, permissions }
    });
    account.into_iter().chain(others).collect()
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

fn words(permission: &Permission) -> pages::Permission {
    let risk = permission.api.as_ref().map(|known| known.scope.risk);
    pages::Permission {
        scope: permission.scope.to_string(),
        text: text(permission),
        risk: match risk {
            None | Some(Risk::Read) => pages::Risk::Read,
            Some(Risk::Write) => pages::Risk::Write,
            Some(Risk::ActAs) => pages::Risk::ActAs,
            Some(Risk::Administer) => pages::Risk::Administer,
        },
        choice: match permission.choice {
            Choice::Required => pages::Choice::Required,
            Choice::Optional { ticked } => pages::Choice::Optional { ticked },
        },
        new: permission.new,
    }
}

/// What a scope means.
pub(super) fn text(permission: &Permission) -> pages::PermissionText {
    let Some(known) = &permission.api else {
        return match &*permission.scope {
            "openid" => pages::PermissionText::Openid,
            "profile" => pages::PermissionText::Profile,
            "email" => pages::PermissionText::Email,
            OFFLINE_ACCESS => pages::PermissionText::OfflineAccess,
            _ => pages::PermissionText::Missing,
        };
    };
    let (title, detail) = (known.scope.title.as_str(), known.scope.detail.as_str());
    if title.is_empty() {
        return pages::PermissionText::Missing;
    }
    pages::PermissionText::Given {
        title: title.to_owned(),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        language: "en".to_owned(),
    }
}

fn lasts(judged: &Judged, present: &SignedIn, visit: &Visit) -> pages::Lasts {
    let client: &Client = judged.destination.client();
    let scope = &judged.asked.scope;
    let count = |length: Seconds, unit: i64| {
        let whole = length.0.saturating_add(unit - 1) / unit;
        u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
    };
    if !client.grants.contains(&GrantType::RefreshToken) {
        let minutes = count(client.lifetimes.access_token, 60);
        return pages::Lasts::Minutes { minutes };
    }
    if scope.contains("openid") && !scope.contains(OFFLINE_ACCESS) {
        let days = count(present.session.ends - visit.now, 86_400);
        return pages::Lasts::Days { days };
    }
    let days = count(client.lifetimes.refresh_idle, 86_400);
    pages::Lasts::Unused { days }
}

fn cautions(judged: &Judged) -> Vec<pages::Caution> {
    match judged.destination.kind() {
        RedirectUriKind::Https => Vec::new(),
        RedirectUriKind::Loopback => vec![pages::Caution::ThisComputer],
        RedirectUriKind::PrivateUse => vec![pages::Caution::NativeApp],
    }
}
