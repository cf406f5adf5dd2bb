//! The one catalogue of causes: every "no" of Carnet has a code `CRN-nnnn`.
//!
//! A code means one cause for ever; its words may improve, its number does not move (ux 4.1).
//! Programs branch on `error`, people read the code: it opens the page `/e/CRN-nnnn`, and `carnet
//! explain CRN-nnnn` prints the same text without a server. Ranges: 10 request form, 12 authorize,
//! 13 code and refresh, 14 client authentication, 15 device, 16 possession, 17 registration, 20 service account identity and keys, 21 assertion
//! claims, 22 delegation and scope, 23 policy, 24 use of service accounts by others, 25 credentials of others, 30 sign-in, 40 resource server, 50 server, 60 admin API, 70 command line and
//! configuration, 80 store and start.
//!
//! [`Crn`] is a reference to its entry, so a code without an explanation cannot be written. The
//! constants stand with their entries in `catalogue/`, one file per range.

use std::cmp::Ordering;
use std::fmt;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};

use serde::{Serialize, Serializer};

use crate::authorize::code::AuthorizeErrorCode;
use crate::bearer::code::BearerErrorCode;
use crate::google::ApiStatus;
use crate::legal::legal;
use crate::token::code::TokenErrorCode;

/// How much of a measured cause fits into a description, in bytes.
const MAX_DETAIL: usize = 300;

/// A code of the catalogue.
#[derive(Clone, Copy)]
pub struct Crn(&'static Entry);

/// What the catalogue knows about a code.
#[derive(Debug)]
pub struct Entry {
    /// The number behind `CRN-`.
    pub number: u16,
    /// The one cause, in a few words.
    pub title: &'static str,
    /// What the caller must have proved to be told.
    pub proof: Proof,
    /// Who answers it, and with what.
    pub answer: Answer,
    /// What it means, in one sentence.
    pub meaning: &'static str,
    /// How it usually comes about, the likeliest first.
    pub causes: &'static [&'static str],
    /// What to do, the likeliest first; one action each.
    pub fixes: &'static [Fix],
    /// Where it is written: sections of RFCs, Google's documents, ours.
    pub sections: &'static [&'static str],
    /// The numbers of codes that are easily taken for this one.
    pub related: &'static [u16],
}

/// The proof ladder (ux 4.2): what a caller has shown, and so may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Proof {
    /// Level 0, nothing: facts of their own request and of public data.
    Nothing,
    /// Level 1, a valid key or secret: the state of their own account, key or app.
    Credential,
    /// Level 2, also an approved delegation: the state of the user they act for.
    Delegation,
    /// Level 3, signed in as owner, admin or auditor: everything.
    Owner,
}

impl Proof {
    /// The number of the level.
    pub const fn level(self) -> u8 {
        match self {
            Self::Nothing => 0,
            Self::Credential => 1,
            Self::Delegation => 2,
            Self::Owner => 3,
        }
    }
}

/// Who answers a code, and what the caller's program reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The token endpoint and its neighbours.
    Token {
        /// The member `error`, which has the status with it.
        error: TokenErrorCode,
        /// Google's sentence, which stands first in the description. Empty where Google has none;
        /// where it ends in a space, the value of the caller follows.
        says: &'static str,
    },
    /// The same envelope, where HTTP has a status of its own for the case.
    Http {
        /// The status.
        status: u16,
        /// The member `error`.
        error: TokenErrorCode,
    },
    /// The authorization endpoint: the browser carries it back to the client (RFC 6749 §4.1.2.1).
    Authorize(AuthorizeErrorCode),
    /// A page for the person at the browser, which is sent nowhere.
    Page {
        /// The status.
        status: u16,
    },
    /// A protected API: a challenge of RFC 6750 §3. Without an `error` where no credential came.
    Resource(Option<BearerErrorCode>),
    /// An API of Google's shape: its envelope, with this status (google-wire 5.4).
    Api(ApiStatus),
    /// The admin API: a problem of RFC 9457.
    Admin {
        /// The status.
        status: u16,
    },
    /// Nobody on the wire: only the owner's trace and `carnet explain` name it. The caller is told
    /// another code.
    Explain {
        /// The number of the code that the caller is told.
        instead: u16,
    },
    /// The command line, which ends with this exit code (ux 3.1).
    CommandLine {
        /// The exit code.
        exit: u8,
    },
    /// The program that does not start, or stops.
    Start,
}

/// One thing to do.
#[derive(Debug)]
pub struct Fix {
    /// The action.
    pub action: &'static str,
    /// How it is done, per platform or language.
    pub snippets: &'static [Snippet],
}

impl Fix {
    /// An action that needs no example.
    pub(crate) const fn new(action: &'static str) -> Self {
        Self {
            action,
            snippets: &[],
        }
    }

    /// An action with examples.
    pub(crate) const fn shown(action: &'static str, snippets: &'static [Snippet]) -> Self {
        Self { action, snippets }
    }
}

/// An example to copy.
#[derive(Debug)]
pub struct Snippet {
    /// The platform or language.
    pub label: &'static str,
    /// The text to copy.
    pub code: &'static str,
}

impl Snippet {
    pub(crate) const fn new(label: &'static str, code: &'static str) -> Self {
        Self { label, code }
    }
}

impl Crn {
    pub(crate) const fn of(entry: &'static Entry) -> Self {
        Self(entry)
    }

    /// The number behind `CRN-`.
    pub const fn number(self) -> u16 {
        self.0.number
    }

    /// What the catalogue knows about it.
    pub const fn entry(self) -> &'static Entry {
        self.0
    }

    /// What the caller's program reads.
    pub const fn answer(self) -> Answer {
        self.0.answer
    }

    /// The HTTP status, where there is one.
    pub const fn status(self) -> Option<u16> {
        match self.0.answer {
            Answer::Token { error, .. } => Some(error.status()),
            Answer::Http { status, .. } | Answer::Admin { status } | Answer::Page { status } => {
                Some(status)
            }
            Answer::Resource(Some(error)) => Some(error.status()),
            Answer::Resource(None) => Some(401),
            Answer::Api(status) => Some(status.http()),
            Answer::Authorize(_)
            | Answer::Explain { .. }
            | Answer::CommandLine { .. }
            | Answer::Start => None,
        }
    }

    /// The `error_description`: Google's sentence word for word, then the code and the measured
    /// cause (ux 4.1).
    pub fn describe(self, detail: &str) -> String {
        match self.0.answer {
            Answer::Token { says, .. } => self.describe_as(says, detail),
            _ => self.describe_as("", detail),
        }
    }

    /// The same with another sentence before it: one that ends in the value of the caller, or one
    /// of two that Google has for what is one cause here.
    pub fn describe_as(self, says: &str, detail: &str) -> String {
        let says = legal(says);
        let detail = legal(detail);
        let kept = detail.get(..MAX_DETAIL).unwrap_or(&detail);
        let mut text = String::with_capacity(says.len() + kept.len() + 12);
        text.push_str(&says);
        if !text.is_empty() {
            text.push(' ');
        }
        // Writing to a `String` does not fail.
        let _ = write!(text, "{self}: {kept}");
        text
    }
}

impl fmt::Display for Crn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CRN-{}", self.0.number)
    }
}

impl fmt::Debug for Crn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for Crn {
    fn eq(&self, other: &Self) -> bool {
        self.number() == other.number()
    }
}

impl Eq for Crn {}

impl PartialOrd for Crn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Crn {
    fn cmp(&self, other: &Self) -> Ordering {
        self.number().cmp(&other.number())
    }
}

impl Hash for Crn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number().hash(state);
    }
}

impl Serialize for Crn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// No code of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCrn;

impl fmt::Display for UnknownCrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this code is not in the catalogue")
    }
}

impl std::error::Error for UnknownCrn {}

#[cfg(test)]
mod tests;
