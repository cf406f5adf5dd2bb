//! HTTP craft: what every endpoint needs and none of them is about.

pub mod body;
pub mod client_address;
pub mod headers;
pub mod static_doc;
pub mod trace;
