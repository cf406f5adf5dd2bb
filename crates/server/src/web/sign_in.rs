//! `/login`: a person signs in with e-mail and password.
//!
//! 1. `?r=` says where they go afterwards ([`Onward`]). Without it they go to their account. One that is
//!    too old, or none of ours, is answered with a page on which one click goes on.
//! 2. Whoever is signed in goes on at once, unless the request wants that they show again who they are.
//! 3. The page sets a cookie with a secret, and its form has a token bound to it ([`csrf`]): a form that
//!    another site posts has none. A tab whose token is stale goes on all the same where its person has
//!    signed in elsewhere meanwhile.
//! 4. Who tried too often waits, and nothing is hashed. Then the password goes to the threads that hash;
//!    where nobody has the address, they work as long.
//! 5. The rule decides. A new session with a new secret is committed, then the cookie is set. The session
//!    that the browser had before ends.

mod known;
mod post;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::value::Entropy;
use carnet_core::value::Seconds;
use carnet_jose::base64url;
use carnet_pages::App;
use carnet_pages::ExpiredRequest;
use carnet_pages::SignInForm;
use carnet_pages::SignInPage;
use carnet_pages::SignInProblem;
use carnet_wire::crn::Crn;

use crate::entropy::SystemEntropy;
use crate::http::observe::Code;
use crate::parts::Parts;
use crate::web::cookie::Cookie;
use crate::web::csrf;
use crate::web::csrf::Bound;
use crate::web::failed;
use crate::web::onward::Onward;
use crate::web::onward::Opened;
use crate::web::onward::Waiting;
use crate::web::page;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::visit::Visit;

pub use post::post;

const FORM: &str = "login";

/// Where somebody goes who wants nothing else.
const HOME: &str = "/account";

/// The form; who is signed in already is sent on.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (head, _) = request.into_parts();
    let visit = Visit::of(&parts, head);
    let mut query = visit.query();
    let onward = match toward(&parts, &visit, query.take("r").as_deref()) {
        Ok(onward) => onward,
        Err(page) => return *page,
    };
    let present = match session::signed_in(&parts, visit.headers(), visit.now).await {
        Ok(present) => present,
        Err(fault) => return failed::ours(&parts, &visit, &fault),
    };
    let known = match present {
        Some(present) if query.take("switch").is_none() => {
            if !onward.as_ref().is_some_and(Onward::wants_anew) {
                return page::see(onward.as_ref().map_or(HOME, Onward::path));
            }
            Some(present)
        }
        _ => None,
    };
    let filled = Filled {
        onward: onward.as_ref(),
        known,
        email: onward.as_ref().map_or("", Onward::hinted).to_owned(),
        problem: None,
    };
    form(&parts, &visit, filled)
}

/// Where the person goes; or the page on which they begin again.
fn toward(
    parts: &Parts,
    visit: &Visit,
    sealed: Option<&str>,
) -> Result<Option<Onward>, Box<Response<Body>>> {
    let Some(sealed) = sealed else {
        return Ok(None);
    };
    let opened = Onward::open(&parts.encryption, sealed, visit.now);
    if let Ok(Opened::Good(onward) | Opened::Expired(onward)) = &opened
        && let Some(language) = onward.language()
    {
        visit.speak(language);
    }
    let view = match opened {
        Ok(Opened::Good(onward)) => return Ok(Some(onward)),
        Ok(Opened::Expired(onward)) => ExpiredRequest {
            onward: onward.path().to_owned(),
            app: onward.app().map(app),
        },
        Err(_) => ExpiredRequest {
            onward: "/login".to_owned(),
            app: None,
        },
    };
    let frame = visit.frame(parts);
    let page = carnet_pages::sign_in(&frame, &SignInPage::Expired(view));
    let page = page::answer(StatusCode::BAD_REQUEST, &frame, page);
    Err(Box::new(page::private(page)))
}

/// The form as it is shown.
struct Filled<'a> {
    onward: Option<&'a Onward>,
    known: Option<SignedIn>,
    email: String,
    problem: Option<SignInProblem>,
}

impl<'a> Filled<'a> {
    fn problem(onward: Option<&'a Onward>, email: String, problem: SignInProblem) -> Self {
        Self {
            onward,
            known: None,
            email,
            problem: Some(problem),
        }
    }
}

/// The form in one of its states, with a token that fits the browser's cookie.
fn form(parts: &Parts, visit: &Visit, filled: Filled<'_>) -> Response<Body> {
    let before = Cookie::Form.read(visit.headers(), &parts.issuer);
    // Two tabs have one cookie: the second does not make the first one stale.
    let kept = before.filter(|secret| base64url::decode_array::<32>(secret).is_ok());
    let fresh = kept.is_none();
    let secret = kept.unwrap_or_else(fresh_secret);
    let request = filled.onward.map(|onward| onward.seal(&parts.encryption));
    let request = match request.transpose() {
        Ok(request) => request,
        Err(fault) => return failed::ours(parts, visit, &fault),
    };
    let switch = request.as_deref().unwrap_or_default();
    let view = SignInForm {
        action: "/login".to_owned(),
        csrf: csrf::token(parts, FORM, Bound::Browser(&secret)),
        app: filled.onward.and_then(Onward::app).map(app),
        switch: Some(format!("/login?switch=1&r={switch}")),
        email: match &filled.known {
            Some(known) => known.user.email.to_string(),
            None => filled.email,
        },
        known: filled.known.as_ref().map(SignedIn::person),
        problem: filled.problem,
        request,
    };
    let frame = visit.frame(parts);
    let page = carnet_pages::sign_in(&frame, &SignInPage::Form(view));
    let destination = filled.onward.and_then(Onward::app);
    let destination = destination.map(|app| app.destination.as_str());
    let status = filled.problem.map_or(StatusCode::OK, status);
    let mut response = page::private(page::answer_toward(status, &frame, page, destination));
    if let Some(problem) = filled.problem {
        tell(problem, &mut response);
    }
    if let Some(set) = Cookie::Form
        .set(&secret, None, &parts.issuer)
        .filter(|_| fresh)
    {
        response.headers_mut().append(header::SET_COOKIE, set);
    }
    response
}

fn status(problem: SignInProblem) -> StatusCode {
    match problem {
        SignInProblem::Missing | SignInProblem::Stale => StatusCode::BAD_REQUEST,
        SignInProblem::Mismatch => StatusCode::UNAUTHORIZED,
        SignInProblem::Suspended => StatusCode::FORBIDDEN,
        SignInProblem::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
    }
}

/// Tells programs, and the log, what a person reads.
fn tell(problem: SignInProblem, response: &mut Response<Body>) {
    let crn = match problem {
        SignInProblem::Missing | SignInProblem::Stale => return,
        SignInProblem::Mismatch => Crn::SIGN_IN_NO_MATCH,
        SignInProblem::Suspended => Crn::SIGN_IN_SUSPENDED,
        SignInProblem::SlowDown { wait_seconds } => {
            let wait = HeaderValue::from(wait_seconds);
            response.headers_mut().insert(header::RETRY_AFTER, wait);
            Crn::SIGN_IN_TOO_OFTEN
        }
    };
    response.extensions_mut().insert(Code(crn.number()));
}

fn slow_down(wait: Seconds) -> SignInProblem {
    let wait_seconds = u32::try_from(wait.0.max(1)).unwrap_or(u32::MAX);
    SignInProblem::SlowDown { wait_seconds }
}

fn fresh_secret() -> String {
    let mut bytes = [0; 32];
    SystemEntropy.fill(&mut bytes);
    base64url::encode(bytes)
}

fn app(waiting: &Waiting) -> App {
    App {
        name: waiting.name.clone(),
        host: waiting.host.clone(),
    }
}
