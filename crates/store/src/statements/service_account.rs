//! Service accounts. One account that is not deleted has an e-mail: a partial unique index.

use carnet_core::record::AccountState;
use carnet_core::record::ServiceAccount;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "unique_id, project, account_id, email, title, description, state, state_since, \
         state_reason, created, changed, version"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM service_accounts WHERE unique_id = $1");
    /// The living one, else the one that was deleted last.
    BY_EMAIL = concat!("SELECT ", columns!(), " FROM service_accounts WHERE email = $1
        ORDER BY CASE WHEN state = 'deleted' THEN 1 ELSE 0 END, state_since DESC, unique_id DESC
        LIMIT 1");
    PAGE = concat!("SELECT ", columns!(), " FROM service_accounts
        WHERE project = $1 AND unique_id > $2 ORDER BY unique_id LIMIT $3");
    INSERT = concat!("INSERT INTO service_accounts (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    REPLACE = "UPDATE service_accounts SET project = $2, account_id = $3, email = $4, title = $5,
        description = $6, state = $7, state_since = $8, state_reason = $9, created = $10,
        changed = $11, version = $12
        WHERE unique_id = $1 AND version + 1 = $12";
    REMOVE = "DELETE FROM service_accounts WHERE unique_id = $1 AND version = $2";
    /// Holds the account still until the commit ends, so that two writers cannot both count nine
    /// keys. SQLite has one writer.
    LOCK = "SELECT 1 FROM service_accounts WHERE unique_id = $1",
        postgres: "SELECT 1 FROM service_accounts WHERE unique_id = $1 FOR NO KEY UPDATE";
}

pub(crate) fn write(row: &ServiceAccount) -> Vec<Param> {
    let (state, since, reason) = match &row.state {
        AccountState::Active => ("active", None, None),
        AccountState::Disabled { since, reason } => ("disabled", Some(*since), Some(reason)),
        AccountState::Deleted { since } => ("deleted", Some(*since), None),
    };
    params![
        &row.unique_id,
        &row.project,
        &row.account_id,
        &row.email,
        &row.title,
        &row.description,
        state,
        since,
        reason,
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<ServiceAccount> {
    Ok(ServiceAccount {
        unique_id: row.parsed()?,
        project: row.parsed()?,
        account_id: row.parsed()?,
        email: row.parsed()?,
        title: row.parsed()?,
        description: row.parsed()?,
        state: read_state(row)?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn read_state(row: &mut Fields<'_>) -> Decoded<AccountState> {
    let state = row.text()?;
    match (state, row.maybe_time()?, row.maybe_parsed()?) {
        ("active", ..) => Ok(AccountState::Active),
        ("disabled", Some(since), Some(reason)) => Ok(AccountState::Disabled { since, reason }),
        ("deleted", Some(since), _) => Ok(AccountState::Deleted { since }),
        _ => Err(row.unreadable()),
    }
}
