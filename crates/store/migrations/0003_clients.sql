-- OAuth clients and their secrets. What a client may do is JSON: a new setting needs no new column.

CREATE TABLE clients (
    id ${text} NOT NULL PRIMARY KEY,
    project ${text} NOT NULL REFERENCES projects (id),
    title ${text} NOT NULL,
    kind ${text} NOT NULL,
    authentication ${text} NOT NULL,
    settings ${text} NOT NULL,
    source ${text} NOT NULL,
    state ${text} NOT NULL,
    state_since ${int},
    state_reason ${text},
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX clients_of_project ON clients (project, id);

-- Of a secret there is its hash; of one for client_secret_jwt its text too, sealed. Two at most on a client.
CREATE TABLE client_secrets (
    id ${bytes} NOT NULL PRIMARY KEY,
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    digest ${bytes} NOT NULL,
    ends_in ${text} NOT NULL,
    created ${int} NOT NULL,
    expires ${int},
    version ${int} NOT NULL,
    sealed ${bytes}
)${small};
CREATE INDEX client_secrets_of_client ON client_secrets (client, created, id);

CREATE TABLE secret_uses (
    secret ${bytes} NOT NULL PRIMARY KEY REFERENCES client_secrets (id) ON DELETE CASCADE,
    client ${text} NOT NULL,
    last_used ${int} NOT NULL,
    address ${text} NOT NULL,
    uses ${int} NOT NULL
)${small};
CREATE INDEX secret_uses_of_client ON secret_uses (client, secret);
