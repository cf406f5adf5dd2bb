//! What Carnet remembers. One file a noun; the words are those of the glossary.
//!
//! A record is a plain value: the fields cannot be malformed (they are [`crate::value`]s), and
//! whether a combination of them is allowed is decided by a rule before it is written.

mod account_policy;
mod api;
mod audit;
mod authorization;
mod aws_provider;
mod certificate_name;
mod client;
mod client_algorithms;
mod client_credentials;
mod consent;
mod delegation;
mod detail_type;
mod device_authorization;
mod key_use;
mod organization;
mod password;
mod policy;
mod project;
mod pushed_request;
mod refused_redirect;
mod registration;
mod role;
mod saml_provider;
mod service_account;
mod service_account_key;
mod session;
mod setup;
mod signing_key;
mod spent;
mod system_key;
mod trusted_issuer;
mod user;
mod web_sign_in;
mod workforce_sign_in;
mod workload_pool;
mod workload_provider;

pub use account_policy::{
    AccountBinding, AccountPolicy, AccountRole, BindingCondition, NotAnAccountRole,
};
pub use api::{Api, ApiScope, Risk, TokenFormat, Visibility};
pub use audit::{AuditDraft, AuditEntry, AuditHash, Outcome};
pub use authorization::{Authorization, Binding, Ended, Obtained, WhyEnded};
pub use aws_provider::{AwsProvider, X509Provider};
pub use certificate_name::{CertificateName, CertificateNameKind, NotACertificateName};
pub use client::{
    About, Client, ClientAuthentication, ClientKind, ClientSecret, ClientSource, ClientState,
    Exchange, GrantType, Legacy, Lifetimes, SecretUse, Trust,
};
pub use client_algorithms::{AssertionAlgorithm, ClientAlgorithms, IdTokenAlgorithm, NotOffered};
pub use client_credentials::{ClientKeys, Credentials, NotClientKeys};
pub use consent::Consent;
pub use delegation::{Delegation, EnteredBy, Whom};
pub use detail_type::{DetailField, DetailType, FieldKind};
pub use device_authorization::{AllowedBy, DeviceAuthorization, DeviceState};
pub use key_use::KeyUse;
pub use organization::{Domain, Organization};
pub use password::Password;
pub use policy::{Policy, PolicyRule};
pub use project::{AssertionRules, Audience, Project, ProjectState};
pub use pushed_request::{PushedRequest, PushedState};
pub use refused_redirect::{Near, RefusedRedirect};
pub use registration::{InitialToken, Registration};
pub use role::{Holder, Role, RoleBinding, Territory};
pub use saml_provider::SamlProvider;
pub use service_account::{AccountState, Disabled, ServiceAccount};
pub use service_account_key::{DisableReason, KeyOrigin, KeyState, ServiceAccountKey};
pub use session::{Session, SessionSeen, SignInMethod};
pub use setup::SetupLink;
pub use signing_key::{SigningKey, SigningKeyState, SigningUse};
pub use spent::{RevokedToken, SpentAssertion};
pub use system_key::SystemKey;
pub use trusted_issuer::{IssuerOwner, TrustedIssuer, TrustedKeys, TrustedSubject, UserClaim};
pub use user::{Group, Membership, User, UserState};
pub use web_sign_in::{WebClaims, WebResponse, WebSignIn};
pub use workforce_sign_in::WorkforceSignIn;
pub use workload_pool::{PoolOwner, WorkloadPool};
pub use workload_provider::{OidcProvider, ProviderKeys, ProviderKind, WorkloadProvider};
