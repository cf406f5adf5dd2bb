//! HTTP craft: what every endpoint needs and none of them is about. Nothing here knows OAuth.
//!
//! A connection comes in by [`listener`], is watched by [`connection`], and each of its requests passes
//! [`exchange`], which names it, times it, counts it and catches its panics, before an endpoint sees it.

pub mod arrival;
pub mod body;
pub mod cidr;
pub mod client_address;
pub mod client_certificate;
pub mod connection;
pub mod drain;
pub mod exchange;
pub mod headers;
pub mod host;
pub mod listener;
pub mod log;
pub mod metrics;
pub mod named;
pub mod observe;
pub mod rate;
pub mod shed;
pub mod signals;
pub mod static_doc;
pub mod tls;
pub mod trace;

mod socket;
mod watched;
