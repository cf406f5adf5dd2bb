//! Roles: who may administer what.
//!
//! 1. Only an owner of a territory says who has roles in it, and only roles that they have there.
//! 2. A binding names what exists, and is there once.
//! 3. The installation keeps at least one owner who can act, whatever is removed, disabled,
//!    suspended or deleted, and however many do so at the same moment: the commit itself expects
//!    it. An owner of the installation owns each organization and project in it, so those have an
//!    owner as long as the installation has.

use carnet_wire::crn::Crn;

use super::access::{Place, Powers, Right, name};
use super::{Context, Decision, Done, No};
use crate::record::{Holder, Role, RoleBinding, Territory};
use crate::store::{Change, Record, RecordKey};
use crate::value::{BindingId, Entropy, Version};

/// How many roles one holder may have.
pub const MOST_PER_HOLDER: usize = 100;

/// Whether the installation would still have an owner who can act, were the holder in question gone.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OwnersLeft {
    /// There is another one.
    Another,
    /// There is none, but those who leave are none either.
    Vacant,
    /// There is none.
    Nobody,
}

impl OwnersLeft {
    /// Refuses what would leave nobody.
    pub fn suffice(self) -> Result<(), No> {
        match self {
            Self::Another | Self::Vacant => Ok(()),
            Self::Nobody => Err(last_owner()),
        }
    }

    /// The same, and the store holds the commit to it: another owner may be leaving at the same
    /// moment, or this one may have become an owner in the meantime.
    pub fn guard<T>(self, mut done: Done<T>) -> Decision<T> {
        self.suffice()?;
        if self == Self::Another && !done.changes.is_empty() {
            done.changes.push(Change::OwnerRemains);
        }
        Ok(done)
    }
}

/// The answer where nobody would be left; the store says it too.
#[must_use]
pub fn last_owner() -> No {
    No::state("This is the last owner of the installation who can act. Make another owner first.")
}

/// A role to be given.
#[derive(Clone, Debug)]
pub struct NewRole {
    /// To whom; was found to exist.
    pub holder: Holder,
    /// Which.
    pub role: Role,
    /// Where; was found to exist.
    pub place: Place,
}

/// Gives a role. `held` are the holder's roles so far.
pub fn create(
    new: NewRole,
    held: &[RoleBinding],
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<RoleBinding> {
    let NewRole {
        holder,
        role,
        place,
    } = new;
    let territory = place.territory();
    if held
        .iter()
        .any(|other| other.role == role && other.territory == territory)
    {
        return Err(No::taken("The holder has this role there already."));
    }
    if held.len() >= MOST_PER_HOLDER {
        return Err(No::state(format!(
            "The holder has {MOST_PER_HOLDER} roles, and nobody may have more."
        )));
    }
    let binding = RoleBinding {
        id: BindingId::mint(context.now, entropy),
        holder,
        role,
        territory,
        created: context.now,
    };
    let audit = context.audited("role.grant", binding.id, &words(&binding));
    Ok(Done::inserted(
        binding.clone(),
        Record::RoleBinding(binding),
        audit,
    ))
}

/// Whether the caller may give or take this role here: as an owner, and not beyond their own.
pub fn permit(powers: &Powers, role: Role, place: &Place) -> Result<(), No> {
    powers.permit(Right::Grant, place)?;
    powers.cover(&[(role, place.clone())])
}

/// Takes a role away.
pub fn remove(
    binding: RoleBinding,
    left: OwnersLeft,
    context: &Context<'_>,
) -> Decision<RoleBinding> {
    let audit = context.audited("role.revoke", binding.id, &words(&binding));
    let key = RecordKey::RoleBinding(binding.id);
    let owns = binding.role == Role::Owner && binding.territory == Territory::Installation;
    let done = Done::removed(binding, key, Version::FIRST, audit);
    if owns { left.guard(done) } else { Ok(done) }
}

/// A holder that does not exist.
#[must_use]
pub fn no_such_holder() -> No {
    No::field("/holder", "There is no such service account or user.")
}

/// A territory that does not exist, or is not the caller's to know.
#[must_use]
pub fn no_such_territory() -> No {
    No::new(
        Crn::NOT_FOUND,
        "There is no such organization or project, or you may not see it.",
    )
}

/// The holder as the audit log and the API write it: `serviceAccount:NUMBER`, `user:NUMBER`.
#[must_use]
pub fn holder_text(holder: &Holder) -> String {
    match holder {
        Holder::ServiceAccount(id) => format!("serviceAccount:{id}"),
        Holder::User(id) => format!("user:{id}"),
    }
}

/// The territory as the audit log and the API write it: `installation`, `organizations/ID`,
/// `projects/ID`.
#[must_use]
pub fn territory_text(territory: &Territory) -> String {
    match territory {
        Territory::Installation => "installation".to_owned(),
        Territory::Organization(id) => format!("organizations/{id}"),
        Territory::Project(id) => format!("projects/{id}"),
    }
}

fn words(binding: &RoleBinding) -> [(&'static str, String); 3] {
    [
        ("holder", holder_text(&binding.holder)),
        ("role", name(binding.role).to_owned()),
        ("territory", territory_text(&binding.territory)),
    ]
}
