//! What is asked of a provider before it is saved, whichever API it comes by: that its keys can be used, that its
//! issuer would be asked for them, that its expressions compile.

use std::collections::BTreeMap;

use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::record::ProviderKind;
use carnet_core::record::X509Provider;
use carnet_core::rule::admin::No;
use carnet_core::rule::federation::mapping;
use carnet_core::rule::federation::mapping::Faulty;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_core::value::UnixTime;
use carnet_jose::JwkSet;
use serde_json::Map;
use serde_json::Value;

use crate::certificate_chain;
use crate::client_keys;
use crate::expressions::Busy;
use crate::parts::Parts;
use crate::saml;

/// The keys of a set, each of which must be one that can be used: nothing is left out silently.
pub(crate) fn keys(set: Map<String, Value>) -> Result<JwkSet, String> {
    let set = JwkSet::parse(Value::Object(set).to_string().as_bytes());
    let set = set.map_err(|why| format!("It is {why}."))?;
    if let Some(skipped) = set.skipped.first() {
        let named = skipped.key_id.as_ref();
        let named = named.map_or_else(String::new, |id| format!(" {id}"));
        return Err(format!(
            "Its key{named} cannot be used: {}.",
            skipped.because
        ));
    }
    if set.keys.is_empty() {
        return Err("There is no key in it.".to_owned());
    }
    Ok(set)
}

/// What a provider is to be verified by, in the place of what it is verified by now.
pub(crate) fn follows(
    after: &ProviderKind,
    before: &ProviderKind,
    now: UnixTime,
) -> Result<(), No> {
    match (after, before) {
        (ProviderKind::Saml(given), ProviderKind::Saml(held)) => {
            saml::follows(given, held, "/saml/idp_metadata_xml", now)
        }
        _ => Ok(()),
    }
}

/// Authorities, each certificate in PEM.
pub(crate) fn x509(anchors: &[String], between: &[String]) -> Result<X509Provider, No> {
    let read = |member: &str, all: &[String]| {
        let all = all.iter().enumerate();
        let one = |(at, text): (usize, &String)| {
            let pointer = format!("/x509/{member}/{at}");
            certificate_chain::from_pem(text).map_err(|why| No::field(pointer, why))
        };
        all.map(one).collect::<Result<Vec<_>, No>>()
    };
    if anchors.len() > X509Provider::MOST_ANCHORS
        || between.len() > X509Provider::MOST_INTERMEDIATES
    {
        let detail = "There are 3 authorities and 10 certificates in between at most.";
        return Err(No::field("/x509", detail));
    }
    Ok(X509Provider {
        anchors: read("trust_anchors", anchors)?,
        intermediates: read("intermediate_cas", between)?,
    })
}

/// The mapping of a provider that is made: AWS has a usual one.
pub(crate) fn mapping(
    given: BTreeMap<String, String>,
    kind: &ProviderKind,
) -> BTreeMap<String, String> {
    match kind {
        ProviderKind::Aws(_) if given.is_empty() => Mapping::of_aws(),
        _ => given,
    }
}

/// Whether this server would ask the issuer for its keys, as far as the URL tells.
pub(crate) fn may_ask(oidc: &OidcProvider, parts: &Parts) -> Result<(), No> {
    if oidc.keys != ProviderKeys::Discovery && oidc.web.is_none() {
        return Ok(());
    }
    let issuer = oidc.issuer.as_str().trim_end_matches('/');
    let document = format!("{issuer}/.well-known/openid-configuration");
    client_keys::may_be_at(&document, &parts.outbound).map_err(|why| {
        let detail = format!("{issuer}: {why}; where it cannot be reached, give its keys in jwks.");
        No::field("/oidc/issuer", detail)
    })
}

/// Compiles the expressions; what is wrong with one is told at its member.
pub(crate) async fn compiled(
    texts: &BTreeMap<String, String>,
    condition: Option<&str>,
    parts: &Parts,
) -> Result<Result<(), No>, Busy> {
    let condition = condition.map(ToOwned::to_owned);
    let compiled = parts.expressions.compile(texts.clone(), condition).await?;
    Ok(compiled.map(drop).map_err(|faulty| faulted(&faulty)))
}

fn faulted(faulty: &Faulty) -> No {
    let pointer = match faulty.which.as_str() {
        mapping::CONDITION => "/attribute_condition".to_owned(),
        "attribute_mapping" => "/attribute_mapping".to_owned(),
        which => format!(
            "/attribute_mapping/{}",
            which.replace('~', "~0").replace('/', "~1")
        ),
    };
    let detail = match faulty.at {
        Some(at) => format!("At character {at}: {}", faulty.why),
        None => faulty.why.clone(),
    };
    No::field(pointer, detail)
}
