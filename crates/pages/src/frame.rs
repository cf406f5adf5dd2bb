//! What stands around every page: whose server this is, and in which language it speaks.

use serde::Serialize;

use crate::Language;

/// The same for all pages of one answer.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// The language of the words; see [`Language::choose`].
    #[serde(skip)]
    pub language: Language,
    /// How the server is called at the top of the page: the organization's name, or the host.
    pub name: String,
    /// The issuer URL, shown as the identity line at the foot of every page.
    pub issuer: String,
    /// The version, where the reader may know it. Leave it out in production.
    pub version: Option<String>,
    /// Whether this is `carnet dev`: the page says so, and links to `/dev`.
    pub sandbox: bool,
}
