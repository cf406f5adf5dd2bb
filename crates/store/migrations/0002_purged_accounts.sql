-- What a deleted account was before, when its 30 days are over, and that nobody has its unique id again.

-- Since when an account was disabled that was deleted later; its reason stays in state_reason.
ALTER TABLE service_accounts ADD COLUMN disabled_since ${int};

-- Whose 30 days are over.
CREATE INDEX service_accounts_deleted ON service_accounts (state_since, unique_id)
    WHERE state = 'deleted';

-- The unique ids of accounts that are gone for good.
CREATE TABLE purged_accounts (
    unique_id ${text} NOT NULL PRIMARY KEY
)${small};
