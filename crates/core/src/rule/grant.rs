//! One file a grant. Each has its facts, how they are read, and the decision on them.

pub mod access;
pub mod authorization_code;
pub mod begin;
pub mod client_credentials;
pub mod device_code;
pub mod jwt_bearer;
pub mod password;
pub mod refresh_token;
mod service_identity;
pub mod token_exchange;
pub mod trusted_issuer;
