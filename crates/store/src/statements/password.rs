//! What is kept of passwords, at most one to a user.

use carnet_core::record::Password;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

statements! {
    OF_USER = "SELECT person, hash, changed, version FROM passwords WHERE person = $1";
    INSERT = "INSERT INTO passwords (person, hash, changed, version) VALUES ($1, $2, $3, $4)";
    REPLACE = "UPDATE passwords SET hash = $2, changed = $3, version = $4
        WHERE person = $1 AND version + 1 = $4";
    REMOVE = "DELETE FROM passwords WHERE person = $1 AND version = $2";
}

pub(crate) fn write(row: &Password) -> Vec<Param> {
    params![&row.user, row.hash.as_str(), row.changed, row.version]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Password> {
    Ok(Password {
        user: row.parsed()?,
        hash: row.parsed()?,
        changed: row.time()?,
        version: row.version()?,
    })
}
