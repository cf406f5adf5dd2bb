//! The directory of an organization: users, groups, and who is in which.
//!
//! 1. An address must be in a domain of the organization, and belongs to one user or one group.
//! 2. A suspended user cannot be acted for and is signed out everywhere, from that moment on; what apps hold of them is
//!    over too, and stays so when they are restored (D2 of `security.md`): nobody knows who held it.
//! 3. Only users of the organization can be members of its groups.
//! 4. That an address is verified is said by the installation, never by whoever has it (lesson 24), and
//!    holds for that address only.

use super::decision::changed;
use super::password::{self, NewPassword};
use super::role::OwnersLeft;
use super::{Context, Decision, Done, No};
use crate::record::{Domain, Group, Membership, User, UserState};
use crate::store::{Change, Record, RecordKey};
use crate::value::{
    Description, Email, Entropy, GroupId, OrganizationId, Seconds, Title, UserId, Version,
};

/// An address with a name, for a user or a group.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Where it belongs.
    pub organization: OrganizationId,
    /// The address.
    pub email: Email,
    /// What it is called.
    pub name: Title,
}

/// What may be changed of a user or group. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct EntryPatch {
    /// The address.
    pub email: Option<Email>,
    /// What it is called.
    pub name: Option<Title>,
}

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The address and the name.
    pub entry: NewEntry,
    /// Whether somebody has made sure that the address is theirs.
    pub email_verified: bool,
    /// The password that they come with from another system.
    pub password: Option<NewPassword>,
}

/// What may be changed of a user. Absent: stays.
#[derive(Clone, Debug, Default)]
pub struct UserPatch {
    /// The address and the name.
    pub entry: EntryPatch,
    /// Whether the address is verified. A new address is not, unless this says so.
    pub email_verified: Option<bool>,
}

/// The address is in a domain of the organization; `domain` is what is known of its domain.
pub fn in_own_domain(
    email: &Email,
    organization: OrganizationId,
    domain: Option<&Domain>,
) -> Result<(), No> {
    if domain.is_some_and(|domain| domain.organization == organization) {
        return Ok(());
    }
    Err(No::field(
        "/email",
        format!("{} is not a domain of this organization.", email.domain()),
    ))
}

/// Adds a user.
pub fn create_user(
    new: NewUser,
    existing: Option<&User>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<User> {
    let NewUser {
        entry: new,
        email_verified,
        password,
    } = new;
    if existing.is_some() {
        return Err(No::taken(format!("User {} exists already.", new.email)));
    }
    let user = User {
        id: UserId::mint(entropy),
        organization: new.organization,
        email: new.email,
        email_verified,
        name: new.name,
        state: UserState::Active,
        sign_ins_since: None,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    let detail = if email_verified {
        vec![("email_verified", true.to_string())]
    } else {
        Vec::new()
    };
    let audit = audited_user(context, "user.create", &user, detail);
    let row = Record::User(user.clone());
    let mut done = Done::inserted(user, row, audit);
    if let Some(password) = password {
        let set = password::set(&done.record, None, password, context)?;
        done.changes.extend(set.changes);
    }
    Ok(done)
}

/// Changes a user's address or name, or whether the address is verified.
pub fn update_user(user: User, patch: UserPatch, context: &Context<'_>) -> Decision<User> {
    let UserPatch {
        entry: patch,
        email_verified,
    } = patch;
    let mut detail = Vec::new();
    let mut next = user.clone();
    if let Some(email) = patch.email {
        changed(&mut detail, "new_email", &user.email, &email);
        next.email_verified &= email == user.email;
        next.email = email;
    }
    if let Some(name) = patch.name {
        changed(&mut detail, "name", &user.name, &name);
        next.name = name;
    }
    next.email_verified = email_verified.unwrap_or(next.email_verified);
    let (before, after) = (&user.email_verified, &next.email_verified);
    changed(&mut detail, "email_verified", before, after);
    Ok(written(user, next, context, "user.update", detail))
}

/// Suspends a user; one who is suspended stays so since when they were, a new reason is kept.
pub fn suspend_user(
    user: User,
    reason: Description,
    left: OwnersLeft,
    context: &Context<'_>,
) -> Decision<User> {
    left.suffice()?;
    let since = match &user.state {
        UserState::Suspended { since, .. } => *since,
        UserState::Active => context.now,
    };
    if matches!(user.state, UserState::Suspended { .. }) && reason.as_str().is_empty() {
        return Ok(Done::already(user));
    }
    let detail = vec![("reason", reason.to_string())];
    let mut next = user.clone();
    next.state = UserState::Suspended { since, reason };
    // What began in this very second is over as well.
    next.sign_ins_since = next.sign_ins_since.max(Some(since + Seconds(1)));
    let mut done = written(user, next, context, "user.suspend", detail);
    let id = done.record.id.clone();
    done.changes.push(Change::SessionsEnded(id, None));
    left.guard(done)
}

/// Lets a user be acted for again.
pub fn restore_user(user: User, context: &Context<'_>) -> Decision<User> {
    let mut next = user.clone();
    next.state = UserState::Active;
    Ok(written(user, next, context, "user.restore", Vec::new()))
}

/// Takes a user out of the directory; memberships and roles go too.
pub fn delete_user(user: User, left: OwnersLeft, context: &Context<'_>) -> Decision<User> {
    let audit = audited_user(context, "user.delete", &user, Vec::new());
    let key = RecordKey::User(user.id.clone());
    let version = user.version;
    left.guard(Done::removed(user, key, version, audit))
}

/// Adds a group.
pub fn create_group(
    new: NewEntry,
    existing: Option<&Group>,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Group> {
    if existing.is_some() {
        return Err(No::taken(format!("Group {} exists already.", new.email)));
    }
    let group = Group {
        id: GroupId::mint(context.now, entropy),
        organization: new.organization,
        email: new.email,
        title: new.name,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    let audit = audited_group(context, "group.create", &group, Vec::new());
    let row = Record::Group(group.clone());
    Ok(Done::inserted(group, row, audit))
}

/// Changes a group's address or title.
pub fn update_group(group: Group, patch: EntryPatch, context: &Context<'_>) -> Decision<Group> {
    let mut detail = Vec::new();
    let mut next = group.clone();
    if let Some(email) = patch.email {
        changed(&mut detail, "new_email", &group.email, &email);
        next.email = email;
    }
    if let Some(title) = patch.name {
        changed(&mut detail, "title", &group.title, &title);
        next.title = title;
    }
    if next == group {
        return Ok(Done::already(group));
    }
    next.changed = context.now;
    next.version = group.version.next();
    let audit = audited_group(context, "group.update", &next, detail);
    let row = Record::Group(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Takes a group away; memberships go too. A delegation that names it covers nobody by it.
pub fn delete_group(group: Group, context: &Context<'_>) -> Decision<Group> {
    let audit = audited_group(context, "group.delete", &group, Vec::new());
    let key = RecordKey::Group(group.id);
    let version = group.version;
    Ok(Done::removed(group, key, version, audit))
}

/// Puts a user into a group.
pub fn add_member(
    group: &Group,
    user: Option<&User>,
    context: &Context<'_>,
) -> Decision<Membership> {
    let user = user.filter(|user| user.organization == group.organization);
    let Some(user) = user else {
        return Err(No::field(
            "/user",
            "There is no such user in this organization.",
        ));
    };
    let membership = Membership {
        group: group.id,
        user: user.id.clone(),
        created: context.now,
    };
    let detail = vec![("user", user.id.to_string())];
    let audit = audited_group(context, "group.add_member", group, detail);
    let row = Record::Membership(membership.clone());
    Ok(Done::inserted(membership, row, audit))
}

/// Takes a user out of a group. Who is not in it is found by the store.
pub fn remove_member(group: &Group, user: &UserId, context: &Context<'_>) -> Decision<()> {
    let detail = vec![("user", user.to_string())];
    let audit = audited_group(context, "group.remove_member", group, detail);
    let key = RecordKey::Membership(group.id, user.clone());
    Ok(Done::removed((), key, Version::FIRST, audit))
}

fn written(
    before: User,
    mut next: User,
    context: &Context<'_>,
    action: &str,
    detail: Vec<(&'static str, String)>,
) -> Done<User> {
    if before == next {
        return Done::already(before);
    }
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited_user(context, action, &next, detail);
    let row = Record::User(next.clone());
    Done::replaced(next, row, audit)
}

fn audited_user(
    context: &Context<'_>,
    action: &str,
    user: &User,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("email", user.email.to_string()));
    detail.insert(1, ("organization", user.organization.to_string()));
    context.audited(action, &user.id, &detail)
}

fn audited_group(
    context: &Context<'_>,
    action: &str,
    group: &Group,
    mut detail: Vec<(&'static str, String)>,
) -> Change {
    detail.insert(0, ("email", group.email.to_string()));
    detail.insert(1, ("organization", group.organization.to_string()));
    context.audited(action, group.id, &detail)
}
