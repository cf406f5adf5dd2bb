//! Sessions of people. A user has so many at most; one more takes the place of the one that was not
//! used for the longest.

use carnet_core::record::Session;
use carnet_core::record::SessionSeen;
use carnet_core::record::SignInMethod;
use carnet_core::value::SecretDigest;
use carnet_core::value::SessionId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, digest, person, method, created, seen, idle_ends, ends, agent, address"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM sessions WHERE id = $1");
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM sessions WHERE digest = $1");
    OF_USER = concat!("SELECT ", columns!(), " FROM sessions WHERE person = $1 ORDER BY id
        LIMIT $2");
    /// Makes room for one more: all go but so many that were used last.
    MAKE_ROOM = "DELETE FROM sessions WHERE id IN
        (SELECT id FROM sessions WHERE person = $1 ORDER BY seen DESC, id DESC LIMIT 1000 OFFSET $2)";
    INSERT = concat!("INSERT INTO sessions (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    SEEN = "UPDATE sessions SET seen = CASE WHEN seen < $2 THEN $2 ELSE seen END,
        idle_ends = CASE WHEN idle_ends < $3 THEN $3 ELSE idle_ends END WHERE id = $1";
    REMOVE = "DELETE FROM sessions WHERE id = $1";
    END_ALL = "DELETE FROM sessions WHERE person = $1";
    END_OTHERS = "DELETE FROM sessions WHERE person = $1 AND id <> $2";
    FORGET = "DELETE FROM sessions WHERE id IN
        (SELECT id FROM sessions WHERE idle_ends <= $1 LIMIT $2)";
}

words!(method_word, method_of, SignInMethod {
    Password = "password",
});

pub(crate) fn write(row: &Session) -> Vec<Param> {
    params![
        row.id,
        row.digest,
        &row.user,
        method_word(row.method),
        row.created,
        row.seen,
        row.idle_ends,
        row.ends,
        &row.agent,
        row.address.as_str(),
    ]
}

pub(crate) fn write_seen(seen: &SessionSeen) -> Vec<Param> {
    params![seen.session, seen.at, seen.idle_ends]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Session> {
    Ok(Session {
        id: row.id(SessionId::from_bytes)?,
        digest: SecretDigest::from_bytes(row.array()?),
        user: row.parsed()?,
        method: row.word(method_of)?,
        created: row.time()?,
        seen: row.time()?,
        idle_ends: row.time()?,
        ends: row.time()?,
        agent: row.parsed()?,
        address: row.text()?.to_owned(),
    })
}
