//! Keys of service accounts, at most ten to an account, and their last uses.

use carnet_core::record::DisableReason;
use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::KeyUse;
use carnet_core::record::ServiceAccountKey;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, account, algorithm, public_key, certificate, origin, created, expires, state, \
         state_since, state_reason, state_note, version"
    };
}

macro_rules! key_used {
    ($lock:literal) => {
        concat!(
            "INSERT INTO key_uses (key_id, account, last_used, address, uses)
             SELECT id, account, CAST($2 AS BIGINT), $3, CAST($4 AS BIGINT)
             FROM service_account_keys WHERE id = $1 ",
            $lock,
            " ON CONFLICT (key_id) DO UPDATE SET
                address = CASE WHEN excluded.last_used >= key_uses.last_used
                    THEN excluded.address ELSE key_uses.address END,
                last_used = CASE WHEN excluded.last_used >= key_uses.last_used
                    THEN excluded.last_used ELSE key_uses.last_used END,
                uses = key_uses.uses + excluded.uses"
        )
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM service_account_keys WHERE id = $1");
    /// Ten at most.
    OF_ACCOUNT = concat!("SELECT ", columns!(), " FROM service_account_keys
        WHERE account = $1 ORDER BY created, id");
    /// Inserts nothing where the account has ten keys; the account was locked before. A key that
    /// exists is let through, for the unique index to say so.
    INSERT = concat!("INSERT INTO service_account_keys (", columns!(), ")
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
        WHERE (SELECT count(*) FROM service_account_keys WHERE account = $2) < 10
            OR EXISTS (SELECT 1 FROM service_account_keys WHERE id = $1)"),
        postgres: concat!("INSERT INTO service_account_keys (", columns!(), ")
        SELECT $1, $2, $3, CAST($4 AS BYTEA), CAST($5 AS BYTEA), $6, CAST($7 AS BIGINT),
            CAST($8 AS BIGINT), $9, CAST($10 AS BIGINT), $11, $12, CAST($13 AS BIGINT)
        WHERE (SELECT count(*) FROM service_account_keys WHERE account = $2) < 10
            OR EXISTS (SELECT 1 FROM service_account_keys WHERE id = $1)");
    REPLACE = "UPDATE service_account_keys SET account = $2, algorithm = $3, public_key = $4,
        certificate = $5, origin = $6, created = $7, expires = $8, state = $9, state_since = $10,
        state_reason = $11, state_note = $12, version = $13
        WHERE id = $1 AND version + 1 = $13";
    REMOVE = "DELETE FROM service_account_keys WHERE id = $1 AND version = $2";
    USES = "SELECT key_id, account, last_used, address, uses FROM key_uses
        WHERE account = $1 ORDER BY key_id";
    /// Adds to the count; touches nothing where the key is gone. On PostgreSQL the key is held, so
    /// that it cannot go between the look and the write.
    USED = key_used!(""), postgres: key_used!("FOR KEY SHARE");
}

words!(origin_word, origin, KeyOrigin { Made = "made", Uploaded = "uploaded" });
words!(reason_word, reason, DisableReason {
    UserInitiated = "user_initiated",
    Exposed = "exposed",
    CompromiseDetected = "compromise_detected",
});

pub(crate) fn write(row: &ServiceAccountKey) -> Vec<Param> {
    let (state, since, why, note) = match &row.state {
        KeyState::Active => ("active", None, None, None),
        KeyState::Disabled {
            since,
            reason,
            note,
        } => (
            "disabled",
            Some(*since),
            Some(reason_word(*reason)),
            Some(note),
        ),
    };
    params![
        &row.id,
        &row.account,
        row.algorithm.name(),
        row.public_key.as_slice(),
        row.certificate.as_slice(),
        origin_word(row.origin),
        row.created,
        row.expires,
        state,
        since,
        why,
        note,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<ServiceAccountKey> {
    Ok(ServiceAccountKey {
        id: row.parsed()?,
        account: row.parsed()?,
        algorithm: row.parsed()?,
        public_key: row.bytes()?.to_vec(),
        certificate: row.bytes()?.to_vec(),
        origin: row.word(origin)?,
        created: row.time()?,
        expires: row.maybe_time()?,
        state: read_state(row)?,
        version: row.version()?,
    })
}

fn read_state(row: &mut Fields<'_>) -> Decoded<KeyState> {
    let state = row.text()?;
    let (since, why, note) = (row.maybe_time()?, row.maybe_text()?, row.maybe_parsed()?);
    match (state, since, why.and_then(reason), note) {
        ("active", ..) => Ok(KeyState::Active),
        ("disabled", Some(since), Some(reason), Some(note)) => Ok(KeyState::Disabled {
            since,
            reason,
            note,
        }),
        _ => Err(row.unreadable()),
    }
}

pub(crate) fn write_use(row: &KeyUse) -> Vec<Param> {
    params![&row.key, row.last, row.address.as_str(), row.count]
}

pub(crate) fn read_use(row: &mut Fields<'_>) -> Decoded<KeyUse> {
    Ok(KeyUse {
        key: row.parsed()?,
        account: row.parsed()?,
        last: row.time()?,
        address: row.text()?.to_owned(),
        count: row.int()?,
    })
}
