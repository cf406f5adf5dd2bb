//! Values: small types that cannot be wrong. Each has a fallible constructor and no public field.

mod digits;
mod email;
mod entropy;
mod id;
mod key_id;
mod password_hash;
mod pool_name;
mod principal;
mod secret;
mod service_identity;
mod text;
mod time;

pub use digits::{NotDigits, ProjectNumber, UniqueId, UserId};
pub use email::{DomainName, Email, NotADomain, NotAnEmail};
pub use entropy::{Counting, Entropy};
pub use id::{
    ApiId, AuthorizationId, BindingId, DelegationId, GroupId, InitialTokenId, NotAnId,
    OrganizationId, PolicyId, SecretId, SessionId, TokenId, TrustedIssuerId,
};
pub use key_id::{KeyId, NotAKeyId};
pub use password_hash::{NotAPasswordHash, PasswordHash};
pub use pool_name::{NotAResourceName, PoolKind, PoolName, ProviderName};
pub use principal::{Federated, LONGEST_MEMBER, Member, MemberName, NotAMember, OfPool, Principal};
pub use secret::{Secret, SecretDigest};
pub use service_identity::{NotAServiceIdentity, ServiceIdentity};
pub use text::{
    AccountId, AllowedAudience, ApiIdentifier, ClientId, Description, IssuerUri, NotAText,
    ProjectId, ServiceAccountEmail, SubjectPattern, Title, WebPage,
};
pub use time::{Seconds, UnixTime, Version};
