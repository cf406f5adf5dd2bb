//! The rows of the table: what is done.

/// What is done, once or again and again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Job {
    /// Client credentials with a secret, for a JWT that is signed with ES256.
    Es256,
    /// The same, signed with RS256.
    Rs256,
    /// The same, for an opaque token.
    Opaque,
    /// Client credentials with an assertion under the client's secret, for an opaque token: one row on disk before each answer.
    Kept,
    /// Client credentials with a signed assertion that can be used once.
    Signed,
    /// What an opaque token says, asked by a client.
    Introspect,
    /// A pushed authorization request.
    Par,
    /// A refresh with rotation.
    Refresh,
    /// The same with an ID token, which is signed with RS256.
    RefreshId,
    /// Authorization request, code, tokens, by a person who is signed in and has agreed.
    Flow,
    /// The same with an ID token, which is signed with RS256.
    FlowId,
    /// The same by a person who signs in with a password.
    SignIn,
}

impl Job {
    pub(super) const ALL: [Self; 12] = [
        Self::Es256,
        Self::Rs256,
        Self::Opaque,
        Self::Kept,
        Self::Signed,
        Self::Introspect,
        Self::Par,
        Self::Refresh,
        Self::RefreshId,
        Self::Flow,
        Self::FlowId,
        Self::SignIn,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "client_credentials to ES256, secret",
            Self::Rs256 => "client_credentials to RS256, secret",
            Self::Opaque => "client_credentials to opaque, secret",
            Self::Kept => "client_credentials to opaque, client_secret_jwt",
            Self::Signed => "client_credentials to ES256, private_key_jwt",
            Self::Introspect => "introspect opaque, by a client",
            Self::Par => "pushed authorization request",
            Self::Refresh => "refresh with rotation",
            Self::RefreshId => "refresh with rotation, and an ID token (RS256)",
            Self::Flow => "code flow, signed in already",
            Self::FlowId => "code flow, signed in already, ID token (RS256)",
            Self::SignIn => "code flow, with a password, ID token (RS256)",
        }
    }

    /// Whether it is done by a person and their app, in several steps.
    pub(super) const fn of_person(self) -> bool {
        matches!(self, Self::Refresh | Self::Flow) || self.identifies()
    }

    /// Whether the app asks who the person is.
    pub(super) const fn identifies(self) -> bool {
        matches!(self, Self::RefreshId | Self::FlowId | Self::SignIn)
    }

    /// Whether each request can be sent only once.
    pub(super) const fn once(self) -> bool {
        matches!(self, Self::Kept | Self::Signed)
    }

    /// Whether the bare server can do it: it remembers nothing but one row for each token of [`Self::Kept`].
    pub(super) const fn bare(self) -> bool {
        matches!(self, Self::Es256 | Self::Rs256 | Self::Opaque | Self::Kept)
    }

    /// Whether the peer does the same work. Its sign-in checks no password.
    pub(super) const fn peer(self) -> bool {
        !matches!(self, Self::SignIn)
    }
}
