//! The server from outside, over sockets or through its router.
//!
//! Where a test waits for a timeout, time is paused: it runs ahead whenever nobody has anything to do.
#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod account;
mod api_discovery;
mod bounds;
mod captive;
mod client_assertion;
mod client_certificate;
mod client_credentials;
mod client_document;
mod client_keys;
mod client_tokens;
mod code;
mod cors;
mod device;
mod dpop;
mod drain;
mod early;
mod exchange;
mod federation;
mod forwarded;
mod frames;
mod front;
mod golden;
mod google_iam;
mod google_userinfo;
mod house;
mod http2;
mod implicit;
mod introspection_jwt;
mod jar;
mod ladder;
mod lessons;
mod limits;
mod line;
mod mcp;
mod ops;
mod pages;
mod par;
mod password_grant;
mod people;
mod protected_resource;
mod races;
mod rar;
mod registration;
mod sessions;
mod setup;
mod shed;
mod sign_in;
mod signals;
mod slow;
mod talk;
mod tls;
mod trusted_issuer;
mod unix;
