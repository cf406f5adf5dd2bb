//! What must not be used again, and what is worth nothing after a while: redeemed assertions,
//! revoked tokens, setup links.

use carnet_core::record::RevokedToken;
use carnet_core::record::SetupLink;
use carnet_core::value::SecretDigest;
use carnet_core::value::TokenId;
use carnet_core::value::UnixTime;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Statement;
use crate::statement::statements;

statements! {
    ASSERTION_INSERT = "INSERT INTO spent_assertions (digest, until) VALUES ($1, $2)";
    ASSERTION_KNOWN = "SELECT until FROM spent_assertions WHERE digest = $1";
    ASSERTIONS_FORGET = "DELETE FROM spent_assertions WHERE digest IN
        (SELECT digest FROM spent_assertions WHERE until <= $1 LIMIT $2)";
    TOKEN_REVOKE = "INSERT INTO revoked_tokens (id, until) VALUES ($1, $2)
        ON CONFLICT (id) DO UPDATE SET until = excluded.until";
    TOKEN_RESTORE = "DELETE FROM revoked_tokens WHERE id = $1";
    TOKENS_REVOKED = "SELECT id, until FROM revoked_tokens
        WHERE until > $1 AND id > $2 ORDER BY id LIMIT $3";
    TOKENS_FORGET = "DELETE FROM revoked_tokens WHERE id IN
        (SELECT id FROM revoked_tokens WHERE until <= $1 LIMIT $2)";
    SETUP_BY_DIGEST = "SELECT digest, expires FROM setup_links WHERE digest = $1";
    SETUP_INSERT = "INSERT INTO setup_links (digest, expires) VALUES ($1, $2)";
    SETUP_USE = "DELETE FROM setup_links WHERE digest = $1 AND expires > $2";
    /// One administrator is enough: every other link dies with the one that was used.
    SETUP_CLEAR = "DELETE FROM setup_links";
    SETUP_FORGET = "DELETE FROM setup_links WHERE digest IN
        (SELECT digest FROM setup_links WHERE expires <= $1 LIMIT $2)";
}

/// Each takes (now, most).
pub(crate) static FORGET: [&Statement; 3] = [&ASSERTIONS_FORGET, &TOKENS_FORGET, &SETUP_FORGET];

pub(crate) fn read_assertion(row: &mut Fields<'_>) -> Decoded<UnixTime> {
    row.time()
}

pub(crate) fn read_revoked(row: &mut Fields<'_>) -> Decoded<RevokedToken> {
    Ok(RevokedToken {
        id: row.id(TokenId::from_bytes)?,
        until: row.time()?,
    })
}

pub(crate) fn read_setup(row: &mut Fields<'_>) -> Decoded<SetupLink> {
    Ok(SetupLink {
        digest: SecretDigest::from_bytes(row.array()?),
        expires: row.time()?,
    })
}
