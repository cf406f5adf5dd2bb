//! A subject token from a file that somebody else keeps fresh, as Kubernetes does.
//!
//! google-wire 6.3. The file is read anew each time. Its text is the token as it stands, white space at
//! its end included, as Google's libraries send it; in a file of JSON one member is.

use std::path::PathBuf;

use carnet_jose::json;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::adc::files;
use crate::adc::members::Members;
use crate::error::Error;
use crate::token::Secret;

/// How deep an answer or file of JSON may be.
const DEEPEST: u8 = 16;

/// A file.
#[derive(Debug)]
pub(crate) struct TokenFile {
    path: PathBuf,
    format: Format,
}

/// How a token stands in what was read.
#[derive(Debug)]
pub(crate) enum Format {
    /// It is all of it.
    Text,
    /// It is this member.
    Member(String),
}

impl TokenFile {
    /// Reads the `credential_source`.
    pub(crate) fn read(source: &Members) -> Result<Self, Error> {
        Ok(Self {
            path: PathBuf::from(source.needed("file")?),
            format: Format::read(source)?,
        })
    }

    /// The token.
    pub(crate) async fn token(&self) -> Result<Secret, Error> {
        let text = files::text(&self.path, files::TOKEN).await?;
        self.format.token(&text, &self.path.display().to_string())
    }
}

impl Format {
    /// Reads the member `format` of a `credential_source`.
    pub(crate) fn read(source: &Members) -> Result<Self, Error> {
        let Some(format) = source.object("format")? else {
            return Ok(Self::Text);
        };
        match format.text("type")?.as_deref() {
            None | Some("text") => Ok(Self::Text),
            Some("json") => format.needed("subject_token_field_name").map(Self::Member),
            Some(_) => Err(format.fault("type", "it is neither text nor json")),
        }
    }

    /// The token in a text that came from somewhere.
    pub(crate) fn token(&self, text: &str, from: &str) -> Result<Secret, Error> {
        let token = match self {
            Self::Text => Some(Zeroizing::new(text.to_owned())),
            Self::Member(name) => {
                let object = json::object(text.as_bytes(), DEEPEST).map_err(|fault| {
                    Error::source(format!("{from}: it is no JSON object: {fault}"))
                })?;
                let member = object.get(name).and_then(Value::as_str);
                member.map(|member| Zeroizing::new(member.to_owned()))
            }
        };
        match token {
            Some(token) if !token.trim().is_empty() => Ok(Secret::new(&token)),
            _ => Err(Error::source(match self {
                Self::Text => format!("{from}: there is no token in it"),
                Self::Member(name) => {
                    format!("{from}: there is no token in its member {name}")
                }
            })),
        }
    }
}
