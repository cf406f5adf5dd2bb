//! What grew from a seed, whether just now or when the data was made.

use std::path::PathBuf;

use carnet_core::record;
use carnet_core::record::ServiceAccount;
use carnet_core::value::Email;
use carnet_core::value::OrganizationId;
use carnet_core::value::ProjectId;

use super::clients::GrownClient;
use super::plan::Seed;
use super::plan::SeedPassword;
use super::plan::SeedRole;

/// What grew from a seed.
#[derive(Debug)]
pub(crate) struct Grown {
    pub(crate) organization: OrganizationId,
    pub(crate) domain: String,
    pub(crate) project: ProjectId,
    pub(crate) users: Vec<GrownUser>,
    pub(crate) accounts: Vec<GrownAccount>,
    pub(in crate::dev) clients: Vec<GrownClient>,
}

/// A user, with the password if there is one.
#[derive(Debug)]
pub(crate) struct GrownUser {
    pub(crate) email: Email,
    pub(crate) password: Option<SeedPassword>,
}

impl GrownUser {
    /// The users, with the passwords that they have.
    pub(super) fn of(seed: &Seed) -> Vec<Self> {
        let users = seed.users.iter().map(|user| Self {
            email: user.email.clone(),
            password: user.password.clone(),
        });
        users.collect()
    }
}

/// A service account with its key file.
#[derive(Debug)]
pub(crate) struct GrownAccount {
    pub(crate) account: ServiceAccount,
    pub(crate) role: Option<record::Role>,
    pub(crate) key_file: PathBuf,
}

/// The role that a seed calls so.
pub(super) const fn role(planned: SeedRole) -> record::Role {
    match planned {
        SeedRole::Owner => record::Role::Owner,
        SeedRole::Admin => record::Role::Admin,
        SeedRole::Auditor => record::Role::Auditor,
        SeedRole::Viewer => record::Role::Viewer,
    }
}
