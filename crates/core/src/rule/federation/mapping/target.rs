//! What a mapping maps to: one of Google's names, or an attribute of the provider's own.

use carnet_wire::legal::Echo;

/// A name has at most so many characters.
const NAME_CHARS: usize = 100;

/// The key of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// `google.subject`
    Subject,
    /// `google.groups`
    Groups,
    /// `google.display_name`, `google.profile_photo`, `google.posix_username`: what is shown of a person.
    Shown(&'static str),
    /// `attribute.NAME`
    Own(Box<str>),
}

const SHOWN: &[&str] = &["display_name", "profile_photo", "posix_username"];

impl Target {
    /// Reads the key; says why it is none.
    pub(super) fn read(key: &str) -> Result<Self, String> {
        if let Some(name) = key.strip_prefix("attribute.") {
            let part = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
            if (1..=NAME_CHARS).contains(&name.len()) && name.bytes().all(part) {
                return Ok(Self::Own(name.into()));
            }
            return Err(format!(
                "the name of an attribute has 1 to {NAME_CHARS} characters of a-z, 0-9 and _."
            ));
        }
        match key.strip_prefix("google.") {
            Some("subject") => Ok(Self::Subject),
            Some("groups") => Ok(Self::Groups),
            Some(name) if SHOWN.contains(&name) => {
                let known = SHOWN.iter().find(|known| **known == name);
                Ok(Self::Shown(known.copied().unwrap_or_default()))
            }
            _ => {
                let key = Echo::of(key);
                Err(format!(
                    "'{key}' cannot be mapped to; google.subject, google.groups, google.display_name, \
                     google.profile_photo, google.posix_username and attribute.NAME can."
                ))
            }
        }
    }

    /// The key as it is written.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Own(name) => format!("attribute.{name}"),
            other => format!("google.{}", other.name()),
        }
    }

    /// What is behind the dot.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Subject => "subject",
            Self::Groups => "groups",
            Self::Shown(name) => name,
            Self::Own(name) => name,
        }
    }
}
