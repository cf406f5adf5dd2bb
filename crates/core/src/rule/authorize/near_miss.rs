//! A redirect URI that was refused, as its app's owner will see it. The caller is told nothing of this: it
//! would learn what is registered.

use carnet_wire::legal::legal;

use crate::record::Client;
use crate::record::Near;
use crate::record::RefusedRedirect;
use crate::value::UnixTime;

/// What is noted of it. A query may hold anything, so it is not kept.
#[must_use]
pub fn refused(client: &Client, presented: &str, now: UnixTime) -> RefusedRedirect {
    let near = client.redirect_uris.iter().find_map(|uri| {
        Some(Near {
            difference: uri.difference(presented)?,
            registered: uri.to_string(),
        })
    });
    RefusedRedirect {
        client: client.id.clone(),
        uri: kept(presented),
        near,
        first: now,
        last: now,
        count: 1,
    }
}

/// Whether the app would accept it by now: its owner has added it since.
#[must_use]
pub fn is_settled(client: &Client, refused: &RefusedRedirect) -> bool {
    client
        .redirect_uris
        .iter()
        .any(|uri| uri.accepts(&refused.uri))
        // What was refused had a query or a fragment, which is not kept.
        && refused.near.as_ref().is_none_or(|near| near.registered != refused.uri)
}

fn kept(presented: &str) -> String {
    let end = presented.find(['?', '#']).unwrap_or(presented.len());
    let text = presented.get(..end).unwrap_or_default();
    let bare = match text.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = match rest.find('/') {
                Some(slash) => rest.split_at_checked(slash).unwrap_or((rest, "")),
                None => (rest, ""),
            };
            // A name and a password may stand there.
            let host = authority.rsplit_once('@').map_or(authority, |it| it.1);
            format!("{scheme}://{host}{path}")
        }
        None => text.to_owned(),
    };
    let mut kept = legal(&bare).into_owned();
    // Every character is one byte now.
    kept.truncate(RefusedRedirect::LONGEST);
    kept
}

#[cfg(test)]
mod tests;
