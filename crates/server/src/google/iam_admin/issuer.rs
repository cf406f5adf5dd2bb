//! An issuer of JWTs in Google's form, as far as pools of both sorts say it: its name, whose tokens it signs, its keys.

use carnet_core::record::OidcProvider;
use carnet_core::record::ProviderKeys;
use carnet_core::value::AllowedAudience;
use carnet_wire::google::iam_admin as wire;
use serde_json::Map;
use serde_json::Value;

use super::halt::Halt;
use super::halt::wrong;
use crate::provider_checks;

/// What a request says of an issuer, as values; what it does not say is as it was.
pub(super) fn read(said: wire::Oidc, held: Option<&OidcProvider>) -> Result<OidcProvider, Halt> {
    let issuer = match (said.issuer_uri, held) {
        (None, Some(held)) => held.issuer.clone(),
        (text, _) => {
            let issuer = text.unwrap_or_default().parse();
            issuer.map_err(|why| wrong("oidc/issuer_uri", format!("It is {why}.")))?
        }
    };
    let audiences = match (said.allowed_audiences, held) {
        (None, Some(held)) => held.audiences.clone(),
        (all, _) => audiences(&all.unwrap_or_default())?,
    };
    let keys = match (said.jwks_json, held) {
        (None, Some(held)) => held.keys.clone(),
        (text, _) => keys(&text.unwrap_or_default())?,
    };
    Ok(OidcProvider {
        issuer,
        audiences,
        keys,
        web: held.and_then(|held| held.web.clone()),
    })
}

fn audiences(all: &[String]) -> Result<Vec<AllowedAudience>, Halt> {
    let all = all.iter().map(|one| one.parse());
    let all: Result<_, _> = all.collect();
    all.map_err(|why| wrong("oidc/allowed_audiences", format!("One is {why}.")))
}

/// The keys that were sent as a text. None: where its discovery document says.
fn keys(text: &str) -> Result<ProviderKeys, Halt> {
    if text.is_empty() {
        return Ok(ProviderKeys::Discovery);
    }
    let set: Option<Map<String, Value>> = wire::read(text.as_bytes()).ok();
    let set = set.ok_or_else(|| wrong("oidc/jwks_json", "It is no JSON object."))?;
    let set = provider_checks::keys(set).map_err(|why| wrong("oidc/jwks_json", why))?;
    Ok(ProviderKeys::Inline(set))
}
