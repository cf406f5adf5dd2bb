//! What a person is asked who typed the code of a device, and what their answer does.
//!
//! 1. Wrong, expired and answered codes are told apart for nobody, nor is an app that is out of service.
//! 2. The question is that of the authorization endpoint: the same permissions, the same policies.
//! 3. The answer is held against the question as it is now. The first one stands.
//! 4. A yes is remembered, as it is there.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::device::UserCode;
use serde_json::json;

use crate::record::AllowedBy;
use crate::record::AuditDraft;
use crate::record::Client;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::Outcome;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::authorize;
use crate::rule::authorize::Answer;
use crate::rule::authorize::Facts;
use crate::rule::authorize::Question;
use crate::rule::client;
use crate::rule::sign_in;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::ClientSnapshot;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::UnixTime;

/// A device that waits for an answer, and the app in service that runs on it.
#[derive(Clone, Debug)]
pub struct Waiting {
    device: DeviceAuthorization,
    client: Arc<ClientSnapshot>,
    project: Arc<ProjectSnapshot>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ended {
    /// The device gets its tokens.
    Allowed,
    /// It gets nothing.
    Denied,
}

impl Waiting {
    /// The device.
    #[must_use]
    pub const fn device(&self) -> &DeviceAuthorization {
        &self.device
    }

    /// The app.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client.client
    }

    /// Its project, with the policies of its organization.
    #[must_use]
    pub fn project(&self) -> &ProjectSnapshot {
        &self.project
    }
}

/// The device that shows this code, if it waits.
pub async fn waiting(
    code: &UserCode,
    now: UnixTime,
    store: &dyn Store,
    snapshots: &dyn Snapshots,
) -> Result<Option<Waiting>, Fault> {
    let device = store.device_by_user_code(code).await?;
    let Some(device) = device.filter(|device| waits(device, now)) else {
        return Ok(None);
    };
    let Some(client) = snapshots.client(&device.client).await? else {
        return Ok(None);
    };
    let project = snapshots.project_facts(&client.client.project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a client without a project"))?;
    Ok(client::stands(&client, &project).then_some(Waiting {
        device,
        client,
        project,
    }))
}

/// Whether it may still be answered.
pub(super) fn waits(device: &DeviceAuthorization, now: UnixTime) -> bool {
    device.state == DeviceState::Pending && device.ends > now
}

/// What the person is asked; or why their account may not use this app.
pub fn question(waiting: &Waiting, facts: &Facts, catalog: &Catalog) -> Result<Question, Refusal> {
    authorize::may_use(&waiting.project, facts)?;
    let scope = &waiting.device.scope;
    let blocked = authorize::blocked(&waiting.project, facts, scope).err();
    let of = (waiting.client(), scope);
    Ok(authorize::question(
        of,
        facts.consent.as_ref(),
        catalog,
        blocked,
    ))
}

/// What the person's answer does. The first change is the one about the device: where it fails somebody was
/// faster, or the code has expired.
#[must_use]
pub fn answer(
    waiting: &Waiting,
    facts: &Facts,
    answer: Answer<'_>,
    catalog: &Catalog,
    context: &Context<'_>,
) -> Verdict<Ended> {
    let (user, session) = &facts.person;
    if !sign_in::stands(session, user, context.now) {
        let detail = "the person must sign in again.";
        return Verdict::refuse(Refusal::new(Crn::LOGIN_REQUIRED, detail));
    }
    let denied = || {
        let state = DeviceState::Denied;
        let change = Change::DeviceDecided(waiting.device.digest, state, context.now);
        let entry = Change::Audited(denial(waiting, facts, context));
        Verdict::allow(Ended::Denied, vec![change, entry])
    };
    if !answer.allow {
        return denied();
    }
    let question = match question(waiting, facts, catalog) {
        Ok(question) => question,
        Err(refusal) => return Verdict::refuse(refusal),
    };
    if let Some(refusal) = question.admin {
        return Verdict::refuse(refusal);
    }
    let granted = question.granted(answer);
    if granted.is_empty() {
        return denied();
    }
    let state = DeviceState::Allowed(AllowedBy {
        user: user.id.clone(),
        session: session.id,
        authenticated: session.created,
        scope: granted.clone(),
    });
    let mut changes = vec![Change::DeviceDecided(
        waiting.device.digest,
        state,
        context.now,
    )];
    changes.extend(authorize::remember(
        (waiting.client(), &waiting.device.scope),
        facts,
        ("device.allow", &granted),
        context,
    ));
    Verdict::allow(Ended::Allowed, changes)
}

fn denial(waiting: &Waiting, facts: &Facts, context: &Context<'_>) -> AuditDraft {
    let (user, session) = &facts.person;
    AuditDraft {
        at: context.now,
        actor: format!("user:{}", user.id),
        action: "device.deny".to_owned(),
        target: waiting.client().id.to_string(),
        outcome: Outcome::Done,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail: json!({"session": session.id}).to_string(),
    }
}
