//! Keys of ours. The private half is sealed before it comes here.

use carnet_core::record::SigningKey;
use carnet_core::record::SigningKeyState;
use carnet_core::record::SigningUse;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, purpose, algorithm, public_key, certificate, sealed, state, state_since, \
         state_until, created, version"
    };
}

statements! {
    ALL_KEYS = concat!("SELECT ", columns!(), " FROM signing_keys ORDER BY created, id");
    INSERT = concat!("INSERT INTO signing_keys (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    REPLACE = "UPDATE signing_keys SET purpose = $2, algorithm = $3, public_key = $4,
        certificate = $5, sealed = $6, state = $7, state_since = $8, state_until = $9,
        created = $10, version = $11
        WHERE id = $1 AND version + 1 = $11";
    REMOVE = "DELETE FROM signing_keys WHERE id = $1 AND version = $2";
}

pub(crate) fn write(row: &SigningKey) -> Vec<Param> {
    let (purpose, algorithm) = match row.usage {
        SigningUse::Sign(algorithm) => ("sign", algorithm.name()),
        SigningUse::Seal => ("seal", ""),
    };
    let (state, since, until) = match row.state {
        SigningKeyState::Published => ("published", None, None),
        SigningKeyState::Active { since } => ("active", Some(since), None),
        SigningKeyState::Retired { since, until } => ("retired", Some(since), Some(until)),
    };
    params![
        &row.id,
        purpose,
        algorithm,
        row.public_key.as_slice(),
        row.certificate.as_slice(),
        row.sealed.as_slice(),
        state,
        since,
        until,
        row.created,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<SigningKey> {
    Ok(SigningKey {
        id: row.parsed()?,
        usage: read_usage(row)?,
        public_key: row.bytes()?.to_vec(),
        certificate: row.bytes()?.to_vec(),
        sealed: row.bytes()?.to_vec(),
        state: read_state(row)?,
        created: row.time()?,
        version: row.version()?,
    })
}

fn read_usage(row: &mut Fields<'_>) -> Decoded<SigningUse> {
    match (row.text()?, row.text()?) {
        ("sign", algorithm) => {
            let algorithm = algorithm.parse().map_err(|_| row.unreadable())?;
            Ok(SigningUse::Sign(algorithm))
        }
        ("seal", "") => Ok(SigningUse::Seal),
        _ => Err(row.unreadable()),
    }
}

fn read_state(row: &mut Fields<'_>) -> Decoded<SigningKeyState> {
    let state = row.text()?;
    match (state, row.maybe_time()?, row.maybe_time()?) {
        ("published", ..) => Ok(SigningKeyState::Published),
        ("active", Some(since), _) => Ok(SigningKeyState::Active { since }),
        ("retired", Some(since), Some(until)) => Ok(SigningKeyState::Retired { since, until }),
        _ => Err(row.unreadable()),
    }
}
