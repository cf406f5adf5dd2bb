//! A service account: an account that belongs to a program.

use crate::value::AccountId;
use crate::value::Description;
use crate::value::ProjectId;
use crate::value::ServiceAccountEmail;
use crate::value::Title;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::Version;

/// A service account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServiceAccount {
    /// The unique id: also its OAuth client ID and the `sub` of its tokens. Never reused, while
    /// the e-mail may be, by a new account after this one was deleted.
    pub unique_id: UniqueId,
    /// Where it belongs.
    pub project: ProjectId,
    /// The local part of its e-mail.
    pub account_id: AccountId,
    /// Its e-mail; one account that is not deleted has it.
    pub email: ServiceAccountEmail,
    /// What people call it.
    pub title: Title,
    /// What it is for.
    pub description: Description,
    /// Whether it gets tokens.
    pub state: AccountState,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

impl ServiceAccount {
    /// What Google calls it: `projects/PROJECT/serviceAccounts/E-MAIL`.
    #[must_use]
    pub fn resource_name(&self) -> String {
        format!("projects/{}/serviceAccounts/{}", self.project, self.email)
    }
}

/// Whether a service account works.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AccountState {
    /// As usual.
    Active,
    /// Gets no token, and the tokens it has are refused until it is enabled.
    Disabled {
        /// Since when.
        since: UnixTime,
        /// Why, for administrators.
        reason: Description,
    },
    /// Gone, but may be brought back for 30 days.
    Deleted {
        /// Since when.
        since: UnixTime,
        /// It was disabled at that time, and is so again when it is brought back.
        disabled: Option<Disabled>,
    },
}

/// How an account was disabled that was deleted later.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Disabled {
    /// Since when.
    pub since: UnixTime,
    /// Why, for administrators.
    pub reason: Description,
}
