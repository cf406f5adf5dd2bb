//! Clients that register themselves, and the tokens that let them in.

use carnet_core::record::InitialToken;
use carnet_core::record::Registration;
use carnet_core::value::InitialTokenId;
use carnet_core::value::SecretDigest;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! token_columns {
    () => {
        "id, project, title, digest, ends_in, uses, created, expires, version"
    };
}

statements! {
    TOKEN_BY_ID = concat!("SELECT ", token_columns!(), " FROM initial_tokens WHERE id = $1");
    TOKEN_BY_DIGEST = concat!("SELECT ", token_columns!(), " FROM initial_tokens WHERE digest = $1");
    TOKENS = concat!("SELECT ", token_columns!(), " FROM initial_tokens
        WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3");
    TOKEN_INSERT = concat!("INSERT INTO initial_tokens (", token_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    TOKEN_REPLACE = "UPDATE initial_tokens SET project = $2, title = $3, digest = $4,
        ends_in = $5, uses = $6, created = $7, expires = $8, version = $9
        WHERE id = $1 AND version + 1 = $9";
    TOKEN_REMOVE = "DELETE FROM initial_tokens WHERE id = $1 AND version = $2";
    FORGET = "DELETE FROM initial_tokens WHERE id IN
        (SELECT id FROM initial_tokens WHERE expires <= $1 LIMIT $2)";
    BY_CLIENT = "SELECT client, digest, invited, version FROM registrations WHERE client = $1";
    INSERT = "INSERT INTO registrations (client, digest, invited, version)
        VALUES ($1, $2, $3, $4)";
    REPLACE = "UPDATE registrations SET digest = $2, invited = $3, version = $4
        WHERE client = $1 AND version + 1 = $4";
    COUNT = "SELECT count(*) FROM registrations";
}

pub(crate) fn write_token(row: &InitialToken) -> Vec<Param> {
    params![
        row.id,
        &row.project,
        &row.title,
        row.digest,
        row.ends_in.as_str(),
        i64::from(row.uses),
        row.created,
        row.expires,
        row.version,
    ]
}

pub(crate) fn read_token(row: &mut Fields<'_>) -> Decoded<InitialToken> {
    Ok(InitialToken {
        id: row.id(InitialTokenId::from_bytes)?,
        project: row.parsed()?,
        title: row.parsed()?,
        digest: SecretDigest::from_bytes(row.array()?),
        ends_in: row.text()?.to_owned(),
        uses: u32::try_from(row.int()?).map_err(|_| row.unreadable())?,
        created: row.time()?,
        expires: row.time()?,
        version: row.version()?,
    })
}

pub(crate) fn write(row: &Registration) -> Vec<Param> {
    params![&row.client, row.digest, row.invited, row.version]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Registration> {
    Ok(Registration {
        client: row.parsed()?,
        digest: SecretDigest::from_bytes(row.array()?),
        invited: row.maybe_id(InitialTokenId::from_bytes)?,
        version: row.version()?,
    })
}

pub(crate) fn read_count(row: &mut Fields<'_>) -> Decoded<u64> {
    u64::try_from(row.int()?).map_err(|_| row.unreadable())
}
