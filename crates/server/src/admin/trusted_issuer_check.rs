//! `…/trusted-issuers/{trusted_issuer}:check`: whether an assertion would buy a token, and whose. Nothing is issued, no `jti`
//! is spent, and nothing is written; what is fetched is the keys of the issuer, as often as for real requests at most, and so
//! whoever asks must be one who may change the trust (lesson 38).

use std::sync::Arc;

use axum::http::Method;
use carnet_core::record::IssuerOwner;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::client;
use carnet_core::rule::dry_run::Steps;
use carnet_core::rule::dry_run::claims;
use carnet_core::rule::grant::trusted_issuer as rule;
use carnet_core::rule::grant::trusted_issuer::Beside;
use carnet_core::rule::grant::trusted_issuer::Bringer;
use carnet_core::rule::grant::trusted_issuer::Named;
use carnet_core::rule::grant::trusted_issuer::dry_run;
use carnet_core::rule::grant::trusted_issuer::dry_run::Run;
use carnet_core::store::ClientSnapshot;
use carnet_core::store::ProjectSnapshot;
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::problem::Problem;
use super::route::Route;
use super::route::route;
use super::trusted_issuer;
use super::trusted_issuer_check_view::CheckAssertion;
use super::trusted_issuer_check_view::IssuerCheck;
use crate::system;
use crate::trust_keys;

const PATHS: [&str; 2] = [
    "projects/{project}/trusted-issuers/{trusted_issuer}:check",
    "organizations/{organization}/trusted-issuers/{trusted_issuer}:check",
];

/// Where checks answer.
pub(crate) fn routes() -> [Route; 2] {
    PATHS.map(|path| {
        route(
            Method::POST,
            path,
            "Says step by step whether an assertion of the issuer would buy a token, and whose. Nothing is issued, and its jti is not spent.",
            |call| Box::pin(check(call)),
        )
        .takes::<CheckAssertion>()
        .gives::<IssuerCheck>()
    })
}

async fn check(call: Call) -> Result<Answer, Problem> {
    let (issuer, _) = trusted_issuer::found(&call, Right::Write).await?;
    let body: CheckAssertion = call.read()?;
    let token = body.token.trim();
    let parts = &call.desk.parts;
    let named = Named::of(Arc::new(issuer), &parts.audiences);
    let project = match &named.issuer.owner {
        IssuerOwner::Project(id) => parts.snapshots.project_facts(id).await?,
        IssuerOwner::Organization(_) => None,
    };
    let mut steps = dry_run::begin(&named, project.as_deref());
    let proved = jwt(&call, &named, token, &mut steps).await?;
    let claims = proved.or_else(|| claims(token));
    if let Some(claims) = &claims {
        steps.possession(claims);
    }
    dry_run::in_our_words(&mut steps);
    let Some(claims) = claims else {
        return Ok(Answer::ok(&IssuerCheck::of(dry_run::unreadable(
            &named, steps,
        ))));
    };
    let facts = rule::load(&named, &claims, parts.snapshots.as_ref()).await?;
    let client = client(&call, &named, body.client.as_deref()).await?;
    let beside = Beside {
        scope: body.scope.as_deref(),
        shown: None,
        client: client.as_ref().map(|(client, project)| Bringer {
            client: &client.client,
            project,
            binding: None,
        }),
        us: &parts.issuer,
        own_api: system::ADMIN_API,
    };
    let run = Run::new(&named, (&claims, call.now), beside, &facts);
    let seen = match run.jti() {
        Some(spent) => call.desk.store().is_spent(spent.digest).await?,
        None => false,
    };
    Ok(Answer::ok(&IssuerCheck::of(run.finish(steps, seen))))
}

/// The claims of the token, if they are proved.
async fn jwt(
    call: &Call,
    named: &Named,
    token: &str,
    steps: &mut Steps,
) -> Result<Option<Value>, Problem> {
    let parts = &call.desk.parts;
    let trust = named.trust();
    let Some(foreign) = steps.read(token, trust) else {
        return Ok(None);
    };
    let keys = trust_keys::of(&named.issuer, &foreign, call.now, parts).await;
    let permit = parts.limits.work().await;
    let _permit = permit.map_err(Problem::turned_away)?;
    let usable = keys.usable();
    let vouched = steps.verify(&foreign, usable.as_ref().copied(), trust, call.now);
    Ok(vouched.map(|vouched| vouched.claims().clone()))
}

type Client = (Arc<ClientSnapshot>, Arc<ProjectSnapshot>);

/// The client that would bring the assertion. Of one that the trust does not name nothing is told, not even whether there is
/// one: to the steps it is nobody.
async fn client(
    call: &Call,
    named: &Named,
    asked: Option<&str>,
) -> Result<Option<Client>, Problem> {
    let mut listed = named.issuer.clients.iter();
    let Some(id) = listed.find(|id| asked.is_none_or(|asked| id.as_str() == asked)) else {
        return Ok(None);
    };
    let snapshots = &call.desk.parts.snapshots;
    let Some(found) = snapshots.client(id).await? else {
        return Ok(None);
    };
    let project = snapshots.project_facts(&found.client.project).await?;
    let found = project.map(|project| (found, project));
    Ok(found.filter(|(found, project)| client::stands(found, project)))
}
