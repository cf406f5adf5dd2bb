//! SAML 2.0 assertions (OASIS saml-core-2.0-os), as far as a workload proves itself with one (google-wire 6.1, 6.4).
//!
//! SAML's history of holes has one theme: what was verified was not what was read. So this crate is built such that it
//! cannot happen, and is small:
//!
//! 1. [`document`]: a text becomes a tree. DTDs, entities, comments, processing instructions and CDATA sections are
//!    refused, and everything is counted before it is kept.
//! 2. [`signature`]: the element's `SignedInfo` is written canonically, and a key *of the provider* holds for those
//!    bytes. They are parsed anew, and say which digest the element has. The element is written canonically; those
//!    bytes have that digest. They are parsed anew, and only that new tree is a [`signature::Verified`].
//! 3. [`token`]: which element that is. A Response, its one Assertion, or both carry a signature; one elsewhere is
//!    refused, and so is a second Assertion anywhere.
//! 4. [`assertion`]: what it says, held against what the provider takes: issuer, audience, recipient, times. It is read
//!    out of a `Verified`, of which there is no other source than step 2.
//!
//! The canonical form ([`canonical`]) is therefore nothing that safety rests on: were it wrong, signatures of honest
//! identity providers would not hold, and that is all. No element is ever looked for by its `ID`: which one is
//! meant follows from where it stands, and the `ID` has to agree.
//!
//! [`metadata`] reads what an identity provider publishes of itself: its name and certificates.
//!
//! # What is absent on purpose
//!
//! - Encrypted assertions, names and attributes; SHA-1; `XPath` and XSLT; keys that a message brings (`KeyInfo` is not
//!   looked at); inclusive canonicalization; detached signatures.
//! - Signing in: this is no service provider for browsers, and sends no requests.
//! - A clock. `now` is an argument.

pub mod assertion;
pub mod canonical;
pub mod document;
mod instant;
pub mod metadata;
mod names;
mod read;
pub mod refused;
pub mod signature;
pub mod token;
#[cfg(test)]
mod vectors;

pub use assertion::Trust;
pub use assertion::Vouched;
pub use metadata::Metadata;
pub use refused::Refused;
pub use signature::SigningKey;
pub use token::verified;
pub use token::vouch;
