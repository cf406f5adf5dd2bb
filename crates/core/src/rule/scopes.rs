//! From the names of scopes to the APIs that they belong to.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Project;
use crate::record::Visibility;
use crate::rule::Refusal;
use crate::rule::nearest::nearest;
use crate::store::Catalog;
use crate::store::CatalogScope;

/// What says who somebody is (OpenID Connect Core 1.0 section 5.4). It belongs to no API.
const WHO: [&str; 3] = ["openid", "email", "profile"];

/// The APIs that these scopes belong to, each once. A private scope that is not the asker's to know
/// looks exactly like one that does not exist. What says who somebody is may stand beside others, as gcloud
/// writes it, and opens nothing of an account.
pub fn resolve(
    scope: &Scope,
    catalog: &Catalog,
    asker: &Project,
) -> Result<Vec<Arc<Api>>, Refusal> {
    let mut others = scope.iter().filter(|name| !WHO.contains(name));
    if others.next().is_none() || !scope.iter().any(|name| WHO.contains(&name)) {
        return resolve_for(scope, catalog, &|known| visible(known, asker));
    }
    let others = scope.iter().filter(|name| !WHO.contains(name));
    let others = Scope::from_tokens(others).unwrap_or_default();
    resolve_for(&others, catalog, &|known| visible(known, asker))
}

/// The same for whoever may know of what is `visible`.
pub(crate) fn resolve_for(
    scope: &Scope,
    catalog: &Catalog,
    visible: &dyn Fn(&CatalogScope) -> bool,
) -> Result<Vec<Arc<Api>>, Refusal> {
    let mut apis: Vec<Arc<Api>> = Vec::new();
    for name in scope.iter() {
        let known = catalog.scope(name).filter(|known| visible(known));
        let Some(known) = known else {
            return Err(unknown(name, catalog));
        };
        if !apis.iter().any(|api| api.id == known.api.id) {
            apis.push(Arc::clone(&known.api));
        }
    }
    Ok(apis)
}

/// Whether the project's accounts may know of the scope.
pub(crate) fn visible(known: &CatalogScope, asker: &Project) -> bool {
    match known.scope.visibility {
        Visibility::Public => true,
        Visibility::Private => {
            known.api.project == asker.id
                || (known.organization.is_some() && known.organization == asker.organization)
        }
    }
}

fn unknown(name: &str, catalog: &Catalog) -> Refusal {
    let sent = Echo::of(name);
    let detail = match closest(name, catalog) {
        Some(known) => format!("unknown scope '{sent}'. Closest: {known}"),
        None => format!("unknown scope '{sent}'."),
    };
    Refusal::new(Crn::SCOPE_UNKNOWN, detail)
}

/// The public scope whose name is nearest.
pub(crate) fn closest<'a>(name: &str, catalog: &'a Catalog) -> Option<&'a str> {
    let public = catalog
        .scopes()
        .filter(|known| known.scope.visibility == Visibility::Public);
    nearest(name, public.map(|known| known.scope.name.as_str()))
}
