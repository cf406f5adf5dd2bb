-- Authorization requests that were pushed (RFC 9126). A row lives for a minute, or for as long as a person thinks.

CREATE TABLE pushed_requests (
    digest ${bytes} NOT NULL PRIMARY KEY,
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    parameters ${text} NOT NULL,
    state ${text} NOT NULL,
    created ${int} NOT NULL,
    ends ${int} NOT NULL
)${table};
CREATE INDEX pushed_requests_by_end ON pushed_requests (ends);
