//! What the world may fetch: discovery and public keys, as bytes that were built once.
//!
//! They change when a key of ours does, or when an API gets another public scope; then all of them
//! are built anew and swapped. Discovery is derived from what this server answers and claims nothing
//! else (RFC 8414 section 2, OpenID Connect Discovery section 3).

use std::collections::BTreeSet;

use carnet_core::record::ApiScope;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::IdTokenAlgorithm;
use carnet_core::record::Visibility;
use carnet_core::rule::authorize::STANDARD_SCOPES;
use carnet_core::store::Catalog;
use carnet_jose::Algorithm;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::mac::MacAlgorithm;
use carnet_jose::pem;
use carnet_pages::Language;
use carnet_wire::authorize::ResponseMode;
use carnet_wire::discovery::Metadata;
use carnet_wire::discovery::MtlsEndpointAliases;
use carnet_wire::dpop::ALGORITHMS;
use serde_json::Map;
use serde_json::Value;

use crate::config::http::ClientCertificates;
use crate::config::par::Par;
use crate::config::registration::Registration;
use crate::http::static_doc::Doc;
use crate::keyring::Keyring;
use crate::oauth::offered::listed;
use crate::protected_resources::Own;

/// How long a copy of our keys may be kept. A new key is published for as long before it signs
/// ([`carnet_core::rule::signing::PUBLISHED_AHEAD`]).
pub const KEYS_MAX_AGE: &str = "public, max-age=3600, must-revalidate, no-transform";

/// How long a copy of discovery may be kept.
const DISCOVERY_MAX_AGE: &str = "public, max-age=3600";

/// The most scopes that discovery lists.
const LISTED_SCOPES: usize = 200;

/// What the configuration adds to discovery.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// Whether requests must be pushed.
    pub par: Par,
    /// Whether clients may show certificates.
    pub certificates: &'a ClientCertificates,
    /// Apps that no administrator made.
    pub registration: &'a Registration,
}

impl<'a> Offered<'a> {
    /// All of it.
    #[must_use]
    pub const fn new(
        par: Par,
        certificates: &'a ClientCertificates,
        registration: &'a Registration,
    ) -> Self {
        Self {
            par,
            certificates,
            registration,
        }
    }
}

/// The documents of this moment.
#[derive(Debug)]
pub struct Documents {
    /// `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
    pub discovery: Doc,
    /// `/jwks`: every key that verifies (RFC 7517).
    pub jwks: Doc,
    /// `/oauth2/v1/certs`: a map from `kid` to PEM certificate, the RSA keys only (google-wire 4.1).
    pub certificates: Doc,
    /// `/oauth2/v3/certs`: a JWKS of the RSA keys only, since Google's readers expect those.
    pub google_jwks: Doc,
    /// What userinfo says about itself (RFC 9728).
    pub userinfo: Doc,
    /// What the admin API says about itself.
    pub admin: Doc,
}

impl Documents {
    /// Builds them all.
    #[must_use]
    pub fn new(issuer: &str, keyring: &Keyring, catalog: &Catalog, offered: Offered<'_>) -> Self {
        let json = "application/json; charset=UTF-8";
        let doc = |bytes: Vec<u8>, cache| Doc::new(bytes, json, cache);
        let all = jwks(keyring, |_| true);
        let rsa = jwks(keyring, |algorithm| algorithm == Algorithm::RS256);
        Self {
            discovery: doc(
                metadata(issuer, catalog, offered).to_bytes(),
                DISCOVERY_MAX_AGE,
            ),
            jwks: doc(all.into_bytes(), KEYS_MAX_AGE),
            certificates: doc(certificates(keyring), KEYS_MAX_AGE),
            google_jwks: doc(rsa.into_bytes(), KEYS_MAX_AGE),
            userinfo: doc(
                Own::Userinfo.described(issuer).to_bytes(),
                DISCOVERY_MAX_AGE,
            ),
            admin: doc(Own::Admin.described(issuer).to_bytes(), DISCOVERY_MAX_AGE),
        }
    }
}

fn jwks(keyring: &Keyring, wanted: impl Fn(Algorithm) -> bool) -> String {
    let keys = keyring
        .published()
        .iter()
        .filter(|key| wanted(key.public.algorithm()));
    let keys = keys
        .map(|key| Jwk::new(key.public.clone(), key.id.as_str()))
        .collect();
    JwkSet {
        keys,
        skipped: Vec::new(),
    }
    .to_json()
}

fn certificates(keyring: &Keyring) -> Vec<u8> {
    let rsa = keyring
        .published()
        .iter()
        .filter(|key| key.public.algorithm() == Algorithm::RS256);
    let entries = rsa.map(|key| {
        let text = pem::encode("CERTIFICATE", &key.certificate);
        (key.id.to_string(), Value::String(text.to_string()))
    });
    Value::Object(entries.collect::<Map<_, _>>())
        .to_string()
        .into_bytes()
}

/// How clients may authenticate.
fn client_methods(certificates: &ClientCertificates) -> Vec<String> {
    let arrives = |method: &&ClientAuthentication| match method {
        ClientAuthentication::TlsClientAuth => certificates.are_certified(),
        ClientAuthentication::SelfSignedTls => certificates.arrive(),
        _ => true,
    };
    let methods = ClientAuthentication::ALL.iter().filter(arrives);
    methods.map(|method| method.as_str().to_owned()).collect()
}

/// Where clients with certificates go, if it is elsewhere (RFC 8705 section 5).
fn aliases(certificates: &ClientCertificates) -> Option<MtlsEndpointAliases> {
    let base = certificates
        .url
        .as_ref()
        .filter(|_| certificates.arrive())?;
    let base = base.as_str().trim_end_matches('/');
    let url = |path: &str| format!("{base}{path}");
    Some(MtlsEndpointAliases {
        token_endpoint: url("/token"),
        revocation_endpoint: url("/revoke"),
        introspection_endpoint: url("/introspect"),
        pushed_authorization_request_endpoint: url("/par"),
        device_authorization_endpoint: url("/device_authorization"),
    })
}

/// The algorithms that an assertion of a client may be signed with.
fn assertion_algorithms() -> Vec<String> {
    let keys = Algorithm::ALL.iter().map(|algorithm| algorithm.name());
    let secrets = MacAlgorithm::ALL.iter().map(|algorithm| algorithm.name());
    keys.chain(secrets).map(str::to_owned).collect()
}

/// How clients prove themselves, and where.
fn of_clients(certificates: &ClientCertificates) -> Metadata {
    Metadata {
        token_endpoint_auth_methods_supported: client_methods(certificates),
        revocation_endpoint_auth_methods_supported: client_methods(certificates),
        introspection_endpoint_auth_methods_supported: client_methods(certificates)
            .into_iter()
            .filter(|method| method != "none")
            .chain(["Bearer".to_owned()])
            .collect(),
        token_endpoint_auth_signing_alg_values_supported: assertion_algorithms(),
        revocation_endpoint_auth_signing_alg_values_supported: assertion_algorithms(),
        introspection_endpoint_auth_signing_alg_values_supported: assertion_algorithms(),
        tls_client_certificate_bound_access_tokens: certificates.arrive().then_some(true),
        mtls_endpoint_aliases: aliases(certificates),
        ..Metadata::default()
    }
}

/// The scopes that everybody may know of.
fn scopes(catalog: &Catalog) -> Vec<String> {
    let public = catalog
        .scopes()
        .filter(|known| known.scope.visibility == Visibility::Public);
    let mut scopes: Vec<String> = public.map(|known| known.scope.name.to_string()).collect();
    scopes.sort_unstable();
    scopes.truncate(LISTED_SCOPES);
    scopes.splice(0..0, STANDARD_SCOPES.iter().map(ToString::to_string));
    scopes
}

/// The types of authorization details that everybody may know of (RFC 9396 section 10).
fn detail_types(catalog: &Catalog) -> Vec<String> {
    let public = catalog.apis().iter().filter(|api| {
        let public = |scope: &ApiScope| scope.visibility == Visibility::Public;
        api.scopes.iter().any(public)
    });
    let types = public.flat_map(|api| &api.detail_types);
    let types: BTreeSet<String> = types.map(|kind| kind.name.to_string()).collect();
    types.into_iter().take(LISTED_SCOPES).collect()
}

/// `claims_supported`: what ID tokens and `/userinfo` tell.
const CLAIMS: [&str; 13] = [
    "at_hash",
    "aud",
    "auth_time",
    "azp",
    "email",
    "email_verified",
    "exp",
    "iat",
    "iss",
    "name",
    "nonce",
    "sub",
    "updated_at",
];

fn metadata(issuer: &str, catalog: &Catalog, offered: Offered<'_>) -> Metadata {
    let Offered {
        par,
        certificates,
        registration,
    } = offered;
    let url = |path: &str| Some(format!("{issuer}{path}"));
    let texts =
        |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| (*text).to_owned()).collect() };
    let modes = ResponseMode::ALL.iter();
    Metadata {
        issuer: issuer.to_owned(),
        authorization_endpoint: url("/authorize"),
        pushed_authorization_request_endpoint: url("/par"),
        require_pushed_authorization_requests: Some(par.required),
        registration_endpoint: registration
            .registers()
            .then(|| format!("{issuer}/register")),
        client_id_metadata_document_supported: registration.takes_documents().then_some(true),
        device_authorization_endpoint: url("/device_authorization"),
        userinfo_endpoint: url("/userinfo"),
        authorization_details_types_supported: detail_types(catalog),
        response_types_supported: texts(&["code"]),
        response_modes_supported: modes.map(|mode| mode.as_str().to_owned()).collect(),
        code_challenge_methods_supported: texts(&["S256"]),
        prompt_values_supported: texts(&["none", "login", "consent", "select_account"]),
        ui_locales_supported: texts(&Language::OFFERED.map(Language::tag)),
        authorization_response_iss_parameter_supported: Some(true),
        claims_parameter_supported: Some(false),
        request_parameter_supported: Some(true),
        request_object_signing_alg_values_supported: texts(&Algorithm::ALL.map(Algorithm::name)),
        request_uri_parameter_supported: Some(false),
        token_endpoint: url("/token"),
        revocation_endpoint: url("/revoke"),
        introspection_endpoint: url("/introspect"),
        jwks_uri: url("/jwks"),
        grant_types_supported: listed().map(|grant| grant.to_string()).collect(),
        subject_types_supported: texts(&["public"]),
        id_token_signing_alg_values_supported: texts(
            &IdTokenAlgorithm::ALL.map(IdTokenAlgorithm::as_str),
        ),
        scopes_supported: scopes(catalog),
        introspection_signing_alg_values_supported: texts(&["RS256"]),
        claims_supported: texts(&CLAIMS),
        dpop_signing_alg_values_supported: texts(&ALGORITHMS),
        service_documentation: url("/"),
        ..of_clients(certificates)
    }
}
