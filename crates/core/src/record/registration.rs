//! Clients that register themselves (RFC 7591): what lets them in, and what lets them change their record.

use crate::value::ClientId;
use crate::value::InitialTokenId;
use crate::value::ProjectId;
use crate::value::SecretDigest;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::Version;

/// An initial access token (RFC 7591 section 3): whoever has it may register clients in a project.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InitialToken {
    /// Its name, which is no secret.
    pub id: InitialTokenId,
    /// Where its clients will belong.
    pub project: ProjectId,
    /// Whom it was made for.
    pub title: Title,
    /// The SHA-256 of the text, which is shown once and kept nowhere.
    pub digest: SecretDigest,
    /// The last four characters of the text, to tell one from the other.
    pub ends_in: String,
    /// How many clients may still register with it.
    pub uses: u32,
    /// When it was made.
    pub created: UnixTime,
    /// From when on it is worth nothing.
    pub expires: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// What a client that registered itself may do with its own record (RFC 7592).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Registration {
    /// The client.
    pub client: ClientId,
    /// The SHA-256 of its registration access token.
    pub digest: SecretDigest,
    /// The initial access token that let it in, if one did.
    pub invited: Option<InitialTokenId>,
    /// How often it was written.
    pub version: Version,
}
