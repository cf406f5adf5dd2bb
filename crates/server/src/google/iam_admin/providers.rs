//! `…/{pool}/providers`: who vouches for the principals of a pool, of workload identity or of a workforce.
//!
//! The same providers as the admin API has, by the same rules ([`carnet_core::rule::admin::workload_provider`]). How a
//! kind of provider is written in Google's form is in [`super::provider_kinds`] alone. Every change is an operation
//! ([`super::operations`]).

use std::collections::BTreeMap;

use axum::http::Method;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::workload_provider as rule;
use carnet_core::rule::admin::workload_provider::NewProvider;
use carnet_core::rule::admin::workload_provider::ProviderPatch;
use carnet_core::store::Listing;
use carnet_core::value::PoolKind;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;

use super::Answered;
use super::call::Call;
use super::halt::Halt;
use super::halt::come_back;
use super::halt::renamed;
use super::halt::unknown;
use super::homes::Below;
use super::homes::Home;
use super::homes::Needed;
use super::homes::Needs;
use super::operations;
use super::pools;
use super::pools::text;
use super::provider_kinds;
use crate::provider_checks;

/// How many providers a page has, unless asked otherwise and at most.
const PAGE: (u16, u16) = (50, 100);

/// What can be written of every provider.
const WRITABLE: [&str; 5] = [
    "displayName",
    "description",
    "disabled",
    "attributeMapping",
    "attributeCondition",
];

const OF_PROGRAMS: Needs = Needs {
    list: ("iam.workloadIdentityPoolProviders.list", Right::Read),
    create: ("iam.workloadIdentityPoolProviders.create", Right::Grant),
    get: ("iam.workloadIdentityPoolProviders.get", Right::Read),
    update: ("iam.workloadIdentityPoolProviders.update", Right::Grant),
    delete: ("iam.workloadIdentityPoolProviders.delete", Right::Write),
    undelete: ("iam.workloadIdentityPoolProviders.undelete", Right::Grant),
};

const OF_PEOPLE: Needs = Needs {
    list: ("iam.workforcePoolProviders.list", Right::Read),
    create: ("iam.workforcePoolProviders.create", Right::Grant),
    get: ("iam.workforcePoolProviders.get", Right::Read),
    update: ("iam.workforcePoolProviders.update", Right::Grant),
    delete: ("iam.workforcePoolProviders.delete", Right::Write),
    undelete: ("iam.workforcePoolProviders.undelete", Right::Grant),
};

/// Where a provider is: the home of the pool, and its id.
type Pool<'a> = (Home<'a>, &'a str);

const fn needs((home, _): Pool<'_>) -> &'static Needs {
    match home {
        Home::Project(_) => &OF_PROGRAMS,
        Home::Organization => &OF_PEOPLE,
    }
}

/// Answers what this noun has.
pub(super) async fn answer(
    call: &Call<'_>,
    home: Home<'_>,
    (method, below, word): Below<'_, '_>,
) -> Option<Answered> {
    let &[pool, "providers", ref rest @ ..] = below else {
        return None;
    };
    let pool = (home, pool);
    Some(match (method, rest, word) {
        (&Method::GET, [], "") => list(call, pool).await,
        (&Method::POST, [], "") => create(call, pool).await,
        (&Method::GET, [id], "") => get(call, pool, id).await,
        (&Method::PATCH, [id], "") => patch(call, pool, id).await,
        (&Method::DELETE, [id], "") => delete(call, pool, id).await,
        (&Method::POST, [id], "undelete") => undelete(call, pool, id).await,
        (&Method::GET, [id, "operations", operation], "") => {
            asked_again(call, pool, (id, operation)).await
        }
        _ => return None,
    })
}

async fn list(call: &Call<'_>, place: Pool<'_>) -> Answered {
    let pool = place.0.pool(call, place.1, needs(place).list).await?;
    let list = format!("{}/providers", pool.name);
    let page = call.page(&list, PAGE)?;
    let deleted = call.flag("showDeleted")?;
    let mut items = call.store().workload_providers(&pool.name).await?;
    items.retain(|provider| {
        let after = page.after.as_deref();
        (deleted || provider.deleted.is_none())
            && after.is_none_or(|after| provider.name.as_str() > after)
    });
    let listing = Listing::cut(items, &page, |provider| provider.name.to_string());
    let all = listing.items.iter().map(shown);
    let (people, programs) = all.partition(|_| place.0.is_workforce());
    Ok(wire::print(&wire::ProviderList {
        next_page_token: call.next(&list, &listing),
        workload_identity_pool_providers: programs,
        workforce_pool_providers: people,
    }))
}

async fn create(call: &Call<'_>, place: Pool<'_>) -> Answered {
    let pool = place.0.pool(call, place.1, needs(place).create).await?;
    let mut given: wire::ProviderGiven = call.read()?;
    let id = place
        .0
        .choose("workloadIdentityPoolProviderId", "workforcePoolProviderId");
    let id = call.query.one(id).unwrap_or_default().to_owned();
    let name = rule::name(&pool, &id).map_err(|no| named(place, no))?;
    let kind = provider_kinds::given(call, &name, &mut given)?;
    provider_kinds::checked(&kind, call.parts)?;
    let mapping = given.attribute_mapping.unwrap_or_default();
    let mapping = provider_checks::mapping(mapping, &kind);
    let condition = given.attribute_condition.filter(|text| !text.is_empty());
    compiled(call, &mapping, condition.as_deref()).await?;
    let existing = call.store().workload_provider(&name).await?;
    let title = given.display_name.unwrap_or_default();
    let description = given.description.unwrap_or_default();
    let new = NewProvider {
        id,
        title: title.parse().map_err(|why| text("display_name", why))?,
        description: description
            .parse()
            .map_err(|why| text("description", why))?,
        kind,
        mapping,
        condition,
        disabled: given.disabled.unwrap_or_default(),
    };
    let done = rule::create(new, &pool, existing.as_ref(), &call.context());
    let done = done.map_err(|no| named(place, no))?;
    let made = call.commit_into(done, rule::full).await?;
    Ok(done_with(&made))
}

async fn get(call: &Call<'_>, place: Pool<'_>, id: &str) -> Answered {
    let (found, _) = provider(call, place, (id, needs(place).get)).await?;
    Ok(wire::print(&shown(&found)))
}

async fn patch(call: &Call<'_>, place: Pool<'_>, id: &str) -> Answered {
    let (found, _) = provider(call, place, (id, needs(place).update)).await?;
    let mut given: wire::ProviderGiven = call.read()?;
    let writable = [WRITABLE.as_slice(), provider_kinds::writable(place.0)].concat();
    let mask = Mask::parse(call.query.one("updateMask"), &writable)?;
    let kind = provider_kinds::patched(call, (&mask, &mut given), &found)?;
    let title = mask.of("displayName", given.display_name);
    let title = title.map(|text| text.parse()).transpose();
    let description = mask.of("description", given.description);
    let description = description.map(|text| text.parse()).transpose();
    let condition = mask.of("attributeCondition", given.attribute_condition);
    let patch = ProviderPatch {
        title: title.map_err(|why| text("display_name", why))?,
        description: description.map_err(|why| text("description", why))?,
        kind,
        mapping: mask.of("attributeMapping", given.attribute_mapping),
        condition: condition.map(|text| Some(text).filter(|text| !text.is_empty())),
        disabled: mask.of("disabled", given.disabled),
    };
    if let Some(kind) = &patch.kind {
        provider_checks::follows(kind, &found.kind, call.told.now)?;
        provider_kinds::checked(kind, call.parts)?;
    }
    if patch.mapping.is_some() || patch.condition.is_some() {
        let mapping = patch.mapping.as_ref().unwrap_or(&found.mapping);
        let condition = patch.condition.as_ref().unwrap_or(&found.condition);
        compiled(call, mapping, condition.as_deref()).await?;
    }
    let done = rule::update(found, patch, &call.context());
    let done = done.map_err(|no| named(place, no))?;
    Ok(done_with(&call.commit(done).await?))
}

async fn delete(call: &Call<'_>, place: Pool<'_>, id: &str) -> Answered {
    let (found, _) = provider(call, place, (id, needs(place).delete)).await?;
    let done = rule::delete(found, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn undelete(call: &Call<'_>, place: Pool<'_>, id: &str) -> Answered {
    let (found, pool) = provider(call, place, (id, needs(place).undelete)).await?;
    let done = rule::undelete(found, &pool, &call.context())?;
    Ok(done_with(&call.commit(done).await?))
}

async fn asked_again(call: &Call<'_>, place: Pool<'_>, (id, operation): (&str, &str)) -> Answered {
    let (found, _) = provider(call, place, (id, needs(place).get)).await?;
    let version = operations::made(operation, found.version)?;
    Ok(operations::done(&found.name, version, typed(&found)))
}

/// The provider that is named, deleted ones too, and its pool.
async fn provider(
    call: &Call<'_>,
    place: Pool<'_>,
    (id, needed): (&str, Needed),
) -> Result<(WorkloadProvider, WorkloadPool), Halt> {
    let pool = place.0.pool(call, place.1, needed).await?;
    let found = match rule::name(&pool, id) {
        Ok(name) => call.store().workload_provider(&name).await?,
        Err(_) => None,
    };
    let found = found.ok_or_else(|| unknown("There is no such provider.".to_owned()))?;
    Ok((found, pool))
}

async fn compiled(
    call: &Call<'_>,
    mapping: &BTreeMap<String, String>,
    condition: Option<&str>,
) -> Result<(), Halt> {
    match provider_checks::compiled(mapping, condition, call.parts).await {
        Ok(compiled) => Ok(compiled?),
        Err(busy) => Err(come_back(busy)),
    }
}

/// A no of the rules in Google's names.
fn named((home, _): Pool<'_>, no: No) -> Halt {
    let id = home.choose(
        "/workload_identity_pool_provider_id",
        "/workforce_pool_provider_id",
    );
    renamed(
        no,
        &[[("/id", id)].as_slice(), &provider_kinds::NAMES].concat(),
    )
}

fn done_with(provider: &WorkloadProvider) -> Vec<u8> {
    operations::done(&provider.name, provider.version, typed(provider))
}

fn typed(provider: &WorkloadProvider) -> wire::Provider {
    wire::Provider {
        kind: Some(match provider.name.pool().kind() {
            PoolKind::Workload(_) => {
                "type.googleapis.com/google.iam.v1.WorkloadIdentityPoolProvider"
            }
            PoolKind::Workforce => "type.googleapis.com/google.iam.admin.v1.WorkforcePoolProvider",
        }),
        ..shown(provider)
    }
}

fn shown(provider: &WorkloadProvider) -> wire::Provider {
    let mut shown = wire::Provider {
        name: provider.name.to_string(),
        display_name: provider.title.to_string(),
        description: provider.description.to_string(),
        state: pools::state(provider.deleted),
        disabled: provider.disabled,
        attribute_mapping: provider.mapping.clone(),
        attribute_condition: provider.condition.clone(),
        expire_time: pools::expires(provider.deleted),
        ..wire::Provider::default()
    };
    provider_kinds::show(provider, &mut shown);
    shown
}
