//! The in-memory reference: what the contract means, in the plainest code. `carnet dev` runs on it.
//!
//! One lock, held for the length of one read or one commit and never across an `await`. A commit
//! writes into the tables and keeps what it replaced; where a change finds what it did not expect,
//! everything is put back.

mod access;
mod apply;
mod given;
mod grants;
mod pools;
mod pushed;
mod put;
mod read;
mod refused;
mod registration;
mod remove;
mod sessions;
mod table;
mod trusts;
mod workforce;

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::record::AccountPolicy;
use crate::record::Api;
use crate::record::AuditEntry;
use crate::record::Authorization;
use crate::record::Client;
use crate::record::ClientSecret;
use crate::record::Consent;
use crate::record::Delegation;
use crate::record::DeviceAuthorization;
use crate::record::Domain;
use crate::record::Group;
use crate::record::InitialToken;
use crate::record::KeyUse;
use crate::record::Membership;
use crate::record::Organization;
use crate::record::Password;
use crate::record::Policy;
use crate::record::Project;
use crate::record::PushedRequest;
use crate::record::RefusedRedirect;
use crate::record::Registration;
use crate::record::RoleBinding;
use crate::record::SecretUse;
use crate::record::ServiceAccount;
use crate::record::ServiceAccountKey;
use crate::record::Session;
use crate::record::SetupLink;
use crate::record::SigningKey;
use crate::record::SystemKey;
use crate::record::TrustedIssuer;
use crate::record::User;
use crate::record::WorkforceSignIn;
use crate::record::WorkloadPool;
use crate::record::WorkloadProvider;
use crate::store::Change;
use crate::store::Committed;
use crate::store::Reading;
use crate::store::Store;
use crate::store::Watcher;
use crate::store::memory::given::Given;
use crate::store::memory::table::Table;
use crate::value::ApiId;
use crate::value::AuthorizationId;
use crate::value::BindingId;
use crate::value::ClientId;
use crate::value::DelegationId;
use crate::value::DomainName;
use crate::value::Email;
use crate::value::GroupId;
use crate::value::InitialTokenId;
use crate::value::KeyId;
use crate::value::OrganizationId;
use crate::value::PolicyId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::ProviderName;
use crate::value::SecretId;
use crate::value::ServiceAccountEmail;
use crate::value::SessionId;
use crate::value::TokenId;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// A store that forgets everything when it is dropped.
#[derive(Default)]
pub struct Memory {
    tables: Mutex<Tables>,
    watchers: Mutex<Vec<Arc<dyn Watcher>>>,
}

#[derive(Default)]
struct Tables {
    organizations: Table<OrganizationId, Organization>,
    domains: Table<DomainName, Domain>,
    users: Table<UserId, User>,
    former_users: Table<UserId, ()>,
    user_emails: Table<Email, UserId>,
    groups: Table<GroupId, Group>,
    passwords: Table<UserId, Password>,
    sessions: Table<SessionId, Session>,
    memberships: Table<(GroupId, UserId), Membership>,
    projects: Table<ProjectId, Project>,
    apis: Table<ApiId, Api>,
    given_names: Table<(Given, String), ProjectId>,
    accounts: Table<UniqueId, ServiceAccount>,
    purged_accounts: Table<UniqueId, ()>,
    account_emails: Table<ServiceAccountEmail, Vec<UniqueId>>,
    keys: Table<KeyId, ServiceAccountKey>,
    keys_of: Table<UniqueId, Vec<KeyId>>,
    key_uses: Table<(UniqueId, KeyId), KeyUse>,
    clients: Table<ClientId, Client>,
    client_secrets: Table<SecretId, ClientSecret>,
    secret_uses: Table<SecretId, SecretUse>,
    refused_redirects: Table<(ClientId, String), RefusedRedirect>,
    delegations: Table<DelegationId, Delegation>,
    account_policies: Table<UniqueId, AccountPolicy>,
    system_keys: Table<(UniqueId, i64), SystemKey>,
    policies: Table<PolicyId, Policy>,
    pools: Table<PoolName, WorkloadPool>,
    purged_pools: Table<PoolName, ()>,
    providers: Table<ProviderName, WorkloadProvider>,
    trusted_issuers: Table<TrustedIssuerId, TrustedIssuer>,
    role_bindings: Table<BindingId, RoleBinding>,
    authorizations: Table<AuthorizationId, Authorization>,
    consents: Table<(UserId, ClientId), Consent>,
    devices: Table<[u8; 32], DeviceAuthorization>,
    pushed: Table<[u8; 32], PushedRequest>,
    workforce: Table<AuthorizationId, WorkforceSignIn>,
    initial_tokens: Table<InitialTokenId, InitialToken>,
    registrations: Table<ClientId, Registration>,
    signing_keys: Table<KeyId, SigningKey>,
    setup_links: Table<[u8; 32], SetupLink>,
    spent: Table<[u8; 32], UnixTime>,
    revoked: Table<TokenId, UnixTime>,
    audit: Table<i64, AuditEntry>,
}

impl Memory {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, changes: &[Change]) {
        let watchers = self
            .watchers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        for topic in changes.iter().flat_map(Change::topics) {
            for watcher in &watchers {
                watcher.changed(&topic);
            }
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl Store for Memory {
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Reading<'a, Committed> {
        Box::pin(async move {
            let committed = self.tables().commit(changes);
            if committed == Committed::Yes {
                self.tell(changes);
            }
            Ok(committed)
        })
    }

    fn watch(&self, watcher: Arc<dyn Watcher>) {
        self.watchers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(watcher);
    }

    fn forget_expired(&self, now: UnixTime, most: u16) -> Reading<'_, u64> {
        Box::pin(async move { Ok(self.tables().forget_expired(now, usize::from(most))) })
    }

    fn check(&self) -> Reading<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}
