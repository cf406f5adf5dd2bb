//! The OAuth endpoints: one file each, six stations in each.

pub mod introspect;
pub mod jwt_bearer;
pub mod revoke;
pub mod token;
