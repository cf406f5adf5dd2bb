//! `/`: what this server is and where its endpoints are. No secrets, nothing about accounts.

use serde::Serialize;

use crate::Frame;
use crate::html::{Fault, Html};
use crate::render::render;

/// What an endpoint is for; the words are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// `OpenID` Connect Discovery document.
    Discovery,
    /// RFC 8414 document.
    AuthorizationServer,
    /// The keys that sign tokens.
    Jwks,
    /// The same keys where Google's libraries look for them.
    GoogleCerts,
    /// Tokens are issued here.
    Token,
    /// RFC 7662.
    Introspection,
    /// RFC 7009.
    Revocation,
    /// What a token says, in Google's form.
    TokenInfo,
    /// The admin API.
    Admin,
    /// Its description in `OpenAPI`.
    OpenApi,
    /// The demo API of the sandbox.
    Demo,
}

/// An endpoint to list.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoint {
    /// What it is for.
    #[serde(rename = "kind")]
    pub purpose: Purpose,
    /// How it is called: `GET` or `POST`. Only `GET` addresses become links.
    pub method: &'static str,
    /// The full URL.
    pub url: String,
}

/// The start page.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    /// In the order they are shown.
    pub endpoints: Vec<Endpoint>,
}

/// The start page.
pub fn home(frame: &Frame, view: &Home) -> Result<Html, Fault> {
    render("home.html", frame, view)
}
