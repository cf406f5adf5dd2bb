//! `audit` and `traces`: what happened, and why.
//!
//! 1. An auditor of the installation reads everything. An auditor of a project or organization reads the
//!    entries about things in it: a list must name such a thing, a trace shows those entries only.
//!    What somebody did themselves they may read.
//! 2. `audit:verify` walks the chain of hashes in bounded steps; where a walk ends early, it says where
//!    to go on.
//! 3. What still waits to be written is written before it is asked for, so that an owner who has a trace
//!    id in their hand always finds it.

use axum::http::Method;
use carnet_core::record::{AuditHash, Outcome};
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::audit::Walk;
use carnet_core::store::{AuditFilter, Page};
use carnet_jose::digest::hex;
use carnet_wire::crn::Crn;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::audit_view::{AuditEntry, Explanation};
use super::call::Call;
use super::problem::Problem;
use super::route::{Route, route};
use super::territory;

/// How many steps of a thousand entries one request walks at most.
const STEPS: usize = 50;

/// How many entries of one request are shown.
const ENTRIES_OF_A_TRACE: u16 = 200;

/// How far the chain was walked, and whether it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Verified {
    /// Whether every entry that was looked at holds.
    pub intact: bool,
    /// The number of the last entry that holds: how many there are up to it.
    pub count: i64,
    /// The hash of that entry, in hexadecimal digits.
    pub head: String,
    /// The number of the first entry that is missing, altered, or out of its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<i64>,
    /// Send it back as `page_token` to walk on. Absent: the end was reached, or a break.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

/// What happened in one request, as a story.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "trace_id is its name on the wire"
)]
pub(crate) struct Trace {
    /// The trace id.
    pub trace_id: String,
    /// The entries, oldest first.
    pub entries: Vec<AuditEntry>,
    /// The causes of refusals among them, explained.
    pub causes: Vec<Explanation>,
}

/// Where the audit log answers.
pub(crate) fn routes() -> [Route; 3] {
    [
        route(
            Method::GET,
            "audit",
            "Lists entries of the audit log, newest first.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<AuditEntry>>()
        .with("actor", "Only by this actor, as entries write it.")
        .with(
            "action",
            "Only this action, such as `service_account.disable`.",
        )
        .with(
            "target",
            "Only about this thing. Needed unless you are an auditor of the installation.",
        )
        .with("trace", "Only of the request with this trace id.")
        .paged(),
        route(
            Method::GET,
            "audit:verify",
            "Walks the chain of the audit log, and tells whether it holds.",
            |call| Box::pin(verify(call)),
        )
        .gives::<Verified>()
        .with("page_token", "The `next_page_token` of the walk before."),
        route(
            Method::GET,
            "traces/{trace}",
            "Tells the story of one request.",
            |call| Box::pin(trace(call)),
        )
        .gives::<Trace>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let own = |name| call.query.one(name).map(ToOwned::to_owned);
    let filter = AuditFilter {
        trace: own("trace"),
        actor: own("actor"),
        action: own("action"),
        target: own("target"),
    };
    if let Err(refused) = call.permit(Right::ReadAudit, &Place::Installation) {
        let about = match &filter.target {
            Some(target) => territory::of_target(call.desk.store(), target).await?,
            None => None,
        };
        match about {
            Some(place) => call.permit(Right::ReadAudit, &place)?,
            None => return Err(refused),
        }
    }
    written(&call).await?;
    let listing = call.desk.store().audit(&filter, &page).await?;
    Ok(call.listed(listing, AuditEntry::from))
}

async fn verify(call: Call) -> Result<Answer, Problem> {
    call.permit(Right::ReadAudit, &Place::Installation)?;
    written(&call).await?;
    let mut walk = match call.query.one("page_token") {
        None => Walk::default(),
        Some(token) => resumed(&call, token)?,
    };
    let mut end = false;
    for _ in 0..STEPS {
        let entries = call.desk.store().audit_after(walk.sequence).await?;
        end = entries.len() < usize::from(Page::MOST);
        walk = walk.over(&entries);
        if end || walk.broken.is_some() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let more = !end && walk.broken.is_none();
    let head = hex(&walk.hash);
    Ok(Answer::ok(&Verified {
        intact: walk.broken.is_none(),
        count: walk.sequence,
        next_page_token: more.then(|| {
            let place = format!("{} {head}", walk.sequence);
            call.desk.cursors.seal(&call.path, &place)
        }),
        head,
        broken: walk.broken,
    }))
}

async fn trace(call: Call) -> Result<Answer, Problem> {
    written(&call).await?;
    let trace = call.text("trace").to_owned();
    let filter = AuditFilter {
        trace: Some(trace.clone()),
        ..AuditFilter::default()
    };
    let page = Page::first(ENTRIES_OF_A_TRACE);
    let listing = call.desk.store().audit(&filter, &page).await?;
    let everything = call.permit(Right::ReadAudit, &Place::Installation).is_ok();
    let mut entries = Vec::new();
    let mut causes: Vec<Crn> = Vec::new();
    for entry in listing.items.into_iter().rev() {
        let own = entry.draft.actor == call.caller.actor;
        let visible = everything || own || {
            let about = territory::of_target(call.desk.store(), &entry.draft.target).await?;
            about.is_some_and(|place| call.permit(Right::ReadAudit, &place).is_ok())
        };
        if !visible {
            continue;
        }
        if let Outcome::Refused(crn) = entry.draft.outcome
            && !causes.contains(&crn)
        {
            causes.push(crn);
        }
        entries.push(AuditEntry::from(entry));
    }
    if entries.is_empty() {
        return Err(No::hidden().into());
    }
    let issuer = &call.desk.parts.issuer;
    let causes = causes.into_iter().map(|crn| Explanation::of(crn, issuer));
    Ok(Answer::ok(&Trace {
        trace_id: trace,
        entries,
        causes: causes.collect(),
    }))
}

/// Writes what waits to be written.
async fn written(call: &Call) -> Result<(), Problem> {
    let flushed = call
        .desk
        .parts
        .journal
        .flush(call.desk.store(), call.now)
        .await;
    Ok(flushed?)
}

/// Where a walk goes on. The cursor is authenticated, so the hash in it is one that we saw.
fn resumed(call: &Call, token: &str) -> Result<Walk, Problem> {
    let place = call.desk.cursors.open(&call.path, token);
    let walk = place.as_deref().and_then(|place| {
        let (sequence, hash) = place.split_once(' ')?;
        Some(Walk {
            sequence: sequence.parse().ok()?,
            hash: unhex(hash)?,
            broken: None,
        })
    });
    let refused = "The page_token was not given out by this walk.";
    walk.ok_or_else(|| Problem::new(Crn::CURSOR_NOT_OURS, refused))
}

fn unhex(text: &str) -> Option<AuditHash> {
    let mut hash = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (place, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(place * 2..place * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}
