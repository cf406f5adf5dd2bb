//! The protocol's no.
//!
//! A refusal has three readers. The client's program reads the `error` that the catalogue gives the
//! cause. The client's developer reads Google's sentence, our `CRN-` code and the measured cause;
//! what stands there was decided by the proof ladder before the refusal was made, so it may be sent
//! as it is. The owner reads the [`Story`], which never leaves by the wire.

use std::borrow::Cow;

use carnet_wire::authorize::AuthorizeErrorCode;
use carnet_wire::bearer::BearerErrorCode;
use carnet_wire::crn::Answer;
use carnet_wire::crn::Crn;
use carnet_wire::token::TokenErrorCode;

/// What only an owner, administrator or auditor may read: names and values, never a secret.
pub type Story = Vec<(&'static str, String)>;

/// A no, for one cause.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The cause, by the catalogue.
    pub crn: Crn,
    /// The measured cause, in as many words as the caller has proved to deserve.
    pub detail: String,
    /// Google's sentence, where it is not the one that the catalogue has.
    pub says: Option<Cow<'static, str>>,
    /// The rest of it.
    pub story: Story,
}

impl Refusal {
    /// A no whose measured cause is `detail`.
    #[must_use]
    pub fn new(crn: Crn, detail: impl Into<String>) -> Self {
        Self {
            crn,
            detail: detail.into(),
            says: None,
            story: Story::new(),
        }
    }

    /// Puts another sentence first than the catalogue's.
    #[must_use]
    pub fn says(mut self, sentence: impl Into<Cow<'static, str>>) -> Self {
        self.says = Some(sentence.into());
        self
    }

    /// Adds to the story.
    #[must_use]
    pub fn because(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.story.push((name, value.into()));
        self
    }

    /// What the client's program reads.
    #[must_use]
    pub fn error(&self) -> TokenErrorCode {
        match self.crn.answer() {
            Answer::Token { error, .. } | Answer::Http { error, .. } => error,
            // Causes that both endpoints have.
            Answer::Authorize(AuthorizeErrorCode::InvalidTarget) => TokenErrorCode::InvalidTarget,
            Answer::Authorize(AuthorizeErrorCode::UnauthorizedClient) => {
                TokenErrorCode::UnauthorizedClient
            }
            // What a pushed request is refused with (RFC 9126 section 2.3).
            Answer::Authorize(AuthorizeErrorCode::UnsupportedResponseType) => {
                TokenErrorCode::UnsupportedResponseType
            }
            Answer::Authorize(AuthorizeErrorCode::InvalidRequestObject) => {
                TokenErrorCode::InvalidRequestObject
            }
            Answer::Authorize(AuthorizeErrorCode::InvalidAuthorizationDetails) => {
                TokenErrorCode::InvalidAuthorizationDetails
            }
            Answer::Resource(Some(BearerErrorCode::InvalidToken))
                if self.crn == Crn::REGISTRATION_TOKEN =>
            {
                TokenErrorCode::InvalidToken
            }
            _ => TokenErrorCode::InvalidRequest,
        }
    }

    /// `error_description`: Google's sentence, the code, the cause (`ux.md` 4.1).
    #[must_use]
    pub fn description(&self) -> String {
        match &self.says {
            Some(sentence) => self.crn.describe_as(sentence, &self.detail),
            None => self.crn.describe(&self.detail),
        }
    }
}
