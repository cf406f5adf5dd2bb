//! `/account/password`: the person changes the password, or sets the first one.
//!
//! 1. The present one is asked for and counted as at the sign-in page: whoever has the open browser of
//!    somebody else cannot guess it here.
//! 2. Which passwords may be set is a rule ([`fit`]).
//! 3. A new one ends all other sessions, and what apps hold of the person.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record;
use carnet_core::rule::own_account;
use carnet_core::rule::password::Demand;
use carnet_core::rule::password::LONGEST;
use carnet_core::rule::password::SHORTEST;
use carnet_core::rule::password::Unfit;
use carnet_core::rule::password::fit;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::Seconds;
use carnet_pages::PasswordForm;
use carnet_pages::PasswordProblem;
use carnet_wire::params::Params;

use super::Caller;
use crate::attempts::Claimed;
use crate::attempts::Place;
use crate::parts::Parts;
use crate::password::Typed;
use crate::web::failed;
use crate::web::page;

const PATH: &str = "/account/password";

/// How long somebody waits for whom there was no thread.
const BUSY: Seconds = Seconds(2);

/// How a change ended.
enum End {
    Changed,
    Not(PasswordProblem),
    Busy,
}

/// The form.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    match Caller::of(&parts, request, PATH).await {
        Ok(caller) => {
            let changed = caller.visit.query().take("changed").is_some();
            show(&parts, &caller, None, changed).await
        }
        Err(answer) => *answer,
    }
}

/// Changes it.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    let mut fields = match form.fields() {
        Ok(fields) => fields,
        Err(why) => return failed::form(&parts, &caller.visit, why),
    };
    if !caller.is_ours(&parts, &fields.take("csrf").unwrap_or_default()) {
        return show(&parts, &caller, Some(PasswordProblem::Stale), false).await;
    }
    match change(&parts, &caller, &mut fields).await {
        Ok(End::Changed) => page::see(&format!("{PATH}?changed=1")),
        Ok(End::Not(problem)) => show(&parts, &caller, Some(problem), false).await,
        Ok(End::Busy) => failed::busy(&parts, &caller.visit, BUSY),
        Err(fault) => failed::ours(&parts, &caller.visit, &fault),
    }
}

async fn change(parts: &Parts, caller: &Caller, fields: &mut Params<'_>) -> Result<End, Fault> {
    let mut typed = |name| Typed::new(fields.take(name).unwrap_or_default().into_owned());
    let (current, new) = (typed("current_password"), typed("new_password"));
    let user = &caller.present.user;
    let kept = parts.store.password(&user.id).await?;
    if let Some(kept) = &kept
        && let Some(end) = proved(parts, caller, kept, &current).await
    {
        return Ok(end);
    }
    if let Err(unfit) = fit(&new, &user.email, Demand::of(parts.sandbox)) {
        return Ok(End::Not(problem(unfit)));
    }
    if kept.is_some() && *current == *new {
        return Ok(End::Not(PasswordProblem::Same));
    }
    let Ok(hash) = parts.passwords.hash(new).await else {
        return Ok(End::Busy);
    };
    let actor = caller.present.actor();
    let context = caller.visit.context(&actor);
    let session = &caller.present.session;
    let changes = own_account::change_password(user, (kept.as_ref(), hash), session, &context);
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(End::Changed),
        // Somebody else has set another one meanwhile, so the one that was typed is not right any more.
        Committed::No(..) => Ok(End::Not(PasswordProblem::Wrong)),
    }
}

/// Why the present password does not prove who it is; nothing if it does.
async fn proved(
    parts: &Parts,
    caller: &Caller,
    kept: &record::Password,
    current: &Typed,
) -> Option<End> {
    let (who, now) = (Claimed::user(&kept.user), caller.visit.now);
    let place = Place::Network(caller.visit.address);
    if let Some(wait) = parts.attempts.wait(who, place, now) {
        let wait_seconds = u32::try_from(wait.0.max(1)).unwrap_or(u32::MAX);
        return Some(End::Not(PasswordProblem::SlowDown { wait_seconds }));
    }
    parts.attempts.failed(who, place, now);
    let hash = Some(kept.hash.clone());
    let Ok(verified) = parts.passwords.verify(current.clone(), hash).await else {
        parts.attempts.undone(who, place);
        return Some(End::Busy);
    };
    if !verified.right {
        return Some(End::Not(PasswordProblem::Wrong));
    }
    parts.attempts.succeeded(who, place);
    None
}

fn problem(unfit: Unfit) -> PasswordProblem {
    let number = |number| u32::try_from(number).unwrap_or(u32::MAX);
    match unfit {
        Unfit::Empty | Unfit::Short => PasswordProblem::TooShort {
            least: number(SHORTEST),
        },
        Unfit::Long => PasswordProblem::TooLong {
            most: number(LONGEST),
        },
        Unfit::Address | Unfit::Common => PasswordProblem::Guessable,
    }
}

async fn show(
    parts: &Parts,
    caller: &Caller,
    problem: Option<PasswordProblem>,
    changed: bool,
) -> Response<Body> {
    let user = &caller.present.user;
    let view = parts
        .store
        .password(&user.id)
        .await
        .map(|kept| PasswordForm {
            csrf: caller.csrf(parts),
            email: user.email.to_string(),
            has_password: kept.is_some(),
            least: u32::try_from(SHORTEST).unwrap_or(u32::MAX),
            problems: problem.into_iter().collect(),
            changed,
        });
    let status = match problem {
        None => StatusCode::OK,
        Some(PasswordProblem::SlowDown { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::BAD_REQUEST,
    };
    caller.show(parts, status, view, carnet_pages::password)
}
