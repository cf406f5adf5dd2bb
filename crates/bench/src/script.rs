//! What the bare server is told: keys, and the answers that Carnet gave, to be given again.

use std::path::PathBuf;

use carnet_jose::Limits;
use carnet_jose::Prefixed;
use carnet_jose::Unverified;
use carnet_jose::seal;
use serde::Deserialize;
use serde::Serialize;

/// Everything that the bare server knows.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Script {
    /// What it knows of clients that prove themselves with a secret.
    pub(crate) clients: Option<Clients>,
    /// The file in which it keeps a row for each token of one kind.
    pub(crate) rows: PathBuf,
    /// Where it listens, on the loopback address.
    pub(crate) port: u16,
    /// The public keys of all accounts, in PEM. The last digit of a `kid` says which of them it is.
    pub(crate) keys: Vec<String>,
    /// Its own key for ES256, in PEM.
    pub(crate) signing_key: String,
    /// The `kid` of that key.
    pub(crate) signing_key_id: String,
    /// Its own key for sealed tokens.
    pub(crate) sealing_key: [u8; 32],
    /// An opaque token; the body is what is sealed.
    pub(crate) opaque: Answer,
    /// A signed token; the body is what is signed.
    pub(crate) jwt: Answer,
    /// What introspection says of the one.
    pub(crate) introspect_opaque: Answer,
    /// What introspection says of the other.
    pub(crate) introspect_jwt: Answer,
    /// The keys, for the world.
    pub(crate) jwks: Answer,
    /// The metadata.
    pub(crate) discovery: Answer,
}

/// A client, and what it gets for its secret.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Clients {
    /// Its secret.
    pub(crate) secret: String,
    /// The key for RS256, in PEM.
    pub(crate) key: String,
    /// A token that is signed with ES256; the body is what is signed.
    pub(crate) es256: Answer,
    /// The same with RS256.
    pub(crate) rs256: Answer,
    /// An opaque token; the body is what is sealed.
    pub(crate) opaque: Answer,
}

/// An answer of Carnet.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Answer {
    /// Its headers, but for those that hyper adds.
    pub(crate) headers: Vec<(String, String)>,
    /// Its body.
    pub(crate) body: String,
}

impl Answer {
    /// With what must be sealed for such a token: it cannot be seen from here, but its length can.
    pub(crate) fn sealing(mut self, token: &str) -> anyhow::Result<Self> {
        let inside = Prefixed::AccessToken.decode(token)?.len() - seal::OVERHEAD;
        self.body = "x".repeat(inside);
        Ok(self)
    }

    /// With what must be signed for such a token.
    pub(crate) fn signing(mut self, token: &str) -> anyhow::Result<Self> {
        let signed = Unverified::parse(token, Limits::STRICT)?;
        std::str::from_utf8(signed.claims_unverified_for_lookup())?.clone_into(&mut self.body);
        Ok(self)
    }
}

/// The name under which a key of an account is known: account and key pair, in 40 hexadecimal digits.
pub(crate) fn key_id(account: usize, pair: usize) -> String {
    format!("{account:039x}{pair:x}")
}

/// The key pair that a `kid` names.
pub(crate) fn pair_of(key_id: &str) -> Option<usize> {
    let digit = key_id.chars().next_back()?.to_digit(16)?;
    usize::try_from(digit).ok()
}

/// Where an opaque token is asked for. Both servers answer here as at [`JWT_PATH`]; that the bare one,
/// which reads no claims, knows what is wanted is all that the two names are for.
pub(crate) const OPAQUE_PATH: &str = "/oauth2/v4/token";

/// Where a signed token is asked for.
pub(crate) const JWT_PATH: &str = "/token";

/// Where one asks what a token says.
pub(crate) const INTROSPECT_PATH: &str = "/introspect";

/// Where the keys are.
pub(crate) const JWKS_PATH: &str = "/jwks";

/// Where the metadata is.
pub(crate) const DISCOVERY_PATH: &str = "/.well-known/openid-configuration";
