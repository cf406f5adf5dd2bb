//! The people of an organization. Who is removed takes memberships, roles, password and sessions
//! along.

use carnet_core::record::User;
use carnet_core::record::UserState;
use carnet_core::value::OrganizationId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, organization, email, name, state, state_since, state_reason, created, changed, version, \
         email_verified, sign_ins_since"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM users WHERE id = $1");
    BY_EMAIL = concat!("SELECT ", columns!(), " FROM users WHERE email = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM users
        WHERE organization = $1 AND email > $2 ORDER BY email LIMIT $3");
    /// Nobody has the id of somebody who was deleted.
    INSERT = concat!("INSERT INTO users (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12
        WHERE NOT EXISTS (SELECT 1 FROM former_users WHERE id = $1)"),
        postgres: concat!("INSERT INTO users (", columns!(), ")
        SELECT $1, CAST($2 AS BYTEA), $3, $4, $5, CAST($6 AS BIGINT), $7, CAST($8 AS BIGINT),
            CAST($9 AS BIGINT), CAST($10 AS BIGINT), CAST($11 AS BIGINT), CAST($12 AS BIGINT)
        WHERE NOT EXISTS (SELECT 1 FROM former_users WHERE id = $1)");
    /// The id of somebody who goes is kept, so that it is given to nobody.
    BURY = "INSERT INTO former_users (id) VALUES ($1)";
    /// What ended stays ended, whoever has read the row before.
    REPLACE = "UPDATE users SET organization = $2, email = $3, name = $4, state = $5,
        state_since = $6, state_reason = $7, created = $8, changed = $9, version = $10,
        email_verified = $11, sign_ins_since = CASE
            WHEN COALESCE(sign_ins_since, 0) > COALESCE(CAST($12 AS BIGINT), 0) THEN sign_ins_since
            ELSE CAST($12 AS BIGINT) END
        WHERE id = $1 AND version + 1 = $10";
    /// Never back.
    SIGN_INS_END = "UPDATE users SET sign_ins_since = $2
        WHERE id = $1 AND COALESCE(sign_ins_since, 0) < $2";
    REMOVE = "DELETE FROM users WHERE id = $1 AND version = $2";
}

pub(crate) fn write(row: &User) -> Vec<Param> {
    let (state, since, reason) = match &row.state {
        UserState::Active => ("active", None, None),
        UserState::Suspended { since, reason } => ("suspended", Some(*since), Some(reason)),
    };
    params![
        &row.id,
        row.organization,
        &row.email,
        &row.name,
        state,
        since,
        reason,
        row.created,
        row.changed,
        row.version,
        row.email_verified,
        row.sign_ins_since,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<User> {
    let mut user = User {
        id: row.parsed()?,
        organization: row.id(OrganizationId::from_bytes)?,
        email: row.parsed()?,
        email_verified: false,
        name: row.parsed()?,
        state: read_state(row)?,
        sign_ins_since: None,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    };
    // These columns came later, so they are the last ones.
    user.email_verified = row.flag()?;
    user.sign_ins_since = row.maybe_time()?;
    Ok(user)
}

fn read_state(row: &mut Fields<'_>) -> Decoded<UserState> {
    let state = row.text()?;
    match (state, row.maybe_time()?, row.maybe_parsed()?) {
        ("active", ..) => Ok(UserState::Active),
        ("suspended", Some(since), Some(reason)) => Ok(UserState::Suspended { since, reason }),
        _ => Err(row.unreadable()),
    }
}
