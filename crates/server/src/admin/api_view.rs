//! An API as the admin API shows it, and the words for its settings.

use carnet_core::record;
use carnet_jose::Algorithm;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::detail_type::DetailType;
use super::etag;

/// A resource server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Api {
    /// Its id.
    pub id: String,
    /// The id of its project.
    pub project: String,
    /// What `aud` says for it.
    #[schema(example = "https://api.acme.example/invoices")]
    pub identifier: String,
    /// What people call it.
    pub title: String,
    /// How its access tokens are made.
    pub tokens: TokenFormat,
    /// With which algorithm JWT access tokens are signed.
    pub algorithm: TokenAlgorithm,
    /// How long its access tokens live, in seconds.
    pub lifetime_seconds: i64,
    /// Its scopes.
    pub scopes: Vec<Scope>,
    /// What apps may ask for in detail (RFC 9396).
    pub detail_types: Vec<DetailType>,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// One permission of an API.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Scope {
    /// The scope token.
    #[schema(example = "invoices.read")]
    pub name: String,
    /// What it allows.
    pub title: String,
    /// How far it goes.
    pub detail: String,
    /// How dangerous it is.
    pub risk: Risk,
    /// Who may know of it, and ask for it.
    pub visibility: Visibility,
}

/// How access tokens are made.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenFormat {
    /// A JWT (RFC 9068), which anybody may verify.
    #[default]
    Jwt,
    /// A sealed `crn_at_...`, which only this server can read.
    Opaque,
}

/// The algorithms of access tokens.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
pub(crate) enum TokenAlgorithm {
    /// RSA, PKCS #1 v1.5.
    RS256,
    /// RSA, PSS.
    PS256,
    /// P-256.
    #[default]
    ES256,
    /// P-384.
    ES384,
    /// Ed25519.
    EdDSA,
}

/// How dangerous a scope is.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Risk {
    /// Sees.
    #[default]
    Read,
    /// Changes.
    Write,
    /// Acts as the person.
    ActAs,
    /// Administers.
    Administer,
}

/// Who may know of a scope, and ask for it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Visibility {
    /// In public metadata; any account may ask.
    #[default]
    Public,
    /// Only accounts of the API's project or organization; to others it looks unknown.
    Private,
}

impl From<record::Api> for Api {
    fn from(api: record::Api) -> Self {
        Self {
            id: api.id.to_string(),
            project: api.project.to_string(),
            identifier: api.identifier.to_string(),
            title: api.title.to_string(),
            tokens: api.tokens.into(),
            algorithm: api.algorithm.into(),
            lifetime_seconds: api.lifetime.0,
            scopes: api.scopes.into_iter().map(Scope::from).collect(),
            detail_types: api.detail_types.into_iter().map(DetailType::from).collect(),
            created: api.created.rfc3339(),
            changed: api.changed.rfc3339(),
            etag: etag::of(api.version),
        }
    }
}

macro_rules! same_words {
    ($ours:ident, $theirs:path, $($word:ident),+) => {
        impl From<$theirs> for $ours {
            fn from(word: $theirs) -> Self {
                match word {
                    $(<$theirs>::$word => Self::$word),+
                }
            }
        }

        impl From<$ours> for $theirs {
            fn from(word: $ours) -> Self {
                match word {
                    $($ours::$word => Self::$word),+
                }
            }
        }
    };
}

same_words!(TokenFormat, record::TokenFormat, Jwt, Opaque);
same_words!(TokenAlgorithm, Algorithm, RS256, PS256, ES256, ES384, EdDSA);
same_words!(Risk, record::Risk, Read, Write, ActAs, Administer);
same_words!(Visibility, record::Visibility, Public, Private);
