//! Takes a record away, with what hangs on it and nothing else.

use crate::record::DeviceState;
use crate::record::Holder;
use crate::record::IssuerOwner;
use crate::record::PoolOwner;
use crate::record::Territory;
use crate::store::RecordKey;
use crate::store::Why;
use crate::store::memory::Tables;
use crate::store::memory::apply::Applied;
use crate::store::memory::apply::unless;
use crate::value::ClientId;
use crate::value::GroupId;
use crate::value::KeyId;
use crate::value::OrganizationId;
use crate::value::ProjectId;
use crate::value::UniqueId;
use crate::value::UserId;
use crate::value::Version;

impl Tables {
    pub(super) fn remove(&mut self, key: &RecordKey, version: Version) -> Applied {
        match key {
            RecordKey::Organization(id) => self.remove_organization(*id, version)?,
            RecordKey::Domain(name) => {
                self.domains.stands(name, version)?;
                self.domains.take(name);
            }
            RecordKey::User(id) => self.remove_user(id, version)?,
            RecordKey::Group(id) => self.remove_group(*id, version)?,
            RecordKey::Membership(group, user) => self.remove_member(*group, user)?,
            RecordKey::Project(id) => self.remove_project(id, version)?,
            RecordKey::Api(id) => {
                self.apis.stands(id, version)?;
                self.apis.take(id);
            }
            RecordKey::ServiceAccount(id, _) => self.remove_account(id, version)?,
            RecordKey::ServiceAccountKey(id, account) => self.remove_key(id, account, version)?,
            RecordKey::Client(id) => self.remove_client(id, version)?,
            RecordKey::ClientSecret(id, _) => {
                self.client_secrets.stands(id, version)?;
                self.client_secrets.take(id);
                self.secret_uses.take(id);
            }
            RecordKey::InitialToken(id) => {
                self.initial_tokens.stands(id, version)?;
                self.initial_tokens.take(id);
            }
            RecordKey::Delegation(id, _) => {
                self.delegations.stands(id, version)?;
                self.delegations.take(id);
            }
            RecordKey::Policy(id, _) => {
                self.policies.stands(id, version)?;
                self.policies.take(id);
            }
            RecordKey::RoleBinding(id) => {
                unless(self.role_bindings.take(id).is_none(), Why::Stale)?;
            }
            RecordKey::Consent(user, client) => {
                let pair = (user.clone(), client.clone());
                self.consents.stands(&pair, version)?;
                self.consents.take(&pair);
            }
            RecordKey::SigningKey(id) => {
                self.signing_keys.stands(id, version)?;
                self.signing_keys.take(id);
            }
            RecordKey::Password(user) => {
                self.passwords.stands(user, version)?;
                self.passwords.take(user);
            }
            RecordKey::Session(id) => {
                unless(self.sessions.take(id).is_none(), Why::Stale)?;
            }
            RecordKey::WorkloadPool(name) => self.remove_pool(name, version)?,
            RecordKey::WorkloadProvider(name) => self.remove_provider(name, version)?,
            RecordKey::TrustedIssuer(id) => self.remove_trusted_issuer(id, version)?,
        }
        Ok(())
    }

    fn remove_organization(&mut self, id: OrganizationId, version: Version) -> Applied {
        self.organizations.stands(&id, version)?;
        let held = self.domains.rows().any(|row| row.organization == id)
            || self.users.rows().any(|row| row.organization == id)
            || self.groups.rows().any(|row| row.organization == id)
            || self.projects.rows().any(|row| row.organization == Some(id))
            || self.policies.rows().any(|row| row.organization == id)
            || self.delegations.rows().any(|row| row.organization == id)
            || self.has_pools(&PoolOwner::Organization(id))
            || self.trusts_any(&IssuerOwner::Organization(id));
        unless(held, Why::Referenced)?;
        self.organizations.take(&id);
        let territory = Territory::Organization(id);
        self.role_bindings
            .take_where(|_, row| row.territory == territory);
        Ok(())
    }

    fn remove_client(&mut self, id: &ClientId, version: Version) -> Applied {
        self.clients.stands(id, version)?;
        self.clients.take(id);
        self.client_secrets.take_where(|_, row| row.client == *id);
        self.secret_uses.take_where(|_, row| row.client == *id);
        self.refused_redirects
            .take_where(|(client, _), _| client == id);
        self.authorizations.take_where(|_, row| row.client == *id);
        self.consents.take_where(|(_, client), _| client == id);
        self.devices.take_where(|_, row| row.client == *id);
        self.pushed.take_where(|_, row| row.client == *id);
        self.registrations.take(id);
        Ok(())
    }

    fn remove_user(&mut self, id: &UserId, version: Version) -> Applied {
        self.users.stands(id, version)?;
        if let Some(user) = self.users.take(id) {
            self.user_emails.take(&user.email);
        }
        self.former_users.put(id.clone(), ());
        self.passwords.take(id);
        self.end_sessions(id, None);
        self.memberships.take_where(|(_, user), _| user == id);
        self.authorizations.take_where(|_, row| row.user == *id);
        self.consents.take_where(|(user, _), _| user == id);
        self.devices.take_where(|_, row| match &row.state {
            DeviceState::Allowed(by) => by.user == *id,
            DeviceState::Pending | DeviceState::Denied | DeviceState::Spent => false,
        });
        let holder = Holder::User(id.clone());
        self.role_bindings.take_where(|_, row| row.holder == holder);
        Ok(())
    }

    fn remove_project(&mut self, id: &ProjectId, version: Version) -> Applied {
        self.projects.stands(id, version)?;
        let held = self.accounts.rows().any(|row| row.project == *id)
            || self.apis.rows().any(|row| row.project == *id)
            || self.clients.rows().any(|row| row.project == *id)
            || self.has_pools(&PoolOwner::Project(id.clone()))
            || self.trusts_any(&IssuerOwner::Project(id.clone()));
        unless(held, Why::Referenced)?;
        self.projects.take(id);
        let territory = Territory::Project(id.clone());
        self.role_bindings
            .take_where(|_, row| row.territory == territory);
        Ok(())
    }

    fn remove_account(&mut self, id: &UniqueId, version: Version) -> Applied {
        self.accounts.stands(id, version)?;
        self.purged_accounts.put(id.clone(), ());
        if let Some(account) = self.accounts.take(id) {
            let mut holders = self
                .account_emails
                .find(&account.email)
                .cloned()
                .unwrap_or_default();
            holders.retain(|other| other != id);
            self.account_emails.put(account.email, holders);
        }
        for key in self.keys_of.take(id).unwrap_or_default() {
            self.keys.take(&key);
            self.key_uses.take(&(id.clone(), key));
        }
        self.delegations.take_where(|_, row| row.client_id == *id);
        self.account_policies.take(id);
        self.system_keys.take_where(|_, row| row.account == *id);
        let holder = Holder::ServiceAccount(id.clone());
        self.role_bindings.take_where(|_, row| row.holder == holder);
        Ok(())
    }

    fn remove_member(&mut self, group: GroupId, user: &UserId) -> Applied {
        let gone = self.memberships.take(&(group, user.clone()));
        unless(gone.is_none(), Why::Stale)
    }

    fn remove_group(&mut self, id: GroupId, version: Version) -> Applied {
        self.groups.stands(&id, version)?;
        self.groups.take(&id);
        self.memberships.take_where(|(group, _), _| *group == id);
        Ok(())
    }

    fn remove_key(&mut self, id: &KeyId, account: &UniqueId, version: Version) -> Applied {
        self.keys.stands(id, version)?;
        self.keys.take(id);
        self.key_uses.take(&(account.clone(), id.clone()));
        let mut held = self.keys_of.find(account).cloned().unwrap_or_default();
        held.retain(|other| other != id);
        self.keys_of.put(account.clone(), held);
        Ok(())
    }
}
