//! Who can be bound on a service account by this caller: what setting a policy tells of whom there is.
//!
//! 1. Whoever there is in the organization of the account's project, or in that project, can be bound, and that there
//!    is nobody of a name there is told.
//! 2. Somebody of another organization can be bound by a caller who may look there. To everybody else such a name is one
//!    that nobody has: an owner of any project would else learn which addresses there are on the whole server.
//! 3. Who is bound already stays, as the policy shows them anyway: a policy can be written back as it was read.

use carnet_core::record::AccountPolicy;
use carnet_core::record::Project;
use carnet_core::rule::admin::access::Place;
use carnet_core::rule::iam::members;
use carnet_core::rule::iam::members::NobodyThere;
use carnet_core::store::Fault;
use carnet_core::store::Store;
use carnet_core::value::Member;
use carnet_core::value::MemberName;

use crate::place;

/// On what somebody is to be bound, and as whom that is looked at.
pub(crate) struct Onto<'a> {
    /// The project of the account.
    pub(crate) project: &'a Project,
    /// Who is bound on it.
    pub(crate) held: Option<&'a AccountPolicy>,
    /// Whether the caller may read here.
    pub(crate) sees: &'a (dyn Fn(&Place) -> bool + Sync),
}

/// Who that is, as far as the caller may know.
pub(crate) async fn resolve(
    name: &MemberName,
    onto: &Onto<'_>,
    store: &dyn Store,
) -> Result<Result<Member, NobodyThere>, Fault> {
    let member = match members::resolve(name, store).await? {
        Ok(member) => member,
        nobody => return Ok(nobody),
    };
    let bound = |policy: &AccountPolicy| {
        let mut bindings = policy.bindings.iter();
        bindings.any(|binding| binding.members.contains(&member))
    };
    if onto.held.is_some_and(bound) {
        return Ok(Ok(member));
    }
    let hidden = match where_is(&member, store).await? {
        None => false,
        Some(at) => !is_near(&at, onto.project) && !(onto.sees)(&at),
    };
    Ok(if hidden {
        Err(NobodyThere(name.to_string()))
    } else {
        Ok(member)
    })
}

/// Where somebody is. None for those whose name tells nothing of whether they are there.
async fn where_is(member: &Member, store: &dyn Store) -> Result<Option<Place>, Fault> {
    Ok(match member {
        Member::ServiceAccount(id) => match store.service_account(id).await? {
            Some(account) => store
                .project(&account.project)
                .await?
                .map(|project| place::of(&project)),
            None => None,
        },
        Member::User(id) => {
            let found = store.user(id).await?;
            found.map(|user| Place::Organization(user.organization))
        }
        Member::Group(id) => {
            let found = store.group(*id).await?;
            found.map(|group| Place::Organization(group.organization))
        }
        Member::Domain(_) | Member::Pool(..) => None,
    })
}

/// Whether a place is in this project, or in its organization.
fn is_near(at: &Place, project: &Project) -> bool {
    let organization = match at {
        Place::Installation => None,
        Place::Organization(id) => Some(*id),
        Place::Project(id, _) if *id == project.id => return true,
        Place::Project(_, organization) => *organization,
    };
    organization.is_some() && organization == project.organization
}
