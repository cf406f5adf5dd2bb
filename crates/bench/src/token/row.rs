//! The rows of the table: what is asked.

use super::accounts::Wanted;

/// What is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Row {
    /// An assertion without `jti` for an opaque token.
    Opaque,
    /// An assertion without `jti` for a signed token.
    Jwt,
    /// An assertion that can be sent once, for a signed token.
    JwtOnce,
    /// What an opaque token says.
    IntrospectOpaque,
    /// What a signed token says that was asked about before.
    IntrospectJwt,
    /// What a signed token says that was never asked about.
    IntrospectNew,
    /// The public keys.
    Jwks,
    /// The metadata.
    Discovery,
}

/// Where the requests of a row come from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Source {
    /// Assertions that were signed before the run.
    Signed(Wanted),
    /// Assertions that are signed for each turn.
    SignedOnce,
    /// Tokens that the server gives before the first turn.
    Minted(Wanted),
    /// Tokens that the server gives before each turn.
    MintedOnce,
    /// One request for all.
    Fixed,
}

impl Row {
    pub(super) const ALL: [Self; 8] = [
        Self::Opaque,
        Self::Jwt,
        Self::JwtOnce,
        Self::IntrospectOpaque,
        Self::IntrospectJwt,
        Self::IntrospectNew,
        Self::Jwks,
        Self::Discovery,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Opaque => "jwt-bearer to opaque",
            Self::Jwt => "jwt-bearer to ES256",
            Self::JwtOnce => "jwt-bearer to ES256, jti spent on disk",
            Self::IntrospectOpaque => "introspect opaque",
            Self::IntrospectJwt => "introspect ES256",
            Self::IntrospectNew => "introspect ES256, never seen before",
            Self::Jwks => "JWKS",
            Self::Discovery => "discovery",
        }
    }

    pub(super) const fn source(self) -> Source {
        match self {
            Self::Opaque => Source::Signed(Wanted::Opaque),
            Self::Jwt => Source::Signed(Wanted::Jwt),
            Self::JwtOnce => Source::SignedOnce,
            Self::IntrospectOpaque => Source::Minted(Wanted::Opaque),
            Self::IntrospectJwt => Source::Minted(Wanted::Jwt),
            Self::IntrospectNew => Source::MintedOnce,
            Self::Jwks | Self::Discovery => Source::Fixed,
        }
    }

    /// How the body of its answers begins.
    pub(super) const fn expect(self) -> &'static str {
        match self {
            Self::Opaque => r#"{"access_token":"crn_at_"#,
            Self::Jwt | Self::JwtOnce => r#"{"access_token":"ey"#,
            Self::IntrospectOpaque | Self::IntrospectJwt | Self::IntrospectNew => {
                r#"{"active":true"#
            }
            Self::Jwks => r#"{"keys":"#,
            Self::Discovery => "{",
        }
    }

    /// Whether the goal of the issue (1.5 times the bare server) is for this row: the bare server keeps
    /// no `jti` on disk.
    pub(super) const fn has_goal(self) -> bool {
        !matches!(self, Self::JwtOnce)
    }
}
