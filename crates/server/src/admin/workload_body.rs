//! A provider as a request says it, and what becomes of that.
//!
//! What is asked of it before it is saved is the same for each API ([`crate::provider_checks`]).

use std::collections::BTreeMap;

use axum::http::header::RETRY_AFTER;
use carnet_core::record::AwsProvider;
use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WebSignIn;
use carnet_core::rule::admin::No;
use carnet_core::value::AllowedAudience;
use carnet_core::value::IssuerUri;
use carnet_core::value::ProviderName;
use carnet_core::value::Secret;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use utoipa::ToSchema;

use super::body::Given;
use super::body::Read;
use super::call::Call;
use super::problem::Problem;
use super::workload_view::WebClaimsName;
use super::workload_view::WebResponseName;
use crate::expressions::Busy;
use crate::parts::Parts;
use crate::provider_checks;
use crate::provider_secret::Place;
use crate::saml;

/// A provider to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateWorkloadProvider {
    /// The last part of its name, which stays: 4 to 32 lower-case letters, digits and hyphens, not beginning with
    /// `gcp-`.
    #[schema(min_length = 4, max_length = 32, example = "github")]
    pub id: String,
    /// What people call it: at most 32 bytes.
    #[serde(default)]
    #[schema(max_length = 32, default = "")]
    pub display_name: String,
    /// What it is for: at most 256 bytes.
    #[serde(default)]
    #[schema(max_length = 256, default = "")]
    pub description: String,
    /// An issuer of JWTs. Each provider is of one kind.
    pub oidc: Option<OidcGiven>,
    /// An identity provider of SAML 2.0, where the server was built with it (CRN-2506).
    pub saml: Option<SamlGiven>,
    /// An account of AWS: AWS says who signed a request to it.
    pub aws: Option<AwsGiven>,
    /// Authorities that certify workloads.
    pub x509: Option<X509Given>,
    /// What becomes of claims: from `google.subject` (needed), `google.groups` or `attribute.NAME` to an expression of
    /// at most 2,048 characters. A provider of AWS that says none has AWS's usual one.
    #[serde(default)]
    pub attribute_mapping: BTreeMap<String, String>,
    /// The expression that must be true: at most 4,096 characters.
    #[schema(max_length = 4096)]
    pub attribute_condition: Option<String>,
    /// Whether it begins disabled.
    #[serde(default)]
    pub disabled: bool,
}

/// An issuer of JWTs.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct OidcGiven {
    /// Its `iss`, letter by letter.
    #[schema(
        max_length = 2000,
        example = "https://token.actions.githubusercontent.com"
    )]
    issuer: String,
    /// Which `aud` is taken: ten at most. None: the provider's own name.
    #[serde(default)]
    #[schema(max_items = 10)]
    allowed_audiences: Vec<String>,
    /// Its keys (RFC 7517 section 5), for an issuer that cannot be reached. Absent: where its discovery document says.
    #[schema(value_type = Option<Object>)]
    jwks: Option<Map<String, Value>>,
    /// How people sign in there in their browsers. Only in a workforce pool. Absent: they do not.
    web_sign_in: Option<WebGiven>,
}

/// How people sign in in their browsers.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct WebGiven {
    /// What this server is called at the issuer: the `aud` of its ID tokens.
    #[schema(min_length = 1, max_length = 256)]
    client_id: String,
    /// What this server proves itself with there. It is never shown. Absent in a change: it stays, where issuer and
    /// `client_id` do. Needed for `code`.
    #[schema(min_length = 1, max_length = 1024, write_only)]
    client_secret: Option<String>,
    /// What the browser brings back.
    response_type: WebResponseName,
    /// What is believed.
    assertion_claims: WebClaimsName,
    /// What is asked for beside `openid`.
    #[serde(default)]
    #[schema(max_items = 10)]
    additional_scopes: Vec<String>,
}

/// An identity provider of SAML 2.0.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SamlGiven {
    /// Its metadata (saml-metadata-2.0-os): one `EntityDescriptor`, with the certificates with whose keys it signs.
    /// What takes the place of other metadata has one of its keys that have not expired, if there is one.
    #[schema(max_length = 131_072)]
    idp_metadata_xml: String,
}

/// An account of AWS.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct AwsGiven {
    /// Its number.
    #[schema(pattern = "^[0-9]{12}$", example = "123456789012")]
    account_id: String,
}

/// Authorities that certify workloads.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct X509Given {
    /// Their certificates, each in PEM.
    #[schema(min_items = 1, max_items = 3)]
    trust_anchors: Vec<String>,
    /// Certificates between them and those of workloads, each in PEM, which workloads need not send.
    #[serde(default)]
    #[schema(max_items = 10)]
    intermediate_cas: Vec<String>,
}

/// What a request says of how a provider is verified: one of them.
#[derive(Debug)]
pub(crate) struct KindGiven {
    pub oidc: Option<OidcGiven>,
    pub saml: Option<SamlGiven>,
    pub aws: Option<AwsGiven>,
    pub x509: Option<X509Given>,
}

/// Changes to a provider. What is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchWorkloadProvider {
    /// What people call it: at most 32 bytes.
    #[schema(max_length = 32)]
    pub display_name: Option<String>,
    /// What it is for: at most 256 bytes.
    #[schema(max_length = 256)]
    pub description: Option<String>,
    /// The issuer of JWTs: all of it.
    pub oidc: Option<OidcGiven>,
    /// The identity provider of SAML 2.0: all of it.
    pub saml: Option<SamlGiven>,
    /// The account of AWS.
    pub aws: Option<AwsGiven>,
    /// The authorities: all of them.
    pub x509: Option<X509Given>,
    /// What becomes of claims: all of it.
    pub attribute_mapping: Option<BTreeMap<String, String>>,
    /// The expression that must be true; null: none.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 4096)]
    pub attribute_condition: Given<String>,
    /// Whether nobody gets in, and what it got its principals is refused.
    pub disabled: Option<bool>,
}

impl WebGiven {
    /// The value, if nothing is wrong with it. The secret is sealed for this issuer of this provider.
    fn value(
        self,
        (provider, issuer): (&ProviderName, Option<&IssuerUri>),
        read: &mut Read,
        parts: &Parts,
    ) -> Result<Option<WebSignIn>, Problem> {
        let client_id = read.one("/oidc/web_sign_in/client_id", &self.client_id);
        let scopes = Scope::from_tokens(self.additional_scopes.iter().map(String::as_str));
        let scopes = match scopes {
            Ok(scopes) => Some(scopes),
            Err(why) => {
                read.wrong("/oidc/web_sign_in/additional_scopes", format!("{why}."));
                None
            }
        };
        let (Some(client_id), Some(scopes), Some(issuer)) = (client_id, scopes, issuer) else {
            return Ok(None);
        };
        let place = Place {
            provider,
            issuer,
            client_id: &client_id,
        };
        let secret = self.client_secret.map(Secret::new);
        let secret = secret.map(|secret| place.seal(&secret, &parts.encryption));
        Ok(Some(WebSignIn {
            client_secret: secret.transpose()?,
            client_id,
            response: self.response_type.into(),
            claims: self.assertion_claims.into(),
            scopes,
        }))
    }
}

impl OidcGiven {
    /// The value, if nothing is wrong with it.
    fn value(
        self,
        provider: &ProviderName,
        read: &mut Read,
        parts: &Parts,
    ) -> Result<Option<OidcProvider>, Problem> {
        let issuer = read.one("/oidc/issuer", &self.issuer);
        let web = match self.web_sign_in {
            None => Some(None),
            Some(web) => {
                let web = web.value((provider, issuer.as_ref()), read, parts)?;
                web.map(|web| Some(Box::new(web)))
            }
        };
        let audiences = self.allowed_audiences.iter().enumerate();
        let audiences: Option<Vec<AllowedAudience>> = audiences
            .map(|(at, audience)| read.one(&format!("/oidc/allowed_audiences/{at}"), audience))
            .collect();
        let keys = match self.jwks {
            None => Some(ProviderKeys::Discovery),
            Some(set) => match provider_checks::keys(set) {
                Ok(set) => Some(ProviderKeys::Inline(set)),
                Err(why) => {
                    read.wrong("/oidc/jwks", why);
                    None
                }
            },
        };
        let Some(((issuer, audiences), (keys, web))) = issuer.zip(audiences).zip(keys.zip(web))
        else {
            return Ok(None);
        };
        Ok(Some(OidcProvider {
            issuer,
            audiences,
            keys,
            web,
        }))
    }
}

/// How a provider is verified, if anything is said of it.
pub(crate) fn kind(
    (given, name): (KindGiven, &ProviderName),
    read: &mut Read,
    call: &Call,
) -> Result<Option<ProviderKind>, Problem> {
    match (given.oidc, given.saml, given.aws, given.x509) {
        (None, None, None, None) => Ok(None),
        (Some(oidc), None, None, None) => {
            let oidc = oidc.value(name, read, &call.desk.parts)?;
            if let Some(oidc) = &oidc {
                provider_checks::may_ask(oidc, &call.desk.parts)?;
            }
            Ok(oidc.map(ProviderKind::Oidc))
        }
        (None, Some(given), None, None) => {
            let pointer = "/saml/idp_metadata_xml";
            let saml = saml::provider(given.idp_metadata_xml, pointer, call.now)?;
            Ok(Some(ProviderKind::Saml(saml)))
        }
        (None, None, Some(given), None) => Ok(Some(ProviderKind::Aws(AwsProvider {
            account: given.account_id,
        }))),
        (None, None, None, Some(given)) => {
            let x509 = provider_checks::x509(&given.trust_anchors, &given.intermediate_cas)?;
            Ok(Some(ProviderKind::X509(x509)))
        }
        _ => {
            let detail = "A provider is of one kind: oidc, saml, aws or x509.";
            Err(No::field("/oidc", detail).into())
        }
    }
}

/// Compiles the expressions; what is wrong with one is told at its member.
pub(crate) async fn compiled(
    call: &Call,
    texts: &BTreeMap<String, String>,
    condition: Option<&str>,
) -> Result<(), Problem> {
    let parts = &call.desk.parts;
    let compiled = provider_checks::compiled(texts, condition, parts).await;
    Ok(compiled.map_err(busy)??)
}

/// The thread that compiles has too much to do.
pub(crate) fn busy(busy: Busy) -> Problem {
    let problem = Problem::new(Crn::UNAVAILABLE, format!("Come back: {busy}."));
    problem.with_header(RETRY_AFTER, "1")
}
