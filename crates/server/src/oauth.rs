//! The OAuth endpoints: one file each, six stations in each.

mod client_authentication;
mod client_credentials;
mod form;
pub mod introspect;
mod jwt_bearer;
mod no;
pub mod revoke;
pub mod token;
