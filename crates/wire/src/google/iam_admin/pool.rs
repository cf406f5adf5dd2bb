//! Pools of workload identity and of workforces, their providers, and the operation that every change of one is.
//!
//! The two sorts of pools differ in few members, so each message has those of both: one that does not belong there is
//! absent.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Serialize;
use serde_json::Value;

use super::is_false;

/// A change, which is done when it is answered.
#[derive(Clone, Debug, Serialize)]
pub struct Operation<T> {
    /// The name of its resource and `/operations/ID`.
    pub name: String,
    /// What is told of its course: no more than a type.
    pub metadata: OperationMetadata,
    /// Always.
    pub done: bool,
    /// The resource, with its type.
    pub response: T,
}

/// The metadata of an operation on a pool or provider.
#[derive(Clone, Debug, Serialize)]
pub struct OperationMetadata {
    /// Its type.
    #[serde(rename = "@type")]
    pub kind: &'static str,
}

/// A pool, as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pool {
    /// Its type, within an operation.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// `organizations/ID`, of a workforce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `ACTIVE` or `DELETED`.
    pub state: &'static str,
    /// Whether it lets nobody in.
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// `FEDERATION_ONLY`, of workload identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
    /// How long a token of its people lives at most: `3600s`. Of a workforce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_duration: Option<String>,
    /// When it is gone for good, if it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_time: Option<String>,
}

/// What a request says of a pool.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PoolGiven {
    /// What people call it.
    #[serde(alias = "display_name")]
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it lets nobody in.
    pub disabled: Option<bool>,
    /// How its subjects are named: of workload identity.
    pub mode: Option<String>,
    /// `organizations/ID`: of a workforce.
    pub parent: Option<String>,
    /// How long a token of its people lives at most: of a workforce.
    #[serde(alias = "session_duration")]
    pub session_duration: Option<String>,
    /// To what its people may sign in. It is read to be refused.
    #[serde(alias = "access_restrictions")]
    pub access_restrictions: Option<Value>,
}

/// A page of pools.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PoolList {
    /// Them, of workload identity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workload_identity_pools: Vec<Pool>,
    /// Them, of a workforce.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workforce_pools: Vec<Pool>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

/// A provider, as it is shown.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Its type, within an operation.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its name.
    pub name: String,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `ACTIVE` or `DELETED`.
    pub state: &'static str,
    /// Whether it lets nobody in.
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// What becomes of claims.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub attribute_mapping: BTreeMap<String, String>,
    /// What must be true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attribute_condition: Option<String>,
    /// An issuer of JWTs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oidc: Option<Oidc>,
    /// An issuer of SAML assertions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saml: Option<Saml>,
    /// An account of Amazon's cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aws: Option<Aws>,
    /// Authorities of certificates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub x509: Option<X509>,
    /// When it is gone for good, if it is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_time: Option<String>,
}

/// An issuer of JWTs: `allowed_audiences` in a pool of workload identity, a client in one of a workforce.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Oidc {
    /// Its `iss`.
    #[serde(alias = "issuer_uri", skip_serializing_if = "Option::is_none")]
    pub issuer_uri: Option<String>,
    /// Which `aud` is taken.
    #[serde(alias = "allowed_audiences", skip_serializing_if = "Option::is_none")]
    pub allowed_audiences: Option<Vec<String>>,
    /// Its keys as the text of a JWK set.
    #[serde(alias = "jwks_json", skip_serializing_if = "Option::is_none")]
    pub jwks_json: Option<String>,
    /// Where its discovery document is, if elsewhere. It is read to be refused, and never shown.
    #[serde(alias = "discovery_uri", skip_serializing)]
    pub discovery_uri: Option<String>,
    /// What this server is called at the issuer: the `aud` of its ID tokens.
    #[serde(alias = "client_id", skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What this server proves itself with there.
    #[serde(alias = "client_secret", skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<ClientSecret>,
    /// How people sign in there in their browsers.
    #[serde(alias = "web_sso_config", skip_serializing_if = "Option::is_none")]
    pub web_sso_config: Option<WebSsoConfig>,
}

/// The secret of a client.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct ClientSecret {
    /// It, or what stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ClientSecretValue>,
}

/// A secret as it is given, and what stands for it where it is shown.
#[derive(Clone, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClientSecretValue {
    /// The secret: read, and never shown.
    #[serde(alias = "plain_text", skip_serializing)]
    pub plain_text: Option<String>,
    /// Another one for each secret that was given: shown, and never read.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub thumbprint: Option<String>,
}

impl fmt::Debug for ClientSecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecretValue")
            .field("thumbprint", &self.thumbprint)
            .finish_non_exhaustive()
    }
}

/// How people sign in at an issuer in their browsers.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebSsoConfig {
    /// `CODE` or `ID_TOKEN`.
    #[serde(alias = "response_type", skip_serializing_if = "Option::is_none")]
    pub response_type: Option<String>,
    /// `ONLY_ID_TOKEN_CLAIMS` or `MERGE_USER_INFO_OVER_ID_TOKEN_CLAIMS`.
    #[serde(
        alias = "assertion_claims_behavior",
        skip_serializing_if = "Option::is_none"
    )]
    pub assertion_claims_behavior: Option<String>,
    /// What is asked for beside `openid`.
    #[serde(alias = "additional_scopes", skip_serializing_if = "Option::is_none")]
    pub additional_scopes: Option<Vec<String>>,
}

/// An issuer of SAML assertions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Saml {
    /// Its metadata.
    #[serde(alias = "idp_metadata_xml", skip_serializing_if = "Option::is_none")]
    pub idp_metadata_xml: Option<String>,
}

/// An account of Amazon's cloud.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Aws {
    /// Its number.
    #[serde(alias = "account_id", skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
}

/// Authorities of certificates.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct X509 {
    /// Them.
    #[serde(alias = "trust_store", skip_serializing_if = "Option::is_none")]
    pub trust_store: Option<TrustStore>,
}

/// Certificates that are believed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrustStore {
    /// Of the authorities.
    #[serde(alias = "trust_anchors", skip_serializing_if = "Vec::is_empty")]
    pub trust_anchors: Vec<PemCertificate>,
    /// Of those in between.
    #[serde(alias = "intermediate_cas", skip_serializing_if = "Vec::is_empty")]
    pub intermediate_cas: Vec<PemCertificate>,
}

/// A certificate.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PemCertificate {
    /// In PEM.
    #[serde(alias = "pem_certificate")]
    pub pem_certificate: String,
}

/// What a request says of a provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProviderGiven {
    /// What people call it.
    #[serde(alias = "display_name")]
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it lets nobody in.
    pub disabled: Option<bool>,
    /// What becomes of claims.
    #[serde(alias = "attribute_mapping")]
    pub attribute_mapping: Option<BTreeMap<String, String>>,
    /// What must be true.
    #[serde(alias = "attribute_condition")]
    pub attribute_condition: Option<String>,
    /// An issuer of JWTs.
    pub oidc: Option<Oidc>,
    /// An account of Amazon's cloud.
    pub aws: Option<Aws>,
    /// An issuer of SAML assertions.
    pub saml: Option<Saml>,
    /// Authorities of certificates.
    pub x509: Option<X509>,
    /// Whether more is noted of each exchange. It is read to be refused.
    #[serde(alias = "detailed_audit_logging")]
    pub detailed_audit_logging: Option<bool>,
    /// Where more is asked of a person. It is read to be refused.
    #[serde(alias = "extra_attributes_oauth2_client")]
    pub extra_attributes_oauth2_client: Option<Value>,
    /// The same, for more of it. It is read to be refused.
    #[serde(alias = "extended_attributes_oauth2_client")]
    pub extended_attributes_oauth2_client: Option<Value>,
    /// Who else says which people there are. It is read to be refused.
    #[serde(alias = "scim_usage")]
    pub scim_usage: Option<String>,
}

/// A page of providers.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderList {
    /// Them, of workload identity.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workload_identity_pool_providers: Vec<Provider>,
    /// Them, of a workforce.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workforce_pool_providers: Vec<Provider>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}
