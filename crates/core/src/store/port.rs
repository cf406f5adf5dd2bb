//! What an engine has to do.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use carnet_wire::device::UserCode;
use carnet_wire::origin::Origin;

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
use crate::record::Holder;
use crate::record::InitialToken;
use crate::record::IssuerOwner;
use crate::record::KeyUse;
use crate::record::Membership;
use crate::record::Organization;
use crate::record::Password;
use crate::record::Policy;
use crate::record::PoolOwner;
use crate::record::Project;
use crate::record::PushedRequest;
use crate::record::RefusedRedirect;
use crate::record::Registration;
use crate::record::RevokedToken;
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
use crate::store::Fault;
use crate::store::Listing;
use crate::store::Page;
use crate::store::Topic;
use crate::value::AllowedAudience;
use crate::value::ApiId;
use crate::value::AuthorizationId;
use crate::value::BindingId;
use crate::value::ClientId;
use crate::value::DelegationId;
use crate::value::DomainName;
use crate::value::Email;
use crate::value::GroupId;
use crate::value::InitialTokenId;
use crate::value::IssuerUri;
use crate::value::KeyId;
use crate::value::OrganizationId;
use crate::value::PolicyId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::ProjectNumber;
use crate::value::ProviderName;
use crate::value::SecretDigest;
use crate::value::SecretId;
use crate::value::ServiceAccountEmail;
use crate::value::SessionId;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// An answer that is on its way.
pub type Reading<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// Everything that remembers.
pub trait Store:
    Tenants + People + Sessions + Accounts + Pools + Trusts + Clients + Grants + Ledger
{
    /// Makes all changes durable, or none. When it returns [`Committed::Yes`], they outlive a
    /// crash of the process and of the machine, and every later read on this node sees them.
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Reading<'a, Committed>;

    /// Tells a watcher of what is committed from now on: at once for commits of this node, in
    /// under a second for those of others. A watcher must return at once.
    fn watch(&self, watcher: Arc<dyn Watcher>);

    /// Takes away what has expired, at most `most` rows: spent assertions, revocations, setup
    /// links, sessions, authorizations, sign-ins of workforces, devices, pushed requests, initial access tokens, keys that we held for
    /// accounts. Returns how many went; as many as `most` means that there may
    /// be more.
    fn forget_expired(&self, now: UnixTime, most: u16) -> Reading<'_, u64>;

    /// Whether the store can be read and written: for readiness.
    fn check(&self) -> Reading<'_, ()>;
}

/// Is told what changed.
pub trait Watcher: Send + Sync {
    /// This was touched by a commit.
    fn changed(&self, topic: &Topic);
}

/// Organizations, projects, APIs, policies and roles.
pub trait Tenants: Send + Sync {
    /// By id.
    fn organization(&self, id: OrganizationId) -> Reading<'_, Option<Organization>>;
    /// All, by id.
    fn organizations<'a>(&'a self, page: &'a Page) -> Reading<'a, Listing<Organization>>;
    /// By name.
    fn domain<'a>(&'a self, name: &'a DomainName) -> Reading<'a, Option<Domain>>;
    /// An organization's, by name.
    fn domains<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<Domain>>;
    /// By id.
    fn project<'a>(&'a self, id: &'a ProjectId) -> Reading<'a, Option<Project>>;
    /// By number.
    fn project_by_number<'a>(&'a self, number: &'a ProjectNumber) -> Reading<'a, Option<Project>>;
    /// All or an organization's, by id.
    fn projects<'a>(
        &'a self,
        of: Option<OrganizationId>,
        page: &'a Page,
    ) -> Reading<'a, Listing<Project>>;
    /// By id.
    fn api(&self, id: ApiId) -> Reading<'_, Option<Api>>;
    /// All or a project's, by id.
    fn apis<'a>(&'a self, of: Option<&'a ProjectId>, page: &'a Page) -> Reading<'a, Listing<Api>>;
    /// By id.
    fn policy(&self, id: PolicyId) -> Reading<'_, Option<Policy>>;
    /// An organization's, by id.
    fn policies<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<Policy>>;
    /// By id.
    fn role_binding(&self, id: BindingId) -> Reading<'_, Option<RoleBinding>>;
    /// All or a holder's, by id.
    fn role_bindings<'a>(
        &'a self,
        of: Option<&'a Holder>,
        page: &'a Page,
    ) -> Reading<'a, Listing<RoleBinding>>;
}

/// The directory.
pub trait People: Send + Sync {
    /// By id.
    fn user<'a>(&'a self, id: &'a UserId) -> Reading<'a, Option<User>>;
    /// By address.
    fn user_by_email<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<User>>;
    /// An organization's, by address.
    fn users<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<User>>;
    /// By id.
    fn group(&self, id: GroupId) -> Reading<'_, Option<Group>>;
    /// By address.
    fn group_by_email<'a>(&'a self, email: &'a Email) -> Reading<'a, Option<Group>>;
    /// An organization's, by id.
    fn groups<'a>(&'a self, of: OrganizationId, page: &'a Page) -> Reading<'a, Listing<Group>>;
    /// A group's members, by user id.
    fn members<'a>(&'a self, of: GroupId, page: &'a Page) -> Reading<'a, Listing<Membership>>;
    /// The groups that a user is in, at most 1000.
    fn groups_of<'a>(&'a self, user: &'a UserId) -> Reading<'a, Vec<GroupId>>;
}

/// OAuth clients and their secrets.
pub trait Clients: Send + Sync {
    /// By id.
    fn client<'a>(&'a self, id: &'a ClientId) -> Reading<'a, Option<Client>>;
    /// A project's, by id.
    fn clients<'a>(&'a self, of: &'a ProjectId, page: &'a Page) -> Reading<'a, Listing<Client>>;
    /// Whether any client has this origin.
    fn is_origin_of_any<'a>(&'a self, origin: &'a Origin) -> Reading<'a, bool>;
    /// The redirect URIs that were refused to a client, the last one first
    /// ([`RefusedRedirect::MOST`] at most).
    fn refused_redirects<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<RefusedRedirect>>;
    /// Clients that no administrator made, that nobody invited, let in or used, and that have not
    /// changed since then; the longest unchanged first.
    fn unused_clients(&self, changed: UnixTime, most: u16) -> Reading<'_, Vec<Client>>;
    /// An initial access token by id, expired or not.
    fn initial_token(&self, id: InitialTokenId) -> Reading<'_, Option<InitialToken>>;
    /// By the digest of the text, expired or not.
    fn initial_token_by_digest(&self, digest: SecretDigest) -> Reading<'_, Option<InitialToken>>;
    /// A project's, by id, expired ones too.
    fn initial_tokens<'a>(
        &'a self,
        of: &'a ProjectId,
        page: &'a Page,
    ) -> Reading<'a, Listing<InitialToken>>;
    /// What a client that registered itself may do with its record.
    fn registration<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Option<Registration>>;
    /// How many clients registered themselves.
    fn registrations(&self) -> Reading<'_, u64>;
    /// A client's, oldest first (two at most).
    fn client_secrets<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<ClientSecret>>;
    /// By id.
    fn client_secret(&self, id: SecretId) -> Reading<'_, Option<ClientSecret>>;
    /// The last uses of a client's secrets.
    fn secret_uses<'a>(&'a self, of: &'a ClientId) -> Reading<'a, Vec<SecretUse>>;
}

/// How people prove who they are, and that they did.
pub trait Sessions: Send + Sync {
    /// The password of a user.
    fn password<'a>(&'a self, of: &'a UserId) -> Reading<'a, Option<Password>>;
    /// By id, expired or not.
    fn session(&self, id: SessionId) -> Reading<'_, Option<Session>>;
    /// By the digest of the secret, expired or not.
    fn session_by_digest(&self, digest: SecretDigest) -> Reading<'_, Option<Session>>;
    /// A user's, expired or not, oldest first ([`Session::MOST`] at most, but for a race).
    fn sessions_of<'a>(&'a self, user: &'a UserId) -> Reading<'a, Vec<Session>>;
}

/// Service accounts, what proves them, and as whom they may act.
pub trait Accounts: Send + Sync {
    /// By unique id, deleted ones too.
    fn service_account<'a>(&'a self, id: &'a UniqueId) -> Reading<'a, Option<ServiceAccount>>;
    /// By e-mail: the one that is not deleted, else the one that was deleted last.
    fn service_account_by_email<'a>(
        &'a self,
        email: &'a ServiceAccountEmail,
    ) -> Reading<'a, Option<ServiceAccount>>;
    /// A project's, by unique id, deleted ones too.
    fn service_accounts<'a>(
        &'a self,
        of: &'a ProjectId,
        page: &'a Page,
    ) -> Reading<'a, Listing<ServiceAccount>>;
    /// Those that were deleted until this moment, the earliest first, at most `most` and at most 1000.
    fn service_accounts_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<ServiceAccount>>;
    /// By id.
    fn service_account_key<'a>(&'a self, id: &'a KeyId) -> Reading<'a, Option<ServiceAccountKey>>;
    /// An account's, oldest first (ten at most).
    fn service_account_keys<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<ServiceAccountKey>>;
    /// The last uses of an account's keys.
    fn key_uses<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<KeyUse>>;
    /// Who may do what with an account; none where nobody ever wrote it.
    fn account_policy<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Option<AccountPolicy>>;
    /// The keys that we hold for an account, oldest generation first, those that are no longer published too.
    fn system_keys<'a>(&'a self, of: &'a UniqueId) -> Reading<'a, Vec<SystemKey>>;
    /// By id.
    fn delegation(&self, id: DelegationId) -> Reading<'_, Option<Delegation>>;
    /// An organization's, by id.
    fn delegations<'a>(
        &'a self,
        of: OrganizationId,
        page: &'a Page,
    ) -> Reading<'a, Listing<Delegation>>;
    /// A client ID's, in all organizations (1000 at most).
    fn delegations_of<'a>(&'a self, client_id: &'a UniqueId) -> Reading<'a, Vec<Delegation>>;
}

/// Pools of workload identity and their providers.
pub trait Pools: Send + Sync {
    /// By name, deleted ones too.
    fn workload_pool<'a>(&'a self, name: &'a PoolName) -> Reading<'a, Option<WorkloadPool>>;
    /// A project's or an organization's, by name, deleted ones too.
    fn workload_pools<'a>(
        &'a self,
        of: &'a PoolOwner,
        page: &'a Page,
    ) -> Reading<'a, Listing<WorkloadPool>>;
    /// Those that were deleted until this moment, the earliest first, at most `most` and at most 1000.
    fn workload_pools_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<WorkloadPool>>;
    /// By name, deleted ones too.
    fn workload_provider<'a>(
        &'a self,
        name: &'a ProviderName,
    ) -> Reading<'a, Option<WorkloadProvider>>;
    /// A pool's, by name, deleted ones too ([`WorkloadProvider::MOST`] at most).
    fn workload_providers<'a>(&'a self, of: &'a PoolName) -> Reading<'a, Vec<WorkloadProvider>>;
    /// Those that were deleted until this moment, the earliest first, at most `most` and at most 1000.
    fn workload_providers_deleted_until(
        &self,
        moment: UnixTime,
        most: u16,
    ) -> Reading<'_, Vec<WorkloadProvider>>;
}

/// Issuers elsewhere whose assertions are grants.
pub trait Trusts: Send + Sync {
    /// By id.
    fn trusted_issuer(&self, id: TrustedIssuerId) -> Reading<'_, Option<TrustedIssuer>>;
    /// By what its assertions say: their issuer, and their audience, or none where that is we ourselves.
    fn trusted_issuer_named<'a>(
        &'a self,
        issuer: &'a IssuerUri,
        audience: Option<&'a AllowedAudience>,
    ) -> Reading<'a, Option<TrustedIssuer>>;
    /// A project's or an organization's, by id.
    fn trusted_issuers<'a>(
        &'a self,
        of: &'a IssuerOwner,
        page: &'a Page,
    ) -> Reading<'a, Listing<TrustedIssuer>>;
}

/// What people have let clients do, and what clients hold of them.
pub trait Grants: Send + Sync {
    /// By id, ended ones too, until an hour after they would have expired.
    fn authorization(&self, id: AuthorizationId) -> Reading<'_, Option<Authorization>>;
    /// A person's, by id, ended ones too.
    fn authorizations_of<'a>(
        &'a self,
        user: &'a UserId,
        page: &'a Page,
    ) -> Reading<'a, Listing<Authorization>>;
    /// A device by the digest of its code, ended ones too, until an hour after they would have expired.
    fn device(&self, digest: SecretDigest) -> Reading<'_, Option<DeviceAuthorization>>;
    /// A device by what the person types.
    fn device_by_user_code<'a>(
        &'a self,
        code: &'a UserCode,
    ) -> Reading<'a, Option<DeviceAuthorization>>;
    /// A pushed request by the digest of its reference, ended ones too, until they would have expired.
    fn pushed(&self, digest: SecretDigest) -> Reading<'_, Option<PushedRequest>>;
    /// A sign-in of somebody of a workforce, ended ones too, until it would have ended anyway.
    fn workforce_sign_in(&self, id: AuthorizationId) -> Reading<'_, Option<WorkforceSignIn>>;
    /// What a person has let a client do.
    fn consent<'a>(
        &'a self,
        user: &'a UserId,
        client: &'a ClientId,
    ) -> Reading<'a, Option<Consent>>;
    /// A person's, by client.
    fn consents_of<'a>(&'a self, user: &'a UserId, page: &'a Page)
    -> Reading<'a, Listing<Consent>>;
}

/// Which audit entries are wanted. Each field that is given must match.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AuditFilter {
    /// Of this request.
    pub trace: Option<String>,
    /// By this actor.
    pub actor: Option<String>,
    /// This action.
    pub action: Option<String>,
    /// On this target.
    pub target: Option<String>,
}

/// Keys of ours, the audit log, and what must not be used again.
pub trait Ledger: Send + Sync {
    /// All of them, oldest first.
    fn signing_keys(&self) -> Reading<'_, Vec<SigningKey>>;
    /// Newest first; `page.after` is a sequence number, and the entries before it are given.
    fn audit<'a>(
        &'a self,
        filter: &'a AuditFilter,
        page: &'a Page,
    ) -> Reading<'a, Listing<AuditEntry>>;
    /// Oldest first, those after this sequence number, at most 1000: for verifying the chain.
    fn audit_after(&self, sequence: i64) -> Reading<'_, Vec<AuditEntry>>;
    /// The tokens that are revoked and would still live at `now`; `page.after` is a token id.
    fn revoked_tokens<'a>(
        &'a self,
        now: UnixTime,
        page: &'a Page,
    ) -> Reading<'a, Listing<RevokedToken>>;
    /// Whether an assertion or a proof was used up: that is remembered until it expires, or a little longer.
    fn is_spent(&self, digest: [u8; 32]) -> Reading<'_, bool>;
    /// By digest, expired or not.
    fn setup_link(&self, digest: SecretDigest) -> Reading<'_, Option<SetupLink>>;
}
