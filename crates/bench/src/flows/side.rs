//! A server that is asked, and how it calls things.

use super::seed;
use crate::request;
use crate::request::encode;
use crate::servers::Server;

/// The challenge and verifier of RFC 7636 appendix B: what they are does not matter here.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Who is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Who {
    Carnet,
    Bare,
    Peer,
}

/// A server that answers.
#[derive(Debug)]
pub(super) struct Side {
    pub(super) who: Who,
    pub(super) server: Server,
}

impl Side {
    /// Where tokens are asked for. The bare server reads no scopes: it knows by the path what is wanted.
    pub(super) const fn token_path(&self, kind: &str) -> &'static str {
        match (self.who, kind.as_bytes()) {
            (Who::Bare, b"rs256") => "/rs256",
            (Who::Bare, b"vault") => "/vault",
            (Who::Bare, b"kept") => "/kept",
            _ => "/token",
        }
    }

    pub(super) const fn introspection_path(&self) -> &'static str {
        match self.who {
            Who::Peer => "/token/introspection",
            _ => "/introspect",
        }
    }

    pub(super) const fn par_path(&self) -> &'static str {
        match self.who {
            Who::Peer => "/request",
            _ => "/par",
        }
    }

    /// The scope for which an API gives tokens of a kind.
    pub(super) fn scope(&self, kind: &str) -> String {
        match self.who {
            Who::Peer => "read".to_owned(),
            _ => format!("{}/read", seed::audience(kind)),
        }
    }

    /// The form of client credentials.
    pub(super) fn client_credentials(&self, kind: &str) -> Vec<(&'static str, String)> {
        vec![
            ("grant_type", "client_credentials".to_owned()),
            ("resource", seed::audience(kind)),
            ("scope", self.scope(kind)),
        ]
    }

    /// What an app asks for. Both servers give a refresh token without being asked.
    fn wanted(&self, identifies: bool) -> String {
        let scope = self.scope("es256");
        if identifies {
            format!("openid email {scope}")
        } else {
            scope
        }
    }

    /// The parameters of an authorization request.
    fn asks(&self, identifies: bool) -> Vec<(&'static str, String)> {
        vec![
            ("response_type", "code".to_owned()),
            ("client_id", seed::CLIENT.to_owned()),
            ("redirect_uri", seed::REDIRECT.to_owned()),
            ("scope", self.wanted(identifies)),
            ("resource", seed::audience("es256")),
            ("state", "af0ifjsldkj".to_owned()),
            ("code_challenge", CHALLENGE.to_owned()),
            ("code_challenge_method", "S256".to_owned()),
        ]
    }

    /// The authorization request as a form.
    pub(super) fn pushed(&self, identifies: bool) -> String {
        form(&self.asks(identifies))
    }

    /// The authorization request as a browser is sent there.
    pub(super) fn authorize_path(&self, identifies: bool) -> String {
        let path = match self.who {
            Who::Peer => "/auth",
            _ => "/authorize",
        };
        format!("{path}?{}", self.pushed(identifies))
    }
}

/// The form that redeems a code.
pub(super) fn redeem(code: &str) -> String {
    // The code comes from a URL and is still encoded as one.
    let rest = encode([
        ("grant_type", "authorization_code"),
        ("redirect_uri", seed::REDIRECT),
        ("code_verifier", VERIFIER),
    ]);
    format!("code={code}&{rest}")
}

/// A form of these fields.
pub(super) fn form(fields: &[(&'static str, String)]) -> String {
    encode(fields.iter().map(|(name, value)| (*name, value.as_str())))
}

/// A request of the client that has a secret.
pub(super) fn asking(side: &Side, path: &str, form: &str) -> Vec<u8> {
    request::post_with(
        &side.server.host(),
        path,
        form,
        &request::basic(seed::CLIENT, seed::SECRET),
    )
}

/// The request for a token of a kind.
pub(super) fn client_credentials(side: &Side, kind: &str) -> Vec<u8> {
    let fields = form(&side.client_credentials(kind));
    asking(side, side.token_path(kind), &fields)
}
