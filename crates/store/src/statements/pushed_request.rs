//! Pushed authorization requests. Each step of one's life is one guarded update.

use carnet_core::record::PushedRequest;
use carnet_core::record::PushedState;
use carnet_core::value::SecretDigest;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "digest, client, parameters, state, created, ends"
    };
}

statements! {
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM pushed_requests WHERE digest = $1");
    INSERT = concat!("INSERT INTO pushed_requests (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6)");
    OPEN = "UPDATE pushed_requests SET state = 'opened', ends = $2
        WHERE digest = $1 AND state = 'waiting'";
    SPEND = "UPDATE pushed_requests SET state = 'spent'
        WHERE digest = $1 AND state <> 'spent' AND ends > $2";
    FORGET = "DELETE FROM pushed_requests WHERE digest IN
        (SELECT digest FROM pushed_requests WHERE ends <= $1 LIMIT $2)";
}

const fn word(state: PushedState) -> &'static str {
    match state {
        PushedState::Waiting => "waiting",
        PushedState::Opened => "opened",
        PushedState::Spent => "spent",
    }
}

fn state(word: &str) -> Option<PushedState> {
    match word {
        "waiting" => Some(PushedState::Waiting),
        "opened" => Some(PushedState::Opened),
        "spent" => Some(PushedState::Spent),
        _ => None,
    }
}

pub(crate) fn write(row: &PushedRequest) -> Vec<Param> {
    params![
        row.digest,
        &row.client,
        row.parameters.as_str(),
        word(row.state),
        row.created,
        row.ends,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<PushedRequest> {
    Ok(PushedRequest {
        digest: SecretDigest::from_bytes(row.array()?),
        client: row.parsed()?,
        parameters: row.text()?.to_owned(),
        state: row.word(state)?,
        created: row.time()?,
        ends: row.time()?,
    })
}
