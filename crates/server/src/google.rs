//! The Google-shaped endpoints around the token endpoint.

pub mod service_account_documents;
pub mod tokeninfo;
