-- What people have let clients do (consents), and what clients hold of them (authorizations).
-- A refresh token has no row: it is sealed around an authorization's id and generation.

CREATE TABLE authorizations (
    id ${bytes} NOT NULL PRIMARY KEY,
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    person ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    scope ${text} NOT NULL,
    audience ${text} NOT NULL,
    obtained ${text} NOT NULL,
    authenticated ${int} NOT NULL,
    session ${bytes},
    binding ${text},
    created ${int} NOT NULL,
    ends ${int} NOT NULL,
    idle ${int} NOT NULL,
    generation ${int} NOT NULL,
    rotated ${int} NOT NULL,
    ended_since ${int},
    ended_why ${text}
)${table};
CREATE INDEX authorizations_of_person ON authorizations (person, id);
CREATE INDEX authorizations_of_client ON authorizations (client, id);
CREATE INDEX authorizations_by_end ON authorizations (ends);

CREATE TABLE consents (
    person ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scopes ${text} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL,
    PRIMARY KEY (person, client)
)${small};
CREATE INDEX consents_of_client ON consents (client, person);
