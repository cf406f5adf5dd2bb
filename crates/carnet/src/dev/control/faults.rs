//! `/dev/faults`: the next requests are answered with an error of the catalogue, so that a program's
//! handling of it can be tested. `carnet dev` only; the answer is formed by the same code as a real one.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Response;
use axum::http::StatusCode;
use axum::middleware::Next;
use carnet_core::rule::Refusal;
use carnet_core::store::Fault;
use carnet_pages::ActiveFault;
use carnet_pages::CodeLink;
use carnet_pages::DevFaults;
use carnet_server::answer;
use carnet_server::answer::Told;
use carnet_server::http::trace::TraceId;
use carnet_wire::crn::Answer;
use carnet_wire::crn::Crn;
use serde_json::json;

use crate::dev::control::Control;
use crate::dev::control::page;
use crate::dev::control::text;

/// How often one fault can be forced.
const MOST: u32 = 1_000;

/// The paths at which faults are forced: those that answer in the token endpoint's envelope.
const PATHS: [&str; 5] = [
    "/token",
    "/oauth2/v4/token",
    "/o/oauth2/token",
    "/introspect",
    "/revoke",
];

/// Which errors are forced, and how often still.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<(Crn, u32)>>);

impl Faults {
    fn open(&self) -> MutexGuard<'_, Vec<(Crn, u32)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Crn> {
        let mut waiting = self.open();
        let (crn, left) = waiting.first_mut()?;
        let crn = *crn;
        *left = left.saturating_sub(1);
        if *left == 0 {
            waiting.remove(0);
        }
        Some(crn)
    }
}

/// Answers with the error that is forced, if one is.
pub(super) async fn force(
    State(control): State<Arc<Control>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    if !PATHS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let Some(crn) = control.faults.next() else {
        return next.run(request).await;
    };
    let trace = TraceId::of(request.extensions());
    let told = Told {
        issuer: &control.parts.issuer,
        trace: trace.as_str(),
        now: control.parts.now(),
    };
    if crn == Crn::SERVER_ERROR {
        return answer::fault(&Fault::lasting("forced by /dev/faults"), told);
    }
    if crn == Crn::UNAVAILABLE {
        return answer::fault(&Fault::temporary("forced by /dev/faults"), told);
    }
    answer::refusal(&Refusal::new(crn, "forced by /dev/faults"), told)
}

/// What is forced.
pub(super) async fn show(State(control): State<Arc<Control>>, asked: HeaderMap) -> Response<Body> {
    told(&control, &asked, None)
}

/// Forces: `code` is a CRN code, `times` how often (1 where it is left out); `clear` forgets all.
pub(super) async fn set(State(control): State<Arc<Control>>, request: Request) -> Response<Body> {
    let asked = request.headers().clone();
    let said = match text::read(request).await {
        Ok(said) => said,
        Err(status) => return answer::json(status, "{\"error\":\"not understood\"}"),
    };
    let code = said
        .texts
        .get("code")
        .map(String::as_str)
        .unwrap_or_default();
    let times = said
        .texts
        .get("times")
        .map_or(Some(1), |times| times.parse().ok());
    let wanted = code.parse::<Crn>().ok().filter(|crn| forceable(*crn));
    let clear = said.texts.contains_key("clear");
    let understood = match (clear, wanted, times) {
        (true, ..) => {
            control.faults.open().clear();
            true
        }
        (false, Some(crn), Some(times)) if (1..=MOST).contains(&times) => {
            control.faults.open().push((crn, times));
            true
        }
        _ => false,
    };
    if said.html {
        let wrong = (!understood).then(|| code.chars().take(40).collect());
        return told(&control, &asked, wrong);
    }
    if understood {
        let active: Vec<_> = control
            .faults
            .open()
            .iter()
            .map(|(crn, left)| json!({"code": crn.to_string(), "left": left}))
            .collect();
        return answer::json(StatusCode::OK, json!({"active": active}).to_string());
    }
    let why = format!("code is one that the token endpoint answers, times is 1 to {MOST}");
    answer::json(StatusCode::BAD_REQUEST, json!({"error": why}).to_string())
}

fn forceable(crn: Crn) -> bool {
    matches!(crn.answer(), Answer::Token { .. } | Answer::Http { .. })
}

fn told(control: &Control, asked: &HeaderMap, not_understood: Option<String>) -> Response<Body> {
    let link = |crn: Crn| CodeLink {
        code: crn.to_string(),
        title: crn.entry().title.to_owned(),
    };
    let waiting = control.faults.open().clone();
    let active = waiting.iter().map(|(crn, left)| ActiveFault {
        code: crn.to_string(),
        title: crn.entry().title.to_owned(),
        left: *left,
    });
    let view = DevFaults {
        active: active.collect(),
        codes: Crn::all().filter(|crn| forceable(*crn)).map(link).collect(),
        most: MOST,
        not_understood,
    };
    page::answer(control, asked, |frame| {
        carnet_pages::dev_faults(frame, &view)
    })
}
