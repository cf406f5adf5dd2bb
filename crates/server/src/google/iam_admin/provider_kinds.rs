//! The kinds of providers, in Google's form: the one place where they are told apart for this API.
//!
//! 1. A new provider is of one kind ([`given`]); a change stays with it ([`patched`]).
//! 2. A mask that names the whole of a kind (`oidc`) puts what was sent in its place; one that names a part
//!    (`oidc.issuerUri`), or no mask, leaves the rest.
//! 3. What Google has and this server has not is refused by name, never left out silently.
//! 4. An issuer of a workforce is told as a client at it ([`super::web_sso`]), one of workload identity by its audiences.

use carnet_core::record::AwsProvider;
use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::WorkloadProvider;
use carnet_core::record::X509Provider;
use carnet_core::value::PoolKind;
use carnet_core::value::ProviderName;
use carnet_core::value::UnixTime;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;
use serde_json::Value;

use super::call::Call;
use super::halt::Halt;
use super::halt::not_offered;
use super::halt::renamed;
use super::halt::wrong;
use super::homes::Home;
use super::issuer;
use super::pools;
use super::web_sso;
use crate::certificate_chain;
use crate::parts::Parts;
use crate::provider_checks;
use crate::saml;

/// What can be written of a kind, of workload identity.
const WRITABLE: [&str; 12] = [
    "oidc",
    "oidc.issuerUri",
    "oidc.allowedAudiences",
    "oidc.jwksJson",
    "saml",
    "saml.idpMetadataXml",
    "aws",
    "aws.accountId",
    "x509",
    "x509.trustStore",
    "x509.trustStore.trustAnchors",
    "x509.trustStore.intermediateCas",
];

/// Members of which our rules have another name than Google.
pub(super) const NAMES: [(&str, &str); 7] = [
    (
        "/oidc/web_sign_in/client_secret",
        "/oidc/client_secret/value/plain_text",
    ),
    ("/oidc/web_sign_in/client_id", "/oidc/client_id"),
    ("/oidc/web_sign_in", "/oidc/web_sso_config"),
    ("/oidc/issuer", "/oidc/issuer_uri"),
    ("/oidc/jwks", "/oidc/jwks_json"),
    ("/x509/trust_anchors", "/x509/trust_store/trust_anchors"),
    (
        "/x509/intermediate_cas",
        "/x509/trust_store/intermediate_cas",
    ),
];

/// What can be written of the kinds that pools of this home have.
pub(super) fn writable(home: Home<'_>) -> &'static [&'static str] {
    home.choose(&WRITABLE, &web_sso::WRITABLE)
}

/// The kind of a provider to be made, of this name.
pub(super) fn given(
    call: &Call<'_>,
    name: &ProviderName,
    given: &mut wire::ProviderGiven,
) -> Result<ProviderKind, Halt> {
    offered(name, given)?;
    let (oidc, saml) = (given.oidc.take(), given.saml.take());
    match (oidc, saml, given.aws.take(), given.x509.take()) {
        (Some(oidc), None, None, None) => {
            let oidc = match name.pool().kind() {
                PoolKind::Workload(_) => issuer::read(oidc, None)?,
                PoolKind::Workforce => web_sso::made(call, name, oidc)?,
            };
            Ok(ProviderKind::Oidc(oidc))
        }
        (None, Some(saml), None, None) => metadata(saml, call.told.now),
        (None, None, Some(aws), None) => Ok(account(aws)),
        (None, None, None, Some(x509)) => authorities(x509),
        (None, None, None, None) => {
            let why = "It is missing: it says how tokens are verified.";
            Err(wrong("oidc", why))
        }
        _ => Err(wrong("oidc", "A provider is of one kind.")),
    }
}

/// The kind as it is to be, if anything is said of it.
pub(super) fn patched(
    call: &Call<'_>,
    (mask, given): (&Mask, &mut wire::ProviderGiven),
    provider: &WorkloadProvider,
) -> Result<Option<ProviderKind>, Halt> {
    offered(&provider.name, given)?;
    let held = &provider.kind;
    let (oidc, saml) = (given.oidc.take(), given.saml.take());
    let (aws, x509) = (given.aws.take(), given.x509.take());
    let own = match held {
        ProviderKind::Oidc(_) => "oidc",
        ProviderKind::Saml(_) => "saml",
        ProviderKind::Aws(_) => "aws",
        ProviderKind::X509(_) => "x509",
    };
    let sent = [
        ("oidc", oidc.is_some()),
        ("saml", saml.is_some()),
        ("aws", aws.is_some()),
        ("x509", x509.is_some()),
    ];
    for (kind, sent) in sent.into_iter().filter(|(kind, _)| *kind != own) {
        stays(kind, sent, mask)?;
    }
    match held {
        ProviderKind::Aws(_) => {
            let said = aws.and_then(|aws| aws.account_id);
            let whole = mask.names("aws").then(|| said.clone().unwrap_or_default());
            let said = whole.or_else(|| mask.of("aws.accountId", said));
            Ok(said.map(|account| ProviderKind::Aws(AwsProvider { account })))
        }
        ProviderKind::X509(held) => authorities_patched(mask, x509.unwrap_or_default(), held),
        ProviderKind::Oidc(held) => {
            let said = oidc.unwrap_or_default();
            match provider.name.pool().kind() {
                PoolKind::Workload(_) => issuer_patched(mask, said, held),
                PoolKind::Workforce => {
                    let patched = web_sso::patched(call, (mask, said), (&provider.name, held))?;
                    Ok(patched.map(ProviderKind::Oidc))
                }
            }
        }
        ProviderKind::Saml(_) => {
            let named = mask.names("saml") || mask.names("saml.idpMetadataXml");
            let said = saml.filter(|_| named || mask.is_absent());
            let said = said.or_else(|| named.then(wire::Saml::default));
            said.map(|said| metadata(said, call.told.now)).transpose()
        }
    }
}

/// A kind of which the provider is not is neither sent nor named.
fn stays(other: &'static str, sent: bool, mask: &Mask) -> Result<(), Halt> {
    if sent || mask.any_below(other) {
        return Err(wrong(
            other,
            "The provider is of another kind, and stays so.",
        ));
    }
    Ok(())
}

fn issuer_patched(
    mask: &Mask,
    said: wire::Oidc,
    held: &OidcProvider,
) -> Result<Option<ProviderKind>, Halt> {
    if mask.names("oidc") {
        return Ok(Some(ProviderKind::Oidc(issuer::read(said, None)?)));
    }
    let said = wire::Oidc {
        issuer_uri: mask.of("oidc.issuerUri", said.issuer_uri),
        allowed_audiences: mask.of("oidc.allowedAudiences", said.allowed_audiences),
        jwks_json: mask.of("oidc.jwksJson", said.jwks_json),
        ..wire::Oidc::default()
    };
    let any =
        said.issuer_uri.is_some() || said.allowed_audiences.is_some() || said.jwks_json.is_some();
    if !any {
        return Ok(None);
    }
    Ok(Some(ProviderKind::Oidc(issuer::read(said, Some(held))?)))
}

fn authorities_patched(
    mask: &Mask,
    said: wire::X509,
    held: &X509Provider,
) -> Result<Option<ProviderKind>, Halt> {
    if mask.names("x509") || mask.names("x509.trustStore") {
        return authorities(said).map(Some);
    }
    let store = said.trust_store.unwrap_or_default();
    let some = |all: Vec<wire::PemCertificate>| Some(all).filter(|all| !all.is_empty());
    let anchors = mask.of("x509.trustStore.trustAnchors", some(store.trust_anchors));
    let between = some(store.intermediate_cas);
    let between = mask.of("x509.trustStore.intermediateCas", between);
    if anchors.is_none() && between.is_none() {
        return Ok(None);
    }
    let store = wire::TrustStore {
        trust_anchors: anchors.unwrap_or_else(|| pem(&held.anchors)),
        intermediate_cas: between.unwrap_or_else(|| pem(&held.intermediates)),
    };
    let merged = wire::X509 {
        trust_store: Some(store),
    };
    authorities(merged).map(Some)
}

/// Certificates as they are shown.
fn pem(all: &[Vec<u8>]) -> Vec<wire::PemCertificate> {
    let one = |der: &Vec<u8>| wire::PemCertificate {
        pem_certificate: certificate_chain::to_pem(der),
    };
    all.iter().map(one).collect()
}

/// What is asked of a kind beside what the rules ask.
pub(super) fn checked(kind: &ProviderKind, parts: &Parts) -> Result<(), Halt> {
    match kind {
        ProviderKind::Oidc(oidc) => {
            provider_checks::may_ask(oidc, parts).map_err(|no| renamed(no, &NAMES))
        }
        _ => Ok(()),
    }
}

/// A kind as it is shown.
pub(super) fn show(provider: &WorkloadProvider, shown: &mut wire::Provider) {
    let oidc = match &provider.kind {
        ProviderKind::Oidc(oidc) => oidc,
        ProviderKind::Saml(saml) => {
            shown.saml = Some(wire::Saml {
                idp_metadata_xml: Some(saml.metadata.clone()),
            });
            return;
        }
        ProviderKind::Aws(aws) => {
            shown.aws = Some(wire::Aws {
                account_id: Some(aws.account.clone()),
            });
            return;
        }
        ProviderKind::X509(x509) => {
            shown.x509 = Some(wire::X509 {
                trust_store: Some(wire::TrustStore {
                    trust_anchors: pem(&x509.anchors),
                    intermediate_cas: pem(&x509.intermediates),
                }),
            });
            return;
        }
    };
    let mut issuer = wire::Oidc {
        issuer_uri: Some(oidc.issuer.to_string()),
        jwks_json: match &oidc.keys {
            ProviderKeys::Discovery => None,
            ProviderKeys::Inline(set) => Some(set.to_json()),
        },
        ..wire::Oidc::default()
    };
    match provider.name.pool().kind() {
        PoolKind::Workforce => web_sso::show(oidc, &mut issuer),
        PoolKind::Workload(_) => {
            let audiences = oidc.audiences.iter().map(ToString::to_string);
            let audiences: Vec<String> = audiences.collect();
            issuer.allowed_audiences = Some(audiences).filter(|all| !all.is_empty());
        }
    }
    shown.oidc = Some(issuer);
}

/// What the request says of things that this server does not have, for this sort of pool or at all.
fn offered(name: &ProviderName, given: &wire::ProviderGiven) -> Result<(), Halt> {
    if given.detailed_audit_logging == Some(true) {
        return Err(not_offered(
            "There is no more detailed audit log (detailedAuditLogging): each exchange stands in it.",
        ));
    }
    let some = |more: &Option<Value>| more.as_ref().is_some_and(pools::says_something);
    if some(&given.extra_attributes_oauth2_client)
        || some(&given.extended_attributes_oauth2_client)
        || given
            .scim_usage
            .as_deref()
            .is_some_and(|usage| !matches!(usage, "" | "SCIM_USAGE_UNSPECIFIED"))
    {
        return Err(not_offered(
            "Nothing beside the provider's own words is asked about a person (extraAttributesOauth2Client, scimUsage).",
        ));
    }
    let oidc = given.oidc.as_ref();
    if name.pool().kind() == PoolKind::Workforce {
        if oidc.is_some_and(|oidc| oidc.allowed_audiences.is_some()) {
            let why =
                "An issuer of a workforce is told by clientId: that is the audience of its tokens.";
            return Err(wrong("oidc/allowed_audiences", why));
        }
    } else if oidc.is_some_and(web_sso::is_said) {
        let why = "People sign in in their browsers only at providers of a workforce pool.";
        return Err(wrong("oidc/client_id", why));
    }
    let elsewhere = given
        .oidc
        .as_ref()
        .and_then(|oidc| oidc.discovery_uri.as_deref());
    if elsewhere.is_some_and(|uri| !uri.is_empty()) {
        let what = "A discovery document elsewhere than below the issuer is not offered: give its keys in jwksJson.";
        return Err(not_offered(what));
    }
    Ok(())
}

/// An identity provider of SAML by its metadata; a no where this build has none of it.
fn metadata(said: wire::Saml, now: UnixTime) -> Result<ProviderKind, Halt> {
    let xml = said.idp_metadata_xml.unwrap_or_default();
    let saml = saml::provider(xml, "/saml/idp_metadata_xml", now)?;
    Ok(ProviderKind::Saml(saml))
}

fn account(said: wire::Aws) -> ProviderKind {
    let account = said.account_id.unwrap_or_default();
    ProviderKind::Aws(AwsProvider { account })
}

/// Authorities, of which all certificates are said each time.
fn authorities(said: wire::X509) -> Result<ProviderKind, Halt> {
    let store = said.trust_store.unwrap_or_default();
    let pem = |all: Vec<wire::PemCertificate>| {
        let all = all.into_iter().map(|one| one.pem_certificate);
        all.collect::<Vec<_>>()
    };
    let (anchors, between) = (pem(store.trust_anchors), pem(store.intermediate_cas));
    let x509 = provider_checks::x509(&anchors, &between).map_err(|no| renamed(no, &NAMES))?;
    Ok(ProviderKind::X509(x509))
}
