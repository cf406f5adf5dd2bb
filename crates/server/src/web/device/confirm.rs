//! The page to compare the code and the story, and what the answer does.

use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::rule::Refusal;
use carnet_core::rule::authorize;
use carnet_core::rule::authorize::Answer;
use carnet_core::rule::authorize::Question;
use carnet_core::rule::device as rule;
use carnet_core::rule::device::Ended;
use carnet_core::rule::device::Waiting;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_pages as pages;
use carnet_pages::AuthorizeCause;
use carnet_pages::DeviceConfirm;
use carnet_pages::DeviceDone;
use carnet_pages::DeviceOutcome;
use carnet_pages::DeviceProblem;
use carnet_wire::crn::Crn;

use super::ANSWER;
use super::app;
use super::entry;
use super::path;
use crate::parts::Parts;
use crate::web::caller::Caller;
use crate::web::onward::Onward;
use crate::web::page;
use crate::web::permissions;
use crate::web::stopped::Stopped;

/// What the audit log calls a no to a person.
const REFUSED: &str = "device.refuse";

/// How often an answer is decided that loses at the store.
const TRIES: usize = 3;

/// The page for somebody who typed the code of this device.
pub(super) async fn page(
    parts: &Parts,
    caller: &Caller,
    waiting: &Waiting,
) -> Result<Response<Body>, Fault> {
    let facts = facts(parts, caller, waiting).await?;
    let catalog = parts.snapshots.catalog().await?;
    match rule::question(waiting, &facts, &catalog) {
        Ok(question) => {
            let view = view(parts, caller, waiting, &question).await?;
            Ok(caller.show(parts, StatusCode::OK, Ok(view), pages::device_confirm))
        }
        Err(no) => not_for_you(parts, caller, waiting, &no),
    }
}

async fn facts(
    parts: &Parts,
    caller: &Caller,
    waiting: &Waiting,
) -> Result<authorize::Facts, Fault> {
    let person = (caller.present.user.clone(), caller.present.session.clone());
    authorize::load(person, &waiting.client().id, parts.facts()).await
}

async fn view(
    parts: &Parts,
    caller: &Caller,
    waiting: &Waiting,
    question: &Question,
) -> Result<DeviceConfirm, Fault> {
    let (device, client) = (waiting.device(), waiting.client());
    let asked = caller.visit.now - device.created;
    Ok(DeviceConfirm {
        action: ANSWER.to_owned(),
        csrf: caller.csrf(parts),
        user_code: device.user_code.to_string(),
        app: app(waiting),
        person: caller.present.person(),
        switch: another_account(parts, caller, waiting)?,
        asked_seconds_ago: u64::try_from(asked.0).unwrap_or(0),
        address: device.address.clone(),
        publisher: permissions::publisher(parts, client, Some(&waiting.project().project)).await?,
        groups: permissions::groups(question),
        lasts: permissions::lasts(client, None),
        admin: match &question.admin {
            Some(_) => Some(permissions::admin(parts, &caller.present).await?),
            None => None,
        },
    })
}

/// To the sign-in page for another account, and back to this code.
fn another_account(parts: &Parts, caller: &Caller, waiting: &Waiting) -> Result<String, Fault> {
    let code = waiting.device().user_code.to_string();
    let onward = Onward::to(&path(&code), caller.visit.now).map(Onward::anew);
    match onward {
        Some(onward) => Ok(format!("{}&switch=1", onward.sign_in(&parts.encryption)?)),
        None => Ok("/login?switch=1".to_owned()),
    }
}

/// The person's account may not use this app.
fn not_for_you(
    parts: &Parts,
    caller: &Caller,
    waiting: &Waiting,
    no: &Refusal,
) -> Result<Response<Body>, Fault> {
    let mut stopped = Stopped::because(AuthorizeCause::NotForYou, (REFUSED, no));
    stopped.present = Some(&caller.present);
    stopped.app = Some(app(waiting));
    stopped.client_id = waiting.client().id.to_string();
    stopped.switch = Some(another_account(parts, caller, waiting)?);
    Ok(stopped.answer(parts, &caller.visit, StatusCode::FORBIDDEN))
}

/// Decides what the person answered, and tells them how it ended.
pub(super) async fn answered(
    parts: &Parts,
    caller: &Caller,
    waiting: &Waiting,
    (allow, ticked): (bool, &[&str]),
) -> Result<Response<Body>, Fault> {
    let actor = caller.present.actor();
    let context = caller.visit.context(&actor);
    let answer = Answer { allow, ticked };
    for _ in 0..TRIES {
        let facts = facts(parts, caller, waiting).await?;
        let catalog = parts.snapshots.catalog().await?;
        let verdict = rule::answer(waiting, &facts, answer, &catalog, &context);
        let ended = match verdict.outcome {
            Ok(ended) => ended,
            Err(no) if no.crn == Crn::LOGIN_REQUIRED => {
                let code = waiting.device().user_code.to_string();
                return Ok(page::see(&path(&code)));
            }
            // What forbids it is told on the page, or in place of it.
            Err(_) => return page(parts, caller, waiting).await,
        };
        match parts.store.commit(&verdict.changes).await? {
            Committed::Yes => return Ok(done(parts, caller, waiting, ended)),
            // Somebody else was faster, or the code has expired.
            Committed::No(0, _) => {
                let code = waiting.device().user_code.to_string();
                let problem = Some(DeviceProblem::Wrong);
                return Ok(entry::page(parts, caller, &code, problem));
            }
            // Two tabs that agree for one app are both right.
            Committed::No(..) => {}
        }
    }
    Err(Fault::temporary(
        "an answer to a device lost against others three times",
    ))
}

fn done(parts: &Parts, caller: &Caller, waiting: &Waiting, ended: Ended) -> Response<Body> {
    let view = DeviceDone {
        outcome: match ended {
            Ended::Allowed => DeviceOutcome::Allowed,
            Ended::Denied => DeviceOutcome::Denied,
        },
        app: app(waiting),
        manage: "/account/apps".to_owned(),
    };
    caller.show(parts, StatusCode::OK, Ok(view), pages::device_done)
}
