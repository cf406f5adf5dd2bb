//! ETags: the version of a record, so that no change undoes somebody else's.
//!
//! RFC 9110 §8.8.3, §13.1. A PATCH must carry `If-Match` (RFC 6585 §3); `*` says "whatever it is". A
//! deletion or a verb may. `If-Match` compares strongly, so a weak tag never matches.

use axum::http::HeaderMap;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};
use carnet_core::value::Version;
use carnet_wire::crn::Crn;

use super::problem::Problem;

/// Whether a change must say which state it is made to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Needed {
    /// It must: two people could edit the same thing.
    Yes,
    /// It may: the change is right whatever the state.
    No,
}

/// The tag of a version.
pub(crate) fn of(version: Version) -> String {
    format!("\"{}\"", version.0)
}

/// The version is the one that the caller has seen.
pub(crate) fn matches(
    headers: &HeaderMap,
    version: Version,
    needed: Needed,
) -> Result<(), Problem> {
    let mut sent = headers.get_all(IF_MATCH).iter().peekable();
    if sent.peek().is_none() {
        return match needed {
            Needed::No => Ok(()),
            Needed::Yes => Err(Problem::new(
                Crn::IF_MATCH_REQUIRED,
                "Send the ETag of what you read in If-Match, or * to change it whatever it is.",
            )),
        };
    }
    let tag = of(version);
    let held = sent
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| matches!(known.trim(), known if known == tag || known == "*"));
    if held {
        Ok(())
    } else {
        Err(changed_meanwhile(&tag))
    }
}

/// Whether the caller has this version already.
pub(crate) fn is_known(headers: &HeaderMap, version: Version) -> bool {
    let tag = of(version);
    headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
}

fn changed_meanwhile(tag: &str) -> Problem {
    Problem::new(
        Crn::ETAG_MISMATCH,
        format!("The current ETag is {}.", tag.replace('"', "'")),
    )
}
