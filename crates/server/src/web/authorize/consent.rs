//! `POST /consent`: the person's answer.
//!
//! 0. Whoever answers too often waits ([`crate::limits`]).
//! 1. The form must be of this browser's session (`csrf`), and the request in it of this session and of the
//!    last hour. Otherwise the request begins again, which is one click for its person: there is no dead end.
//! 2. The request is judged once more, and the answer is held against the question as it is now.
//! 3. The yes is committed, and with it that a pushed request is spent; then the code is given. Two tabs that agree at the same moment are both right: who
//!    loses reads again and decides once more.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use carnet_core::rule::authorize as rule;
use carnet_core::rule::authorize::Answer;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_wire::crn::Crn;
use carnet_wire::params::Params;

use super::Brought;
use super::Judged;
use super::give;
use super::judged;
use super::not_admitted;
use super::request;
use super::request::Pending;
use super::stop;
use crate::client_document;
use crate::entropy::SystemEntropy;
use crate::parts::Parts;
use crate::web::csrf;
use crate::web::csrf::Bound;
use crate::web::failed;
use crate::web::form::Form;
use crate::web::page;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::turned_away;
use crate::web::visit::Visit;

/// The name of the form.
pub(super) const FORM: &str = "consent";

/// How often a yes is decided that loses at the store.
const TRIES: usize = 3;

/// Takes the answer.
pub async fn post(State(parts): State<Arc<Parts>>, asked: Request) -> Response<Body> {
    let (head, body) = asked.into_parts();
    let visit = Visit::of(&parts, head);
    let read = match Form::read(&visit, body).await {
        Ok(read) => read,
        Err(why) => return failed::form(&parts, &visit, why),
    };
    let fields = match read.with_boxes("scope") {
        Ok(fields) => fields,
        Err(why) => return failed::form(&parts, &visit, why),
    };
    match answered(&parts, &visit, fields).await {
        Ok(response) => response,
        Err(fault) => failed::ours(&parts, &visit, &fault),
    }
}

async fn answered(
    parts: &Parts,
    visit: &Visit,
    mut fields: Params<'_>,
) -> Result<Response<Body>, Fault> {
    let sealed = fields.take("request").unwrap_or_default();
    let Some((pending, in_time)) = Pending::open(&parts.encryption, &sealed, visit.now) else {
        return Ok(stop::unreadable(parts, visit, "request is not one of ours"));
    };
    let again = || Ok(page::see(&request::path(pending.query.as_bytes())));
    let present = session::signed_in(parts, visit.headers(), visit.now).await?;
    if let Some(present) = &present
        && let Err(turned) = parts.limits.person(&present.user.id)
    {
        return Ok(turned_away::visitor(turned, parts, visit));
    }
    let sent = fields.take("csrf").unwrap_or_default();
    let ours = |present: &SignedIn| {
        present.session.id == pending.session
            && csrf::is_ours(parts, FORM, Bound::Session(&present.session), &sent)
    };
    let allow = match fields.take("decision").as_deref() {
        Some("allow") => true,
        Some("deny") => false,
        _ => return again(),
    };
    let Some(present) = present.filter(ours).filter(|_| in_time) else {
        return again();
    };
    let brought = Brought {
        query: pending.query.clone(),
        answered: pending.answered,
        opened: pending.opened,
        present: Some(present.clone()),
    };
    let judged = match judged(parts, visit, &brought).await? {
        Ok(judged) => judged,
        Err(response) => return Ok(response),
    };
    if let Some(response) = not_admitted(parts, visit, (&judged, &brought)).await? {
        return Ok(response);
    }
    let ticked = fields.take_all("scope");
    let ticked: Vec<&str> = ticked.iter().map(AsRef::as_ref).collect();
    let answer = Answer {
        allow,
        ticked: &ticked,
    };
    decided(parts, visit, (&judged, &brought), (&present, answer)).await
}

async fn decided(
    parts: &Parts,
    visit: &Visit,
    (judged, brought): (&Judged, &Brought),
    (present, answer): (&SignedIn, Answer<'_>),
) -> Result<Response<Body>, Fault> {
    let actor = present.actor();
    let context = visit.context(&actor);
    for _ in 0..TRIES {
        let person = (present.user.clone(), present.session.clone());
        let facts = rule::load(person, &judged.destination.client().id, parts.facts()).await?;
        let catalog = parts.snapshots.catalog().await?;
        let verdict = rule::answer(
            (&judged.asked, &judged.destination, &facts),
            answer,
            &catalog,
            (brought.answered, &context),
            &mut SystemEntropy,
        );
        let code = match verdict.outcome {
            Ok(code) => code,
            Err(no) if no.crn == Crn::LOGIN_REQUIRED => {
                return Ok(page::see(&request::path(brought.query.as_bytes())));
            }
            Err(no) if no.crn == Crn::INTERNAL_ONLY => {
                return stop::not_for_you(parts, visit, &no, (judged, brought));
            }
            Err(no) => return Ok(judged.to.refuse_answered(parts, visit, &no)),
        };
        let app = judged.destination.client();
        client_document::keep(app, &context, parts).await?;
        let given = match give::answer(parts, visit, &code, judged).await? {
            Ok(given) => given,
            Err(no) => return Ok(judged.to.refuse_answered(parts, visit, &no)),
        };
        let mut changes = verdict.changes;
        let spent = judged.spends(visit.now);
        let spends = spent.is_some().then_some(changes.len());
        changes.extend(spent);
        changes.extend(given.changes);
        match parts.store.commit(&changes).await? {
            Committed::Yes => return Ok(given.response),
            Committed::No(place, _) if Some(place) == spends => {
                return Ok(judged.to.refuse_answered(parts, visit, &rule::given()));
            }
            Committed::No(..) => {}
        }
    }
    Err(Fault::temporary(
        "a consent lost against others three times",
    ))
}
