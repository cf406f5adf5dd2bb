//! A store that stops writing: what is committed from then on fails as it does on a full disk, and what is there
//! can still be read.

#![expect(
    clippy::elidable_lifetime_names,
    reason = "some reads borrow what they are asked with, and one macro writes all"
)]

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use carnet_core::record::AccountPolicy;
use carnet_core::record::Api;
use carnet_core::record::AuditEntry;
use carnet_core::record::Authorization;
use carnet_core::record::Client;
use carnet_core::record::ClientSecret;
use carnet_core::record::Consent;
use carnet_core::record::Delegation;
use carnet_core::record::DeviceAuthorization;
use carnet_core::record::Domain;
use carnet_core::record::Group;
use carnet_core::record::Holder;
use carnet_core::record::InitialToken;
use carnet_core::record::IssuerOwner;
use carnet_core::record::KeyUse;
use carnet_core::record::Membership;
use carnet_core::record::Organization;
use carnet_core::record::Password;
use carnet_core::record::Policy;
use carnet_core::record::PoolOwner;
use carnet_core::record::Project;
use carnet_core::record::PushedRequest;
use carnet_core::record::RefusedRedirect;
use carnet_core::record::Registration;
use carnet_core::record::RevokedToken;
use carnet_core::record::RoleBinding;
use carnet_core::record::SecretUse;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::Session;
use carnet_core::record::SetupLink;
use carnet_core::record::SigningKey;
use carnet_core::record::SystemKey;
use carnet_core::record::TrustedIssuer;
use carnet_core::record::User;
use carnet_core::record::WorkforceSignIn;
use carnet_core::record::WorkloadPool;
use carnet_core::record::WorkloadProvider;
use carnet_core::store::Accounts;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Clients;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Grants;
use carnet_core::store::Ledger;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::People;
use carnet_core::store::Pools;
use carnet_core::store::Reading;
use carnet_core::store::Sessions;
use carnet_core::store::Store;
use carnet_core::store::Tenants;
use carnet_core::store::Trusts;
use carnet_core::store::Watcher;
use carnet_core::value::AllowedAudience;
use carnet_core::value::ApiId;
use carnet_core::value::AuthorizationId;
use carnet_core::value::BindingId;
use carnet_core::value::ClientId;
use carnet_core::value::DelegationId;
use carnet_core::value::DomainName;
use carnet_core::value::Email;
use carnet_core::value::GroupId;
use carnet_core::value::InitialTokenId;
use carnet_core::value::IssuerUri;
use carnet_core::value::KeyId;
use carnet_core::value::OrganizationId;
use carnet_core::value::PolicyId;
use carnet_core::value::PoolName;
use carnet_core::value::ProjectId;
use carnet_core::value::ProjectNumber;
use carnet_core::value::ProviderName;
use carnet_core::value::SecretDigest;
use carnet_core::value::SecretId;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::SessionId;
use carnet_core::value::TrustedIssuerId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::UserId;
use carnet_wire::device::UserCode;
use carnet_wire::origin::Origin;

/// A store over another one.
pub struct Brittle {
    store: Arc<dyn Store>,
    broken: AtomicBool,
}

impl Brittle {
    /// One that is whole, over this store.
    #[must_use]
    pub const fn over(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            broken: AtomicBool::new(false),
        }
    }

    /// Nothing is written from now on.
    pub fn breaks(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    /// It is whole again.
    pub fn mends(&self) {
        self.broken.store(false, Ordering::Relaxed);
    }
}

impl Store for Brittle {
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Reading<'a, Committed> {
        if self.broken.load(Ordering::Relaxed) {
            return Box::pin(async { Err(Fault::temporary("the disk is full")) });
        }
        self.store.commit(changes)
    }

    fn watch(&self, watcher: Arc<dyn Watcher>) {
        self.store.watch(watcher);
    }

    fn forget_expired(&self, now: UnixTime, most: u16) -> Reading<'_, u64> {
        self.store.forget_expired(now, most)
    }

    fn check(&self) -> Reading<'_, ()> {
        self.store.check()
    }
}

/// Reads go through.
macro_rules! through {
    ($($kind:ident { $(fn $name:ident($($argument:ident: $type:ty),*) -> $out:ty;)+ })+) => {
        $(
            impl $kind for Brittle {
                $(
                    fn $name<'a>(&'a self, $($argument: $type),*) -> Reading<'a, $out> {
                        self.store.$name($($argument),*)
                    }
                )+
            }
        )+
    };
}

through! {
    Tenants {
        fn organization(id: OrganizationId) -> Option<Organization>;
        fn organizations(page: &'a Page) -> Listing<Organization>;
        fn domain(name: &'a DomainName) -> Option<Domain>;
        fn domains(of: OrganizationId, page: &'a Page) -> Listing<Domain>;
        fn project(id: &'a ProjectId) -> Option<Project>;
        fn project_by_number(number: &'a ProjectNumber) -> Option<Project>;
        fn projects(of: Option<OrganizationId>, page: &'a Page) -> Listing<Project>;
        fn api(id: ApiId) -> Option<Api>;
        fn apis(of: Option<&'a ProjectId>, page: &'a Page) -> Listing<Api>;
        fn policy(id: PolicyId) -> Option<Policy>;
        fn policies(of: OrganizationId, page: &'a Page) -> Listing<Policy>;
        fn role_binding(id: BindingId) -> Option<RoleBinding>;
        fn role_bindings(of: Option<&'a Holder>, page: &'a Page) -> Listing<RoleBinding>;
    }
    People {
        fn user(id: &'a UserId) -> Option<User>;
        fn user_by_email(email: &'a Email) -> Option<User>;
        fn users(of: OrganizationId, page: &'a Page) -> Listing<User>;
        fn group(id: GroupId) -> Option<Group>;
        fn group_by_email(email: &'a Email) -> Option<Group>;
        fn groups(of: OrganizationId, page: &'a Page) -> Listing<Group>;
        fn members(of: GroupId, page: &'a Page) -> Listing<Membership>;
        fn groups_of(user: &'a UserId) -> Vec<GroupId>;
    }
    Clients {
        fn client(id: &'a ClientId) -> Option<Client>;
        fn clients(of: &'a ProjectId, page: &'a Page) -> Listing<Client>;
        fn is_origin_of_any(origin: &'a Origin) -> bool;
        fn refused_redirects(of: &'a ClientId) -> Vec<RefusedRedirect>;
        fn unused_clients(changed: UnixTime, most: u16) -> Vec<Client>;
        fn initial_token(id: InitialTokenId) -> Option<InitialToken>;
        fn initial_token_by_digest(digest: SecretDigest) -> Option<InitialToken>;
        fn initial_tokens(of: &'a ProjectId, page: &'a Page) -> Listing<InitialToken>;
        fn registration(of: &'a ClientId) -> Option<Registration>;
        fn registrations() -> u64;
        fn client_secrets(of: &'a ClientId) -> Vec<ClientSecret>;
        fn client_secret(id: SecretId) -> Option<ClientSecret>;
        fn secret_uses(of: &'a ClientId) -> Vec<SecretUse>;
    }
    Sessions {
        fn password(of: &'a UserId) -> Option<Password>;
        fn session(id: SessionId) -> Option<Session>;
        fn session_by_digest(digest: SecretDigest) -> Option<Session>;
        fn sessions_of(user: &'a UserId) -> Vec<Session>;
    }
    Accounts {
        fn service_account(id: &'a UniqueId) -> Option<ServiceAccount>;
        fn service_account_by_email(email: &'a ServiceAccountEmail) -> Option<ServiceAccount>;
        fn service_accounts(of: &'a ProjectId, page: &'a Page) -> Listing<ServiceAccount>;
        fn service_accounts_deleted_until(moment: UnixTime, most: u16) -> Vec<ServiceAccount>;
        fn service_account_key(id: &'a KeyId) -> Option<ServiceAccountKey>;
        fn service_account_keys(of: &'a UniqueId) -> Vec<ServiceAccountKey>;
        fn key_uses(of: &'a UniqueId) -> Vec<KeyUse>;
        fn account_policy(of: &'a UniqueId) -> Option<AccountPolicy>;
        fn system_keys(of: &'a UniqueId) -> Vec<SystemKey>;
        fn delegation(id: DelegationId) -> Option<Delegation>;
        fn delegations(of: OrganizationId, page: &'a Page) -> Listing<Delegation>;
        fn delegations_of(client_id: &'a UniqueId) -> Vec<Delegation>;
    }
    Pools {
        fn workload_pool(name: &'a PoolName) -> Option<WorkloadPool>;
        fn workload_pools(of: &'a PoolOwner, page: &'a Page) -> Listing<WorkloadPool>;
        fn workload_pools_deleted_until(moment: UnixTime, most: u16) -> Vec<WorkloadPool>;
        fn workload_provider(name: &'a ProviderName) -> Option<WorkloadProvider>;
        fn workload_providers(of: &'a PoolName) -> Vec<WorkloadProvider>;
        fn workload_providers_deleted_until(moment: UnixTime, most: u16) -> Vec<WorkloadProvider>;
    }
    Trusts {
        fn trusted_issuer(id: TrustedIssuerId) -> Option<TrustedIssuer>;
        fn trusted_issuer_named(
            issuer: &'a IssuerUri,
            audience: Option<&'a AllowedAudience>
        ) -> Option<TrustedIssuer>;
        fn trusted_issuers(of: &'a IssuerOwner, page: &'a Page) -> Listing<TrustedIssuer>;
    }
    Grants {
        fn authorization(id: AuthorizationId) -> Option<Authorization>;
        fn authorizations_of(user: &'a UserId, page: &'a Page) -> Listing<Authorization>;
        fn device(digest: SecretDigest) -> Option<DeviceAuthorization>;
        fn device_by_user_code(code: &'a UserCode) -> Option<DeviceAuthorization>;
        fn pushed(digest: SecretDigest) -> Option<PushedRequest>;
        fn workforce_sign_in(id: AuthorizationId) -> Option<WorkforceSignIn>;
        fn consent(user: &'a UserId, client: &'a ClientId) -> Option<Consent>;
        fn consents_of(user: &'a UserId, page: &'a Page) -> Listing<Consent>;
    }
    Ledger {
        fn signing_keys() -> Vec<SigningKey>;
        fn audit(filter: &'a AuditFilter, page: &'a Page) -> Listing<AuditEntry>;
        fn audit_after(sequence: i64) -> Vec<AuditEntry>;
        fn revoked_tokens(now: UnixTime, page: &'a Page) -> Listing<RevokedToken>;
        fn is_spent(digest: [u8; 32]) -> bool;
        fn setup_link(digest: SecretDigest) -> Option<SetupLink>;
    }
}
