//! What organizations forbid: blocked scopes (`admin_policy_enforced`) and strange clients
//! (`org_internal`).

use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Audience;
use crate::record::Policy;
use crate::record::PolicyRule;
use crate::record::Project;
use crate::rule::Refusal;
use crate::value::OrganizationId;
use crate::value::UniqueId;

/// No policy blocks one of these scopes for this client.
pub fn permits_scopes(
    policies: &[Policy],
    client: &UniqueId,
    scope: &Scope,
) -> Result<(), Refusal> {
    unblocked(policies, Some(client), scope)
}

/// No policy blocks one of these scopes for an app. Policies except service accounts only, by their
/// numbers, so no app is excepted.
pub fn permits_scopes_to_app(policies: &[Policy], scope: &Scope) -> Result<(), Refusal> {
    unblocked(policies, None, scope)
}

fn unblocked(policies: &[Policy], client: Option<&UniqueId>, scope: &Scope) -> Result<(), Refusal> {
    let excepted = |except: &[UniqueId]| client.is_some_and(|client| except.contains(client));
    for policy in policies {
        let PolicyRule::BlockScopes { scopes, except } = &policy.rule else {
            continue;
        };
        let blocked = scope.intersection(scopes);
        if !blocked.is_empty() && !excepted(except) {
            let title = Echo::of(policy.title.as_str());
            let detail = format!(
                "Organization policy '{title}' blocks {} for this app.",
                Echo::of(blocked.as_str())
            );
            return Err(Refusal::new(Crn::POLICY_BLOCKS_SCOPE, detail)
                .because("policy", policy.id.to_string()));
        }
    }
    Ok(())
}

/// The client may serve people of this organization (none: of an organization that is not known
/// here), as far as its own project and the organization's policies go.
pub fn permits_people_of(
    organization: Option<OrganizationId>,
    policies: &[Policy],
    project: &Project,
    client: &UniqueId,
    user: &str,
) -> Result<(), Refusal> {
    served(organization, policies, project, Some(client), user)
}

/// The same for an app, which no policy excepts.
pub fn permits_people_of_to_app(
    organization: OrganizationId,
    policies: &[Policy],
    project: &Project,
    user: &str,
) -> Result<(), Refusal> {
    served(Some(organization), policies, project, None, user)
}

fn served(
    organization: Option<OrganizationId>,
    policies: &[Policy],
    project: &Project,
    client: Option<&UniqueId>,
    user: &str,
) -> Result<(), Refusal> {
    let own = organization.is_some() && project.organization == organization;
    let refuse = |detail: String| Err(Refusal::new(Crn::INTERNAL_ONLY, detail));
    if own {
        return Ok(());
    }
    let user = Echo::of(user);
    if project.audience == Audience::Internal {
        return refuse(format!(
            "This app accepts only users of its own organization. {user} is not one."
        ));
    }
    let closed = policies.iter().any(|policy| match &policy.rule {
        PolicyRule::OwnClientsOnly { except } => {
            !client.is_some_and(|client| except.contains(client))
        }
        PolicyRule::BlockScopes { .. } | PolicyRule::ExtendLifetime { .. } => false,
    });
    if closed {
        return refuse(format!(
            "The organization of {user} accepts only its own apps."
        ));
    }
    Ok(())
}
