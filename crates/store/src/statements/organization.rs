//! Organizations and their domains.

use carnet_core::record::Domain;
use carnet_core::record::Organization;
use carnet_core::value::OrganizationId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

statements! {
    BY_ID = "SELECT id, title, created, changed, version FROM organizations WHERE id = $1";
    PAGE = "SELECT id, title, created, changed, version FROM organizations
        WHERE id > $1 ORDER BY id LIMIT $2";
    INSERT = "INSERT INTO organizations (id, title, created, changed, version)
        VALUES ($1, $2, $3, $4, $5)";
    REPLACE = "UPDATE organizations SET title = $2, created = $3, changed = $4, version = $5
        WHERE id = $1 AND version + 1 = $5";
    REMOVE = "DELETE FROM organizations WHERE id = $1 AND version = $2";
    DOMAIN_BY_NAME = "SELECT name, organization, created, version FROM domains WHERE name = $1";
    DOMAINS = "SELECT name, organization, created, version FROM domains
        WHERE organization = $1 AND name > $2 ORDER BY name LIMIT $3";
    DOMAIN_INSERT = "INSERT INTO domains (name, organization, created, version)
        VALUES ($1, $2, $3, $4)";
    DOMAIN_REPLACE = "UPDATE domains SET organization = $2, created = $3, version = $4
        WHERE name = $1 AND version + 1 = $4";
    DOMAIN_REMOVE = "DELETE FROM domains WHERE name = $1 AND version = $2";
}

pub(crate) fn write(row: &Organization) -> Vec<Param> {
    params![row.id, &row.title, row.created, row.changed, row.version]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Organization> {
    Ok(Organization {
        id: row.id(OrganizationId::from_bytes)?,
        title: row.parsed()?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

pub(crate) fn write_domain(row: &Domain) -> Vec<Param> {
    params![&row.name, row.organization, row.created, row.version]
}

pub(crate) fn read_domain(row: &mut Fields<'_>) -> Decoded<Domain> {
    Ok(Domain {
        name: row.parsed()?,
        organization: row.id(OrganizationId::from_bytes)?,
        created: row.time()?,
        version: row.version()?,
    })
}
