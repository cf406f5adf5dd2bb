//! Why metadata of a client is refused (RFC 7591 §3.2.2).

use std::fmt;

use crate::crn::Crn;

/// Why metadata is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientMetadataError {
    /// More than so many bytes.
    TooLarge(usize),
    /// No JSON object with these members; what the parser says.
    NotJson(String),
    /// A redirect URI that is none.
    RedirectUri {
        /// Which one: a JSON pointer (RFC 6901).
        pointer: String,
        /// What is wrong with it.
        why: String,
    },
    /// Another member.
    Member {
        /// Which one: a JSON pointer (RFC 6901).
        pointer: String,
        /// What is wrong with it.
        why: String,
    },
    /// A software statement, which nobody here can check.
    SoftwareStatement,
}

impl ClientMetadataError {
    /// The code of the catalogue.
    pub const fn crn(&self) -> Crn {
        match self {
            Self::RedirectUri { .. } => Crn::REGISTRATION_REDIRECT_URI,
            Self::SoftwareStatement => Crn::SOFTWARE_STATEMENT,
            Self::TooLarge(_) | Self::NotJson(_) | Self::Member { .. } => Crn::CLIENT_METADATA,
        }
    }
}

impl fmt::Display for ClientMetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(most) => write!(f, "the metadata has more than {most} bytes"),
            Self::NotJson(why) => write!(f, "the metadata cannot be read: {why}"),
            Self::RedirectUri { pointer, why } | Self::Member { pointer, why } => {
                write!(f, "{pointer}: {why}")
            }
            Self::SoftwareStatement => {
                f.write_str("/software_statement: no statement is accepted here; leave it out")
            }
        }
    }
}

impl std::error::Error for ClientMetadataError {}
