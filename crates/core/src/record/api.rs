//! An API: a resource server, its identifier and its scopes.

use carnet_jose::Algorithm;
use carnet_wire::scope::ScopeToken;

use crate::record::DetailType;
use crate::value::ApiId;
use crate::value::ApiIdentifier;
use crate::value::Description;
use crate::value::ProjectId;
use crate::value::Seconds;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// A resource server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Api {
    /// Its id.
    pub id: ApiId,
    /// Whose it is.
    pub project: ProjectId,
    /// What `aud` says for it (RFC 9068 section 2.2). One API has it.
    pub identifier: ApiIdentifier,
    /// What people call it.
    pub title: Title,
    /// How its access tokens are made.
    pub tokens: TokenFormat,
    /// With which algorithm JWT access tokens for it are signed.
    pub algorithm: Algorithm,
    /// How long its access tokens live: 60 s to 12 h.
    pub lifetime: Seconds,
    /// Its scopes. A scope's name belongs to one API at most.
    pub scopes: Vec<ApiScope>,
    /// What may be asked for in detail (RFC 9396). Each name once.
    pub detail_types: Vec<DetailType>,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// How access tokens for an API are made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenFormat {
    /// A JWT as of RFC 9068, which anybody may verify.
    Jwt,
    /// A sealed `crn_at_…`, which only Carnet can read.
    Opaque,
}

/// One permission of an API.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApiScope {
    /// The scope token.
    pub name: ScopeToken,
    /// What it allows, verb first.
    pub title: Title,
    /// What it does not, or how far it goes.
    pub detail: Description,
    /// How dangerous it is.
    pub risk: Risk,
    /// Who may know of it.
    pub visibility: Visibility,
}

/// How dangerous a scope is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Risk {
    /// Sees.
    Read,
    /// Changes.
    Write,
    /// Acts as the person.
    ActAs,
    /// Administers.
    Administer,
}

/// Who may know of a scope, and ask for it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Visibility {
    /// In public metadata; any account may ask.
    Public,
    /// Only accounts of the API's project or organization; to others it looks unknown.
    Private,
}
