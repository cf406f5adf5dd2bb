//! The form comes back.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::header;
use carnet_core::record::Password;
use carnet_core::record::User;
use carnet_core::rule::sign_in;
use carnet_core::rule::sign_in::Facts;
use carnet_core::rule::sign_in::SignedIn;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::Email;
use carnet_core::value::Seconds;
use carnet_core::value::UserId;
use carnet_pages::SignInProblem;
use carnet_wire::crn::Crn;

use super::FORM;
use super::Filled;
use super::HOME;
use super::form;
use super::known;
use super::slow_down;
use super::toward;
use crate::attempts::Claimed;
use crate::attempts::Place;
use crate::entropy::SystemEntropy;
use crate::parts::Parts;
use crate::password::Typed;
use crate::web::cookie::Cookie;
use crate::web::csrf;
use crate::web::csrf::Bound;
use crate::web::failed;
use crate::web::form::Form;
use crate::web::onward::Onward;
use crate::web::page;
use crate::web::session;
use crate::web::visit::Visit;

/// How long somebody waits for whom there was no thread.
const BUSY: Seconds = Seconds(2);

/// The longest address that is looked at, in characters.
const LONGEST_EMAIL: usize = 254;

/// What was typed.
struct Wanted {
    email: String,
    password: Typed,
}

/// How it ended.
enum End {
    In(Box<SignedIn>),
    Not(SignInProblem),
    Busy,
}

/// Signs somebody in.
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
    let onward = match toward(&parts, &visit, fields.take("request").as_deref()) {
        Ok(onward) => onward,
        Err(page) => return *page,
    };
    let email = fields.take("email").unwrap_or_default();
    let email: String = email.trim().chars().take(LONGEST_EMAIL + 1).collect();
    let sent = fields.take("csrf").unwrap_or_default();
    if !is_ours(&parts, &visit, &sent) {
        return stale(&parts, &visit, onward.as_ref(), email).await;
    }
    let password = Typed::new(fields.take("password").unwrap_or_default().into_owned());
    if email.is_empty() || password.is_empty() {
        let filled = Filled::problem(onward.as_ref(), email, SignInProblem::Missing);
        return form(&parts, &visit, filled);
    }
    let wanted = Wanted { email, password };
    match decided(&parts, &visit, &wanted).await {
        Ok(End::In(signed_in)) => match welcome(&parts, &visit, *signed_in, onward).await {
            Ok(response) => response,
            Err(fault) => failed::ours(&parts, &visit, &fault),
        },
        Ok(End::Not(problem)) => {
            let filled = Filled::problem(onward.as_ref(), wanted.email, problem);
            form(&parts, &visit, filled)
        }
        Ok(End::Busy) => failed::busy(&parts, &visit, BUSY),
        Err(fault) => failed::ours(&parts, &visit, &fault),
    }
}

fn is_ours(parts: &Parts, visit: &Visit, sent: &str) -> bool {
    let cookie = Cookie::Form.read(visit.headers(), &parts.issuer);
    cookie.is_some_and(|cookie| csrf::is_ours(parts, FORM, Bound::Browser(&cookie), sent))
}

/// A tab from before. Where its person has signed in elsewhere meanwhile, it goes on; else the form is
/// shown again, with a token that fits.
async fn stale(
    parts: &Parts,
    visit: &Visit,
    onward: Option<&Onward>,
    email: String,
) -> Response<Body> {
    let anew = onward.is_some_and(Onward::wants_anew);
    match session::signed_in(parts, visit.headers(), visit.now).await {
        Ok(Some(_)) if !anew => page::see(onward.map_or(HOME, Onward::path)),
        Ok(_) => form(
            parts,
            visit,
            Filled::problem(onward, email, SignInProblem::Stale),
        ),
        Err(fault) => failed::ours(parts, visit, &fault),
    }
}

async fn decided(parts: &Parts, visit: &Visit, wanted: &Wanted) -> Result<End, Fault> {
    let context = visit.context("anonymous");
    let (user, password) = facts(parts, &wanted.email).await?;
    let who = match &user {
        Some(user) => Claimed::user(&user.id),
        None => Claimed::nobody(&wanted.email),
    };
    let known = user
        .as_ref()
        .and_then(|user| known::place(parts, visit.headers(), &user.id));
    let place = known.unwrap_or(Place::Network(visit.address));
    if let Some(wait) = parts.attempts.wait(who, place, visit.now) {
        parts.journal.note(sign_in::slowed_down(&context).entry);
        return Ok(End::Not(slow_down(wait)));
    }
    // Before it is known whether it is wrong: of many at the same time, not all are free.
    parts.attempts.failed(who, place, visit.now);
    let kept = password.as_ref().map(|kept| kept.hash.clone());
    let Ok(verified) = parts.passwords.verify(wanted.password.clone(), kept).await else {
        parts.attempts.undone(who, place);
        return Ok(End::Busy);
    };
    let facts = Facts {
        user,
        password,
        right: verified.right,
        anew: verified.anew,
        agent: visit.agent(),
    };
    let secret = session::fresh_secret();
    match sign_in::decide(facts, secret, parts.session, &context, &mut SystemEntropy) {
        Ok(signed_in) => {
            parts.attempts.succeeded(who, place);
            Ok(End::In(Box::new(signed_in)))
        }
        Err(no) => {
            parts.journal.note(no.entry);
            if no.crn == Crn::SIGN_IN_SUSPENDED {
                parts.attempts.succeeded(who, place);
                Ok(End::Not(SignInProblem::Suspended))
            } else {
                Ok(End::Not(SignInProblem::Mismatch))
            }
        }
    }
}

/// Who has the address, and what is kept of their password. For somebody who is not there as much is
/// read as for somebody who is.
async fn facts(parts: &Parts, email: &str) -> Result<(Option<User>, Option<Password>), Fault> {
    let user = match email.parse::<Email>() {
        Ok(email) => parts.store.user_by_email(&email).await?,
        Err(_) => None,
    };
    let nobody = UserId::mint(&mut SystemEntropy);
    let of = user.as_ref().map_or(&nobody, |user| &user.id);
    let password = parts.store.password(of).await?;
    Ok((user, password))
}

/// Commits, ends the session before, and sends the browser on with its cookies.
async fn welcome(
    parts: &Parts,
    visit: &Visit,
    signed_in: SignedIn,
    onward: Option<Onward>,
) -> Result<Response<Body>, Fault> {
    if !commit(parts, &signed_in).await? {
        let filled = Filled::problem(onward.as_ref(), String::new(), SignInProblem::Mismatch);
        return Ok(form(parts, visit, filled));
    }
    if let Some(before) = session::signed_in(parts, visit.headers(), visit.now).await? {
        let actor = before.actor();
        let changes = sign_in::sign_out(&before.session, &visit.context(&actor));
        parts.store.commit(&changes).await?;
    }
    let target = match onward {
        Some(onward) => onward.next(&signed_in.session, &parts.encryption)?,
        None => HOME.to_owned(),
    };
    let mut response = page::see(&target);
    let cookies = [
        session::cookie(parts, &signed_in.session, signed_in.secret),
        known::cookie(parts, &signed_in.user.id),
        Cookie::Form.clear(&parts.issuer),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// False where the user has gone meanwhile.
async fn commit(parts: &Parts, signed_in: &SignedIn) -> Result<bool, Fault> {
    let committed = parts.store.commit(&signed_in.changes).await?;
    match (committed, signed_in.without_rehash()) {
        (Committed::Yes, _) => Ok(true),
        (Committed::No(0, _), Some(changes)) => {
            Ok(parts.store.commit(changes).await? == Committed::Yes)
        }
        (Committed::No(..), _) => Ok(false),
    }
}
