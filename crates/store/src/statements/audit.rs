//! The audit log: one row says where the chain ends; it moves in the transaction of the change
//! that it tells of.

use std::borrow::Cow;

use carnet_core::record::AuditDraft;
use carnet_core::record::AuditEntry;
use carnet_core::record::Outcome;
use carnet_core::store::AuditFilter;
use carnet_wire::crn::Crn;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::Statement;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "sequence, at, actor, action, target, code, address, trace, detail, previous, hash"
    };
}

macro_rules! page {
    ($lead:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM audit WHERE sequence < $1 AND ",
            $lead,
            " AND (CAST($2 AS TEXT) IS NULL OR trace = $2)
              AND (CAST($3 AS TEXT) IS NULL OR actor = $3)
              AND (CAST($4 AS TEXT) IS NULL OR action = $4)
              AND (CAST($5 AS TEXT) IS NULL OR target = $5)
              ORDER BY sequence DESC LIMIT $6"
        )
    };
}

statements! {
    /// `||` would make a text of two blobs on SQLite, which has no SHA-256 either: we give it one
    /// function that does both.
    HEAD_MOVE = "UPDATE audit_head SET sequence = sequence + 1, previous = hash,
            hash = sha256(hash || $1)
        WHERE one = 1",
        sqlite: "UPDATE audit_head SET sequence = sequence + 1, previous = hash,
            hash = carnet_hash_after(hash, ?1)
        WHERE one = 1";
    /// Holds the end of the chain until the commit is over.
    HEAD_HOLD = "SELECT 1 FROM audit_head WHERE one = 1",
        postgres: "SELECT 1 FROM audit_head WHERE one = 1 FOR UPDATE";
    INSERT = concat!("INSERT INTO audit (", columns!(), ")
        SELECT sequence, CAST($1 AS BIGINT), $2, $3, $4, CAST($5 AS BIGINT), $6, $7, $8,
            previous, hash
        FROM audit_head WHERE one = 1");
    AFTER = concat!("SELECT ", columns!(), " FROM audit
        WHERE sequence > $1 ORDER BY sequence LIMIT $2");
    PAGE = page!("true");
    PAGE_OF_TRACE = page!("trace = $2");
    PAGE_OF_TARGET = page!("target = $5");
    PAGE_OF_ACTOR = page!("actor = $3");
    PAGE_OF_ACTION = page!("action = $4");
}

/// The statement whose index helps most with this filter. All take the same parameters.
pub(crate) fn page_for(filter: &AuditFilter) -> &'static Statement {
    if filter.trace.is_some() {
        &PAGE_OF_TRACE
    } else if filter.target.is_some() {
        &PAGE_OF_TARGET
    } else if filter.actor.is_some() {
        &PAGE_OF_ACTOR
    } else if filter.action.is_some() {
        &PAGE_OF_ACTION
    } else {
        &PAGE
    }
}

/// The draft without zero bytes, which PostgreSQL cannot keep: the hash is of what is kept.
pub(crate) fn storable(draft: &AuditDraft) -> Cow<'_, AuditDraft> {
    let texts = [
        &draft.actor,
        &draft.action,
        &draft.target,
        &draft.address,
        &draft.trace,
        &draft.detail,
    ];
    if !texts.iter().any(|text| text.contains('\0')) {
        return Cow::Borrowed(draft);
    }
    let clean = |text: &str| text.replace('\0', "\u{FFFD}");
    Cow::Owned(AuditDraft {
        at: draft.at,
        actor: clean(&draft.actor),
        action: clean(&draft.action),
        target: clean(&draft.target),
        outcome: draft.outcome,
        address: clean(&draft.address),
        trace: clean(&draft.trace),
        detail: clean(&draft.detail),
    })
}

pub(crate) fn write(draft: &AuditDraft) -> Vec<Param> {
    let code = match draft.outcome {
        Outcome::Done => 0,
        Outcome::Refused(crn) => i64::from(crn.number()),
    };
    params![
        draft.at,
        draft.actor.as_str(),
        draft.action.as_str(),
        draft.target.as_str(),
        code,
        draft.address.as_str(),
        draft.trace.as_str(),
        draft.detail.as_str(),
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<AuditEntry> {
    Ok(AuditEntry {
        sequence: row.int()?,
        draft: AuditDraft {
            at: row.time()?,
            actor: row.text()?.to_owned(),
            action: row.text()?.to_owned(),
            target: row.text()?.to_owned(),
            outcome: read_outcome(row)?,
            address: row.text()?.to_owned(),
            trace: row.text()?.to_owned(),
            detail: row.text()?.to_owned(),
        },
        previous: row.array()?,
        hash: row.array()?,
    })
}

fn read_outcome(row: &mut Fields<'_>) -> Decoded<Outcome> {
    let code = row.int()?;
    if code == 0 {
        return Ok(Outcome::Done);
    }
    let crn = u16::try_from(code).ok().and_then(Crn::find);
    crn.map(Outcome::Refused).ok_or_else(|| row.unreadable())
}
