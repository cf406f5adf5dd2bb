-- From when on a person's sign-ins count for what apps hold of them. Null: each does.

ALTER TABLE users ADD COLUMN sign_ins_since ${int};
