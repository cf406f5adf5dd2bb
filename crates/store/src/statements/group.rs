//! Groups and who is in them. (`groups` and `user` are words of SQL, hence the longer names.)

use carnet_core::record::Group;
use carnet_core::record::Membership;
use carnet_core::value::GroupId;
use carnet_core::value::OrganizationId;

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::Param;
use crate::statement::params;
use crate::statement::statements;

macro_rules! columns {
    () => {
        "id, organization, email, title, created, changed, version"
    };
}

statements! {
    BY_ID = concat!("SELECT ", columns!(), " FROM user_groups WHERE id = $1");
    BY_EMAIL = concat!("SELECT ", columns!(), " FROM user_groups WHERE email = $1");
    PAGE = concat!("SELECT ", columns!(), " FROM user_groups
        WHERE organization = $1 AND id > $2 ORDER BY id LIMIT $3");
    INSERT = concat!("INSERT INTO user_groups (", columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7)");
    REPLACE = "UPDATE user_groups SET organization = $2, email = $3, title = $4, created = $5,
        changed = $6, version = $7
        WHERE id = $1 AND version + 1 = $7";
    REMOVE = "DELETE FROM user_groups WHERE id = $1 AND version = $2";
    MEMBERS = "SELECT user_group, member, created FROM memberships
        WHERE user_group = $1 AND member > $2 ORDER BY member LIMIT $3";
    GROUPS_OF = "SELECT user_group FROM memberships
        WHERE member = $1 ORDER BY user_group LIMIT $2";
    MEMBER_INSERT = "INSERT INTO memberships (user_group, member, created) VALUES ($1, $2, $3)";
    MEMBER_REMOVE = "DELETE FROM memberships WHERE user_group = $1 AND member = $2";
}

pub(crate) fn write(row: &Group) -> Vec<Param> {
    params![
        row.id,
        row.organization,
        &row.email,
        &row.title,
        row.created,
        row.changed,
        row.version,
    ]
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<Group> {
    Ok(Group {
        id: row.id(GroupId::from_bytes)?,
        organization: row.id(OrganizationId::from_bytes)?,
        email: row.parsed()?,
        title: row.parsed()?,
        created: row.time()?,
        changed: row.time()?,
        version: row.version()?,
    })
}

pub(crate) fn write_member(row: &Membership) -> Vec<Param> {
    params![row.group, &row.user, row.created]
}

pub(crate) fn read_member(row: &mut Fields<'_>) -> Decoded<Membership> {
    Ok(Membership {
        group: row.id(GroupId::from_bytes)?,
        user: row.parsed()?,
        created: row.time()?,
    })
}

pub(crate) fn read_group_of(row: &mut Fields<'_>) -> Decoded<GroupId> {
    row.id(GroupId::from_bytes)
}
