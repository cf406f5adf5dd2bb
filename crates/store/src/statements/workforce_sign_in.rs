//! Sign-ins of people of workforces. A code is redeemed by one guarded update.

use carnet_core::record::WorkforceSignIn;
use carnet_core::value::AuthorizationId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::authorization;
use crate::statements::json::read_scope;
use crate::statements::json::write_scope;

macro_rules! columns {
    () => {
        "id, provider, subject, client, scope, claims, redirect, challenge, created, code_ends, \
         ends, redeemed, ended_since, ended_why"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM workforce_sign_ins WHERE id = $1");
    INSERT = concat!("INSERT INTO workforce_sign_ins (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
    REDEEM = "UPDATE workforce_sign_ins SET redeemed = $2
        WHERE id = $1 AND redeemed IS NULL AND ended_since IS NULL AND code_ends > $2";
    END = "UPDATE workforce_sign_ins SET ended_since = $2, ended_why = $3
        WHERE id = $1 AND ended_since IS NULL";
    /// Those that are over, and those whose code nobody redeemed: ten minutes later nobody asks why.
    FORGET = "DELETE FROM workforce_sign_ins WHERE id IN
        (SELECT id FROM workforce_sign_ins
            WHERE ends <= $1 OR (redeemed IS NULL AND code_ends + 600 <= $1) LIMIT $2)";
}

pub(crate) fn write(row: &WorkforceSignIn) -> Vec<Param> {
    params![
        row.id,
        &row.provider,
        row.subject.as_str(),
        &row.client,
        write_scope(&row.scope).to_string(),
        row.claims.as_slice(),
        row.redirect.as_slice(),
        row.challenge.as_str(),
        row.created,
        row.code_ends,
        row.ends,
        row.redeemed,
        row.ended.map(|ended| ended.since),
        row.ended.map(|ended| authorization::ended_why(ended.why)),
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<WorkforceSignIn> {
    Ok(WorkforceSignIn {
        id: row.id(AuthorizationId::from_bytes)?,
        provider: row.parsed()?,
        subject: row.text()?.to_owned(),
        client: row.parsed()?,
        scope: read_scope(&row.json()?).ok_or_else(|| row.unreadable())?,
        claims: row.bytes()?.to_vec(),
        redirect: row.array()?,
        challenge: row.text()?.to_owned(),
        created: row.time()?,
        code_ends: row.time()?,
        ends: row.time()?,
        redeemed: row.maybe_time()?,
        ended: authorization::read_ended(row)?,
    })
}
