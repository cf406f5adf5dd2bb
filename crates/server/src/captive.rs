//! Google's names, held on this machine: programs whose libraries have Google's addresses built in reach us
//! without being changed (google-wire 0.1, 0.2 and 13).
//!
//! 1. [`names`]: which host names those are. Nothing else is ever certified, answered to or led here.
//! 2. [`authority`]: a certificate authority of our own, which may certify these names and no other (name
//!    constraints, RFC 5280 section 4.2.1.10). Whoever trusts it trusts us with them.
//! 3. [`leaves`]: certificates for one name each, made when a client asks for it by SNI.
//! 4. [`proxy`]: a CONNECT proxy that leads these names to the listener that serves them.
//!
//! The listener is the usual one ([`crate::http::listener`]), the endpoints are the usual ones too. None of this
//! exists unless it was asked for.

pub mod authority;
pub mod leaves;
pub mod names;
pub mod proxy;
