//! From the names of scopes to the APIs that they belong to.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Project;
use crate::record::Visibility;
use crate::rule::Refusal;
use crate::store::Catalog;
use crate::store::CatalogScope;

/// Beyond this many scopes in the catalogue no closest one is looked for.
const SUGGESTED_AMONG: usize = 2_000;

/// The APIs that these scopes belong to, each once. A private scope that is not the asker's to know
/// looks exactly like one that does not exist.
pub fn resolve(
    scope: &Scope,
    catalog: &Catalog,
    asker: &Project,
) -> Result<Vec<Arc<Api>>, Refusal> {
    let mut apis: Vec<Arc<Api>> = Vec::new();
    for name in scope.iter() {
        let known = catalog.scope(name).filter(|known| visible(known, asker));
        let Some(known) = known else {
            return Err(unknown(name, catalog));
        };
        if !apis.iter().any(|api| api.id == known.api.id) {
            apis.push(Arc::clone(&known.api));
        }
    }
    Ok(apis)
}

fn visible(known: &CatalogScope, asker: &Project) -> bool {
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

/// The public scope that differs by the fewest letters, if by at most three and a quarter of them.
fn closest(name: &str, catalog: &Catalog) -> Option<String> {
    if name.len() > 120 || catalog.scopes().count() > SUGGESTED_AMONG {
        return None;
    }
    let public = catalog
        .scopes()
        .filter(|known| known.scope.visibility == Visibility::Public);
    let near = public.filter_map(|known| {
        let other = known.scope.name.as_str();
        let far = distance(name.as_bytes(), other.as_bytes());
        (far <= 3 && far * 4 <= name.len()).then(|| (far, other.to_owned()))
    });
    near.min().map(|(_, other)| other)
}

/// How many letters must be added, dropped or changed (Levenshtein).
fn distance(one: &[u8], other: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.iter().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        let mut next = Vec::with_capacity(row.len());
        next.push(left);
        for (above, known) in row.iter().skip(1).zip(other) {
            let change = diagonal + usize::from(letter != known);
            left = change.min(above + 1).min(left + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn letters_are_counted() {
        assert_eq!(distance(b"calender.readonly", b"calendar.readonly"), 1);
        assert_eq!(distance(b"", b"abc"), 3);
        assert_eq!(distance(b"abc", b"abc"), 0);
        assert_eq!(distance(b"kitten", b"sitting"), 3);
    }
}
