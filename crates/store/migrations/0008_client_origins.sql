-- Which origins are registered at all: a preflight (the Fetch Standard's CORS protocol) does not say for which
-- client it asks. Written with the clients, which have them among their settings too.

CREATE TABLE client_origins (
    origin ${text} NOT NULL,
    client ${text} NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    PRIMARY KEY (origin, client)
)${small};
CREATE INDEX client_origins_of_client ON client_origins (client);
