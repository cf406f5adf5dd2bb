-- Issuers elsewhere whose assertions are grants. An empty audience means our own names; keys, subjects, scopes and
-- clients are JSON.

CREATE TABLE trusted_issuers (
    id ${bytes} NOT NULL PRIMARY KEY,
    project ${text} REFERENCES projects (id),
    organization ${bytes} REFERENCES organizations (id),
    title ${text} NOT NULL,
    issuer ${text} NOT NULL,
    audience ${text} NOT NULL,
    settings ${text} NOT NULL,
    disabled ${int} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL,
    UNIQUE (issuer, audience)
)${table};
CREATE INDEX trusted_issuers_of_project ON trusted_issuers (project, id) WHERE project IS NOT NULL;
CREATE INDEX trusted_issuers_of_organization ON trusted_issuers (organization, id)
    WHERE organization IS NOT NULL;
