//! The keys that we hold for service accounts. The private half is sealed before it comes here.

use carnet_core::record::SystemKey;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, account, generation, public_key, certificate, sealed, created, signs_from, \
         signs_until, published_until"
    };
}

statements! {
    OF_ACCOUNT = concat!("SELECT ", columns!(), " FROM system_keys
        WHERE account = $1 ORDER BY generation");
    INSERT = concat!("INSERT INTO system_keys (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    FORGET = "DELETE FROM system_keys WHERE id IN
        (SELECT id FROM system_keys WHERE published_until <= $1 LIMIT $2)";
}

pub(crate) fn write(row: &SystemKey) -> Vec<Param> {
    params![
        &row.id,
        &row.account,
        row.generation,
        row.public_key.as_slice(),
        row.certificate.as_slice(),
        row.sealed.as_slice(),
        row.created,
        row.signs_from,
        row.signs_until,
        row.published_until,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<SystemKey> {
    Ok(SystemKey {
        id: row.parsed()?,
        account: row.parsed()?,
        generation: row.int()?,
        public_key: row.bytes()?.to_vec(),
        certificate: row.bytes()?.to_vec(),
        sealed: row.bytes()?.to_vec(),
        created: row.time()?,
        signs_from: row.time()?,
        signs_until: row.time()?,
        published_until: row.time()?,
    })
}
