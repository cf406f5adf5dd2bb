-- Redirect URIs that were sent for an app and are not registered for it, for its owner to see. A few on each app.

CREATE TABLE refused_redirects (
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    uri ${text} NOT NULL,
    registered ${text},
    difference ${text},
    first_refused ${int} NOT NULL,
    last_refused ${int} NOT NULL,
    refusals ${int} NOT NULL,
    PRIMARY KEY (client, uri)
)${small};
