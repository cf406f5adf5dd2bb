//! What a client knows: what was answered, and what is in doubt.

use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::LocalSigner;
use carnet_testkit::served::signed;
use serde_json::json;

/// What a thing can be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum State {
    /// It is not there: never made, or deleted.
    Gone,
    /// It is there and works.
    Active,
    /// It is there and disabled or suspended.
    Stopped,
}

/// The kinds of things.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A service account.
    Account,
    /// A key of one.
    Key,
    /// A delegation.
    Delegation,
    /// A user.
    User,
}

/// One thing that was made, or perhaps made.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    pub(crate) kind: Kind,
    /// Where it is.
    pub(crate) path: String,
    /// What the last answer said.
    pub(crate) answered: State,
    /// What it may be instead, since a request was not answered.
    pub(crate) doubt: Option<State>,
    /// How many keys and delegations it has.
    pub(crate) children: usize,
}

impl Thing {
    pub(crate) const fn new(kind: Kind, path: String, answered: State) -> Self {
        Self {
            kind,
            path,
            answered,
            doubt: None,
            children: 0,
        }
    }
}

/// A token that was given.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) revoked: bool,
    /// A revocation was not answered.
    pub(crate) doubt: bool,
}

/// An account that gets tokens, and that nobody disables.
pub(crate) struct Minter {
    pub(crate) email: String,
    pub(crate) issuer: String,
    pub(crate) signer: LocalSigner,
}

impl Minter {
    /// Its key pair, and the public half in PEM.
    pub(crate) fn key() -> (KeyPair, String) {
        let pair = KeyPair::generate(KeyType::P256).unwrap();
        let public = pair.public_key().to_spki_pem();
        (pair, public)
    }

    /// An assertion that is good for one token.
    pub(crate) fn assertion(&self, scope: &str, jti: &str, now: u64) -> String {
        let claims = json!({
            "iss": self.email, "scope": scope, "aud": format!("{}/token", self.issuer),
            "iat": now, "exp": now + 3_000, "jti": jti,
        });
        signed(&self.signer, &claims).unwrap()
    }
}

/// Everything that one client knows.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) things: Vec<Thing>,
    pub(crate) tokens: Vec<Token>,
    /// Assertions that bought a token.
    pub(crate) spent: Vec<String>,
    /// Whatever must stand in no log.
    pub(crate) secrets: Vec<String>,
    /// How many writes were answered with success.
    pub(crate) answered: usize,
}
