-- Pools of workload identity and their providers. How a provider is verified, and its mapping, are JSON.

CREATE TABLE workload_pools (
    name ${text} NOT NULL PRIMARY KEY,
    project ${text} REFERENCES projects (id),
    organization ${bytes} REFERENCES organizations (id),
    title ${text} NOT NULL,
    description ${text} NOT NULL,
    disabled ${int} NOT NULL,
    deleted ${int},
    session ${int} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX workload_pools_of_project ON workload_pools (project, name) WHERE project IS NOT NULL;
CREATE INDEX workload_pools_of_organization ON workload_pools (organization, name)
    WHERE organization IS NOT NULL;
CREATE INDEX workload_pools_by_deletion ON workload_pools (deleted, name) WHERE deleted IS NOT NULL;

-- The names of pools that are gone for good: bindings may still name them.
CREATE TABLE purged_workload_pools (
    name ${text} NOT NULL PRIMARY KEY
)${small};

CREATE TABLE workload_providers (
    name ${text} NOT NULL PRIMARY KEY,
    pool ${text} NOT NULL REFERENCES workload_pools (name) ON DELETE CASCADE,
    title ${text} NOT NULL,
    description ${text} NOT NULL,
    kind ${text} NOT NULL,
    mapping ${text} NOT NULL,
    expression ${text},
    disabled ${int} NOT NULL,
    deleted ${int},
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX workload_providers_of_pool ON workload_providers (pool, name);
CREATE INDEX workload_providers_by_deletion ON workload_providers (deleted, name)
    WHERE deleted IS NOT NULL;
