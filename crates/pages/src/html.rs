//! What a page function returns: a whole HTML document, or the reason why there is none.

use std::fmt;

/// A whole HTML document in UTF-8.
///
/// It may hold something that is shown once (a key), so its `Debug` tells only the length.
#[derive(Clone, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    /// The value of the `Content-Type` header.
    pub const CONTENT_TYPE: &'static str = "text/html; charset=utf-8";

    /// The document as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The document as text, to be sent.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Html({} bytes)", self.0.len())
    }
}

/// A page could not be rendered: a mistake of ours, never of the reader.
///
/// It names the template and what the engine found wrong; it never holds values of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    template: &'static str,
    because: String,
}

impl Fault {
    pub(crate) fn new(template: &'static str, because: String) -> Self {
        Self { template, because }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the page {} was not rendered: {}",
            self.template, self.because
        )
    }
}

impl std::error::Error for Fault {}
