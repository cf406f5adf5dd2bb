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
    /// One for each role and condition at most; none of them empty.
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
    /// When it counts. None: always.
    pub condition: Option<BindingCondition>,
    /// Who has it, each once.
    pub members: Vec<Member>,
}

/// When a binding counts.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct BindingCondition {
    /// The expression that must be true, which was compiled when it was saved.
    pub expression: String,
    /// What people call it: [`BindingCondition::LONGEST_TITLE`] bytes at most.
    pub title: String,
    /// What it is for: [`BindingCondition::LONGEST_DESCRIPTION`] bytes at most.
    pub description: String,
}

impl BindingCondition {
    /// The longest title, in bytes.
    pub const LONGEST_TITLE: usize = 100;

    /// The longest description, in bytes.
    pub const LONGEST_DESCRIPTION: usize = 256;
}

impl AccountPolicy {
    /// The most members, each counted in every binding where it stands.
    pub const MOST_MEMBERS: usize = 1_500;

    /// The most different expressions of conditions.
    pub const MOST_CONDITIONS: usize = 20;

    /// Whether a binding has a condition.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        let mut all = self.bindings.iter();
        all.any(|binding| binding.condition.is_some())
    }

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
