//! What only Google has: its names, its key file, its error envelope.
//!
//! google-wire 0.2, 1.1, 2.2 and 5.4.

pub mod access_boundary;
mod api_error;
pub mod aws;
mod gdch_key_file;
pub mod iam_admin;
pub mod iam_credentials;
mod key_file;
pub mod sts;
pub mod workforce;

pub use self::api_error::{ApiError, ApiErrorDetail, ApiReason, ApiStatus, FieldViolation};
pub use self::gdch_key_file::{GDCH_SERVICE_ACCOUNT, GdchKeyFile, MAX_PATH_BYTES};
pub use self::key_file::{KeyFile, KeyFileError};

/// The audiences that Google's libraries write whatever the `token_uri` of the key file says
/// (google-wire 2.2).
pub const TOKEN_AUDIENCES: [&str; 4] = [
    "https://oauth2.googleapis.com/token",
    "https://www.googleapis.com/oauth2/v4/token",
    "https://accounts.google.com/o/oauth2/token",
    "https://oauth2.mtls.googleapis.com/token",
];

/// The issuer of Google's ID tokens, and the realm of its challenges with a slash behind it.
pub const ISSUER: &str = "https://accounts.google.com";

/// The scope that allows all of Google's cloud, IAM too.
pub const SCOPE_CLOUD_PLATFORM: &str = "https://www.googleapis.com/auth/cloud-platform";

/// The scope that allows IAM.
pub const SCOPE_IAM: &str = "https://www.googleapis.com/auth/iam";

/// What gcloud asks for beside `cloud-platform`, whenever it activates an account (google-wire 8.6). They allow
/// nothing that this server has.
pub const SCOPES_OF_GCLOUD: [&str; 3] = [
    "https://www.googleapis.com/auth/appengine.admin",
    "https://www.googleapis.com/auth/sqlservice.login",
    "https://www.googleapis.com/auth/compute",
];

/// The scopes of who a token is of, as Google calls them: its libraries and gcloud ask for them too.
pub const SCOPES_OF_USERINFO: [&str; 2] = [
    "https://www.googleapis.com/auth/userinfo.email",
    "https://www.googleapis.com/auth/userinfo.profile",
];

/// The realm of the challenges of Google's APIs (google-wire 3.4).
pub const REALM: &str = "https://accounts.google.com/";

/// The `universe_domain` of a key file that means the token endpoint is to be asked (google-wire
/// 1.4).
pub const UNIVERSE_DOMAIN: &str = "googleapis.com";

/// The host names worth capturing (google-wire 0.2).
pub mod host {
    /// Token, tokeninfo, revoke.
    pub const OAUTH2: &str = "oauth2.googleapis.com";
    /// The same with client certificates.
    pub const OAUTH2_MTLS: &str = "oauth2.mtls.googleapis.com";
    /// The older token endpoint, certificates, discovery documents.
    pub const WWW: &str = "www.googleapis.com";
    /// The oldest token endpoint, and the metadata.
    pub const ACCOUNTS: &str = "accounts.google.com";
    /// Userinfo.
    pub const OPENID_CONNECT: &str = "openidconnect.googleapis.com";
    /// Impersonation.
    pub const IAM_CREDENTIALS: &str = "iamcredentials.googleapis.com";
    /// Administration of accounts and keys.
    pub const IAM: &str = "iam.googleapis.com";
    /// Token exchange.
    pub const STS: &str = "sts.googleapis.com";
}

#[cfg(test)]
mod tests;
