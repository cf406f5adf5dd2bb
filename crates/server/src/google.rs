//! The Google-shaped endpoints around the token endpoint.

pub mod api_discovery;
pub mod caller;
pub mod envelope;
pub mod iam_admin;
pub mod iam_credentials;
pub mod nothing_here;
pub mod service_account_documents;
pub mod service_account_methods;
pub mod sts;
pub mod tokeninfo;
pub mod userinfo;
