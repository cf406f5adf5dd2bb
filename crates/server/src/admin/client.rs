//! `projects/{project}/clients` and `clients/{client}`: apps, which ask for tokens.

use axum::http::Method;
use carnet_core::record;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::client::{self as rule, Around};
use carnet_core::rule::admin::{Done, No};
use carnet_core::value::ClientId;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::client_body::{CreateClient, PatchClient};
use super::client_proof;
use super::client_view::Client;
use super::etag::Needed;
use super::problem::Problem;
use super::route::{Route, route};
use super::service_account::Reason;
use crate::entropy::SystemEntropy;
use crate::system::ADMIN_PATH;
use crate::system::command_line;

/// The switch of whoever wants to know what would be, before it is.
const VALIDATE_ONLY: &str = "validate_only";

/// Where apps answer.
pub(crate) fn routes() -> [Route; 7] {
    const LIST: &str = "projects/{project}/clients";
    const ONE: &str = "clients/{client}";
    [
        route(
            Method::GET,
            LIST,
            "Lists the apps of a project, by id.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Client>>()
        .paged(),
        route(Method::POST, LIST, "Makes an app.", |call| {
            Box::pin(create(call))
        })
        .with(
            VALIDATE_ONLY,
            "Judge it, answer 200 with the app as it would be, and make nothing (`true`).",
        )
        .takes::<CreateClient>()
        .creates::<Client>(),
        route(Method::GET, ONE, "Shows an app.", |call| {
            Box::pin(get(call))
        })
        .gives::<Client>(),
        route(Method::PATCH, ONE, "Changes an app.", |call| {
            Box::pin(update(call))
        })
        .with(
            VALIDATE_ONLY,
            "Judge it, answer with the app as it would be, and change nothing (`true`).",
        )
        .takes::<PatchClient>()
        .gives::<Client>(),
        route(
            Method::DELETE,
            ONE,
            "Deletes an app, for good: its secrets and what people have let it do go too, and its tokens \
             stop at once.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::POST,
            "clients/{client}:disable",
            "Disables an app: its tokens stop at once.",
            |call| Box::pin(disable(call)),
        )
        .may_take::<Reason>()
        .gives::<Client>(),
        route(
            Method::POST,
            "clients/{client}:enable",
            "Enables an app.",
            |call| Box::pin(enable(call)),
        )
        .gives::<Client>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Read).await?;
    let page = call.page()?;
    let listing = call.desk.store().clients(&project.id, &page).await?;
    Ok(call.listed(listing, Client::from))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let project = call.project(Right::Write).await?;
    let body: CreateClient = call.read()?;
    let new = body.values()?;
    client_proof::may_fetch(&new.settings, &call.desk.parts.outbound)?;
    if let Some(id) = &new.id
        && call.desk.store().client(id).await?.is_some()
    {
        return Err(No::taken(format!("There is an app {id} already.")).into());
    }
    let catalog = call.desk.parts.snapshots.catalog().await?;
    let around = Around {
        project: &project,
        catalog: &catalog,
        powers: &call.caller.powers,
    };
    let only = call.query.is_on(VALIDATE_ONLY)?;
    let done = rule::create(new, &around, &call.context(), &mut SystemEntropy)?;
    if only {
        return Ok(Answer::ok(&Client::from(done.record)));
    }
    let made = call.commit(done).await?;
    let location = format!("{}/clients/{}", ADMIN_PATH, made.id);
    let version = made.version;
    Ok(Answer::created(&Client::from(made), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (client, _) = found(&call, Right::Read).await?;
    let version = client.version;
    Ok(call.record(&Client::from(client), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let (client, project) = found(&call, Right::Write).await?;
    let body: PatchClient = call.read()?;
    let patch = body.values()?;
    client_proof::may_fetch(&patch, &call.desk.parts.outbound)?;
    call.if_match(client.version, Needed::Yes)?;
    let secrets = call.desk.store().client_secrets(&client.id).await?;
    let catalog = call.desk.parts.snapshots.catalog().await?;
    let around = Around {
        project: &project,
        catalog: &catalog,
        powers: &call.caller.powers,
    };
    let only = call.query.is_on(VALIDATE_ONLY)?;
    let done = rule::update(client, patch, &secrets, &around, &call.context())?;
    if only {
        return Ok(Answer::ok(&Client::from(done.record)));
    }
    done_with(&call, done).await
}

async fn disable(call: Call) -> Result<Answer, Problem> {
    let (client, _) = found(&call, Right::Write).await?;
    let body: Reason = call.read()?;
    let mut read = Read::default();
    let reason = read.one("/reason", &body.reason);
    let reason = read.finish(reason)?;
    call.if_match(client.version, Needed::No)?;
    let done = rule::disable(client, reason, &call.context())?;
    done_with(&call, done).await
}

async fn enable(call: Call) -> Result<Answer, Problem> {
    let (client, project) = found(&call, Right::Write).await?;
    call.if_match(client.version, Needed::No)?;
    rule::covered(&client, &project, &call.caller.powers)?;
    let done = rule::enable(client, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (client, project) = found(&call, Right::Write).await?;
    call.if_match(client.version, Needed::No)?;
    rule::covered(&client, &project, &call.caller.powers)?;
    if client.id.as_str() == command_line::CLIENT {
        let detail = "carnet login needs this app, so it is never deleted. Disable it instead.";
        return Err(No::state(detail).into());
    }
    let done = rule::delete(client, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn done_with(call: &Call, done: Done<record::Client>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Client::from(now)).tagged(version))
}

/// The app that the path names, with its project, if the caller may do this there.
pub(crate) async fn found(
    call: &Call,
    right: Right,
) -> Result<(record::Client, record::Project), Problem> {
    let id: ClientId = call.named("client")?;
    let client = call.desk.store().client(&id).await?;
    let client = client.ok_or_else(No::hidden)?;
    let project = call.desk.store().project(&client.project).await?;
    let project = project.ok_or_else(No::hidden)?;
    call.permit(right, &super::territory::of(&project))?;
    Ok((client, project))
}
