//! What a browser takes along to the issuer of a workforce and brings back, sealed in a cookie: what the program asked for,
//! and the words that tell this sign-in from every other.

use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::rule::federation::workforce as rule;
use carnet_core::rule::federation::workforce::Asked;
use carnet_core::rule::federation::workforce::Back;
use carnet_core::store::Fault;
use carnet_core::value::Entropy;
use carnet_core::value::ProviderName;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_jose::base64url;
use carnet_jose::base64url::Padding;
use carnet_jose::digest;
use carnet_wire::params::Params;
use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde::Serialize;

use super::back::To;
use crate::entropy::SystemEntropy;
use crate::issuer_endpoints::Endpoints;
use crate::keyring::KeyEncryptionKey;

/// How long a person may take at their issuer.
pub(super) const HOLDS: Seconds = Seconds::minutes(10);

/// For what it is sealed.
const PLACE: &str = "workforce sign-in 1";

/// How long the sealed text may be: a browser keeps 4096 bytes, with the name.
const LONGEST: usize = 3_800;

/// What a browser takes along.
#[derive(Deserialize, Serialize)]
pub(super) struct Carried {
    #[serde(rename = "p")]
    provider: ProviderName,
    #[serde(rename = "c")]
    client: String,
    #[serde(rename = "r")]
    redirect_uri: String,
    #[serde(rename = "s")]
    scope: Option<Scope>,
    #[serde(rename = "h")]
    challenge: String,
    #[serde(rename = "t")]
    state: Option<String>,
    #[serde(rename = "o")]
    own_state: String,
    #[serde(rename = "n")]
    nonce: String,
    #[serde(rename = "v")]
    verifier: String,
    #[serde(rename = "i")]
    asked: UnixTime,
}

impl Carried {
    /// For what a program asked for.
    pub(super) fn new(
        asked: &Asked<'_>,
        state: Option<&str>,
        provider: &ProviderName,
        now: UnixTime,
    ) -> Self {
        Self {
            provider: provider.clone(),
            client: asked.client.to_owned(),
            redirect_uri: asked.redirect_uri.to_owned(),
            scope: asked.scope.cloned(),
            challenge: asked.challenge.to_owned(),
            state: state.map(str::to_owned),
            own_state: word(),
            nonce: word(),
            verifier: word(),
            asked: now,
        }
    }

    /// Where the browser goes (OpenID Connect Core 1.0 sections 3.1.2.1 and 3.2.2.1).
    pub(super) fn toward(&self, endpoints: &Endpoints, web: &WebSignIn, issuer: &str) -> String {
        let mut url = endpoints.authorization_endpoint.clone();
        let scope: Vec<&str> = ["openid"].into_iter().chain(web.scopes.iter()).collect();
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", web.response.as_str())
            .append_pair("client_id", web.client_id.as_str())
            .append_pair("redirect_uri", &self.callback(issuer))
            .append_pair("scope", &scope.join(" "))
            .append_pair("state", &self.own_state)
            .append_pair("nonce", &self.nonce);
        match web.response {
            WebResponse::Code => {
                let challenge = base64url::encode(digest::sha256(&self.verifier));
                query
                    .append_pair("code_challenge", &challenge)
                    .append_pair("code_challenge_method", "S256");
            }
            WebResponse::IdToken => {
                query.append_pair("response_mode", "form_post");
            }
        }
        drop(query);
        url.into()
    }

    /// Where the issuer sends the browser back to: each provider has an address of its own.
    pub(super) fn callback(&self, issuer: &str) -> String {
        format!("{issuer}/signin-callback/{}", self.provider)
    }

    /// For a cookie; nothing where it is too long.
    pub(super) fn seal(&self, key: &KeyEncryptionKey) -> Result<Option<String>, Fault> {
        let plain = serde_json::to_vec(self).map_err(Fault::lasting)?;
        let sealed = key.seal(&plain, PLACE).map_err(Fault::lasting)?;
        let text = base64url::encode(sealed);
        Ok((text.len() <= LONGEST).then_some(text))
    }

    /// Of a cookie.
    pub(super) fn open(text: &str, key: &KeyEncryptionKey) -> Option<Self> {
        let sealed = base64url::decode(text, Padding::Strict, LONGEST).ok()?;
        let plain = key.open(&sealed, PLACE).ok()?;
        serde_json::from_slice(&plain).ok()
    }

    /// Whether the browser came back to the address of the provider to which it was sent, with its word, in time.
    pub(super) fn is_of(
        &self,
        provider: &str,
        params: &Params<'_>,
        now: UnixTime,
    ) -> Result<(), &'static str> {
        if self.provider.as_str() != provider {
            return Err("this browser was sent to the issuer of another provider.");
        }
        let state = params.clone().take("state");
        let same =
            |state: &str| digest::constant_time_eq(state.as_bytes(), self.own_state.as_bytes());
        if !state.as_deref().is_some_and(same) {
            return Err("state is not the one that this browser took along.");
        }
        if now - self.asked > HOLDS || self.asked > now + HOLDS {
            return Err("it took longer than ten minutes.");
        }
        Ok(())
    }

    /// The provider.
    pub(super) const fn provider(&self) -> &ProviderName {
        &self.provider
    }

    /// What the program asked for.
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked {
            client: &self.client,
            redirect_uri: &self.redirect_uri,
            scope: self.scope.as_ref(),
            challenge: &self.challenge,
        }
    }

    /// The word that the ID token repeats.
    pub(super) fn nonce(&self) -> &str {
        &self.nonce
    }

    /// The verifier for the issuer.
    pub(super) fn verifier(&self) -> &str {
        &self.verifier
    }

    /// Where the answer goes.
    pub(super) fn to(&self) -> To {
        let back = rule::addressed(&self.client, &self.redirect_uri);
        To {
            client_id: self.client.clone(),
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            // What was sealed was looked at; should it be refused by now, nobody is sent there.
            back: back.unwrap_or(Back::Page),
        }
    }
}

/// A word that nobody guesses, of 43 letters.
fn word() -> String {
    let mut bytes = [0; 32];
    SystemEntropy.fill(&mut bytes);
    base64url::encode(bytes)
}

#[cfg(test)]
mod tests;
