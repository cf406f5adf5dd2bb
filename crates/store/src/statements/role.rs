//! Role bindings.
//!
//! Holder and territory are kept twice: as texts, for one unique index over both kinds of each, and
//! as columns with foreign keys, so that a role goes when its holder or its territory goes. An id
//! that is given anew must not find an old role waiting.

use carnet_core::record::Holder;
use carnet_core::record::Role;
use carnet_core::record::RoleBinding;
use carnet_core::record::Territory;
use carnet_core::value::BindingId;
use carnet_core::value::OrganizationId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::row::words;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, holder_account, holder_user, role, in_organization, in_project, created"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM role_bindings WHERE id = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM role_bindings
        WHERE id > $1 ORDER BY id LIMIT $2");
    PAGE_OF_HOLDER = concat!("SELECT ", columns!(), " FROM role_bindings
        WHERE holder = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO role_bindings (", columns!(), ", holder, territory)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    REMOVE = "DELETE FROM role_bindings WHERE id = $1";
    /// Touches a row, and changes nothing in it, where somebody who can act owns the installation.
    /// The end of the chain of the audit log was held before, by a statement of its own: this one
    /// then sees what was committed in the meantime.
    OWNER_REMAINS = "UPDATE audit_head SET sequence = sequence WHERE one = 1 AND EXISTS (
        SELECT 1 FROM role_bindings AS held
        LEFT JOIN users ON users.id = held.holder_user
        LEFT JOIN service_accounts AS accounts ON accounts.unique_id = held.holder_account
        LEFT JOIN projects ON projects.id = accounts.project
        WHERE held.role = 'owner' AND held.territory = 'installation'
            AND (users.state = 'active'
                OR (accounts.state = 'active' AND projects.state = 'active')))";
}

words!(role_word, role, Role {
    Viewer = "viewer",
    Auditor = "auditor",
    Admin = "admin",
    Owner = "owner",
});

/// The holder in one text.
pub(crate) fn holder_text(holder: &Holder) -> String {
    match holder {
        Holder::ServiceAccount(id) => format!("serviceAccount:{id}"),
        Holder::User(id) => format!("user:{id}"),
    }
}

pub(crate) fn write(row: &RoleBinding) -> Vec<Param> {
    let (account, user) = match &row.holder {
        Holder::ServiceAccount(id) => (Some(id), None),
        Holder::User(id) => (None, Some(id)),
    };
    let (organization, project, territory) = match &row.territory {
        Territory::Installation => (None, None, "installation".to_owned()),
        Territory::Organization(id) => (Some(*id), None, format!("organization:{id}")),
        Territory::Project(id) => (None, Some(id), format!("project:{id}")),
    };
    params![
        row.id,
        account,
        user,
        role_word(row.role),
        organization,
        project,
        row.created,
        holder_text(&row.holder),
        territory,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<RoleBinding> {
    let id = row.id(BindingId::from_bytes)?;
    let holder = match (row.maybe_parsed()?, row.maybe_parsed()?) {
        (Some(account), None) => Holder::ServiceAccount(account),
        (None, Some(user)) => Holder::User(user),
        _ => return Err(row.unreadable()),
    };
    let role = row.word(role)?;
    let organization = row.maybe_id(OrganizationId::from_bytes)?;
    let territory = match (organization, row.maybe_parsed()?) {
        (None, None) => Territory::Installation,
        (Some(organization), None) => Territory::Organization(organization),
        (None, Some(project)) => Territory::Project(project),
        (Some(_), Some(_)) => return Err(row.unreadable()),
    };
    Ok(RoleBinding {
        id,
        holder,
        role,
        territory,
        created: row.time()?,
    })
}
