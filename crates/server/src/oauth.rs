//! The OAuth endpoints: one file each, six stations in each.

mod authorization_code;
mod client_authentication;
mod client_credentials;
pub mod device_authorization;
mod device_code;
mod form;
mod held;
pub mod introspect;
mod jwt_bearer;
mod no;
pub mod offered;
pub mod par;
mod password;
mod person;
mod place;
mod refresh_token;
pub mod register;
pub mod registration;
pub mod revoke;
pub mod token;
mod token_exchange;
mod trusted_issuer;
pub mod userinfo;
