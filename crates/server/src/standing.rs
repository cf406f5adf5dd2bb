//! What hangs on an account or person that is about to be changed: the roles that it has, and whether
//! the installation would still have an owner who can act.

use carnet_core::record::{
    AccountState, Holder, ProjectState, Role, RoleBinding, Territory, UserState,
};
use carnet_core::rule::admin::access::{Most, Place, Reach};
use carnet_core::rule::admin::role::{MOST_PER_HOLDER, OwnersLeft};
use carnet_core::rule::token::{AccessClaims, Impersonator, Whose};
use carnet_core::store::{Fault, Page, Snapshots, Store};
use carnet_core::value::ProjectId;

use crate::place;

/// Who is about to be gone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leaving<'a> {
    /// One holder, with all roles.
    Holder(&'a Holder),
    /// Every service account of a project.
    Project(&'a ProjectId),
    /// One role only.
    Binding(&'a RoleBinding),
}

/// The roles of a holder. A rule bounds them.
pub(crate) async fn roles(store: &dyn Store, holder: &Holder) -> Result<Vec<RoleBinding>, Fault> {
    let most = u16::try_from(MOST_PER_HOLDER).unwrap_or(Page::MOST);
    let listing = store
        .role_bindings(Some(holder), &Page::first(most))
        .await?;
    Ok(listing.items)
}

/// How far the roles count of whom a token is about, by who became them: rule 4 of [`carnet_core::rule::admin::access`].
/// None where one of those is gone.
pub(crate) async fn reach(
    claims: &AccessClaims<'_>,
    snapshots: &dyn Snapshots,
) -> Result<Option<Reach>, Fault> {
    let mut reach = Reach::default();
    if claims.is_of_system_key() {
        reach.end();
    }
    let mut whose = claims.whose();
    while let Some(Whose::Exchanged { origin, .. }) = whose {
        whose = Some(*origin);
    }
    let Some(Whose::Impersonated { by, .. }) = whose else {
        return Ok(Some(reach));
    };
    for one in &by {
        let (territory, most) = match one {
            Impersonator::Account(id) => match snapshots.account(id.as_str()).await? {
                Some(found) => (
                    Territory::Project(found.account.project.clone()),
                    Most::Admin,
                ),
                None => return Ok(None),
            },
            Impersonator::User(id) => match snapshots.user(id).await? {
                Some(user) => (Territory::Organization(user.organization), Most::Admin),
                None => return Ok(None),
            },
            Impersonator::Federated { provider, .. } => {
                match snapshots.pool(&provider.pool()).await? {
                    Some(found) => (found.pool.owner.territory(), Most::AsHeld),
                    None => return Ok(None),
                }
            }
            // A trust names one account, as a key does, and whoever makes one has the account's roles.
            Impersonator::Vouched(_) | Impersonator::SystemKey => continue,
        };
        reach.narrow(territory, most);
    }
    Ok(Some(reach))
}

/// The roles of a holder, each with its place. A role in a territory that is gone means nothing.
pub(crate) async fn held(store: &dyn Store, holder: &Holder) -> Result<Vec<(Role, Place)>, Fault> {
    let mut held = Vec::new();
    for binding in roles(store, holder).await? {
        if let Some(place) = place::place(store, &binding.territory).await? {
            held.push((binding.role, place));
        }
    }
    Ok(held)
}

/// Whether the installation would still have an owner who can act.
pub(crate) async fn owners_left(
    store: &dyn Store,
    leaving: Leaving<'_>,
) -> Result<OwnersLeft, Fault> {
    let mut page = Page::first(Page::MOST);
    let mut concerned = false;
    loop {
        let listing = store.role_bindings(None, &page).await?;
        let owners = listing.items.iter().filter(|binding| {
            binding.role == Role::Owner && binding.territory == Territory::Installation
        });
        for owner in owners {
            match acts(store, owner, leaving).await? {
                Acts::Still => return Ok(OwnersLeft::Another),
                Acts::NoMore => concerned = true,
                Acts::Never => {}
            }
        }
        match listing.next {
            Some(next) => page.after = Some(next),
            None if concerned => return Ok(OwnersLeft::Nobody),
            None => return Ok(OwnersLeft::Vacant),
        }
    }
}

enum Acts {
    /// Can act, now and afterwards.
    Still,
    /// Is one of those who leave.
    NoMore,
    /// Could not act anyway.
    Never,
}

async fn acts(store: &dyn Store, owner: &RoleBinding, leaving: Leaving<'_>) -> Result<Acts, Fault> {
    match leaving {
        Leaving::Holder(holder) if *holder == owner.holder => return Ok(Acts::NoMore),
        Leaving::Binding(binding) if binding.id == owner.id => return Ok(Acts::NoMore),
        Leaving::Holder(_) | Leaving::Binding(_) | Leaving::Project(_) => {}
    }
    let standing = match &owner.holder {
        Holder::User(id) => store
            .user(id)
            .await?
            .is_some_and(|user| user.state == UserState::Active),
        Holder::ServiceAccount(id) => {
            let Some(account) = store.service_account(id).await? else {
                return Ok(Acts::Never);
            };
            if matches!(leaving, Leaving::Project(project) if *project == account.project) {
                return Ok(Acts::NoMore);
            }
            let project = store.project(&account.project).await?;
            account.state == AccountState::Active
                && project.is_some_and(|project| project.state == ProjectState::Active)
        }
    };
    Ok(if standing { Acts::Still } else { Acts::Never })
}
