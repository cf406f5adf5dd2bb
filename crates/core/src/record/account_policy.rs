//! Who may do what with a service account: its bindings, as Google's `setIamPolicy` writes them.

use crate::value::Member;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::Version;

/// The policy of one account. One that was never written has no bindings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountPolicy {
    /// Whose.
    pub account: UniqueId,
    /// One for each role at most; none of them empty. They have no conditions.
    pub bindings: Vec<AccountBinding>,
    /// When it was first written.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written: Google's `etag`.
    pub version: Version,
}

/// A role and who has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountBinding {
    /// The role.
    pub role: AccountRole,
    /// Who has it, each once.
    pub members: Vec<Member>,
}

impl AccountPolicy {
    /// The most members, each counted in every binding where it stands.
    pub const MOST_MEMBERS: usize = 1_500;

    /// One without bindings.
    #[must_use]
    pub const fn empty(account: UniqueId, now: UnixTime) -> Self {
        Self {
            account,
            bindings: Vec::new(),
            created: now,
            changed: now,
            version: Version::FIRST,
        }
    }
}

macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal;)+) => {
        /// A role that can be bound on an account. What it permits is a rule's: [`crate::rule::iam`].
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub enum AccountRole {
            $($(#[$doc])* $role,)+
        }

        impl AccountRole {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$role),+];

            /// As Google calls it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$role => $name,)+
                }
            }
        }
    };
}

roles! {
    /// Gets tokens of the account, signs with it, and passes that on in a chain.
    TokenCreator = "roles/iam.serviceAccountTokenCreator";
    /// Gets ID tokens of the account.
    OpenIdTokenCreator = "roles/iam.serviceAccountOpenIdTokenCreator";
    /// Gets tokens of the account from outside: for those whom a pool let in.
    WorkloadIdentityUser = "roles/iam.workloadIdentityUser";
    /// Attaches the account to what runs as it.
    User = "roles/iam.serviceAccountUser";
    /// Manages the account and who may use it.
    Admin = "roles/iam.serviceAccountAdmin";
    /// Manages its keys.
    KeyAdmin = "roles/iam.serviceAccountKeyAdmin";
    /// Reads it and its keys.
    Viewer = "roles/iam.serviceAccountViewer";
}

/// No role that can be bound on an account.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("no role that can be bound on a service account")]
pub struct NotAnAccountRole;

impl std::str::FromStr for AccountRole {
    type Err = NotAnAccountRole;

    fn from_str(name: &str) -> Result<Self, NotAnAccountRole> {
        let mut all = Self::ALL.iter().copied();
        all.find(|role| role.name() == name).ok_or(NotAnAccountRole)
    }
}
