-- Who may do what with a service account, and the keys that we hold for it. Both go with the account.

CREATE TABLE account_policies (
    account ${text} NOT NULL PRIMARY KEY REFERENCES service_accounts (unique_id) ON DELETE CASCADE,
    bindings ${text} NOT NULL,
    created ${int} NOT NULL,
    changed ${int} NOT NULL,
    version ${int} NOT NULL
)${table};

-- The private half is sealed. An account has one key of each generation: of several that are made at the
-- same time one is kept.
CREATE TABLE system_keys (
    id ${text} NOT NULL PRIMARY KEY,
    account ${text} NOT NULL REFERENCES service_accounts (unique_id) ON DELETE CASCADE,
    generation ${int} NOT NULL,
    public_key ${bytes} NOT NULL,
    certificate ${bytes} NOT NULL,
    sealed ${bytes} NOT NULL,
    created ${int} NOT NULL,
    signs_from ${int} NOT NULL,
    signs_until ${int} NOT NULL,
    published_until ${int} NOT NULL,
    UNIQUE (account, generation)
)${table};
CREATE INDEX system_keys_by_end ON system_keys (published_until);
