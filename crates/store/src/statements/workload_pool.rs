//! Pools of workload identity.

use carnet_core::record::PoolOwner;
use carnet_core::record::WorkloadPool;
use carnet_core::value::OrganizationId;
use carnet_core::value::Seconds;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "name, project, organization, title, description, disabled, deleted, session, created, \
         changed, version"
    };
}

statements! {
    BY_NAME = concat!("SELECT ", columns!(), " FROM workload_pools WHERE name = $1");
    PAGE_OF_PROJECT = concat!("SELECT ", columns!(), " FROM workload_pools
        WHERE project = $1 AND name > $2 ORDER BY name LIMIT $3");
    PAGE_OF_ORGANIZATION = concat!("SELECT ", columns!(), " FROM workload_pools
        WHERE organization = $1 AND name > $2 ORDER BY name LIMIT $3");
    /// Those that were deleted until then, the earliest first.
    DELETED_UNTIL = concat!("SELECT ", columns!(), " FROM workload_pools
        WHERE deleted <= $1 ORDER BY deleted, name LIMIT $2");
    /// Inserts nothing where the name was a pool's that is gone.
    INSERT = concat!("INSERT INTO workload_pools (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
        WHERE NOT EXISTS (SELECT 1 FROM purged_workload_pools WHERE name = $1)"),
        postgres: concat!("INSERT INTO workload_pools (", columns!(), ")
        SELECT $1, $2, CAST($3 AS BYTEA), $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT),
            CAST($8 AS BIGINT), CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS BIGINT)
        WHERE NOT EXISTS (SELECT 1 FROM purged_workload_pools WHERE name = $1)");
    /// The name of a pool that goes is kept, so that it is given to nobody.
    BURY = "INSERT INTO purged_workload_pools (name) VALUES ($1)";
    REPLACE = "UPDATE workload_pools SET project = $2, organization = $3, title = $4,
        description = $5, disabled = $6, deleted = $7, session = $8, created = $9, changed = $10,
        version = $11
        WHERE name = $1 AND version + 1 = $11";
    REMOVE = "DELETE FROM workload_pools WHERE name = $1 AND version = $2";
    /// Holds the pool still until the commit ends, so that two writers cannot both count forty-nine
    /// providers. SQLite has one writer.
    LOCK = "SELECT 1 FROM workload_pools WHERE name = $1",
        postgres: "SELECT 1 FROM workload_pools WHERE name = $1 FOR NO KEY UPDATE";
}

pub(crate) fn write(row: &WorkloadPool) -> Vec<Param> {
    let (project, organization) = match &row.owner {
        PoolOwner::Project(id) => (Some(id), None),
        PoolOwner::Organization(id) => (None, Some(*id)),
    };
    params![
        &row.name,
        project,
        organization,
        &row.title,
        &row.description,
        row.disabled,
        row.deleted,
        row.session.0,
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<WorkloadPool> {
    let name = row.parsed()?;
    let project = row.maybe_parsed()?.map(PoolOwner::Project);
    let organization = row.maybe_id(OrganizationId::from_bytes)?;
    let organization = organization.map(PoolOwner::Organization);
    Ok(WorkloadPool {
        name,
        owner: project.or(organization).ok_or_else(|| row.unreadable())?,
        title: row.parsed()?,
        description: row.parsed()?,
        disabled: row.flag()?,
        deleted: row.maybe_time()?,
        session: Seconds(row.int()?),
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}
