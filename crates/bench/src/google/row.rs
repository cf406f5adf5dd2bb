//! The rows of the table: what is asked.

/// What is asked.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Row {
    /// A token of an issuer elsewhere for one of a principal, at the Security Token Service.
    Exchange,
    /// A principal's token for one of a service account.
    AccessToken,
    /// A principal's token for an ID token of a service account.
    IdToken,
    /// The token that a metadata server keeps.
    Metadata,
}

impl Row {
    pub(super) const ALL: [Self; 4] = [
        Self::Exchange,
        Self::AccessToken,
        Self::IdToken,
        Self::Metadata,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Exchange => "STS: RS256 in, ES256 out",
            Self::AccessToken => "generateAccessToken, ES256",
            Self::IdToken => "generateIdToken, RS256",
            Self::Metadata => "metadata server, kept token",
        }
    }

    /// What the bare server does for it.
    pub(super) const fn bare(self) -> &'static str {
        match self {
            Self::Exchange => "verifies RS256, signs ES256",
            Self::AccessToken => "signs ES256",
            Self::IdToken => "signs RS256",
            Self::Metadata => "gives bytes that are ready",
        }
    }

    /// How the body of Carnet's answers begins.
    pub(super) const fn expect(self) -> &'static str {
        match self {
            Self::Exchange | Self::Metadata => r#"{"access_token":""#,
            Self::AccessToken => r#"{"accessToken":""#,
            Self::IdToken => r#"{"token":""#,
        }
    }
}
