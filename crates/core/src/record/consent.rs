//! A remembered yes: what a person has let a client do, scope by scope.
//!
//! It is asked again for a scope that is not in it, and with `prompt=consent`. Removing the client takes
//! it away; narrowing or widening it never changes what was issued before.

use std::collections::BTreeMap;

use carnet_wire::scope::ScopeToken;

use crate::value::ClientId;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// What a person has let a client do. One for each pair.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Consent {
    /// Who said yes.
    pub user: UserId,
    /// To which client.
    pub client: ClientId,
    /// To which scopes, each since when.
    pub scopes: BTreeMap<ScopeToken, UnixTime>,
    /// When the first yes was said.
    pub created: UnixTime,
    /// When the last one was.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}
