//! What happened at each step, for the owner of the provider: the dry run and the audit's story.

use std::fmt;

use super::CONDITION;
use super::Mapped;
use super::fuel::Trouble;
use super::target::Target;

/// An evaluation with all its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The mappings, the subject first, and the condition behind them if it came to it.
    pub steps: Vec<Step>,
    /// What [`Mapping::evaluate`](super::Mapping::evaluate) says.
    pub outcome: Result<Mapped, NotMapped>,
}

/// One mapping, or the condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The key of the mapping, or [`CONDITION`].
    pub which: String,
    /// The expression.
    pub text: String,
    /// What it gave.
    pub came: Came,
}

/// What an expression gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// A mapping gave this text.
    Text(String),
    /// `google.groups` gave these.
    List(Vec<String>),
    /// The condition is true.
    True,
    /// The condition is false: this part of it is what was not true.
    False(Term),
    /// There is no value, and why.
    Failed(String),
}

impl Step {
    pub(super) fn new(which: String, text: &str, came: Came) -> Self {
        let text = text.to_owned();
        Self { which, text, came }
    }
}

/// A part of a condition that is not true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The part as it is written, at most 80 characters of it.
    pub text: String,
    /// What it read: `assertion.repository` and its value, at most eight of them.
    pub saw: Vec<(String, String)>,
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not true", self.text)?;
        for (at, (name, value)) in self.saw.iter().enumerate() {
            f.write_str(if at == 0 { "; " } else { ", " })?;
            write!(f, "{name} is {value}")?;
        }
        Ok(())
    }
}

/// Which step said no. What it holds may be told to the provider's owner, not to whoever brought the token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMapped {
    /// A mapping gave no value, or one that may not be.
    #[error("the mapping of {which}: {why}")]
    Attribute {
        /// The mapping's key.
        which: String,
        /// In words, of the characters that an answer may carry.
        why: String,
    },
    /// The condition is false.
    #[error("the attribute condition is false: {0}")]
    Condition(Term),
    /// The condition has no value.
    #[error("the attribute condition has no value: {why}")]
    NoCondition {
        /// In words, of the characters that an answer may carry.
        why: String,
    },
}

impl NotMapped {
    pub(super) fn attribute(target: &Target, trouble: Trouble) -> Self {
        Self::Attribute {
            which: target.key(),
            why: trouble.why,
        }
    }

    /// What the condition's outcome means, if it is a no.
    pub(super) fn condition(came: &Came) -> Option<Self> {
        match came {
            Came::False(term) => Some(Self::Condition(term.clone())),
            Came::Failed(why) => Some(Self::NoCondition { why: why.clone() }),
            _ => None,
        }
    }

    /// The mapping's key, or [`CONDITION`].
    pub fn which(&self) -> &str {
        match self {
            Self::Attribute { which, .. } => which,
            Self::Condition(_) | Self::NoCondition { .. } => CONDITION,
        }
    }
}
