-- People sign in: passwords and sessions.

ALTER TABLE users ADD COLUMN email_verified ${int} NOT NULL DEFAULT 0;

CREATE TABLE passwords (
    person ${text} NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash ${text} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${small};

CREATE TABLE sessions (
    id ${bytes} NOT NULL PRIMARY KEY,
    digest ${bytes} NOT NULL UNIQUE,
    person ${text} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    method ${text} NOT NULL,
    created ${int} NOT NULL,
    seen ${int} NOT NULL,
    idle_ends ${int} NOT NULL,
    ends ${int} NOT NULL,
    agent ${text} NOT NULL,
    address ${text} NOT NULL
)${table};
CREATE INDEX sessions_of_person ON sessions (person, id);
CREATE INDEX sessions_by_end ON sessions (idle_ends);
