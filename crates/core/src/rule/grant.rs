//! One file a grant. Each has its facts, how they are read, and the decision on them.

pub mod jwt_bearer;
pub mod refresh_token;
