//! Organizations and their domains.
//!
//! A domain belongs to one organization, since an address says by its domain whose person it is. It
//! cannot be taken away while people or groups still have addresses in it.

use super::decision::changed;
use super::{Context, Decision, Done, No};
use crate::record::{Domain, Organization};
use crate::store::{Record, RecordKey};
use crate::value::{DomainName, Entropy, OrganizationId, Title, Version};

/// Makes an organization.
pub fn create(
    title: Title,
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Organization> {
    let organization = Organization {
        id: OrganizationId::mint(context.now, entropy),
        title,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    let detail = [("title", organization.title.to_string())];
    let audit = context.audited("organization.create", organization.id, &detail);
    let row = Record::Organization(organization.clone());
    Ok(Done::inserted(organization, row, audit))
}

/// Gives an organization another title.
pub fn update(
    organization: Organization,
    title: Option<Title>,
    context: &Context<'_>,
) -> Decision<Organization> {
    let Some(title) = title.filter(|title| *title != organization.title) else {
        return Ok(Done::already(organization));
    };
    let mut detail = Vec::new();
    changed(&mut detail, "title", &organization.title, &title);
    let next = Organization {
        title,
        changed: context.now,
        version: organization.version.next(),
        ..organization
    };
    let audit = context.audited("organization.update", next.id, &detail);
    let row = Record::Organization(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Takes an organization away to which nothing belongs any more; the store looks.
pub fn delete(organization: Organization, context: &Context<'_>) -> Decision<Organization> {
    let audit = context.audited("organization.delete", organization.id, &[]);
    let key = RecordKey::Organization(organization.id);
    let version = organization.version;
    Ok(Done::removed(organization, key, version, audit))
}

/// Gives a domain to an organization.
pub fn add_domain(
    name: DomainName,
    organization: OrganizationId,
    existing: Option<&Domain>,
    context: &Context<'_>,
) -> Decision<Domain> {
    if existing.is_some() {
        return Err(No::taken(format!(
            "The domain {name} belongs to an organization already."
        )));
    }
    let domain = Domain {
        name,
        organization,
        created: context.now,
        version: Version::FIRST,
    };
    let detail = [("organization", organization.to_string())];
    let audit = context.audited("domain.create", &domain.name, &detail);
    let row = Record::Domain(domain.clone());
    Ok(Done::inserted(domain, row, audit))
}

/// Takes a domain away. `inhabited` says whether an address of the organization is in it.
pub fn remove_domain(domain: Domain, inhabited: bool, context: &Context<'_>) -> Decision<Domain> {
    if inhabited {
        return Err(No::state(format!(
            "People or groups still have addresses at {}.",
            domain.name
        )));
    }
    let detail = [("organization", domain.organization.to_string())];
    let audit = context.audited("domain.delete", &domain.name, &detail);
    let key = RecordKey::Domain(domain.name.clone());
    let version = domain.version;
    Ok(Done::removed(domain, key, version, audit))
}
