//! By which algorithms a client wants to be answered and may prove itself (OpenID Connect Registration 1.0
//! section 2).

use std::str::FromStr;

use carnet_jose::Algorithm;
use carnet_jose::mac::MacAlgorithm;

/// The algorithms of a client.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct ClientAlgorithms {
    /// What its ID tokens are signed with (`id_token_signed_response_alg`).
    pub id_token: IdTokenAlgorithm,
    /// The only one of its assertions (`token_endpoint_auth_signing_alg`); without it, any that fits its keys or
    /// secrets.
    pub assertion: Option<AssertionAlgorithm>,
}

/// What ID tokens are signed with: what this server has keys for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum IdTokenAlgorithm {
    /// `RS256`, which every client knows (OpenID Connect Core 1.0 section 15.1).
    #[default]
    Rs256,
    /// `ES256`.
    Es256,
}

impl IdTokenAlgorithm {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Es256];

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
        }
    }

    /// As metadata writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.algorithm().name()
    }
}

/// What an assertion of a client is signed with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AssertionAlgorithm {
    /// By a key of its own (`private_key_jwt`).
    Key(Algorithm),
    /// By its secret (`client_secret_jwt`).
    Secret(MacAlgorithm),
}

impl AssertionAlgorithm {
    /// As metadata writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key(algorithm) => algorithm.name(),
            Self::Secret(algorithm) => algorithm.name(),
        }
    }
}

/// A name that is no algorithm of these.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no algorithm that is used here for this")]
pub struct NotOffered;

impl FromStr for IdTokenAlgorithm {
    type Err = NotOffered;

    fn from_str(text: &str) -> Result<Self, NotOffered> {
        let mut all = Self::ALL.into_iter();
        all.find(|known| known.as_str() == text).ok_or(NotOffered)
    }
}

impl FromStr for AssertionAlgorithm {
    type Err = NotOffered;

    fn from_str(text: &str) -> Result<Self, NotOffered> {
        let keys = Algorithm::ALL.into_iter().map(Self::Key);
        let mut all = keys.chain(MacAlgorithm::ALL.into_iter().map(Self::Secret));
        all.find(|known| known.as_str() == text).ok_or(NotOffered)
    }
}
