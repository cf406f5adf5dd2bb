//! Users and groups: entries of a directory. Passwords and sessions of users are records of their
//! own.

use crate::value::Description;
use crate::value::Email;
use crate::value::GroupId;
use crate::value::OrganizationId;
use crate::value::Title;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// A person in an organization's directory.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    /// The id, and the `sub` of tokens about the person.
    pub id: UserId,
    /// Where the person belongs.
    pub organization: OrganizationId,
    /// The address; its domain is one of the organization's. One user has it at a time.
    pub email: Email,
    /// Whether it is known that the address is the person's. Only administrators and a mail that was
    /// answered make it so, and a new address makes it not so.
    pub email_verified: bool,
    /// What the person is called.
    pub name: Title,
    /// Whether the person may be acted for.
    pub state: UserState,
    /// From when on their sign-ins count for what apps hold of them; what rests on an earlier one is over, for good.
    /// A suspension moves it, and so do a new password and one that is taken away.
    pub sign_ins_since: Option<UnixTime>,
    /// When the entry was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

impl User {
    /// Whether what rests on a sign-in of this moment can still stand.
    #[must_use]
    pub fn counts_sign_in_at(&self, authenticated: UnixTime) -> bool {
        self.sign_ins_since
            .is_none_or(|since| since <= authenticated)
    }
}

/// Whether a user may be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum UserState {
    /// As usual.
    Active,
    /// Nothing works for or as this person until restored.
    Suspended {
        /// Since when.
        since: UnixTime,
        /// Why, for administrators.
        reason: Description,
    },
}

/// A set of users, by which a delegation may be limited.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Where it belongs.
    pub organization: OrganizationId,
    /// Its address.
    pub email: Email,
    /// What people call it.
    pub title: Title,
    /// When it was made.
    pub created: UnixTime,
    /// When it was last written.
    pub changed: UnixTime,
    /// How often it was written.
    pub version: Version,
}

/// One user's place in one group, both of one organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Membership {
    /// The group.
    pub group: GroupId,
    /// The user.
    pub user: UserId,
    /// Since when.
    pub created: UnixTime,
}
