//! Writes a record over itself or into its empty place, once its other names are found free and
//! what it belongs to is found.

use std::collections::BTreeSet;

use crate::record::AccountState;
use crate::record::Api;
use crate::record::Delegation;
use crate::record::Group;
use crate::record::Holder;
use crate::record::Project;
use crate::record::RoleBinding;
use crate::record::ServiceAccount;
use crate::record::ServiceAccountKey;
use crate::record::SigningKey;
use crate::record::SigningKeyState;
use crate::record::Territory;
use crate::record::User;
use crate::store::Record;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::OrganizationId;

impl Tables {
    pub(super) fn put(&mut self, record: &Record) -> Applied {
        match record {
            Record::Organization(row) => self.organizations.put(row.id, row.clone()),
            Record::Domain(row) => {
                self.belongs(row.organization)?;
                self.domains.put(row.name.clone(), row.clone());
            }
            Record::User(row) => self.put_user(row)?,
            Record::Group(row) => self.put_group(row)?,
            Record::Membership(row) => {
                let both = self.groups.has(&row.group) && self.users.has(&row.user);
                unless(!both, Why::Referenced)?;
                self.memberships
                    .put((row.group, row.user.clone()), row.clone());
            }
            Record::Project(row) => self.put_project(row)?,
            Record::Api(row) => self.put_api(row)?,
            Record::ServiceAccount(row) => self.put_account(row)?,
            Record::ServiceAccountKey(row) => self.put_key(row)?,
            Record::Client(row) => {
                unless(!self.projects.has(&row.project), Why::Referenced)?;
                self.clients.put(row.id.clone(), row.clone());
            }
            Record::ClientSecret(row) => {
                unless(!self.clients.has(&row.client), Why::Referenced)?;
                self.client_secrets.put(row.id, row.clone());
            }
            Record::InitialToken(row) => self.put_initial_token(row)?,
            Record::Registration(row) => self.put_registration(row)?,
            Record::Delegation(row) => self.put_delegation(row)?,
            Record::Policy(row) => {
                self.belongs(row.organization)?;
                self.policies.put(row.id, row.clone());
            }
            Record::RoleBinding(row) => self.put_binding(row)?,
            Record::SigningKey(row) => self.put_signing_key(row)?,
            Record::AccountPolicy(row) => self.put_account_policy(row)?,
            Record::SystemKey(row) => self.put_system_key(row)?,
            Record::SetupLink(row) => self.setup_links.put(*row.digest.as_bytes(), row.clone()),
            Record::Authorization(row) => self.put_authorization(row)?,
            Record::Consent(row) => self.put_consent(row)?,
            Record::DeviceAuthorization(row) => self.put_device(row)?,
            Record::PushedRequest(row) => self.put_pushed(row)?,
            Record::WorkforceSignIn(row) => self.put_workforce(row)?,
            Record::Password(row) => {
                unless(!self.users.has(&row.user), Why::Referenced)?;
                self.passwords.put(row.user.clone(), row.clone());
            }
            Record::Session(row) => self.put_session(row)?,
            Record::WorkloadPool(row) => self.put_pool(row)?,
            Record::WorkloadProvider(row) => self.put_provider(row)?,
            Record::TrustedIssuer(row) => self.put_trusted_issuer(row)?,
        }
        Ok(())
    }

    pub(super) fn belongs(&self, organization: OrganizationId) -> Applied {
        unless(!self.organizations.has(&organization), Why::Referenced)
    }

    fn put_user(&mut self, row: &User) -> Applied {
        self.belongs(row.organization)?;
        let holder = self.user_emails.find(&row.email);
        unless(holder.is_some_and(|holder| *holder != row.id), Why::Taken)?;
        let mut row = row.clone();
        let before = self.users.find(&row.id);
        if let Some((email, since)) =
            before.map(|before| (before.email.clone(), before.sign_ins_since))
        {
            self.user_emails.take(&email);
            row.sign_ins_since = row.sign_ins_since.max(since);
        }
        self.user_emails.put(row.email.clone(), row.id.clone());
        self.users.put(row.id.clone(), row);
        Ok(())
    }

    fn put_group(&mut self, row: &Group) -> Applied {
        self.belongs(row.organization)?;
        let taken = self
            .groups
            .rows()
            .any(|other| other.email == row.email && other.id != row.id);
        unless(taken, Why::Taken)?;
        self.groups.put(row.id, row.clone());
        Ok(())
    }

    fn put_project(&mut self, row: &Project) -> Applied {
        if let Some(organization) = row.organization {
            self.belongs(organization)?;
        }
        let taken = self
            .projects
            .rows()
            .any(|other| other.number == row.number && other.id != row.id);
        unless(taken, Why::Taken)?;
        self.projects.put(row.id.clone(), row.clone());
        Ok(())
    }

    fn put_api(&mut self, row: &Api) -> Applied {
        unless(!self.projects.has(&row.project), Why::Referenced)?;
        let owns = |name| row.scopes.iter().any(|own| own.name == name);
        let taken = self
            .apis
            .rows()
            .filter(|other| other.id != row.id)
            .any(|other| {
                other.identifier == row.identifier
                    || other.scopes.iter().any(|scope| owns(scope.name.clone()))
            });
        let names: BTreeSet<_> = row.scopes.iter().map(|scope| &scope.name).collect();
        unless(taken || names.len() < row.scopes.len(), Why::Taken)?;
        self.give_api(row)?;
        self.apis.put(row.id, row.clone());
        Ok(())
    }

    fn put_account(&mut self, row: &ServiceAccount) -> Applied {
        unless(!self.projects.has(&row.project), Why::Referenced)?;
        let mut holders = self
            .account_emails
            .find(&row.email)
            .cloned()
            .unwrap_or_default();
        let deleted = matches!(row.state, AccountState::Deleted { .. });
        let taken = holders.iter().filter(|id| **id != row.unique_id).any(|id| {
            let other = self.accounts.find(id);
            other.is_some_and(|other| !matches!(other.state, AccountState::Deleted { .. }))
        });
        unless(taken && !deleted, Why::Taken)?;
        if !holders.contains(&row.unique_id) {
            holders.push(row.unique_id.clone());
            self.account_emails.put(row.email.clone(), holders);
        }
        self.accounts.put(row.unique_id.clone(), row.clone());
        Ok(())
    }

    fn put_key(&mut self, row: &ServiceAccountKey) -> Applied {
        unless(!self.accounts.has(&row.account), Why::Referenced)?;
        let mut held = self.keys_of.find(&row.account).cloned().unwrap_or_default();
        if !held.contains(&row.id) {
            held.push(row.id.clone());
            self.keys_of.put(row.account.clone(), held);
        }
        self.keys.put(row.id.clone(), row.clone());
        Ok(())
    }

    fn put_delegation(&mut self, row: &Delegation) -> Applied {
        self.belongs(row.organization)?;
        unless(!self.accounts.has(&row.client_id), Why::Referenced)?;
        let taken = self.delegations.rows().any(|other| {
            other.organization == row.organization
                && other.client_id == row.client_id
                && other.id != row.id
        });
        unless(taken, Why::Taken)?;
        self.delegations.put(row.id, row.clone());
        Ok(())
    }

    fn put_signing_key(&mut self, row: &SigningKey) -> Applied {
        let signs = |key: &SigningKey| matches!(key.state, SigningKeyState::Active { .. });
        let taken = self
            .signing_keys
            .rows()
            .any(|other| other.usage == row.usage && other.id != row.id && signs(other));
        unless(taken && signs(row), Why::Taken)?;
        self.signing_keys.put(row.id.clone(), row.clone());
        Ok(())
    }

    fn put_binding(&mut self, row: &RoleBinding) -> Applied {
        let held = match &row.holder {
            Holder::ServiceAccount(id) => self.accounts.has(id),
            Holder::User(id) => self.users.has(id),
        };
        let there = match &row.territory {
            Territory::Installation => true,
            Territory::Organization(id) => self.organizations.has(id),
            Territory::Project(id) => self.projects.has(id),
        };
        unless(!held || !there, Why::Referenced)?;
        let taken = self.role_bindings.rows().any(|other| {
            other.holder == row.holder && other.role == row.role && other.territory == row.territory
        });
        unless(taken, Why::Taken)?;
        self.role_bindings.put(row.id, row.clone());
        Ok(())
    }
}
