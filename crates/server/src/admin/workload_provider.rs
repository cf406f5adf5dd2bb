//! `…/{pool}/providers`: who vouches for the principals of a pool.

use axum::http::Method;
use carnet_core::record;
use carnet_core::record::ProviderKind;
use carnet_core::record::WebSignIn;
use carnet_core::record::WorkloadPool;
use carnet_core::rule::admin::Done;
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::workload_provider;
use carnet_core::rule::admin::workload_provider::NewProvider;
use carnet_core::rule::admin::workload_provider::ProviderPatch;
use carnet_core::store::Committed;
use carnet_core::store::Listing;
use carnet_core::store::Why;

use super::answer::Answer;
use super::answer::List;
use super::body::Given;
use super::body::Read;
use super::call::Call;
use super::etag::Needed;
use super::problem;
use super::problem::Problem;
use super::route::Route;
use super::route::route;
use super::workload_body;
use super::workload_body::CreateWorkloadProvider;
use super::workload_body::KindGiven;
use super::workload_body::PatchWorkloadProvider;
use super::workload_view::WorkloadProvider;
use crate::provider_checks;

/// The paths of the providers of one kind of pool.
struct Paths {
    list: &'static str,
    one: &'static str,
    undelete: &'static str,
}

const WORKLOAD: Paths = Paths {
    list: "projects/{project}/workload-pools/{pool}/providers",
    one: "projects/{project}/workload-pools/{pool}/providers/{provider}",
    undelete: "projects/{project}/workload-pools/{pool}/providers/{provider}:undelete",
};

const WORKFORCE: Paths = Paths {
    list: "organizations/{organization}/workforce-pools/{pool}/providers",
    one: "organizations/{organization}/workforce-pools/{pool}/providers/{provider}",
    undelete: "organizations/{organization}/workforce-pools/{pool}/providers/{provider}:undelete",
};

/// Where providers answer.
pub(crate) fn routes() -> impl Iterator<Item = Route> {
    of(&WORKLOAD).into_iter().chain(of(&WORKFORCE))
}

fn of(paths: &Paths) -> [Route; 6] {
    [
        route(
            Method::GET,
            paths.list,
            "Lists the providers of a pool: there are 50 at most.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<WorkloadProvider>>()
        .with(
            "show_deleted",
            "`true`: deleted providers too, which can be brought back for 30 days.",
        )
        .paged(),
        route(Method::POST, paths.list, "Makes a provider.", |call| {
            Box::pin(create(call))
        })
        .takes::<CreateWorkloadProvider>()
        .creates::<WorkloadProvider>(),
        route(Method::GET, paths.one, "Shows a provider.", |call| {
            Box::pin(get(call))
        })
        .gives::<WorkloadProvider>(),
        route(
            Method::PATCH,
            paths.one,
            "Changes a provider. One that is disabled lets nobody in, and what it got its principals is refused at once.",
            |call| Box::pin(update(call)),
        )
        .takes::<PatchWorkloadProvider>()
        .gives::<WorkloadProvider>(),
        route(
            Method::DELETE,
            paths.one,
            "Deletes a provider. It can be brought back for 30 days.",
            |call| Box::pin(delete(call)),
        ),
        route(
            Method::POST,
            paths.undelete,
            "Brings a deleted provider back, within 30 days, as it was.",
            |call| Box::pin(undelete(call)),
        )
        .gives::<WorkloadProvider>(),
    ]
}

impl Call {
    /// The provider that the path names and its pool, deleted ones too.
    pub(crate) async fn provider(
        &self,
        right: Right,
    ) -> Result<(record::WorkloadProvider, WorkloadPool), Problem> {
        let pool = self.pool(right).await?;
        let name = workload_provider::name(&pool, self.text("provider"));
        let name = name.map_err(|_| No::hidden())?;
        let found = self.desk.store().workload_provider(&name).await?;
        Ok((found.ok_or_else(No::hidden)?, pool))
    }
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let pool = call.pool(Right::Read).await?;
    let deleted = call.query.is_on("show_deleted")?;
    let mut items = call.desk.store().workload_providers(&pool.name).await?;
    let page = call.page()?;
    let behind = |provider: &record::WorkloadProvider| {
        let after = page.after.as_deref();
        after.is_none_or(|after| provider.name.as_str() > after)
    };
    items.retain(|provider| (deleted || provider.deleted.is_none()) && behind(provider));
    let listing = Listing::cut(items, &page, |provider| provider.name.to_string());
    Ok(call.listed(listing, |provider| WorkloadProvider::of(&provider)))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let pool = call.pool(Right::Grant).await?;
    let body: CreateWorkloadProvider = call.read()?;
    let mut read = Read::default();
    let title = read.one("/display_name", &body.display_name);
    let description = read.one("/description", &body.description);
    let given = KindGiven {
        oidc: body.oidc,
        saml: body.saml,
        aws: body.aws,
        x509: body.x509,
    };
    let name = workload_provider::name(&pool, &body.id)?;
    let kind = workload_body::kind((given, &name), &mut read, &call)?;
    if kind.is_none() {
        read.wrong("/oidc", "It is missing: it says how tokens are verified.");
    }
    let ((title, description), kind) = read.finish(title.zip(description).zip(kind))?;
    let condition = body.attribute_condition;
    let mapping = provider_checks::mapping(body.attribute_mapping, &kind);
    workload_body::compiled(&call, &mapping, condition.as_deref()).await?;
    let existing = call.desk.store().workload_provider(&name).await?;
    let new = NewProvider {
        id: body.id,
        title,
        description,
        kind,
        mapping,
        condition,
        disabled: body.disabled,
    };
    let done = workload_provider::create(new, &pool, existing.as_ref(), &call.context())?;
    match call.desk.store().commit(&done.changes).await? {
        Committed::No(_, Why::Full) => return Err(workload_provider::full().into()),
        committed => problem::committed(committed)?,
    }
    let made = done.record;
    let location = call.location(made.name.id());
    Ok(Answer::created(&WorkloadProvider::of(&made), location).tagged(made.version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (provider, _) = call.provider(Right::Read).await?;
    Ok(call.record(&WorkloadProvider::of(&provider), provider.version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let (provider, _) = call.provider(Right::Grant).await?;
    let body: PatchWorkloadProvider = call.read()?;
    call.if_match(provider.version, Needed::Yes)?;
    let mut read = Read::default();
    let mut patch = ProviderPatch {
        title: read.maybe("/display_name", body.display_name.as_deref()),
        description: read.maybe("/description", body.description.as_deref()),
        kind: None,
        mapping: body.attribute_mapping,
        condition: match body.attribute_condition {
            Given::Stays => None,
            Given::Goes => Some(None),
            Given::Is(text) => Some(Some(text)),
        },
        disabled: body.disabled,
    };
    let given = KindGiven {
        oidc: body.oidc,
        saml: body.saml,
        aws: body.aws,
        x509: body.x509,
    };
    patch.kind = workload_body::kind((given, &provider.name), &mut read, &call)?;
    if let Some(after) = &patch.kind {
        provider_checks::follows(after, &provider.kind, call.now)?;
    }
    if let (Some(ProviderKind::Oidc(after)), ProviderKind::Oidc(before)) =
        (&mut patch.kind, &provider.kind)
    {
        WebSignIn::keep_secret(after, before);
    }
    patch = read.finish(Some(patch))?;
    if patch.mapping.is_some() || patch.condition.is_some() {
        let texts = patch.mapping.as_ref().unwrap_or(&provider.mapping);
        let condition = patch.condition.as_ref().unwrap_or(&provider.condition);
        workload_body::compiled(&call, texts, condition.as_deref()).await?;
    }
    let done = workload_provider::update(provider, patch, &call.context())?;
    done_with(&call, done).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (provider, _) = call.provider(Right::Write).await?;
    call.if_match(provider.version, Needed::No)?;
    let done = workload_provider::delete(provider, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn undelete(call: Call) -> Result<Answer, Problem> {
    let (provider, pool) = call.provider(Right::Grant).await?;
    call.if_match(provider.version, Needed::No)?;
    let done = workload_provider::undelete(provider, &pool, &call.context())?;
    done_with(&call, done).await
}

async fn done_with(call: &Call, done: Done<record::WorkloadProvider>) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    Ok(Answer::ok(&WorkloadProvider::of(&now)).tagged(now.version))
}
