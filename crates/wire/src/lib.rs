//! The messages of the RFCs: parse, print, closed lists of error codes.
//!
//! Bytes become types here and types become bytes; nothing else happens. This crate does not know
//! who may do what, and it knows no HTTP: a header is a `&str`, a body is a `&[u8]`, a status is a
//! number that an error code carries.
//!
//! - Requests arrive in [`params`] (forms and queries) and become one type per grant in [`token`];
//!   who sends them says so in [`client_authentication`].
//! - What a client says of itself when it registers, or in a document, is [`client_metadata`].
//! - A browser brings an authorization request and carries its answer back ([`authorize`]).
//! - With what the browser came, or what is none, is said in [`user_agent`].
//! - A device asks in [`device`], a careful client pushes its request ([`par`]) and proves its key
//!   ([`dpop`]).
//! - A token that is bound to a key says so in [`confirmation`].
//! - A browser goes where [`redirect_uri`] lets it and reads where [`origin`] lets it; [`pkce`]
//!   proves that it came back to the same program.
//! - What a service account says stands in [`assertion`], what it asks for in [`scope`].
//! - Tokens are shown ([`bearer`]), looked at ([`introspection`], [`tokeninfo`]) and called back
//!   ([`revocation`]).
//! - What the server can do stands in [`discovery`]; what only Google has stands in [`google`] and
//!   [`google_text`].
//! - Every "no" has a code of the one catalogue ([`crn`]); [`token::ErrorResponse`] and [`problem`]
//!   carry it, and [`legal`] keeps it readable and harmless.

pub mod assertion;
pub mod authorization_details;
pub mod authorize;
mod base64;
pub mod bearer;
mod bounded;
mod catalogue;
pub mod client_authentication;
pub mod client_metadata;
pub mod confirmation;
pub mod crn;
pub mod device;
pub mod discovery;
pub mod dpop;
pub mod google;
pub mod google_text;
pub mod introspection;
mod json;
pub mod legal;
pub mod media;
pub mod origin;
pub mod par;
pub mod params;
pub mod pkce;
pub mod problem;
pub mod protected_resource;
pub mod redirect_uri;
pub mod request_object;
pub mod resource;
pub mod revocation;
pub mod scope;
pub mod token;
pub mod tokeninfo;
pub mod user_agent;
