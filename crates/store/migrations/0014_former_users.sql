-- The ids of people who were deleted: the `sub` of one is never that of another (OpenID Connect Core 1.0 section 5.7).

CREATE TABLE former_users (
    id ${text} NOT NULL PRIMARY KEY
)${small};
