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
    let opens = |name: &&str| !WHO.contains(name);
    let visible = |known: &CatalogScope| visible(known, asker);
    if scope.iter().any(|name| opens(&name)) {
        resolve_for(scope.iter().filter(opens), catalog, &visible)
    } else {
        resolve_for(scope.iter(), catalog, &visible)
    }
}

/// The same for whoever may know of what is `visible`.
pub(crate) fn resolve_for<'a>(
    names: impl Iterator<Item = &'a str>,
    catalog: &Catalog,
    visible: &dyn Fn(&CatalogScope) -> bool,
) -> Result<Vec<Arc<Api>>, Refusal> {
    let mut apis: Vec<Arc<Api>> = Vec::new();
    for name in names {
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
