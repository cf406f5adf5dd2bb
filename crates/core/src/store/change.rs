//! Writes as values.
//!
//! A rule returns changes; a store applies all of one commit or none. Whatever must hold for a
//! change to be right is said in the change (a version, a state), and the store enforces it in the
//! same transaction.

use crate::record::AccountPolicy;
use crate::record::Api;
use crate::record::AuditDraft;
use crate::record::Authorization;
use crate::record::Client;
use crate::record::ClientSecret;
use crate::record::Consent;
use crate::record::Delegation;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
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
use crate::record::RevokedToken;
use crate::record::RoleBinding;
use crate::record::SecretUse;
use crate::record::ServiceAccount;
use crate::record::ServiceAccountKey;
use crate::record::Session;
use crate::record::SessionSeen;
use crate::record::SetupLink;
use crate::record::SigningKey;
use crate::record::SpentAssertion;
use crate::record::SystemKey;
use crate::record::TrustedIssuer;
use crate::record::User;
use crate::record::WhyEnded;
use crate::record::WorkforceSignIn;
use crate::record::WorkloadPool;
use crate::record::WorkloadProvider;
use crate::store::Topic;
use crate::value::ApiId;
use crate::value::AuthorizationId;
use crate::value::BindingId;
use crate::value::ClientId;
use crate::value::DelegationId;
use crate::value::DomainName;
use crate::value::GroupId;
use crate::value::InitialTokenId;
use crate::value::KeyId;
use crate::value::OrganizationId;
use crate::value::PolicyId;
use crate::value::PoolName;
use crate::value::ProjectId;
use crate::value::ProviderName;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::SecretId;
use crate::value::SessionId;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;
use crate::value::Version;

/// One row-sized write.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Change {
    /// A new record. Fails as [`Why::Taken`] where one of its names is in use, or was given to another before, as
    /// [`Why::Referenced`] where what it belongs to does not exist, and as [`Why::Full`] where
    /// there may be no more (ten keys on an account, two secrets on a client, fifty providers in a pool).
    Insert(Record),
    /// A record in the place of the one with the version before its own. Fails as [`Why::Stale`].
    Replace(Record),
    /// A record goes. Fails as [`Why::Stale`] where it is not there in this version (records
    /// without versions: not there at all), as [`Why::Referenced`] where others belong to it.
    Remove(RecordKey, Version),
    /// A setup link is used: it must be there, and not expired. Fails as [`Why::Stale`].
    SetupUsed(SecretDigest, UnixTime),
    /// An assertion with a `jti` is redeemed. Fails as [`Why::Taken`] where it was before.
    AssertionSpent(SpentAssertion),
    /// An authorization is refreshed. Fails as [`Why::Stale`] where it is not there, has ended, or
    /// was refreshed since.
    Refreshed(Refreshed),
    /// An authorization, or a sign-in of somebody of a workforce, ends, and with it the tokens that name it. Never fails: what is not there
    /// or has ended already stays so, but for one that its person removed, which could come back: that
    /// ends anew for any other reason.
    AuthorizationEnded {
        /// Which.
        id: AuthorizationId,
        /// Since when.
        since: UnixTime,
        /// Why.
        why: WhyEnded,
        /// When the last access token that names it will have expired.
        until: UnixTime,
    },
    /// An authorization that its person removed at this time is theirs to give back: it lives again, and the
    /// tokens that name it. Fails as [`Why::Stale`] where it did not end so, or not then.
    AuthorizationRestored(AuthorizationId, UnixTime),
    /// A device polled, and must wait this long before it does again. Never fails.
    DevicePolled(SecretDigest, UnixTime, Seconds),
    /// A person decided about a device at this time. Fails as [`Why::Stale`] where somebody decided
    /// before, or where the codes are no longer good.
    DeviceDecided(SecretDigest, DeviceState, UnixTime),
    /// A device that was allowed takes its tokens. Fails as [`Why::Stale`] where it has them already,
    /// or was not allowed.
    DeviceSpent(SecretDigest),
    /// A browser brought a pushed request, and it is good until this time. Never fails: only the first
    /// browser makes it good for longer.
    PushedOpened(SecretDigest, UnixTime),
    /// The code of a pushed request is given at this time. Fails as [`Why::Stale`] where it was given
    /// before, or where the request is no longer good.
    PushedSpent(SecretDigest, UnixTime),
    /// The code of a sign-in of somebody of a workforce is redeemed at this time. Fails as [`Why::Stale`] where it was
    /// before, where the code is no longer good, and where the sign-in has ended.
    SignInRedeemed(AuthorizationId, UnixTime),
    /// A token is worth nothing from now on. Never fails, however often.
    TokenRevoked(RevokedToken),
    /// A key was used: sets the last use if later, adds the count. Never fails.
    KeyUsed(KeyUse),
    /// A client's secret was used: sets the last use if later, adds the count. Never fails.
    SecretUsed(SecretUse),
    /// A redirect URI was refused to a client: adds the count, keeps the last of them
    /// ([`RefusedRedirect::MOST`]). Never fails.
    RedirectRefused(RefusedRedirect),
    /// When all other changes of this commit are made, there must be an owner of the installation
    /// who can act: an active user, or an active account of an active project. Fails as
    /// [`Why::LastOwner`]. Of commits that ask for it at the same time each sees what those before
    /// it made, so that two owners cannot take each other away.
    OwnerRemains,
    /// A session was used: sets the last use and the idle end, if later. Never fails.
    SessionSeen(SessionSeen),
    /// The sessions of a user end, all but this one. Never fails.
    SessionsEnded(UserId, Option<SessionId>),
    /// What rests on a sign-in of this user before this moment is over, for good. Never fails, and never moves
    /// back, whatever row of the user is written after it.
    SignInsEnded(UserId, UnixTime),
    /// An entry for the audit log. The store gives it its number and its place in the chain.
    Audited(AuditDraft),
}

/// An authorization is refreshed: it lives on, and moves on by one generation unless its tokens do not rotate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Refreshed {
    /// Which.
    pub id: AuthorizationId,
    /// The generation that it must still have.
    pub from: i64,
    /// The generation that it has then: the next one, or the same.
    pub to: i64,
    /// When.
    pub at: UnixTime,
}

/// A record that can be inserted or replaced.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Record {
    /// See [`Organization`].
    Organization(Organization),
    /// See [`Domain`].
    Domain(Domain),
    /// See [`User`].
    User(User),
    /// See [`Group`].
    Group(Group),
    /// See [`Membership`]. Has no version: cannot be replaced.
    Membership(Membership),
    /// See [`Project`].
    Project(Project),
    /// See [`Api`]; its scopes are written with it.
    Api(Api),
    /// See [`ServiceAccount`].
    ServiceAccount(ServiceAccount),
    /// See [`ServiceAccountKey`].
    ServiceAccountKey(ServiceAccountKey),
    /// See [`Client`].
    Client(Client),
    /// See [`ClientSecret`].
    ClientSecret(ClientSecret),
    /// See [`InitialToken`].
    InitialToken(InitialToken),
    /// See [`Registration`]. It goes with its client.
    Registration(Registration),
    /// See [`Delegation`].
    Delegation(Delegation),
    /// See [`Policy`].
    Policy(Policy),
    /// See [`RoleBinding`]. Has no version: cannot be replaced.
    RoleBinding(RoleBinding),
    /// See [`SigningKey`].
    SigningKey(SigningKey),
    /// See [`AccountPolicy`]. It goes with its account.
    AccountPolicy(AccountPolicy),
    /// See [`SystemKey`]. Has no version: cannot be replaced. It goes with its account. A second one of a
    /// generation is [`Why::Taken`].
    SystemKey(SystemKey),
    /// See [`SetupLink`]. Has no version: cannot be replaced.
    SetupLink(SetupLink),
    /// See [`Authorization`]. Has no version: it is refreshed and ended, not replaced.
    Authorization(Authorization),
    /// See [`Consent`].
    Consent(Consent),
    /// See [`DeviceAuthorization`]. Has no version: a device takes its own steps.
    DeviceAuthorization(DeviceAuthorization),
    /// See [`PushedRequest`]. Has no version: it is opened and spent, not replaced.
    PushedRequest(PushedRequest),
    /// See [`WorkforceSignIn`]. Has no version: it is redeemed and ended, not replaced.
    WorkforceSignIn(WorkforceSignIn),
    /// See [`Password`]. A second one of a user is [`Why::Taken`].
    Password(Password),
    /// See [`Session`]. Has no version: cannot be replaced. Where the user has [`Session::MOST`], the
    /// one that was not used for the longest goes.
    Session(Session),
    /// See [`WorkloadPool`].
    WorkloadPool(WorkloadPool),
    /// See [`WorkloadProvider`].
    WorkloadProvider(WorkloadProvider),
    /// See [`TrustedIssuer`]. A second one with the same issuer and audience is [`Why::Taken`].
    TrustedIssuer(TrustedIssuer),
}

/// Which record goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RecordKey {
    /// An organization that nothing belongs to any more; roles in it go too.
    Organization(OrganizationId),
    /// A domain.
    Domain(DomainName),
    /// A user; memberships, roles, password and sessions go too.
    User(UserId),
    /// A group; memberships go too.
    Group(GroupId),
    /// A membership. The version is not looked at.
    Membership(GroupId, UserId),
    /// A project that nothing belongs to any more; roles in it go too.
    Project(ProjectId),
    /// An API and its scopes.
    Api(ApiId),
    /// A service account whose 30 days are over; keys, uses, roles and delegations go too. Its
    /// unique id is kept: to insert it again is [`Why::Taken`]. The e-mail names the copies that
    /// others keep of it.
    ServiceAccount(UniqueId, String),
    /// A key of this account.
    ServiceAccountKey(KeyId, UniqueId),
    /// A client; its secrets go too.
    Client(ClientId),
    /// A secret of this client.
    ClientSecret(SecretId, ClientId),
    /// An initial access token.
    InitialToken(InitialTokenId),
    /// A delegation of this client ID.
    Delegation(DelegationId, UniqueId),
    /// A policy of this organization.
    Policy(PolicyId, OrganizationId),
    /// A role binding. The version is not looked at.
    RoleBinding(BindingId),
    /// A signing key.
    SigningKey(KeyId),
    /// What a person has let a client do.
    Consent(UserId, ClientId),
    /// The password of this user.
    Password(UserId),
    /// A session. The version is not looked at.
    Session(SessionId),
    /// A pool whose 30 days are over; its providers go too. Its name is kept: to insert it again is
    /// [`Why::Taken`].
    WorkloadPool(PoolName),
    /// A provider.
    WorkloadProvider(ProviderName),
    /// An issuer elsewhere that was trusted.
    TrustedIssuer(TrustedIssuerId),
}

/// How a commit ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Committed {
    /// Every change is durable.
    Yes,
    /// No change was made, since the one at this place found what it did not expect.
    No(usize, Why),
}

/// Why a change could not be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Why {
    /// What should be there is not, or not in that version or state: somebody was faster.
    Stale,
    /// A name or number that must be unique is in use.
    Taken,
    /// What it belongs to does not exist, or others still belong to it.
    Referenced,
    /// There may be no more of these.
    Full,
    /// Nobody who can act would own the installation.
    LastOwner,
}

impl Change {
    /// What it touches, as far as anybody keeps a copy.
    pub fn topics(&self) -> impl Iterator<Item = Topic> {
        let (topic, along) = match self {
            Self::Insert(record) | Self::Replace(record) => (record.topic(), None),
            Self::Remove(key, _) => (key.topic(), key.takes_along()),
            // Tokens that name an authorization are revoked by its id, as if it were one of theirs.
            Self::AuthorizationEnded { id, until, .. } => {
                (Some(Topic::Revoked(id.as_token(), *until)), None)
            }
            Self::AuthorizationRestored(id, _) => (Some(Topic::Restored(id.as_token())), None),
            Self::SignInsEnded(..) => (Some(Topic::People), None),
            Self::TokenRevoked(token) => (Some(Topic::Revoked(token.id, token.until)), None),
            Self::SetupUsed(..)
            | Self::AssertionSpent(_)
            | Self::Refreshed(_)
            | Self::DevicePolled(..)
            | Self::DeviceDecided(..)
            | Self::DeviceSpent(_)
            | Self::PushedOpened(..)
            | Self::PushedSpent(..)
            | Self::SignInRedeemed(..)
            | Self::KeyUsed(_)
            | Self::SecretUsed(_)
            | Self::RedirectRefused(_)
            | Self::OwnerRemains
            | Self::SessionSeen(_)
            | Self::SessionsEnded(..)
            | Self::Audited(_) => (None, None),
        };
        topic.into_iter().chain(along.into_iter().flatten())
    }
}

impl Record {
    fn topic(&self) -> Option<Topic> {
        match self {
            Self::Organization(record) => Some(Topic::Organization(record.id)),
            Self::Domain(_) | Self::User(_) | Self::Group(_) | Self::Membership(_) => {
                Some(Topic::People)
            }
            Self::Project(record) => Some(Topic::Project(record.id.clone())),
            Self::Api(_) => Some(Topic::Apis),
            Self::ServiceAccount(record) => Some(Topic::Account(
                record.unique_id.clone(),
                record.email.to_string(),
            )),
            Self::ServiceAccountKey(record) => {
                Some(Topic::Account(record.account.clone(), String::new()))
            }
            Self::Client(record) => Some(Topic::Client(record.id.clone())),
            Self::ClientSecret(record) => Some(Topic::Client(record.client.clone())),
            Self::Delegation(record) => Some(Topic::Delegations(record.client_id.clone())),
            Self::Policy(record) => Some(Topic::Organization(record.organization)),
            Self::RoleBinding(_) => Some(Topic::Roles),
            Self::SigningKey(_) => Some(Topic::SigningKeys),
            Self::WorkloadPool(record) => Some(Topic::Pool(record.name.clone())),
            Self::WorkloadProvider(record) => Some(Topic::Pool(record.name.pool())),
            Self::TrustedIssuer(record) => Some(Topic::TrustedIssuer(record.id)),
            Self::AccountPolicy(record) => Some(Topic::AccountPolicy(record.account.clone())),
            Self::SystemKey(record) => Some(Topic::Account(record.account.clone(), String::new())),
            // Nobody keeps copies of these.
            Self::SetupLink(_)
            | Self::Password(_)
            | Self::Session(_)
            | Self::Authorization(_)
            | Self::Consent(_)
            | Self::DeviceAuthorization(_)
            | Self::PushedRequest(_)
            | Self::WorkforceSignIn(_)
            | Self::InitialToken(_)
            | Self::Registration(_) => None,
        }
    }
}

impl RecordKey {
    fn topic(&self) -> Option<Topic> {
        Some(match self {
            Self::Organization(id) | Self::Policy(_, id) => Topic::Organization(*id),
            Self::Domain(_) | Self::User(_) | Self::Group(_) | Self::Membership(..) => {
                Topic::People
            }
            Self::Project(id) => Topic::Project(id.clone()),
            Self::Api(_) => Topic::Apis,
            Self::ServiceAccount(id, email) => Topic::Account(id.clone(), email.clone()),
            Self::ServiceAccountKey(_, id) => Topic::Account(id.clone(), String::new()),
            Self::Client(id) | Self::ClientSecret(_, id) => Topic::Client(id.clone()),
            Self::Delegation(_, client_id) => Topic::Delegations(client_id.clone()),
            Self::RoleBinding(_) => Topic::Roles,
            Self::SigningKey(_) => Topic::SigningKeys,
            Self::WorkloadPool(name) => Topic::Pool(name.clone()),
            Self::WorkloadProvider(name) => Topic::Pool(name.pool()),
            Self::TrustedIssuer(id) => Topic::TrustedIssuer(*id),
            Self::Password(_) | Self::Session(_) | Self::Consent(..) | Self::InitialToken(_) => {
                return None;
            }
        })
    }

    /// What else goes when this goes.
    fn takes_along(&self) -> Option<Vec<Topic>> {
        match self {
            Self::ServiceAccount(id, _) => Some(vec![
                Topic::Delegations(id.clone()),
                Topic::AccountPolicy(id.clone()),
                Topic::Roles,
            ]),
            Self::Organization(_) | Self::User(_) | Self::Project(_) => Some(vec![Topic::Roles]),
            _ => None,
        }
    }
}
