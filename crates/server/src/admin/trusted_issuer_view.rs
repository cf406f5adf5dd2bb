//! Trusted issuers as the admin API says and shows them.

use carnet_core::record;
use carnet_core::record::IssuerOwner;
use carnet_core::record::TrustedKeys;
use carnet_core::record::TrustedSubject;
use carnet_core::value::AllowedAudience;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Given;
use super::body::Read;
use super::delegation::Scopes;
use super::etag;
use crate::provider_checks;

/// By what an assertion names a user.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserClaim {
    /// The claim `email`, where `email_verified` is true.
    Email,
    /// `sub` is their e-mail address.
    SubjectEmail,
    /// `sub` is their number here.
    SubjectId,
}

impl From<UserClaim> for record::UserClaim {
    fn from(claim: UserClaim) -> Self {
        match claim {
            UserClaim::Email => Self::Email,
            UserClaim::SubjectEmail => Self::SubjectEmail,
            UserClaim::SubjectId => Self::SubjectId,
        }
    }
}

impl From<record::UserClaim> for UserClaim {
    fn from(claim: record::UserClaim) -> Self {
        match claim {
            record::UserClaim::Email => Self::Email,
            record::UserClaim::SubjectEmail => Self::SubjectEmail,
            record::UserClaim::SubjectId => Self::SubjectId,
        }
    }
}

/// An issuer to be trusted. It is for one service account (`account`) or for users (`user_claim`).
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateTrustedIssuer {
    /// What people call it: 1 to 100 bytes.
    #[schema(min_length = 1, max_length = 100, example = "CI of the website")]
    pub title: String,
    /// Its `iss`, letter by letter. It stays.
    #[schema(max_length = 2000, example = "https://gitlab.example")]
    pub issuer: String,
    /// What `aud` must be. Absent: this server's issuer or token endpoint. An issuer and an audience name one trust
    /// in the whole installation. It stays.
    #[schema(max_length = 256)]
    pub audience: Option<String>,
    /// Its keys (RFC 7517 section 5), for an issuer that cannot be reached. Neither this nor `jwks_uri`: where its
    /// discovery document says.
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Map<String, Value>>,
    /// Where its keys are: https, for an issuer without a discovery document. Not beside `jwks`.
    #[schema(max_length = 2048)]
    pub jwks_uri: Option<String>,
    /// The service account that it gets tokens for: its e-mail or its 21-digit number.
    #[schema(max_length = 254)]
    pub account: Option<String>,
    /// By what it names users of the organization. Only in an organization.
    pub user_claim: Option<UserClaim>,
    /// Which `sub` is taken: exactly, or with a `*` at the end each one that begins so. Needed for an account; none
    /// for users: any.
    #[serde(default)]
    #[schema(max_items = 20, example = json!(["project_path:acme/site:*"]))]
    pub subjects: Vec<String>,
    /// The most that is granted, and what is granted where nothing is asked for.
    pub scopes: Scopes,
    /// The clients that may bring an assertion, each of which must then authenticate. Needed for users; none for an
    /// account: whoever has one.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub clients: Vec<String>,
    /// How long an assertion may live (`exp` minus `iat`).
    #[schema(minimum = 60, maximum = 86400, default = 3600)]
    pub max_lifetime_seconds: Option<i64>,
    /// Whether it begins disabled.
    #[serde(default)]
    pub disabled: bool,
}

/// Changes to a trust. What is absent stays; so do its issuer, its audience and whose it is.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchTrustedIssuer {
    /// What people call it: 1 to 100 bytes.
    #[schema(min_length = 1, max_length = 100)]
    pub title: Option<String>,
    /// Its keys: all of them; null: where its discovery document says.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub jwks: Given<Map<String, Value>>,
    /// Where its keys are; null: where its discovery document says.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2048)]
    pub jwks_uri: Given<String>,
    /// The service account that it gets tokens for.
    #[schema(max_length = 254)]
    pub account: Option<String>,
    /// By what it names users of the organization.
    pub user_claim: Option<UserClaim>,
    /// Which `sub` is taken: all of them.
    #[schema(max_items = 20)]
    pub subjects: Option<Vec<String>>,
    /// The most that is granted: all of it.
    pub scopes: Option<Scopes>,
    /// The clients that may bring an assertion: all of them.
    #[schema(max_items = 20)]
    pub clients: Option<Vec<String>>,
    /// How long an assertion may live.
    #[schema(minimum = 60, maximum = 86400)]
    pub max_lifetime_seconds: Option<i64>,
    /// Whether it gets nobody a token, and what it got is refused.
    pub disabled: Option<bool>,
}

/// An issuer elsewhere whose assertions are grants (RFC 7523).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TrustedIssuer {
    /// Its id.
    pub id: String,
    /// The project that trusts it, if a project does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The organization that trusts it, if an organization does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// What people call it.
    pub title: String,
    /// Its `iss`.
    pub issuer: String,
    /// What `aud` must be; absent: this server's issuer or token endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub audience: Option<String>,
    /// Its keys, where they are given here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, required = false)]
    pub jwks: Option<Value>,
    /// Where its keys are. Neither this nor `jwks`: where its discovery document says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub jwks_uri: Option<String>,
    /// The number of the service account that it gets tokens for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub account: Option<String>,
    /// By what it names users.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub user_claim: Option<UserClaim>,
    /// Which `sub` is taken.
    pub subjects: Vec<String>,
    /// The most that is granted.
    pub scopes: Vec<String>,
    /// The clients that may bring an assertion.
    pub clients: Vec<String>,
    /// How long an assertion may live.
    pub max_lifetime_seconds: i64,
    /// Whether it gets nobody a token.
    pub disabled: bool,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

impl TrustedIssuer {
    /// As it is shown.
    pub(crate) fn of(issuer: &record::TrustedIssuer) -> Self {
        let (project, organization) = match &issuer.owner {
            IssuerOwner::Project(id) => (Some(id.to_string()), None),
            IssuerOwner::Organization(id) => (None, Some(id.to_string())),
        };
        let (jwks, jwks_uri) = match &issuer.keys {
            TrustedKeys::Discovery => (None, None),
            TrustedKeys::At(url) => (None, Some(url.to_string())),
            TrustedKeys::Inline(set) => (serde_json::to_value(set).ok(), None),
        };
        let (account, user_claim) = match &issuer.subject {
            TrustedSubject::Account(id) => (Some(id.to_string()), None),
            TrustedSubject::User(claim) => (None, Some((*claim).into())),
        };
        Self {
            id: issuer.id.to_string(),
            project,
            organization,
            title: issuer.title.to_string(),
            issuer: issuer.issuer.to_string(),
            audience: issuer.audience.as_ref().map(AllowedAudience::to_string),
            jwks,
            jwks_uri,
            account,
            user_claim,
            subjects: issuer.subjects.iter().map(ToString::to_string).collect(),
            scopes: issuer.scopes.iter().map(str::to_owned).collect(),
            clients: issuer.clients.iter().map(ToString::to_string).collect(),
            max_lifetime_seconds: issuer.longest.0,
            disabled: issuer.disabled,
            created: issuer.created.rfc3339(),
            changed: issuer.changed.rfc3339(),
            etag: etag::of(issuer.version),
        }
    }
}

/// The keys that a request gives, if it says anything of them.
pub(crate) fn keys(
    read: &mut Read,
    here: Given<Map<String, Value>>,
    elsewhere: Given<String>,
) -> Option<TrustedKeys> {
    match (here, elsewhere) {
        (Given::Is(_), Given::Is(_)) => {
            read.wrong("/jwks_uri", "Give jwks or jwks_uri, not both.");
            None
        }
        (Given::Is(set), _) => match provider_checks::keys(set) {
            Ok(set) => Some(TrustedKeys::Inline(set)),
            Err(why) => {
                read.wrong("/jwks", why);
                None
            }
        },
        (_, Given::Is(url)) => read.one("/jwks_uri", &url).map(TrustedKeys::At),
        (Given::Goes, _) | (_, Given::Goes) => Some(TrustedKeys::Discovery),
        (Given::Stays, Given::Stays) => None,
    }
}

/// Each text of a list as a value.
pub(crate) fn list<T: std::str::FromStr<Err: std::fmt::Display>>(
    read: &mut Read,
    pointer: &str,
    texts: &[String],
) -> Vec<T> {
    let texts = texts.iter().enumerate();
    texts
        .filter_map(|(place, text)| read.one(&format!("{pointer}/{place}"), text))
        .collect()
}
