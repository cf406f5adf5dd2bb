//! Who calls, and who stands in a binding, in Google's words (google-wire 5.3, 6.1).
//!
//! 1. A [`Principal`] is a caller who has proved who it is: a service account, a person of the directory, or
//!    somebody whom a pool of workload identity let in.
//! 2. A [`MemberName`] is what a binding says in Google's text: `serviceAccount:ci@…`, `user:…`, `group:…`,
//!    `domain:…`, `principal://…` or `principalSet://…`.
//! 3. A [`Member`] is the same as it is kept: accounts, people and groups by their ids, which are never given
//!    again. An address may be given again, and what was bound to the old holder must not pass to the new one.
//!    A name becomes a member where the store is at hand.
//!
//! `allUsers` and `allAuthenticatedUsers` are refused: nothing of an account's may be open to everybody.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::value::DomainName;
use crate::value::Email;
use crate::value::GroupId;
use crate::value::PoolName;
use crate::value::ServiceAccountEmail;
use crate::value::UniqueId;
use crate::value::UserId;

/// The longest text of a member, in bytes.
pub const LONGEST_MEMBER: usize = 1_024;

const ACCOUNT: &str = "serviceAccount:";
const USER: &str = "user:";
const GROUP: &str = "group:";
const DOMAIN: &str = "domain:";
const DELETED: &str = "deleted:";
const UID: &str = "?uid=";
const ONE: &str = "principal://iam.googleapis.com/";
const SET: &str = "principalSet://iam.googleapis.com/";

/// The text names nobody who can stand in a binding.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NotAMember {
    /// It is too long.
    #[error("longer than {LONGEST_MEMBER} bytes")]
    TooLong,
    /// It would let everybody in.
    #[error("everybody cannot be a member here")]
    Everybody,
    /// It begins with no word of the list.
    #[error(
        "begins with none of serviceAccount:, user:, group:, domain:, principal:// and principalSet://"
    )]
    UnknownKind,
    /// What comes behind that word is no name of its kind.
    #[error("not a name behind {0}")]
    NotAName(&'static str),
}

/// A caller who has proved who it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Principal {
    /// A service account.
    ServiceAccount {
        /// Its number.
        id: UniqueId,
        /// Its e-mail.
        email: ServiceAccountEmail,
    },
    /// A person of the directory.
    Person {
        /// Their number.
        id: UserId,
        /// Their e-mail.
        email: Email,
        /// The groups that they are in.
        groups: Vec<GroupId>,
    },
    /// Somebody whom a pool let in.
    Federated(Federated),
}

/// Somebody whom a pool let in, as its provider's mapping says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Federated {
    /// The pool.
    pub pool: PoolName,
    /// `google.subject`.
    pub subject: String,
    /// `google.groups`.
    pub groups: Vec<String>,
    /// `attribute.NAME`.
    pub attributes: BTreeMap<String, String>,
}

impl Principal {
    /// As a log, an audit entry and a token's `act` name it: the e-mail, or the whole `principal://`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::ServiceAccount { email, .. } => email.to_string(),
            Self::Person { email, .. } => email.to_string(),
            Self::Federated(who) => who.as_member().to_string(),
        }
    }

    /// What a token calls it: the number, or the whole `principal://`.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::ServiceAccount { id, .. } => id.to_string(),
            Self::Person { id, .. } => id.to_string(),
            Self::Federated(who) => who.as_member().to_string(),
        }
    }

    /// Every member as which it may stand in a binding. As many as it has groups and attributes, and no
    /// more: that is what a question costs, however many bindings there are.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        match self {
            Self::ServiceAccount { id, .. } => vec![Member::ServiceAccount(id.clone())],
            Self::Person { id, email, groups } => {
                let own = [
                    Member::User(id.clone()),
                    Member::Domain(email.domain().clone()),
                ];
                own.into_iter()
                    .chain(groups.iter().copied().map(Member::Group))
                    .collect()
            }
            Self::Federated(who) => {
                let groups = who.groups.iter().map(|group| OfPool::Group(group.clone()));
                let attributes = who.attributes.iter();
                let attributes =
                    attributes.map(|(name, value)| OfPool::Attribute(name.clone(), value.clone()));
                let own = [OfPool::Subject(who.subject.clone()), OfPool::Everybody];
                let all = own.into_iter().chain(groups).chain(attributes);
                all.map(|which| Member::Pool(who.pool.clone(), which))
                    .collect()
            }
        }
    }
}

impl Federated {
    /// As it stands alone in a binding, and as the `sub` of its tokens.
    #[must_use]
    pub fn as_member(&self) -> Member {
        Member::Pool(self.pool.clone(), OfPool::Subject(self.subject.clone()))
    }
}

/// Who stands in a binding, as it is kept.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Member {
    /// A service account.
    ServiceAccount(UniqueId),
    /// A person.
    User(UserId),
    /// Whoever is in this group.
    Group(GroupId),
    /// Whose e-mail is in this domain.
    Domain(DomainName),
    /// Whom a pool let in.
    Pool(PoolName, OfPool),
}

/// Which of those whom a pool let in.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum OfPool {
    /// One.
    Subject(String),
    /// Whoever is in this group of theirs.
    Group(String),
    /// Who has this attribute with this value.
    Attribute(String, String),
    /// All.
    Everybody,
}

impl fmt::Display for Member {
    /// As it is kept. Those of pools are Google's own text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceAccount(id) => write!(f, "{ACCOUNT}{id}"),
            Self::User(id) => write!(f, "{USER}{id}"),
            Self::Group(id) => write!(f, "{GROUP}{id}"),
            Self::Domain(name) => write!(f, "{DOMAIN}{name}"),
            Self::Pool(pool, OfPool::Subject(subject)) => {
                write!(f, "{ONE}{pool}/subject/{subject}")
            }
            Self::Pool(pool, OfPool::Group(group)) => write!(f, "{SET}{pool}/group/{group}"),
            Self::Pool(pool, OfPool::Attribute(name, value)) => {
                write!(f, "{SET}{pool}/attribute.{name}/{value}")
            }
            Self::Pool(pool, OfPool::Everybody) => write!(f, "{SET}{pool}/*"),
        }
    }
}

impl FromStr for Member {
    type Err = NotAMember;

    /// Reads what `Display` prints.
    fn from_str(text: &str) -> Result<Self, NotAMember> {
        bounded(text)?;
        if let Some(id) = text.strip_prefix(ACCOUNT) {
            return parsed(id, ACCOUNT).map(Self::ServiceAccount);
        }
        if let Some(id) = text.strip_prefix(USER) {
            return parsed(id, USER).map(Self::User);
        }
        if let Some(id) = text.strip_prefix(GROUP) {
            return parsed(id, GROUP).map(Self::Group);
        }
        if let Some(name) = text.strip_prefix(DOMAIN) {
            return parsed(name, DOMAIN).map(Self::Domain);
        }
        let (pool, which) = of_pool(text)?;
        Ok(Self::Pool(pool, which))
    }
}

/// Who stands in a binding, in Google's text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum MemberName {
    /// `serviceAccount:EMAIL`.
    ServiceAccount(ServiceAccountEmail),
    /// `user:EMAIL`.
    User(Email),
    /// `group:EMAIL`.
    Group(Email),
    /// A member whose text is the same in both forms: a domain, or somebody of a pool.
    Itself(Member),
    /// `deleted:KIND:EMAIL?uid=ID`: one that is gone, as an earlier answer of ours named it. The e-mail is for
    /// people; it may be somebody else's now.
    Deleted {
        /// Who that was.
        member: Member,
        /// What they were called.
        email: String,
    },
}

impl fmt::Display for MemberName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ServiceAccount(email) => write!(f, "{ACCOUNT}{email}"),
            Self::User(email) => write!(f, "{USER}{email}"),
            Self::Group(email) => write!(f, "{GROUP}{email}"),
            Self::Itself(member) => member.fmt(f),
            Self::Deleted { member, email } => {
                let text = member.to_string();
                let (kind, id) = text.split_once(':').unwrap_or(("", &text));
                write!(f, "{DELETED}{kind}:{email}{UID}{id}")
            }
        }
    }
}

impl FromStr for MemberName {
    type Err = NotAMember;

    fn from_str(text: &str) -> Result<Self, NotAMember> {
        bounded(text)?;
        if matches!(text, "allUsers" | "allAuthenticatedUsers") {
            return Err(NotAMember::Everybody);
        }
        if let Some(rest) = text.strip_prefix(DELETED) {
            return deleted(rest);
        }
        if let Some(email) = text.strip_prefix(ACCOUNT) {
            return parsed(email, ACCOUNT).map(Self::ServiceAccount);
        }
        if let Some(email) = text.strip_prefix(USER) {
            return parsed(email, USER).map(Self::User);
        }
        if let Some(email) = text.strip_prefix(GROUP) {
            return parsed(email, GROUP).map(Self::Group);
        }
        text.parse().map(Self::Itself)
    }
}

fn deleted(rest: &str) -> Result<MemberName, NotAMember> {
    let fault = NotAMember::NotAName(DELETED);
    let (kind, named) = rest.split_once(':').ok_or(fault)?;
    let (email, id) = named.rsplit_once(UID).ok_or(fault)?;
    if !matches!(kind, "serviceAccount" | "user" | "group") || email.is_empty() {
        return Err(fault);
    }
    Ok(MemberName::Deleted {
        member: format!("{kind}:{id}").parse().map_err(|_| fault)?,
        email: email.to_owned(),
    })
}

fn bounded(text: &str) -> Result<(), NotAMember> {
    if text.len() > LONGEST_MEMBER {
        return Err(NotAMember::TooLong);
    }
    if text.chars().any(char::is_control) {
        return Err(NotAMember::UnknownKind);
    }
    Ok(())
}

fn parsed<T: FromStr>(text: &str, behind: &'static str) -> Result<T, NotAMember> {
    text.parse().map_err(|_| NotAMember::NotAName(behind))
}

/// A subject, a group and a value may hold slashes: the name of a branch does. So the pool is counted off
/// from the front.
fn of_pool(text: &str) -> Result<(PoolName, OfPool), NotAMember> {
    let (name, prefix) = if let Some(name) = text.strip_prefix(ONE) {
        (name, ONE)
    } else if let Some(name) = text.strip_prefix(SET) {
        (name, SET)
    } else {
        return Err(NotAMember::UnknownKind);
    };
    let fault = NotAMember::NotAName(prefix);
    let parts = if name.starts_with("projects/") { 6 } else { 4 };
    let (end, _) = name.match_indices('/').nth(parts - 1).ok_or(fault)?;
    let (pool, rest) = name.split_at(end);
    let pool = pool.parse().map_err(|_| fault)?;
    let which = match (prefix, rest.get(1..).unwrap_or_default()) {
        (SET, "*") => Some(OfPool::Everybody),
        (prefix, rest) => match rest.split_once('/') {
            Some((_, "")) | None => None,
            Some(("subject", subject)) if prefix == ONE => {
                Some(OfPool::Subject(subject.to_owned()))
            }
            Some(("group", group)) if prefix == SET => Some(OfPool::Group(group.to_owned())),
            Some((name, value)) if prefix == SET => name
                .strip_prefix("attribute.")
                .filter(|name| is_attribute(name))
                .map(|name| OfPool::Attribute(name.to_owned(), value.to_owned())),
            Some(_) => None,
        },
    };
    Ok((pool, which.ok_or(fault)?))
}

/// As a mapping may call it: 1 to 100 of `[a-z0-9_]`.
fn is_attribute(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (1..=100).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests;
