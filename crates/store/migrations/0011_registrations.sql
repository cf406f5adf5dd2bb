-- Clients that register themselves (RFC 7591), and the tokens that let them in. Of a token there is its hash.

CREATE TABLE initial_tokens (
    id ${bytes} NOT NULL PRIMARY KEY,
    project ${text} NOT NULL REFERENCES projects (id),
    title ${text} NOT NULL,
    digest ${bytes} NOT NULL UNIQUE,
    ends_in ${text} NOT NULL,
    uses ${int} NOT NULL,
    created ${int} NOT NULL,
    expires ${int} NOT NULL,
    version ${int} NOT NULL
)${table};
CREATE INDEX initial_tokens_of_project ON initial_tokens (project, id);
CREATE INDEX initial_tokens_by_end ON initial_tokens (expires);

CREATE TABLE registrations (
    client ${text} NOT NULL PRIMARY KEY REFERENCES clients (id) ON DELETE CASCADE,
    digest ${bytes} NOT NULL UNIQUE,
    invited ${bytes},
    version ${int} NOT NULL
)${small};

-- Those that no administrator made, the longest unchanged first: who is never let in goes.
CREATE INDEX clients_by_themselves ON clients (changed, id) WHERE source <> 'admin';
