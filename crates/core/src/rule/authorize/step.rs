//! What is to be done with a good request now: sign in, agree, or give the code.
//!
//! 1. Nobody is signed in, or not freshly enough (`prompt=login`, `max_age`), or not the person whom the app
//!    expects (`id_token_hint`): sign in. Where somebody else signed in then, the app hears so, and nothing of them.
//! 2. The person may use this app at all, by the project and by their own organization (`org_internal`).
//! 3. A policy that blocks a scope leaves only Cancel on the page.
//! 4. The person has agreed to all of it before, or the app is one's own: the code. Where the browser goes to no
//!    web site and the app proves nothing, any program of that computer can be the app, so there neither a
//!    remembered yes nor trust is enough (RFC 8252 section 8.6). Details are agreed to each time, whoever asks.
//! 5. Otherwise: ask. Where `prompt=none` forbids a page, each of these is an error for the app.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::redirect_uri::RedirectUriKind;
use carnet_wire::scope::Scope;

use crate::record::ClientAuthentication;
use crate::record::ClientKind;
use crate::record::Consent;
use crate::record::Policy;
use crate::record::Session;
use crate::record::Trust;
use crate::record::User;
use crate::rule::Refusal;
use crate::rule::authorize::Asked;
use crate::rule::authorize::Destination;
use crate::rule::authorize::Question;
use crate::rule::authorize::consent;
use crate::rule::grant::authorization_code::Code;
use crate::rule::policy;
use crate::rule::sign_in;
use crate::store::Catalog;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::ClientId;
use crate::value::Entropy;
use crate::value::UnixTime;

/// What the decision rests on, beside the request.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Who is signed in, and since when.
    pub person: (User, Session),
    /// What the person has let the app do.
    pub consent: Option<Consent>,
    /// The policies in force of the person's organization.
    pub policies: Arc<Vec<Policy>>,
}

/// What time it is, and whether the person came back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Moment {
    /// Whether the person signed in for this very request: then they are fresh, whatever it wants.
    pub answered: bool,
    /// Now.
    pub now: UnixTime,
}

/// What is to be done.
#[derive(Clone, Debug)]
pub enum Step {
    /// The person signs in, and the request comes back.
    SignIn,
    /// The person's account may not use this app. Another account may.
    NotForYou(Refusal),
    /// The person is asked.
    Ask(Question),
    /// The app gets this code.
    Give(Code),
}

/// Reads the facts about whoever is signed in, for this app.
pub async fn load(
    person: (User, Session),
    client: &ClientId,
    (store, snapshots): (&dyn Store, &dyn Snapshots),
) -> Result<Facts, Fault> {
    let consent = store.consent(&person.0.id, client).await?;
    let policies = snapshots.policies(person.0.organization).await?;
    Ok(Facts {
        person,
        consent,
        policies,
    })
}

/// Decides. Without facts nobody is signed in.
pub fn decide(
    asked: &Asked,
    destination: &Destination,
    facts: Option<&Facts>,
    catalog: &Catalog,
    (moment, entropy): (Moment, &mut dyn Entropy),
) -> Result<Step, Refusal> {
    let quiet = asked.prompt.none;
    let Some(facts) = facts.filter(|facts| fresh(asked, facts, moment)) else {
        return sign_in_first(asked, facts, moment);
    };
    if let Err(refusal) = may_use(destination.project(), facts) {
        return if quiet {
            Err(refusal)
        } else {
            Ok(Step::NotForYou(refusal))
        };
    }
    let blocked = blocked(destination.project(), facts, &asked.scope).err();
    if let Some(refusal) = &blocked
        && quiet
    {
        return Err(refusal.clone());
    }
    let question = consent::whole(asked, destination, facts.consent.as_ref(), catalog, blocked);
    if question.admin.is_none() && !must_ask(asked, destination, facts) {
        let code = Code::new(
            asked,
            destination,
            facts,
            asked.scope.clone(),
            (moment.now, entropy),
        )?;
        return Ok(Step::Give(code));
    }
    if quiet {
        let new: Vec<_> = question.news().collect();
        let detail = if new.is_empty() {
            "prompt=none, but the person is asked each time: any program of their computer could be this app, or details were asked for.".to_owned()
        } else {
            format!("prompt=none, but new scopes: {}", new.join(" "))
        };
        return Err(Refusal::new(Crn::CONSENT_REQUIRED, detail));
    }
    Ok(Step::Ask(question))
}

/// Nobody is signed in whose sign-in counts.
fn sign_in_first(asked: &Asked, facts: Option<&Facts>, moment: Moment) -> Result<Step, Refusal> {
    let somebody_else = facts.is_some_and(|facts| {
        let (user, session) = &facts.person;
        moment.answered && sign_in::stands(session, user, moment.now)
    });
    let detail = if asked.prompt.none {
        "prompt=none, but nobody is signed in, or not since max_age, or not whom id_token_hint names."
    } else if somebody_else {
        "somebody else signed in than the person whom id_token_hint names."
    } else {
        return Ok(Step::SignIn);
    };
    Err(Refusal::new(Crn::LOGIN_REQUIRED, detail))
}

/// Whether the sign-in counts for this request.
pub(super) fn fresh(asked: &Asked, facts: &Facts, moment: Moment) -> bool {
    let (user, session) = &facts.person;
    if !sign_in::stands(session, user, moment.now) || !asked.expects(&user.id, moment.answered) {
        return false;
    }
    let again = asked.prompt.login || asked.prompt.select_account;
    let aged = asked
        .max_age
        .is_some_and(|most| moment.now - session.created > most);
    moment.answered || !(again || aged)
}

/// Whether the person may use the app at all.
pub(in crate::rule) fn may_use(project: &ProjectSnapshot, facts: &Facts) -> Result<(), Refusal> {
    let user = &facts.person.0;
    policy::permits_people_of_to_app(
        user.organization,
        &facts.policies,
        &project.project,
        user.email.as_str(),
    )
}

/// Whether a policy, of the person's organization or of the app's, blocks a scope.
pub(in crate::rule) fn blocked(
    project: &ProjectSnapshot,
    facts: &Facts,
    scope: &Scope,
) -> Result<(), Refusal> {
    policy::permits_scopes_to_app(&facts.policies, scope)?;
    policy::permits_scopes_to_app(&project.policies, scope)
}

fn must_ask(asked: &Asked, destination: &Destination, facts: &Facts) -> bool {
    if asked.prompt.consent || asked.details.is_some() || is_imitable(destination) {
        return true;
    }
    if destination.client().trust == Trust::Own {
        return false;
    }
    let agreed = |name: &str| {
        let scopes = facts.consent.as_ref().map(|consent| &consent.scopes);
        scopes.is_some_and(|scopes| scopes.keys().any(|known| known.as_str() == name))
    };
    !asked.scope.iter().all(agreed)
}

/// Whether another program can be this app: it waits where any program of the computer may wait, and what it
/// would prove at the token endpoint is nothing, or is in every copy of it (RFC 8252 section 8.5).
fn is_imitable(destination: &Destination) -> bool {
    let client = destination.client();
    let proves_nothing = client.authentication == ClientAuthentication::None;
    destination.kind() != RedirectUriKind::Https
        && (proves_nothing || client.kind == ClientKind::Native)
}
