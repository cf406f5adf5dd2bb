-- Organizations, people, projects, APIs, service accounts and what proves them, delegations,
-- policies, roles, keys of ours, what must not be used again, and the audit log.
--
-- One text for both engines. Words in ${} are the engine's:
--   ${text}  ${int}  ${bytes}   the three types of column
--   ${table} ${small}           how a table ends; small: rows of a few dozen bytes under their key
--
-- Foreign keys say what belongs to what: no action where a record must be empty before it goes,
-- cascade where what hangs on it goes along.

CREATE TABLE organizations (
    id ${bytes} NOT NULL PRIMARY KEY,
    title ${text} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};

CREATE TABLE domains (
    name ${text} NOT NULL PRIMARY KEY,
    organization ${bytes} NOT NULL REFERENCES organizations (id),
    created ${int} NOT NULL,
    version ${int} NOT NULL
)${small};
CREATE INDEX domains_of_organization ON domains (organization, name);

CREATE TABLE users (
    id ${text} NOT NULL PRIMARY KEY,
    organization ${bytes} NOT NULL REFERENCES organizations (id),
    email ${text} NOT NULL UNIQUE,
    name ${text} NOT NULL,
    state ${text} NOT NULL,
    state_since ${int},
    state_reason ${text},
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX users_of_organization ON users (organization, email);

CREATE TABLE user_groups (
    id ${bytes} NOT NULL PRIMARY KEY,
    organization ${bytes} NOT NULL REFERENCES organizations (id),
    email ${text} NOT NULL UNIQUE,
    title ${text} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX user_groups_of_organization ON user_groups (organization, id);

CREATE TABLE memberships (
    user_group ${bytes} NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
    member ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created ${int} NOT NULL,
    PRIMARY KEY (user_group, member)
)${small};
CREATE INDEX memberships_of_member ON memberships (member, user_group);

CREATE TABLE projects (
    id ${text} NOT NULL PRIMARY KEY,
    number ${text} NOT NULL UNIQUE,
    organization ${bytes} REFERENCES organizations (id),
    title ${text} NOT NULL,
    audience ${text} NOT NULL,
    state ${text} NOT NULL,
    state_since ${int},
    strict_assertions ${int} NOT NULL,
    google_audience_for_uploaded_keys ${int} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX projects_of_organization ON projects (organization, id);

CREATE TABLE apis (
    id ${bytes} NOT NULL PRIMARY KEY,
    project ${text} NOT NULL REFERENCES projects (id),
    identifier ${text} NOT NULL UNIQUE,
    title ${text} NOT NULL,
    tokens ${text} NOT NULL,
    algorithm ${text} NOT NULL,
    lifetime ${int} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX apis_of_project ON apis (project, id);

CREATE TABLE api_scopes (
    name ${text} NOT NULL PRIMARY KEY,
    api ${bytes} NOT NULL REFERENCES apis (id) ON DELETE CASCADE,
    place ${int} NOT NULL,
    title ${text} NOT NULL,
    detail ${text} NOT NULL,
    risk ${text} NOT NULL,
    visibility ${text} NOT NULL
)${table};
CREATE INDEX api_scopes_of_api ON api_scopes (api, place);

CREATE TABLE service_accounts (
    unique_id ${text} NOT NULL PRIMARY KEY,
    project ${text} NOT NULL REFERENCES projects (id),
    account_id ${text} NOT NULL,
    email ${text} NOT NULL,
    title ${text} NOT NULL,
    description ${text} NOT NULL,
    state ${text} NOT NULL,
    state_since ${int},
    state_reason ${text},
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
-- An e-mail may be given anew after its account was deleted; the deleted keep it too.
CREATE UNIQUE INDEX service_accounts_living_email ON service_accounts (email)
    WHERE state <> 'deleted';
CREATE INDEX service_accounts_email ON service_accounts (email, state_since);
CREATE INDEX service_accounts_of_project ON service_accounts (project, unique_id);

CREATE TABLE service_account_keys (
    id ${text} NOT NULL PRIMARY KEY,
    account ${text} NOT NULL REFERENCES service_accounts (unique_id) ON DELETE CASCADE,
    algorithm ${text} NOT NULL,
    public_key ${bytes} NOT NULL,
    certificate ${bytes} NOT NULL,
    origin ${text} NOT NULL,
    created ${int} NOT NULL,
    expires ${int},
    state ${text} NOT NULL,
    state_since ${int},
    state_reason ${text},
    state_note ${text},
    version ${int} NOT NULL
)${table};
CREATE INDEX service_account_keys_of_account ON service_account_keys (account, created, id);

CREATE TABLE key_uses (
    key_id ${text} NOT NULL PRIMARY KEY
        REFERENCES service_account_keys (id) ON DELETE CASCADE,
    account ${text} NOT NULL,
    last_used ${int} NOT NULL,
    address ${text} NOT NULL,
    uses ${int} NOT NULL
)${small};
CREATE INDEX key_uses_of_account ON key_uses (account, key_id);

CREATE TABLE delegations (
    id ${bytes} NOT NULL PRIMARY KEY,
    organization ${bytes} NOT NULL REFERENCES organizations (id),
    client_id ${text} NOT NULL REFERENCES service_accounts (unique_id) ON DELETE CASCADE,
    scopes ${text} NOT NULL,
    whom ${text} NOT NULL,
    until ${int},
    suspended ${int},
    note ${text} NOT NULL,
    entered ${text} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL,
    UNIQUE (organization, client_id)
)${table};
CREATE INDEX delegations_of_organization ON delegations (organization, id);
CREATE INDEX delegations_of_client ON delegations (client_id, id);

CREATE TABLE policies (
    id ${bytes} NOT NULL PRIMARY KEY,
    organization ${bytes} NOT NULL REFERENCES organizations (id),
    title ${text} NOT NULL,
    rule ${text} NOT NULL,
    enabled ${int} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX policies_of_organization ON policies (organization, id);

CREATE TABLE role_bindings (
    id ${bytes} NOT NULL PRIMARY KEY,
    holder ${text} NOT NULL,
    holder_account ${text} REFERENCES service_accounts (unique_id) ON DELETE CASCADE,
    holder_user ${text} REFERENCES users (id) ON DELETE CASCADE,
    role ${text} NOT NULL,
    territory ${text} NOT NULL,
    in_organization ${bytes} REFERENCES organizations (id) ON DELETE CASCADE,
    in_project ${text} REFERENCES projects (id) ON DELETE CASCADE,
    created ${int} NOT NULL,
    UNIQUE (holder, role, territory)
)${table};
CREATE INDEX role_bindings_of_account ON role_bindings (holder_account);
CREATE INDEX role_bindings_of_user ON role_bindings (holder_user);
CREATE INDEX role_bindings_in_organization ON role_bindings (in_organization);
CREATE INDEX role_bindings_in_project ON role_bindings (in_project);

CREATE TABLE signing_keys (
    id ${text} NOT NULL PRIMARY KEY,
    purpose ${text} NOT NULL,
    algorithm ${text} NOT NULL,
    public_key ${bytes} NOT NULL,
    certificate ${bytes} NOT NULL,
    sealed ${bytes} NOT NULL,
    state ${text} NOT NULL,
    state_since ${int},
    state_until ${int},
    created ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
-- One key for each use signs. Nodes that start together on an empty database all bring one.
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (purpose, algorithm)
    WHERE state = 'active';

CREATE TABLE setup_links (
    digest ${bytes} NOT NULL PRIMARY KEY,
    expires ${int} NOT NULL
)${small};

CREATE TABLE spent_assertions (
    digest ${bytes} NOT NULL PRIMARY KEY,
    until ${int} NOT NULL
)${small};
CREATE INDEX spent_assertions_until ON spent_assertions (until);

CREATE TABLE revoked_tokens (
    id ${bytes} NOT NULL PRIMARY KEY,
    until ${int} NOT NULL
)${small};
CREATE INDEX revoked_tokens_until ON revoked_tokens (until);

CREATE TABLE audit (
    sequence ${int} NOT NULL PRIMARY KEY,
    at ${int} NOT NULL,
    actor ${text} NOT NULL,
    action ${text} NOT NULL,
    target ${text} NOT NULL,
    code ${int} NOT NULL,
    address ${text} NOT NULL,
    trace ${text} NOT NULL,
    detail ${text} NOT NULL,
    previous ${bytes} NOT NULL,
    hash ${bytes} NOT NULL
)${table};
CREATE INDEX audit_of_trace ON audit (trace, sequence);
CREATE INDEX audit_of_target ON audit (target, sequence);
CREATE INDEX audit_of_actor ON audit (actor, sequence);
CREATE INDEX audit_of_action ON audit (action, sequence);

-- Where the chain ends: the number and hash of the last entry, and the hash before it.
CREATE TABLE audit_head (
    one ${int} NOT NULL PRIMARY KEY CHECK (one = 1),
    sequence ${int} NOT NULL,
    previous ${bytes} NOT NULL,
    hash ${bytes} NOT NULL
)${table};
INSERT INTO audit_head (one, sequence, previous, hash) VALUES (1, 0, ${zeros}, ${zeros});

CREATE TABLE liveness (
    one ${int} NOT NULL PRIMARY KEY CHECK (one = 1),
    beat ${int} NOT NULL
)${table};
INSERT INTO liveness (one, beat) VALUES (1, 0);
