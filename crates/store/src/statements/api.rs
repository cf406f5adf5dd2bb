//! APIs. Scopes have a table of their own, since the name of a scope belongs to one API at most.
//!
//! An API is read as one row for each scope (one without scopes as one row with empty cells), in
//! the order of the APIs and then of the scopes; [`fold`] puts them together.

use carnet_core::record::Api;
use carnet_core::record::ApiScope;
use carnet_core::record::Risk;
use carnet_core::record::TokenFormat;
use carnet_core::record::Visibility;
use carnet_core::value::ApiId;
use carnet_core::value::Seconds;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;
use crate::statements::detail_type;

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT a.id, a.project, a.identifier, a.title, a.tokens, a.algorithm, a.lifetime,
                a.created, a.changed, a.version, a.detail_types, s.name, s.title, s.detail, s.risk, s.visibility
             FROM apis a LEFT JOIN api_scopes s ON s.api = a.id
             WHERE a.id ",
            $which,
            " ORDER BY a.id, s.place"
        )
    };
}

statements! {
    BY_ID = select!("= $1");
    PAGE = select!("IN (SELECT id FROM apis WHERE id > $1 ORDER BY id LIMIT $2)");
    PAGE_OF_PROJECT = select!("IN (SELECT id FROM apis
        WHERE project = $1 AND id > $2 ORDER BY id LIMIT $3)");
    INSERT = "INSERT INTO apis (id, project, identifier, title, tokens, algorithm, lifetime,
            created, changed, version, detail_types)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    REPLACE = "UPDATE apis SET project = $2, identifier = $3, title = $4, tokens = $5,
        algorithm = $6, lifetime = $7, created = $8, changed = $9, version = $10,
        detail_types = $11
        WHERE id = $1 AND version + 1 = $10";
    REMOVE = "DELETE FROM apis WHERE id = $1 AND version = $2";
    SCOPE_INSERT = "INSERT INTO api_scopes (api, place, name, title, detail, risk, visibility)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    SCOPES_CLEAR = "DELETE FROM api_scopes WHERE api = $1";
}

words!(tokens_word, tokens, TokenFormat { Jwt = "jwt", Opaque = "opaque" });
words!(risk_word, risk, Risk {
    Read = "read",
    Write = "write",
    ActAs = "act_as",
    Administer = "administer",
});
words!(visibility_word, visibility, Visibility { Public = "public", Private = "private" });

pub(crate) fn write(row: &Api) -> Vec<Param> {
    params![
        row.id,
        &row.project,
        &row.identifier,
        &row.title,
        tokens_word(row.tokens),
        row.algorithm.name(),
        row.lifetime.0,
        row.created,
        row.changed,
        row.version,
        detail_type::write(&row.detail_types).to_string(),
    ]
}

pub(crate) fn write_scope(api: ApiId, place: i64, row: &ApiScope) -> Vec<Param> {
    params![
        api,
        place,
        row.name.as_str(),
        &row.title,
        &row.detail,
        risk_word(row.risk),
        visibility_word(row.visibility),
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Api> {
    let mut api = Api {
        id: row.id(ApiId::from_bytes)?,
        project: row.parsed()?,
        identifier: row.parsed()?,
        title: row.parsed()?,
        tokens: row.word(tokens)?,
        algorithm: row.parsed()?,
        lifetime: Seconds(row.int()?),
        scopes: Vec::new(),
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
        detail_types: detail_type::read(&row.json()?).ok_or_else(|| row.unreadable())?,
    };
    if let Some(name) = row.maybe_parsed()? {
        api.scopes.push(ApiScope {
            name,
            title: row.parsed()?,
            detail: row.parsed()?,
            risk: row.word(risk)?,
            visibility: row.word(visibility)?,
        });
    }
    Ok(api)
}

/// Puts neighbours with one id together.
pub(crate) fn fold(rows: Vec<Api>) -> Vec<Api> {
    let mut apis: Vec<Api> = Vec::new();
    for row in rows {
        match apis.last_mut() {
            Some(last) if last.id == row.id => last.scopes.extend(row.scopes),
            _ => apis.push(row),
        }
    }
    apis
}
