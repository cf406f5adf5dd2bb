//! Projects.

use carnet_core::record::AssertionRules;
use carnet_core::record::Audience;
use carnet_core::record::Project;
use carnet_core::record::ProjectState;
use carnet_core::value::OrganizationId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, number, organization, title, audience, state, state_since, strict_assertions, \
         google_audience_for_uploaded_keys, created, changed, version"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM projects WHERE id = $1");
    BY_NUMBER = concat!("SELECT ", columns!(), " FROM projects WHERE number = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM projects WHERE id > $1 ORDER BY id LIMIT $2");
    PAGE_OF_ORGANIZATION = concat!("SELECT ", columns!(), " FROM projects
        WHERE organization = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO projects (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    REPLACE = "UPDATE projects SET number = $2, organization = $3, title = $4, audience = $5,
        state = $6, state_since = $7, strict_assertions = $8,
        google_audience_for_uploaded_keys = $9, created = $10, changed = $11, version = $12
        WHERE id = $1 AND version + 1 = $12";
    REMOVE = "DELETE FROM projects WHERE id = $1 AND version = $2";
}

words!(audience_word, audience, Audience { Internal = "internal", External = "external" });

pub(crate) fn write(row: &Project) -> Vec<Param> {
    let (state, since) = match row.state {
        ProjectState::Active => ("active", None),
        ProjectState::Suspended { since } => ("suspended", Some(since)),
    };
    params![
        &row.id,
        &row.number,
        row.organization,
        &row.title,
        audience_word(row.audience),
        state,
        since,
        row.assertions.strict,
        row.assertions.google_audience_for_uploaded_keys,
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Project> {
    Ok(Project {
        id: row.parsed()?,
        number: row.parsed()?,
        organization: row.maybe_id(OrganizationId::from_bytes)?,
        title: row.parsed()?,
        audience: row.word(audience)?,
        state: read_state(row)?,
        assertions: AssertionRules {
            strict: row.flag()?,
            google_audience_for_uploaded_keys: row.flag()?,
        },
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

fn read_state(row: &mut Fields<'_>) -> Decoded<ProjectState> {
    let state = row.text()?;
    match (state, row.maybe_time()?) {
        ("active", _) => Ok(ProjectState::Active),
        ("suspended", Some(since)) => Ok(ProjectState::Suspended { since }),
        _ => Err(row.unreadable()),
    }
}
