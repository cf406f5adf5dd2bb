-- Devices that wait for a person (RFC 8628). A row lives for minutes.

CREATE TABLE device_authorizations (
    digest ${bytes} NOT NULL PRIMARY KEY,
    user_code ${text} NOT NULL UNIQUE,
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    scope ${text} NOT NULL,
    audience ${text} NOT NULL,
    address ${text} NOT NULL,
    state ${text} NOT NULL,
    allowed_by ${text} REFERENCES users (id) ON DELETE CASCADE,
    allowed_in ${bytes},
    allowed_authenticated ${int},
    allowed_scope ${text},
    poll_interval ${int} NOT NULL,
    polled ${int},
    created ${int} NOT NULL,
    ends ${int} NOT NULL
)${table};
CREATE INDEX device_authorizations_by_end ON device_authorizations (ends);
