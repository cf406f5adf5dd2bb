//! The OAuth endpoints: one file each, six stations in each.

mod form;
pub mod introspect;
mod jwt_bearer;
pub mod revoke;
pub mod token;
