//! `/demo`: what the demo API of the sandbox is, which scopes it wants and how it is called.

use serde::Serialize;

use crate::Frame;
use crate::html::{Fault, Html};
use crate::render::render;

/// The demo API.
#[derive(Clone, Debug, Serialize)]
pub struct Demo {
    /// The URL of the protected resource.
    pub url: String,
    /// The URL of the Google discovery document that describes it.
    pub discovery_url: String,
    /// The scopes it knows.
    pub scopes: Vec<DemoScope>,
    /// Command lines to try, in order.
    pub try_it: Vec<String>,
}

/// A scope of the demo API.
#[derive(Clone, Debug, Serialize)]
pub struct DemoScope {
    /// Its name: `invoices.read`.
    pub name: String,
    /// The requests that it opens: `GET /demo/v1/invoices`.
    pub opens: Vec<String>,
}

/// The page of the demo API.
pub fn demo(frame: &Frame, view: &Demo) -> Result<Html, Fault> {
    render("demo.html", frame, view)
}
