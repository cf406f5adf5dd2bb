//! `/authorize`: a browser brings an app's request (RFC 6749 section 4.1.1, OpenID Connect Core 1.0 section
//! 3.1.2), and `/consent`: what its person answers.
//!
//! 1. The request is read from its own parameters, whatever way it took: from the app, back from the sign-in
//!    page (`?r=`, sealed), or back from the consent page (a hidden field, sealed for that). Nothing that was
//!    concluded before is believed (lesson 7 of `security.md`).
//! 2. Until the app and its redirect URI are known, every no is a page. Nobody is sent anywhere, and no
//!    sign-in is shown.
//! 3. From then on a no goes back to the app with its `state`, in the mode that it asked for, and with `iss`
//!    (RFC 9207), as every answer does. To a page of an app that nobody vouches for it goes only if its person
//!    says so: the no is a page of ours, with a link (RFC 9700 section 4.11.2).
//! 4. Pages are for browsers. Inside an app that shows them in a view of its own nobody is asked for a password: the
//!    person reads where to go on (RFC 8252 section 8.12).
//! 5. Whoever must sign in does, and comes back. Whoever must be asked is asked. Else the code is given.
//!    An app that an administrator lets have tokens through the browser gets them instead (RFC 6749 section 4.2.2).
//! 6. What the app pushed (RFC 9126) is read from the store each time, by the reference that the browser
//!    carries; what else the browser carries is not looked at. Its code spends it.
//! 7. What the app signed (RFC 9101) is opened when it comes; from then on the request is what was in it,
//!    and travels sealed by us.
//! 8. A request that came by POST goes on as a GET: another site's POST carries no session cookie.

mod ask;
mod back;
mod consent;
mod give;
mod hint;
mod object;
mod request;
mod stop;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Method;
use axum::http::Response;
use carnet_core::record::PushedRequest;
use carnet_core::record::PushedState;
use carnet_core::rule::Refusal;
use carnet_core::rule::authorize as rule;
use carnet_core::rule::authorize::Asked;
use carnet_core::rule::authorize::Destination;
use carnet_core::rule::authorize::Moment;
use carnet_core::rule::authorize::Read;
use carnet_core::rule::authorize::Step;
use carnet_core::rule::authorize::Way;
use carnet_core::rule::authorize::near_miss;
use carnet_core::rule::grant::authorization_code::Code;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_wire::authorize::Addressee;
use carnet_wire::par;
use carnet_wire::params::MAX_BYTES;

use crate::client_document;
use crate::client_document::Looked;
use crate::entropy::SystemEntropy;
use crate::http::body;
use crate::parts::Parts;
use crate::protected_resources;
use crate::web::failed;
use crate::web::onward::Onward;
use crate::web::onward::Opened;
use crate::web::page;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::visit::Visit;
use crate::web::workforce;

pub use consent::post as consent;

/// Answers a request of an app.
pub async fn any(State(parts): State<Arc<Parts>>, asked: Request) -> Response<Body> {
    if let Some(elsewhere) = workforce::elsewhere(&asked, &parts.issuer) {
        return elsewhere;
    }
    let (head, body) = asked.into_parts();
    let posted = head.method == Method::POST;
    let visit = Visit::of(&parts, head);
    if posted {
        return match body::read(body, MAX_BYTES).await {
            Ok(bytes) => page::see(&request::path(&bytes)),
            Err(_) => stop::unreadable(&parts, &visit, "the form is too large or did not arrive"),
        };
    }
    let present = match session::signed_in(&parts, visit.headers(), visit.now).await {
        Ok(present) => present,
        Err(fault) => return failed::ours(&parts, &visit, &fault),
    };
    let sealed = visit.query().take("r");
    let (query, answered, opened) = match sealed {
        None => (request::plain(visit.raw_query().as_bytes()), false, false),
        Some(sealed) => match Onward::open(&parts.encryption, &sealed, visit.now) {
            Ok(Opened::Good(onward)) => {
                let by = |present: &SignedIn| onward.is_answered_by(&present.session);
                let answered = present.as_ref().is_some_and(by);
                (onward.query().to_owned(), answered, onward.is_of_object())
            }
            Ok(Opened::Expired(onward)) => (onward.query().to_owned(), false, false),
            Err(_) => return stop::unreadable(&parts, &visit, "r is not a request of ours"),
        },
    };
    let brought = Brought {
        query,
        answered,
        opened,
        present,
    };
    let done = match object::opened(&parts, &visit, brought).await {
        Ok(Ok(brought)) => proceed(&parts, &visit, &brought).await,
        Ok(Err(response)) => Ok(response),
        Err(fault) => Err(fault),
    };
    match done {
        Ok(response) => response,
        Err(fault) => failed::ours(&parts, &visit, &fault),
    }
}

/// What a browser brought.
struct Brought {
    /// The parameters of the request, as they came.
    query: String,
    /// Whether its person signed in for this very request.
    answered: bool,
    /// Whether it was in a request object that was opened.
    opened: bool,
    /// Who is signed in.
    present: Option<SignedIn>,
}

impl Brought {
    /// Which way the request came.
    fn way(&self, pushed: Option<&PushedRequest>, parts: &Parts) -> Way {
        match pushed {
            None => Way::Browser {
                push_required: parts.par.required,
                signed: self.opened,
            },
            // Whether it had to be signed was asked when it was pushed.
            Some(_) => Way::Pushed { signed: true },
        }
    }
}

/// A request that was judged, and the app that made it.
struct Judged {
    asked: Asked,
    destination: Destination,
    to: back::To,
    hint: Option<String>,
    pushed: Option<PushedRequest>,
}

impl Judged {
    /// What is written when the code is given.
    fn spends(&self, now: UnixTime) -> Option<Change> {
        let pushed = self.pushed.as_ref();
        pushed.map(|pushed| Change::PushedSpent(pushed.digest, now))
    }

    /// A pushed request is good for a minute, and a person takes longer.
    async fn keep(&self, parts: &Parts, now: UnixTime) -> Result<(), Fault> {
        let waits = |pushed: &&PushedRequest| pushed.state == PushedState::Waiting;
        if let Some(pushed) = self.pushed.as_ref().filter(waits) {
            let opened = Change::PushedOpened(pushed.digest, now + rule::THINKS);
            parts.store.commit(&[opened]).await?;
        }
        Ok(())
    }
}

/// Judges the request from its parameters; or what to answer at once.
async fn judged(
    parts: &Parts,
    visit: &Visit,
    brought: &Brought,
) -> Result<Result<Judged, Response<Body>>, Fault> {
    let read = match Read::of(&brought.query) {
        Ok(read) => read,
        Err(no) => {
            visit.wish(&brought.query);
            return Ok(Err(stop::malformed(parts, visit, &no, brought)));
        }
    };
    let reference = read.addressee.request_uri.as_deref();
    let Some(reference) = reference.and_then(par::reference) else {
        visit.wish(&brought.query);
        return judged_as(parts, visit, brought, (read, None)).await;
    };
    let digest = Secret::new(reference.to_owned()).digest();
    let found = parts.store.pushed(digest).await?;
    let pushed = match rule::find_pushed(found, &read.addressee.client_id) {
        Ok(pushed) => pushed,
        Err(no) => {
            let sent = &read.addressee;
            return Ok(Err(stop::nowhere(
                parts,
                visit,
                (&no, sent),
                (None, brought),
            )));
        }
    };
    visit.wish(&pushed.parameters);
    match Read::of(&pushed.parameters) {
        Ok(read) => judged_as(parts, visit, brought, (read, Some(&pushed))).await,
        Err(no) => Ok(Err(stop::malformed(parts, visit, &no, brought))),
    }
}

/// The app that a request names: from the store, or from the document at its id.
async fn app(
    addressee: &Addressee<'_>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<rule::DestinationFacts, Refusal>, Fault> {
    let snapshots = parts.snapshots.as_ref();
    let looked = client_document::look(&addressee.client_id, now, parts);
    match looked.await? {
        Looked::Elsewhere => rule::load_destination(addressee, snapshots).await.map(Ok),
        Looked::Found(client) => {
            let project = snapshots.project_facts(&client.client.project).await?;
            let project = project.ok_or_else(|| Fault::lasting("a client without a project"))?;
            Ok(Ok(rule::DestinationFacts::found(client, project)))
        }
        Looked::Refused(refusal) => Ok(Err(refusal)),
    }
}

/// The same for a request that is there.
async fn judged_as(
    parts: &Parts,
    visit: &Visit,
    brought: &Brought,
    (read, pushed): (Read<'_>, Option<&PushedRequest>),
) -> Result<Result<Judged, Response<Body>>, Fault> {
    let facts = match app(&read.addressee, visit.now, parts).await? {
        Ok(facts) => facts,
        Err(no) => {
            let sent = &read.addressee;
            return Ok(Err(stop::nowhere(
                parts,
                visit,
                (&no, sent),
                (None, brought),
            )));
        }
    };
    let app = facts.app().cloned();
    let destination = match facts.destination(&read.addressee) {
        Ok(destination) => destination,
        Err(no) => {
            let sent = &read.addressee;
            if let (Some(app), Some(uri)) = (&app, &sent.redirect_uri) {
                let refused = near_miss::refused(app, uri, visit.now);
                parts.journal.refused_redirect(refused);
            }
            return Ok(Err(stop::nowhere(
                parts,
                visit,
                (&no, sent),
                (app.as_ref(), brought),
            )));
        }
    };
    let to = back::To::new(&destination, &read.addressee);
    let good = pushed.map_or(Ok(()), |pushed| rule::is_good(pushed, visit.now));
    let mut request = match good.and_then(|()| read.rest()) {
        Ok(request) => request,
        Err(no) => return Ok(Err(to.refuse(parts, visit, &no))),
    };
    protected_resources::rename(&mut request.resource, &parts.issuer);
    let catalog = parts.snapshots.catalog().await?;
    let way = brought.way(pushed, parts);
    match rule::judge((&request, way), &destination, &catalog) {
        Ok(asked) => {
            let (expected, hint) = hint::of(&request, destination.client(), parts);
            Ok(Ok(Judged {
                to: to.answering(asked.mode),
                hint,
                pushed: pushed.cloned(),
                asked: asked.expecting(expected),
                destination,
            }))
        }
        Err(no) => Ok(Err(to
            .answering(request.response_mode)
            .refuse(parts, visit, &no))),
    }
}

async fn proceed(parts: &Parts, visit: &Visit, brought: &Brought) -> Result<Response<Body>, Fault> {
    let judged = match judged(parts, visit, brought).await? {
        Ok(judged) => judged,
        Err(response) => return Ok(response),
    };
    if let Some(response) = not_admitted(parts, visit, (&judged, brought)).await? {
        return Ok(response);
    }
    let facts = match &brought.present {
        Some(SignedIn { user, session }) => {
            let person = (user.clone(), session.clone());
            Some(rule::load(person, &judged.destination.client().id, parts.facts()).await?)
        }
        None => None,
    };
    let catalog = parts.snapshots.catalog().await?;
    let moment = Moment {
        answered: brought.answered,
        now: visit.now,
    };
    let step = rule::decide(
        &judged.asked,
        &judged.destination,
        facts.as_ref(),
        &catalog,
        (moment, &mut SystemEntropy),
    );
    match step {
        Err(no) => Ok(judged.to.refuse(parts, visit, &no)),
        Ok(Step::SignIn) => {
            judged.keep(parts, visit.now).await?;
            sign_in(parts, visit, brought, &judged)
        }
        Ok(Step::NotForYou(no)) => {
            judged.keep(parts, visit.now).await?;
            stop::not_for_you(parts, visit, &no, (&judged, brought))
        }
        Ok(Step::Ask(question)) => {
            judged.keep(parts, visit.now).await?;
            ask::page(parts, visit, &question, (&judged, brought)).await
        }
        Ok(Step::Give(code)) => give_now(parts, visit, &code, &judged).await,
    }
}

/// What somebody is answered with whose view is no browser. An app that wants no page hears of it itself.
async fn not_admitted(
    parts: &Parts,
    visit: &Visit,
    (judged, brought): (&Judged, &Brought),
) -> Result<Option<Response<Body>>, Fault> {
    let Err(no) = rule::admits(judged.destination.client(), visit.embedded()) else {
        return Ok(None);
    };
    if judged.asked.prompt.none {
        return Ok(Some(judged.to.refuse(parts, visit, &no)));
    }
    judged.keep(parts, visit.now).await?;
    stop::embedded(parts, visit, &no, (judged, brought)).map(Some)
}

/// What the app gets, once it is written that it got it.
async fn give_now(
    parts: &Parts,
    visit: &Visit,
    code: &Code,
    judged: &Judged,
) -> Result<Response<Body>, Fault> {
    let given = match give::answer(parts, visit, code, judged).await? {
        Ok(given) => given,
        Err(no) => return Ok(judged.to.refuse(parts, visit, &no)),
    };
    let mut changes: Vec<Change> = judged.spends(visit.now).into_iter().collect();
    changes.extend(given.changes);
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(given.response),
        Committed::No(0, _) if judged.pushed.is_some() => {
            Ok(judged.to.refuse(parts, visit, &rule::given()))
        }
        Committed::No(..) => Err(Fault::temporary("the app or its person went meanwhile")),
    }
}

/// To the sign-in page, and back here.
fn sign_in(
    parts: &Parts,
    visit: &Visit,
    brought: &Brought,
    judged: &Judged,
) -> Result<Response<Body>, Fault> {
    let other = brought.present.as_ref().is_some_and(|present| {
        let user = &present.user.id;
        !judged.asked.expects(user, true)
    });
    // Whom the app does not expect is not asked for their password.
    let switch = if other { "&switch=1" } else { "" };
    match onward(visit, brought, judged) {
        Some(onward) => {
            let way = onward.anew().sign_in(&parts.encryption)?;
            Ok(page::see(&format!("{way}{switch}")))
        }
        None => Ok(stop::unreadable(parts, visit, "the request is too long")),
    }
}

/// The way to the sign-in page and back here.
fn onward(visit: &Visit, brought: &Brought, judged: &Judged) -> Option<Onward> {
    let onward = Onward::to(&format!("/authorize?{}", brought.query), visit.now)?;
    let onward = onward
        .for_app(judged.to.waiting())
        .of_object(brought.opened)
        .speaking(visit.wished());
    Some(match &judged.hint {
        Some(hint) => onward.hint(hint),
        None => onward,
    })
}
