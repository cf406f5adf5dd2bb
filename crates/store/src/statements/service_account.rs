//! Service accounts. One account that is not deleted has an e-mail: a partial unique index.

use carnet_core::record::AccountState;
use carnet_core::record::Disabled;
use carnet_core::record::ServiceAccount;
use carnet_core::value::Description;
use carnet_core::value::UnixTime;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "unique_id, project, account_id, email, title, description, state, state_since, \
         state_reason, created, changed, version, disabled_since"
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
    /// Those that were deleted until then, the earliest first.
    DELETED_UNTIL = concat!("SELECT ", columns!(), " FROM service_accounts
        WHERE state = 'deleted' AND state_since <= $1 ORDER BY state_since, unique_id LIMIT $2");
    /// Inserts nothing where the unique id was an account's that is gone.
    INSERT = concat!("INSERT INTO service_accounts (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
        WHERE NOT EXISTS (SELECT 1 FROM purged_accounts WHERE unique_id = $1)"),
        postgres: concat!("INSERT INTO service_accounts (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, CAST($8 AS BIGINT), $9, CAST($10 AS BIGINT),
            CAST($11 AS BIGINT), CAST($12 AS BIGINT), CAST($13 AS BIGINT)
        WHERE NOT EXISTS (SELECT 1 FROM purged_accounts WHERE unique_id = $1)");
    /// The unique id of an account that goes is kept, so that it is given to nobody.
    BURY = "INSERT INTO purged_accounts (unique_id) VALUES ($1)";
    REPLACE = "UPDATE service_accounts SET project = $2, account_id = $3, email = $4, title = $5,
        description = $6, state = $7, state_since = $8, state_reason = $9, created = $10,
        changed = $11, version = $12, disabled_since = $13
        WHERE unique_id = $1 AND version + 1 = $12";
    REMOVE = "DELETE FROM service_accounts WHERE unique_id = $1 AND version = $2";
    /// Holds the account still until the commit ends, so that two writers cannot both count nine
    /// keys. SQLite has one writer.
    LOCK = "SELECT 1 FROM service_accounts WHERE unique_id = $1",
        postgres: "SELECT 1 FROM service_accounts WHERE unique_id = $1 FOR NO KEY UPDATE";
}

pub(crate) fn write(row: &ServiceAccount) -> Vec<Param> {
    let (state, since, reason, disabled) = match &row.state {
        AccountState::Active => ("active", None, None, None),
        AccountState::Disabled { since, reason } => ("disabled", Some(*since), Some(reason), None),
        AccountState::Deleted { since, disabled } => {
            let before = disabled.as_ref();
            let reason = before.map(|before| &before.reason);
            (
                "deleted",
                Some(*since),
                reason,
                before.map(|before| before.since),
            )
        }
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
        disabled,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<ServiceAccount> {
    let unique_id = row.parsed()?;
    let project = row.parsed()?;
    let account_id = row.parsed()?;
    let email = row.parsed()?;
    let title = row.parsed()?;
    let description = row.parsed()?;
    let state = row.word(state_word)?;
    let (since, reason) = (row.maybe_time()?, row.maybe_parsed()?);
    let (created, changed, version) = (row.time()?, row.time()?, row.version()?);
    let disabled = row.maybe_time()?;
    let state = read_state(state, since, reason, disabled).ok_or_else(|| row.unreadable())?;
    Ok(ServiceAccount {
        unique_id,
        project,
        account_id,
        email,
        title,
        description,
        state,
        created,
        changed,
        version,
    })
}

/// The words of the column.
#[derive(Clone, Copy)]
enum Word {
    Active,
    Disabled,
    Deleted,
}

fn state_word(text: &str) -> Option<Word> {
    match text {
        "active" => Some(Word::Active),
        "disabled" => Some(Word::Disabled),
        "deleted" => Some(Word::Deleted),
        _ => None,
    }
}

fn read_state(
    word: Word,
    since: Option<UnixTime>,
    reason: Option<Description>,
    disabled: Option<UnixTime>,
) -> Option<AccountState> {
    Some(match word {
        Word::Active => AccountState::Active,
        Word::Disabled => AccountState::Disabled {
            since: since?,
            reason: reason?,
        },
        Word::Deleted => AccountState::Deleted {
            since: since?,
            disabled: disabled
                .zip(reason)
                .map(|(since, reason)| Disabled { since, reason }),
        },
    })
}
