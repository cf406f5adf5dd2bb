//! An issuer elsewhere whose assertions are authorization grants here (RFC 7523 section 2.1, RFC 7521 section 4.1).
//!
//! A trust is found by what an assertion says: `iss`, and the name in `aud`. No two trusts have both in common, so
//! an issuer that many organizations trust (a CI service) is one trust for each of them, under an audience of its own.

use carnet_jose::JwkSet;
use carnet_wire::scope::Scope;

use crate::record::Project;
use crate::value::AllowedAudience;
use crate::value::ClientId;
use crate::value::IssuerUri;
use crate::value::OrganizationId;
use crate::value::ProjectId;
use crate::value::Seconds;
use crate::value::SubjectPattern;
use crate::value::Title;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::Version;
use crate::value::WebPage;

/// An issuer that is trusted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedIssuer {
    /// Its id.
    pub id: TrustedIssuerId,
    /// Who trusts it.
    pub owner: IssuerOwner,
    /// What people call it.
    pub title: Title,
    /// Its `iss`, compared byte for byte.
    pub issuer: IssuerUri,
    /// What `aud` must be. None: the names of our token endpoint and of our issuer.
    pub audience: Option<AllowedAudience>,
    /// Where its keys are.
    pub keys: TrustedKeys,
    /// Whom its assertions are about.
    pub subject: TrustedSubject,
    /// Which `sub` is taken, [`TrustedIssuer::MOST_SUBJECTS`] at most. None: any, where it names users.
    pub subjects: Vec<SubjectPattern>,
    /// The most that is granted, and what is granted where nothing is asked for.
    pub scopes: Scope,
    /// The clients that may bring an assertion, [`TrustedIssuer::MOST_CLIENTS`] at most. None: whoever has one.
    pub clients: Vec<ClientId>,
    /// How long an assertion may live (`exp` minus `iat`).
    pub longest: Seconds,
    /// Whether it gets nobody a token, and those it got are refused.
    pub disabled: bool,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// Who trusts an issuer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum IssuerOwner {
    /// A project: for its service accounts.
    Project(ProjectId),
    /// An organization: for the service accounts of its projects, or for its users.
    Organization(OrganizationId),
}

impl IssuerOwner {
    /// Whether a project is this one, or the organization's.
    #[must_use]
    pub fn has(&self, project: &Project) -> bool {
        match self {
            Self::Project(id) => project.id == *id,
            Self::Organization(id) => project.organization == Some(*id),
        }
    }
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TrustedKeys {
    /// Where its discovery document says (OpenID Connect Discovery 1.0 section 4).
    Discovery,
    /// At this address, for an issuer without such a document.
    At(WebPage),
    /// Here, for an issuer that cannot be reached.
    Inline(JwkSet),
}

/// Whom the assertions of an issuer are about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TrustedSubject {
    /// This service account, whoever of the subjects that are taken it is.
    Account(UniqueId),
    /// The user of the organization whom this claim names.
    User(UserClaim),
}

/// By what an assertion names a user.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UserClaim {
    /// `email`, where `email_verified` is true.
    Email,
    /// `sub` is their e-mail address.
    SubjectEmail,
    /// `sub` is their number here.
    SubjectId,
}

impl TrustedIssuer {
    /// The most patterns of subjects.
    pub const MOST_SUBJECTS: usize = 20;
    /// The most clients.
    pub const MOST_CLIENTS: usize = 20;

    /// Whether this `sub` is taken.
    #[must_use]
    pub fn takes(&self, sub: &str) -> bool {
        let any = self.subjects.is_empty() && matches!(self.subject, TrustedSubject::User(_));
        any || self.subjects.iter().any(|pattern| pattern.takes(sub))
    }

    /// The account that it gets tokens for, if it is for one.
    #[must_use]
    pub const fn account(&self) -> Option<&UniqueId> {
        match &self.subject {
            TrustedSubject::Account(id) => Some(id),
            TrustedSubject::User(_) => None,
        }
    }
}
