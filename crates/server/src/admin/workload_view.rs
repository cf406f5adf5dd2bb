//! Pools and their providers as the admin API shows them.

use std::collections::BTreeMap;

use carnet_core::record;
use carnet_core::record::PoolOwner;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::rule::admin::workload_pool::RESTORABLE;
use carnet_core::value::UnixTime;
use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::etag;
use crate::certificate_chain;

/// A pool: whoever comes through one of its providers is one of its principals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkloadPool {
    /// Its whole name, which is never given to another pool.
    #[schema(example = "projects/348210985512/locations/global/workloadIdentityPools/ci-runners")]
    pub name: String,
    /// The last part of the name.
    pub id: String,
    /// The project that it is in, if it is a project's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// The organization whose workforce it is, if it is an organization's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Whether it lets nobody in.
    pub disabled: bool,
    /// Whether it is in use.
    pub state: WorkloadState,
    /// How long a token of a principal lives at most, in seconds.
    pub session_seconds: i64,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// Whether a pool or provider is in use.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkloadState {
    /// `active`, `disabled` or `deleted`.
    pub state: WorkloadStateName,
    /// Since when it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub since: Option<String>,
    /// Until when it can be brought back.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub restorable_until: Option<String>,
}

/// The states of a pool or provider.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkloadStateName {
    /// As usual.
    Active,
    /// Lets nobody in until it is enabled.
    Disabled,
    /// Gone, but may be brought back for 30 days.
    Deleted,
}

impl WorkloadState {
    fn of(disabled: bool, deleted: Option<UnixTime>) -> Self {
        Self {
            state: match (deleted, disabled) {
                (Some(_), _) => WorkloadStateName::Deleted,
                (None, true) => WorkloadStateName::Disabled,
                (None, false) => WorkloadStateName::Active,
            },
            since: deleted.map(UnixTime::rfc3339),
            restorable_until: deleted.map(|since| (since + RESTORABLE).rfc3339()),
        }
    }
}

impl WorkloadPool {
    /// As it is shown.
    pub(crate) fn of(pool: &record::WorkloadPool) -> Self {
        let (project, organization) = match &pool.owner {
            PoolOwner::Project(id) => (Some(id.to_string()), None),
            PoolOwner::Organization(id) => (None, Some(id.to_string())),
        };
        Self {
            name: pool.name.to_string(),
            id: pool.name.id().to_owned(),
            project,
            organization,
            display_name: pool.title.to_string(),
            description: pool.description.to_string(),
            disabled: pool.disabled,
            state: WorkloadState::of(pool.disabled, pool.deleted),
            session_seconds: pool.session.0,
            created: pool.created.rfc3339(),
            changed: pool.changed.rfc3339(),
            etag: etag::of(pool.version),
        }
    }
}

/// A provider: who vouches for principals of a pool, and what of that is believed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkloadProvider {
    /// Its whole name, which is never given to another provider.
    pub name: String,
    /// The last part of the name.
    pub id: String,
    /// The name of its pool.
    pub pool: String,
    /// What a token request gives as `audience`, and what the `aud` of a token is unless `allowed_audiences` says
    /// otherwise.
    #[schema(
        example = "//iam.googleapis.com/projects/348210985512/locations/global/workloadIdentityPools/ci-runners/providers/github"
    )]
    pub audience: String,
    /// What people call it.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// The issuer of JWTs, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<OidcShown>,
    /// The identity provider of SAML 2.0, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saml: Option<SamlShown>,
    /// The account of AWS, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<AwsShown>,
    /// The authorities, where they certify workloads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x509: Option<X509Shown>,
    /// What becomes of claims: from `google.subject`, `google.groups` or `attribute.NAME` to an expression.
    pub attribute_mapping: BTreeMap<String, String>,
    /// The expression that must be true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_condition: Option<String>,
    /// Whether it lets nobody in.
    pub disabled: bool,
    /// Whether it is in use. Its pool must be too.
    pub state: WorkloadState,
    /// When it was made.
    #[schema(format = DateTime)]
    pub created: String,
    /// When it was last changed.
    #[schema(format = DateTime)]
    pub changed: String,
    /// Its ETag.
    pub etag: String,
}

/// An issuer of JWTs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OidcShown {
    /// Its `iss`.
    pub issuer: String,
    /// Which `aud` is taken. None: the provider's own name.
    pub allowed_audiences: Vec<String>,
    /// Its keys (RFC 7517 section 5), where they are given here. Absent: where its discovery document says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub jwks: Option<Value>,
    /// How people sign in there in their browsers, if they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_sign_in: Option<WebShown>,
}

/// How people sign in in their browsers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WebShown {
    /// What this server is called at the issuer.
    pub client_id: String,
    /// Whether it has a secret there, which is never shown.
    pub has_client_secret: bool,
    /// What the browser brings back.
    pub response_type: WebResponseName,
    /// What is believed.
    pub assertion_claims: WebClaimsName,
    /// What is asked for beside `openid`.
    pub additional_scopes: Vec<String>,
}

/// What the browser brings back from the issuer.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebResponseName {
    /// A code, for which this server gets the ID token.
    Code,
    /// The ID token, in a form.
    IdToken,
}

/// What of the issuer's words is believed.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebClaimsName {
    /// What the ID token says.
    IdToken,
    /// That, and over it what the userinfo endpoint says.
    Userinfo,
}

impl From<WebResponse> for WebResponseName {
    fn from(response: WebResponse) -> Self {
        match response {
            WebResponse::Code => Self::Code,
            WebResponse::IdToken => Self::IdToken,
        }
    }
}

impl From<WebResponseName> for WebResponse {
    fn from(name: WebResponseName) -> Self {
        match name {
            WebResponseName::Code => Self::Code,
            WebResponseName::IdToken => Self::IdToken,
        }
    }
}

impl From<WebClaims> for WebClaimsName {
    fn from(claims: WebClaims) -> Self {
        match claims {
            WebClaims::IdToken => Self::IdToken,
            WebClaims::UserInfo => Self::Userinfo,
        }
    }
}

impl From<WebClaimsName> for WebClaims {
    fn from(name: WebClaimsName) -> Self {
        match name {
            WebClaimsName::IdToken => Self::IdToken,
            WebClaimsName::Userinfo => Self::UserInfo,
        }
    }
}

impl WebShown {
    fn of(web: &WebSignIn) -> Self {
        Self {
            client_id: web.client_id.to_string(),
            has_client_secret: web.client_secret.is_some(),
            response_type: web.response.into(),
            assertion_claims: web.claims.into(),
            additional_scopes: web.scopes.iter().map(str::to_owned).collect(),
        }
    }
}

/// An identity provider of SAML 2.0.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SamlShown {
    /// Its metadata, as it was given.
    pub idp_metadata_xml: String,
    /// Its name in there: the `Issuer` of its assertions.
    pub entity_id: String,
    /// How many certificates for signing are in there.
    pub certificates: usize,
}

/// An account of AWS.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AwsShown {
    /// Its number.
    pub account_id: String,
}

/// Authorities that certify workloads.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct X509Shown {
    /// Their certificates, in PEM.
    pub trust_anchors: Vec<String>,
    /// Certificates between them and those of workloads, in PEM.
    pub intermediate_cas: Vec<String>,
}

impl X509Shown {
    fn of(x509: &record::X509Provider) -> Self {
        let pem = |all: &[Vec<u8>]| {
            all.iter()
                .map(|der| certificate_chain::to_pem(der))
                .collect()
        };
        Self {
            trust_anchors: pem(&x509.anchors),
            intermediate_cas: pem(&x509.intermediates),
        }
    }
}

impl OidcShown {
    fn of(oidc: &record::OidcProvider) -> Self {
        let audiences = oidc.audiences.iter();
        Self {
            issuer: oidc.issuer.to_string(),
            allowed_audiences: audiences.map(ToString::to_string).collect(),
            jwks: match &oidc.keys {
                ProviderKeys::Discovery => None,
                ProviderKeys::Inline(set) => serde_json::to_value(set).ok(),
            },
            web_sign_in: oidc.web.as_deref().map(WebShown::of),
        }
    }
}

impl SamlShown {
    fn of(saml: &record::SamlProvider) -> Self {
        Self {
            idp_metadata_xml: saml.metadata.clone(),
            entity_id: saml.entity.clone(),
            certificates: saml.certificates.len(),
        }
    }
}

impl WorkloadProvider {
    /// As it is shown.
    pub(crate) fn of(provider: &record::WorkloadProvider) -> Self {
        let (mut oidc, mut saml, mut aws, mut x509) = (None, None, None, None);
        match &provider.kind {
            ProviderKind::Oidc(kind) => oidc = Some(OidcShown::of(kind)),
            ProviderKind::Saml(kind) => saml = Some(SamlShown::of(kind)),
            ProviderKind::Aws(kind) => {
                let account_id = kind.account.clone();
                aws = Some(AwsShown { account_id });
            }
            ProviderKind::X509(kind) => x509 = Some(X509Shown::of(kind)),
        }
        Self {
            name: provider.name.to_string(),
            id: provider.name.id().to_owned(),
            pool: provider.name.pool().to_string(),
            audience: provider.name.audience(),
            display_name: provider.title.to_string(),
            description: provider.description.to_string(),
            oidc,
            saml,
            aws,
            x509,
            attribute_mapping: provider.mapping.clone(),
            attribute_condition: provider.condition.clone(),
            disabled: provider.disabled,
            state: WorkloadState::of(provider.disabled, provider.deleted),
            created: provider.created.rfc3339(),
            changed: provider.changed.rfc3339(),
            etag: etag::of(provider.version),
        }
    }
}
