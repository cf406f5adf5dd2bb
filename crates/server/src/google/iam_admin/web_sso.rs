//! An issuer of a workforce in Google's form: as which client this server is known there, and how people sign in there
//! in their browsers (google-wire 5.3, 6.4).
//!
//! 1. `clientId` is the `aud` of what the issuer signs, whether people bring it in their browsers or programs exchange
//!    it. What the admin API took besides (more audiences) is not shown here and stays.
//! 2. `webSsoConfig` may be missing: then only programs exchange what the issuer signs.
//! 3. The secret is read and never shown; `thumbprint` is another text for each secret that was given. One that is not
//!    said stays with the issuer and client it was given for.

use carnet_core::record::OidcProvider;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::value::AllowedAudience;
use carnet_core::value::IssuerUri;
use carnet_core::value::ProviderName;
use carnet_core::value::Secret;
use carnet_jose::digest;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Mask;
use carnet_wire::scope::Scope;

use super::call::Call;
use super::halt::Halt;
use super::halt::wrong;
use super::issuer;
use crate::provider_secret::Place;

/// What can be written of a kind, of a workforce.
pub(super) const WRITABLE: [&str; 13] = [
    "oidc",
    "oidc.issuerUri",
    "oidc.clientId",
    "oidc.jwksJson",
    SECRET[0],
    SECRET[1],
    SECRET[2],
    WEB,
    "oidc.webSsoConfig.responseType",
    "oidc.webSsoConfig.assertionClaimsBehavior",
    "oidc.webSsoConfig.additionalScopes",
    "saml",
    "saml.idpMetadataXml",
];

/// The names of the secret: each means all of it.
const SECRET: [&str; 3] = [
    "oidc.clientSecret",
    "oidc.clientSecret.value",
    "oidc.clientSecret.value.plainText",
];

const WEB: &str = "oidc.webSsoConfig";

const RESPONSES: [(&str, WebResponse); 2] = [
    ("CODE", WebResponse::Code),
    ("ID_TOKEN", WebResponse::IdToken),
];

const CLAIMS: [(&str, WebClaims); 2] = [
    ("ONLY_ID_TOKEN_CLAIMS", WebClaims::IdToken),
    ("MERGE_USER_INFO_OVER_ID_TOKEN_CLAIMS", WebClaims::UserInfo),
];

/// Whether a request says anything that only issuers of a workforce have.
pub(super) const fn is_said(said: &wire::Oidc) -> bool {
    said.client_id.is_some() || said.client_secret.is_some() || said.web_sso_config.is_some()
}

/// An issuer to be made.
pub(super) fn made(
    call: &Call<'_>,
    provider: &ProviderName,
    mut said: wire::Oidc,
) -> Result<OidcProvider, Halt> {
    let client = client(said.client_id.take())?;
    let secret = plain(said.client_secret.take())?;
    let web = said.web_sso_config.take();
    let mut oidc = issuer::read(said, None)?;
    oidc.web = match web {
        Some(web) => Some(sign_in(&client, web, None)?),
        None if secret.is_some() => {
            let why = "It is missing: a secret is for people who sign in in their browsers.";
            return Err(wrong("oidc/web_sso_config", why));
        }
        None => None,
    };
    oidc.audiences = vec![client];
    seal(call, provider, &mut oidc, secret)?;
    Ok(oidc)
}

/// The issuer as it is to be, if anything is said of it.
pub(super) fn patched(
    call: &Call<'_>,
    (mask, mut said): (&Mask, wire::Oidc),
    (provider, held): (&ProviderName, &OidcProvider),
) -> Result<Option<OidcProvider>, Halt> {
    if mask.names("oidc") {
        let mut whole = made(call, provider, said)?;
        WebSignIn::keep_secret(&mut whole, held);
        return Ok(Some(whole));
    }
    if !mask.is_absent() && !mask.any_below("oidc") {
        return Ok(None);
    }
    let secret = secret(mask, said.client_secret.take())?;
    let id = mask.of("oidc.clientId", said.client_id.take());
    let web = web(mask, said.web_sso_config.take());
    let keys = wire::Oidc {
        issuer_uri: mask.of("oidc.issuerUri", said.issuer_uri.take()),
        jwks_json: mask.of("oidc.jwksJson", said.jwks_json.take()),
        ..wire::Oidc::default()
    };
    let mut next = issuer::read(keys, Some(held))?;
    if let Some(id) = id {
        rename(&mut next, client(Some(id))?);
    }
    match web {
        Given::Stays => {}
        Given::Goes => next.web = None,
        Given::Is(config) => {
            let Some(client) = client_of(&next).cloned() else {
                let why = "It is missing: it is what this server is called at the issuer.";
                return Err(wrong("oidc/client_id", why));
            };
            next.web = Some(sign_in(&client, config, next.web.as_deref())?);
        }
    }
    match secret {
        Given::Stays => forget(&mut next, held),
        Given::Goes => {
            if let Some(web) = &mut next.web {
                web.client_secret = None;
            }
        }
        Given::Is(secret) if next.web.is_some() => seal(call, provider, &mut next, Some(secret))?,
        Given::Is(_) => {
            let why = "It is missing: a secret is for people who sign in in their browsers.";
            return Err(wrong("oidc/web_sso_config", why));
        }
    }
    Ok(Some(next).filter(|next| next != held))
}

/// What a change says of something that may be absent.
enum Given<T> {
    Stays,
    Goes,
    Is(T),
}

/// What is said of the secret.
fn secret(mask: &Mask, said: Option<wire::ClientSecret>) -> Result<Given<Secret>, Halt> {
    let named = SECRET.into_iter().any(|name| mask.names(name));
    if !named && !mask.is_absent() {
        return Ok(Given::Stays);
    }
    Ok(match plain(said)? {
        Some(secret) => Given::Is(secret),
        None if named => Given::Goes,
        None => Given::Stays,
    })
}

/// What is said of signing in.
fn web(mask: &Mask, said: Option<wire::WebSsoConfig>) -> Given<wire::WebSsoConfig> {
    if mask.names(WEB) {
        return said.map_or(Given::Goes, Given::Is);
    }
    if mask.any_below(WEB) || (mask.is_absent() && said.is_some()) {
        let said = said.unwrap_or_default();
        let of = |name: &str| format!("{WEB}.{name}");
        return Given::Is(wire::WebSsoConfig {
            response_type: mask.of(&of("responseType"), said.response_type),
            assertion_claims_behavior: mask.of(
                &of("assertionClaimsBehavior"),
                said.assertion_claims_behavior,
            ),
            additional_scopes: mask.of(&of("additionalScopes"), said.additional_scopes),
        });
    }
    Given::Stays
}

/// Signing in, as values; what is not said is as it was.
fn sign_in(
    client: &AllowedAudience,
    said: wire::WebSsoConfig,
    held: Option<&WebSignIn>,
) -> Result<Box<WebSignIn>, Halt> {
    let response = match (said.response_type, held) {
        (None, Some(held)) => held.response,
        (text, _) => {
            let why = "It is CODE or ID_TOKEN.";
            let field = "oidc/web_sso_config/response_type";
            named(&RESPONSES, text.as_deref()).ok_or_else(|| wrong(field, why))?
        }
    };
    let claims = match (said.assertion_claims_behavior, held) {
        (None, Some(held)) => held.claims,
        (text, _) => {
            let why = "It is ONLY_ID_TOKEN_CLAIMS or MERGE_USER_INFO_OVER_ID_TOKEN_CLAIMS.";
            let field = "oidc/web_sso_config/assertion_claims_behavior";
            named(&CLAIMS, text.as_deref()).ok_or_else(|| wrong(field, why))?
        }
    };
    let scopes = match (said.additional_scopes, held) {
        (None, Some(held)) => held.scopes.clone(),
        (all, _) => {
            let all = all.unwrap_or_default();
            let field = "oidc/web_sso_config/additional_scopes";
            Scope::from_tokens(all.iter().map(String::as_str))
                .map_err(|why| wrong(field, format!("{why}.")))?
        }
    };
    Ok(Box::new(WebSignIn {
        client_id: client.clone(),
        client_secret: held.and_then(|held| held.client_secret.clone()),
        response,
        claims,
        scopes,
    }))
}

fn named<T: Copy>(all: &[(&str, T)], name: Option<&str>) -> Option<T> {
    let mut all = all.iter();
    all.find_map(|(known, value)| (Some(*known) == name).then_some(*value))
}

fn client(id: Option<String>) -> Result<AllowedAudience, Halt> {
    let id = id.unwrap_or_default().parse();
    id.map_err(|why| wrong("oidc/client_id", format!("It is {why}.")))
}

/// What this server is called at an issuer.
fn client_of(oidc: &OidcProvider) -> Option<&AllowedAudience> {
    let web = oidc.web.as_deref();
    web.map(|web| &web.client_id).or(oidc.audiences.first())
}

/// This server is called otherwise at the issuer.
fn rename(oidc: &mut OidcProvider, client: AllowedAudience) {
    let before = client_of(oidc).cloned();
    let place = oidc.audiences.iter_mut();
    let place = place
        .into_iter()
        .find(|one| Some(&**one) == before.as_ref());
    match place {
        Some(place) => *place = client.clone(),
        None if oidc.web.is_none() => oidc.audiences.push(client.clone()),
        None => {}
    }
    if let Some(web) = &mut oidc.web {
        web.client_id = client;
    }
}

/// A secret that was given for another issuer or client goes.
fn forget(next: &mut OidcProvider, held: &OidcProvider) {
    let same = next.issuer == held.issuer && client_of(next) == client_of(held);
    if let Some(web) = &mut next.web
        && !same
    {
        web.client_secret = None;
    }
}

/// The secret that was sent, if one was.
fn plain(said: Option<wire::ClientSecret>) -> Result<Option<Secret>, Halt> {
    let value = said.and_then(|said| said.value);
    let plain = value.and_then(|value| value.plain_text);
    let Some(plain) = plain.filter(|plain| !plain.is_empty()) else {
        return Ok(None);
    };
    let secret = Secret::new(plain);
    if secret.as_bytes().len() > LONGEST_SECRET {
        let why = "It has more than 1,024 bytes.";
        return Err(wrong("oidc/client_secret/value/plain_text", why));
    }
    Ok(Some(secret))
}

/// The longest secret, in bytes.
const LONGEST_SECRET: usize = 1_024;

/// Seals a secret for the issuer and client as they are now.
fn seal(
    call: &Call<'_>,
    provider: &ProviderName,
    oidc: &mut OidcProvider,
    secret: Option<Secret>,
) -> Result<(), Halt> {
    let issuer: &IssuerUri = &oidc.issuer;
    if let (Some(web), Some(secret)) = (&mut oidc.web, secret) {
        let place = Place {
            provider,
            issuer,
            client_id: &web.client_id,
        };
        web.client_secret = Some(place.seal(&secret, &call.parts.encryption)?);
    }
    Ok(())
}

/// As it is shown.
pub(super) fn show(oidc: &OidcProvider, shown: &mut wire::Oidc) {
    shown.client_id = client_of(oidc).map(ToString::to_string);
    let Some(web) = &oidc.web else {
        return;
    };
    let name = |name: &'static str| Some(name.to_owned());
    shown.client_secret = web
        .client_secret
        .as_deref()
        .map(|sealed| wire::ClientSecret {
            value: Some(wire::ClientSecretValue {
                plain_text: None,
                thumbprint: Some(digest::hex(&digest::sha256(sealed))),
            }),
        });
    let response = RESPONSES.iter().find(|(_, one)| *one == web.response);
    let claims = CLAIMS.iter().find(|(_, one)| *one == web.claims);
    let scopes: Vec<_> = web.scopes.iter().map(str::to_owned).collect();
    shown.web_sso_config = Some(wire::WebSsoConfig {
        response_type: response.and_then(|(known, _)| name(known)),
        assertion_claims_behavior: claims.and_then(|(known, _)| name(known)),
        additional_scopes: Some(scopes).filter(|scopes| !scopes.is_empty()),
    });
}
