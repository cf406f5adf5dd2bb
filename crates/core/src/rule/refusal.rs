//! The protocol's no.
//!
//! A refusal has three readers. The client's program reads `code`. The client's developer reads
//! Google's sentence, our `CRN-` code and the measured cause; what stands there was decided by the
//! proof ladder before the refusal was made, so it may be sent as it is. The owner reads the
//! [`Story`], which never leaves by the wire.

use std::borrow::Cow;

use carnet_wire::crn::Crn;
use carnet_wire::token::TokenErrorCode;

/// What only an owner, administrator or auditor may read: names and values, never a secret.
pub type Story = Vec<(&'static str, String)>;

/// A no, for one cause.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What the client's program reads.
    pub code: TokenErrorCode,
    /// Google's sentence, where it has one for this.
    pub says: Cow<'static, str>,
    /// The cause, by the catalogue.
    pub crn: Crn,
    /// The measured cause, in as many words as the caller has proved to deserve.
    pub detail: String,
    /// The rest of it.
    pub story: Story,
}

impl Refusal {
    /// A no whose measured cause is `detail`.
    #[must_use]
    pub fn new(code: TokenErrorCode, crn: Crn, detail: impl Into<String>) -> Self {
        Self { code, says: Cow::Borrowed(""), crn, detail: detail.into(), story: Story::new() }
    }

    /// Puts Google's sentence first.
    #[must_use]
    pub fn says(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.says = sentence.into();
        self
    }

    /// Adds to the story.
    #[must_use]
    pub fn because(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.story.push((name, value.into()));
        self
    }

    /// `error_description`: Google's sentence, the code, the cause (`ux.md` 4.1).
    #[must_use]
    pub fn description(&self) -> String {
        let gap = if self.says.is_empty() { "" } else { " " };
        format!("{}{gap}{}: {}", self.says, self.crn, self.detail)
    }
}
