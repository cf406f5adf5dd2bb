//! Domain-wide delegation: may this account act for this person, with these scopes?
//!
//! The rows of Google's table, each with its cause (`ux.md` 4.3), in the order in which a person
//! would ask:
//!
//! 1. The person's organization must be served at all (`org_internal`).
//! 2. The account must be approved there (CRN-2201), and anywhere (CRN-2206).
//! 3. The approval must be in force: not ended (CRN-2202), not suspended (CRN-2203).
//! 4. It must cover the scopes: none of them (CRN-2205) is another row than some (CRN-2207).
//! 5. Only now, with an approval in hand (proof level 2), the person is looked at: unknown
//!    (CRN-2210), suspended (CRN-2211), outside the groups (CRN-2208).

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Delegation;
use crate::record::Project;
use crate::record::UserState;
use crate::record::Whom;
use crate::rule::Refusal;
use crate::rule::policy;
use crate::store::Fault;
use crate::store::Owner;
use crate::store::Person;
use crate::store::Snapshots;
use crate::value::Email;
use crate::value::OrganizationId;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The address of the person.
    pub email: Email,
    /// The organization of its domain, with the policies in force.
    pub owner: Option<Arc<Owner>>,
    /// Every delegation of the account.
    pub delegations: Arc<Vec<Delegation>>,
    /// The person, if the directory has them.
    pub person: Option<Arc<Person>>,
}

/// Reads the facts.
pub async fn load(
    email: Email,
    client: &UniqueId,
    snapshots: &dyn Snapshots,
) -> Result<Facts, Fault> {
    let owner = snapshots.domain_owner(email.domain()).await?;
    let delegations = snapshots.delegations_for(client).await?;
    let person = snapshots.person(&email).await?;
    Ok(Facts {
        email,
        owner,
        delegations,
        person,
    })
}

/// Decides on them. `scope` is what is asked for; `project` is the account's.
pub fn decide(
    facts: &Facts,
    client: &UniqueId,
    project: &Project,
    scope: &Scope,
    now: UnixTime,
) -> Result<Arc<Person>, Refusal> {
    let organization = facts.owner.as_ref().map(|owner| owner.organization.id);
    let policies = facts
        .owner
        .as_ref()
        .map_or(&[][..], |owner| owner.policies.as_slice());
    policy::permits_people_of(
        organization,
        policies,
        project,
        client,
        facts.email.as_str(),
    )?;
    let delegation = approved(facts, client, organization)?;
    in_force(delegation, now)?;
    covers(delegation, scope)?;
    policy::permits_scopes(policies, client, scope)?;
    person(facts, delegation)
}

fn approved<'a>(
    facts: &'a Facts,
    client: &UniqueId,
    organization: Option<OrganizationId>,
) -> Result<&'a Delegation, Refusal> {
    let here = facts
        .delegations
        .iter()
        .find(|entry| Some(entry.organization) == organization);
    if let Some(delegation) = here {
        return Ok(delegation);
    }
    if facts.delegations.is_empty() {
        let detail = "sub is set, but this account may only act for itself. Remove sub, or request delegation.";
        return Err(Refusal::new(Crn::DELEGATION_NOT_ALLOWED, detail));
    }
    let detail = format!(
        "Service account is not approved for delegation in domain {}. Client ID {client}.",
        facts.email.domain()
    );
    Err(Refusal::new(Crn::DELEGATION_MISSING, detail))
}

fn in_force(delegation: &Delegation, now: UnixTime) -> Result<(), Refusal> {
    let refuse = |crn, detail| {
        Err(Refusal::new(crn, detail).because("delegation", delegation.id.to_string()))
    };
    if let Some(until) = delegation.until.filter(|until| *until <= now) {
        let detail = format!("Delegation was approved but ended on {}.", until.day());
        return refuse(Crn::DELEGATION_ENDED, detail);
    }
    if let Some(since) = delegation.suspended {
        let detail = format!("Delegation is suspended by an admin since {}.", since.day());
        return refuse(Crn::DELEGATION_SUSPENDED, detail);
    }
    Ok(())
}

fn covers(delegation: &Delegation, scope: &Scope) -> Result<(), Refusal> {
    let missing = scope.without(&delegation.scopes);
    if missing.is_empty() {
        return Ok(());
    }
    let refusal = if missing == *scope {
        let detail = format!(
            "None of the {} requested scopes is approved for delegation: {}. Approved: {}.",
            scope.len(),
            Echo::of(missing.as_str()),
            Echo::of(delegation.scopes.as_str())
        );
        Refusal::new(Crn::DELEGATION_OF_OTHER_SCOPES, detail)
    } else {
        let detail = format!(
            "{} of {} requested scopes is not approved: {}.",
            missing.len(),
            scope.len(),
            Echo::of(missing.as_str())
        );
        Refusal::new(Crn::DELEGATION_OF_SOME_SCOPES, detail)
    };
    Err(refusal.because("delegation", delegation.id.to_string()))
}

fn person(facts: &Facts, delegation: &Delegation) -> Result<Arc<Person>, Refusal> {
    let sent = Echo::of(facts.email.as_str());
    let invalid = |crn, detail: String| Refusal::new(crn, detail);
    let known = facts.person.as_ref();
    let Some(person) = known.filter(|known| known.user.organization == delegation.organization)
    else {
        return Err(invalid(
            Crn::USER_UNKNOWN,
            format!("sub {sent} is not a user of this organization."),
        ));
    };
    if let UserState::Suspended { since, reason } = &person.user.state {
        return Err(invalid(
            Crn::USER_SUSPENDED,
            format!("User is suspended since {}.", since.day()),
        )
        .because("reason", reason.to_string()));
    }
    let covered = match &delegation.whom {
        Whom::Everyone => true,
        Whom::Listed { groups, users } => {
            users.contains(&person.user.id)
                || person.groups.iter().any(|group| groups.contains(group))
        }
    };
    if covered {
        Ok(Arc::clone(person))
    } else {
        let detail = "User is outside the groups and users that this delegation covers.";
        Err(Refusal::new(Crn::USER_OUTSIDE_THE_GROUPS, detail)
            .because("delegation", delegation.id.to_string()))
    }
}
