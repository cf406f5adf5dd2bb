//! Scopes that an administrator types: each must be one that the account could ask for.
//!
//! A typing error in a delegation or policy would otherwise be found by whoever is refused at three
//! in the morning. Each unknown scope is flagged at its place, with the closest that is known.

use carnet_wire::legal::Echo;
use carnet_wire::scope::{MAX_TOKENS, Scope, ScopeToken};

use super::{No, Wrong};
use crate::record::Project;
use crate::rule::scopes;
use crate::store::Catalog;

/// For so many unknown scopes of one request the closest is looked for.
const SUGGESTIONS: usize = 10;

/// The scopes as they were typed, in their order: `/scopes` points to a text, `/scopes/3` into a
/// list.
#[derive(Clone, Debug)]
pub enum Typed {
    /// One text with commas, spaces or line ends between.
    Text(String),
    /// A list of tokens.
    List(Vec<String>),
}

impl Typed {
    fn tokens(&self) -> Vec<(String, &str)> {
        match self {
            Self::Text(text) => text
                .split([' ', ',', '\t', '\r', '\n'])
                .filter(|token| !token.is_empty())
                .map(|token| ("/scopes".to_owned(), token))
                .collect(),
            Self::List(list) => list
                .iter()
                .enumerate()
                .map(|(place, token)| (format!("/scopes/{place}"), token.as_str()))
                .collect(),
        }
    }

    /// The scope, if every token is known. `asker` is the project whose account will ask for them;
    /// without one, every scope counts as known that exists.
    pub fn resolve(&self, catalog: &Catalog, asker: Option<&Project>) -> Result<Scope, No> {
        let tokens = self.tokens();
        if tokens.is_empty() {
            return Err(No::field("/scopes", "At least one scope is needed."));
        }
        if tokens.len() > MAX_TOKENS {
            return Err(No::field(
                "/scopes",
                format!("At most {MAX_TOKENS} scopes are taken."),
            ));
        }
        let mut wrongs = Vec::new();
        for (pointer, token) in &tokens {
            let suggest = wrongs.len() < SUGGESTIONS;
            if let Some(detail) = fault(token, catalog, asker, suggest) {
                wrongs.push(Wrong::new(pointer.clone(), detail));
            }
        }
        if !wrongs.is_empty() {
            return Err(No::wrong(wrongs));
        }
        Scope::from_tokens(tokens.iter().map(|(_, token)| *token))
            .map_err(|error| No::field("/scopes", error.to_string()))
    }
}

/// What is wrong with one scope, if anything is.
pub(super) fn fault(
    token: &str,
    catalog: &Catalog,
    asker: Option<&Project>,
    suggest: bool,
) -> Option<String> {
    let sent = Echo::of(token);
    let known = token.parse::<ScopeToken>();
    let Ok(known) = known else {
        return Some(format!("'{sent}' is not a scope."));
    };
    let found = catalog
        .scope(known.as_str())
        .is_some_and(|scope| asker.is_none_or(|asker| scopes::visible(scope, asker)));
    if found {
        return None;
    }
    let closest = suggest.then(|| scopes::closest(token, catalog)).flatten();
    Some(match closest {
        Some(closest) => format!("unknown scope '{sent}'. Closest: {closest}"),
        None => format!("unknown scope '{sent}'."),
    })
}
