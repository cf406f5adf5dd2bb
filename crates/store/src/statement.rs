//! A statement of SQL, written once for both engines.
//!
//! 1. The text is a constant in the common dialect: `$1` for parameters, `ON CONFLICT`, `RETURNING`,
//!    64-bit integers for times, 16 bytes for our ids. Where an engine needs other words, the
//!    statement carries a second text for that engine and for nobody else.
//! 2. `SQLite` reads `$1` as a name, so it is rewritten to `?1`, once.
//! 3. A commit on PostgreSQL is sent in one go, `COMMIT` included, before any answer is read. A
//!    statement that must touch a row therefore stops the transaction by itself when it touches
//!    none: it is wrapped so that it divides by the number of rows it touched. That is ordinary SQL
//!    and needs no function in the database. `SQLite` counts the rows itself.

use std::borrow::Cow;
use std::sync::OnceLock;

use carnet_core::store::Why;

/// A text for both engines, or one for each.
pub(crate) struct Statement {
    name: &'static str,
    common: &'static str,
    sqlite_only: Option<&'static str>,
    postgres_only: Option<&'static str>,
    sqlite: OnceLock<Cow<'static, str>>,
    guarded: OnceLock<String>,
}

impl Statement {
    pub(crate) const fn new(name: &'static str, common: &'static str) -> Self {
        Self {
            name,
            common,
            sqlite_only: None,
            postgres_only: None,
            sqlite: OnceLock::new(),
            guarded: OnceLock::new(),
        }
    }

    /// The same, with other words for SQLite.
    pub(crate) const fn sqlite_says(mut self, text: &'static str) -> Self {
        self.sqlite_only = Some(text);
        self
    }

    /// The same, with other words for PostgreSQL.
    pub(crate) const fn postgres_says(mut self, text: &'static str) -> Self {
        self.postgres_only = Some(text);
        self
    }

    /// Where it stands, for logs and errors.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn sqlite(&self) -> &str {
        self.sqlite
            .get_or_init(|| match self.sqlite_only {
                Some(text) => Cow::Borrowed(text),
                None => Cow::Owned(self.common.replace('$', "?")),
            })
            .as_ref()
    }

    pub(crate) fn postgres(&self) -> &'static str {
        self.postgres_only.unwrap_or(self.common)
    }

    /// For PostgreSQL: fails with [`NO_ROW`] where it touches no row.
    pub(crate) fn postgres_guarded(&self) -> &str {
        self.guarded.get_or_init(|| {
            let text = self.postgres();
            format!("WITH touched AS ({text} RETURNING 1) SELECT 1 / count(*) FROM touched")
        })
    }
}

/// The SQLSTATE of a guarded statement that touched no row: division by zero.
pub(crate) const NO_ROW: &str = "22012";

/// What is bound to a parameter.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Param {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A statement with its parameters, as part of a commit.
pub(crate) struct Step {
    pub(crate) statement: &'static Statement,
    pub(crate) params: Vec<Param>,
    /// What it means when no row was touched; none: that is fine.
    pub(crate) no_row: Option<Why>,
    /// Which change of the commit it belongs to.
    pub(crate) change: usize,
}

/// A statement with its parameters, to be read.
pub(crate) struct Question {
    pub(crate) statement: &'static Statement,
    pub(crate) params: Vec<Param>,
    pub(crate) size: Size,
}

/// How much may come back. It decides where SQLite answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Size {
    /// A few rows by an index: microseconds.
    Point,
    /// Up to a thousand rows.
    List,
}

/// The statements of a noun, and the list of them, so that none can be left out of the list.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr
        $(, sqlite: $sqlite:expr)? $(, postgres: $postgres:expr)?;)+) => {
        $(
            $(#[$doc])*
            pub(crate) static $name: $crate::statement::Statement = $crate::statement::Statement::new(
                concat!(module_path!(), "::", stringify!($name)),
                $text,
            )
            $(.sqlite_says($sqlite))?
            $(.postgres_says($postgres))?;
        )+

        /// Every statement of this file.
        pub(crate) static ALL: &[&$crate::statement::Statement] = &[$(&$name),+];
    };
}

/// Parameters in the order of their numbers.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        vec![$($crate::statement::Param::from($value)),*]
    };
}

pub(crate) use params;
pub(crate) use statements;

impl From<i64> for Param {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<bool> for Param {
    fn from(flag: bool) -> Self {
        Self::Int(i64::from(flag))
    }
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Param {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Param {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Param {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl<const N: usize> From<&[u8; N]> for Param {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Param {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from_text {
    ($($kind:ident),+) => {
        $(impl From<&carnet_core::value::$kind> for Param {
            fn from(value: &carnet_core::value::$kind) -> Self {
                Self::Text(value.as_str().to_owned())
            }
        })+
    };
}

macro_rules! from_id {
    ($($kind:ident),+) => {
        $(impl From<carnet_core::value::$kind> for Param {
            fn from(value: carnet_core::value::$kind) -> Self {
                Self::Bytes(value.as_bytes().to_vec())
            }
        })+
    };
}

from_text!(
    AccountId,
    ApiIdentifier,
    ClientId,
    Description,
    DomainName,
    Email,
    KeyId,
    PoolName,
    ProjectId,
    ProjectNumber,
    ProviderName,
    ServiceAccountEmail,
    Title,
    UniqueId,
    UserId
);
from_id!(
    ApiId,
    AuthorizationId,
    BindingId,
    DelegationId,
    GroupId,
    InitialTokenId,
    OrganizationId,
    PolicyId,
    SecretDigest,
    SecretId,
    SessionId,
    TokenId,
    TrustedIssuerId
);

impl From<carnet_core::value::UnixTime> for Param {
    fn from(moment: carnet_core::value::UnixTime) -> Self {
        Self::Int(moment.0)
    }
}

impl From<carnet_core::value::Version> for Param {
    fn from(version: carnet_core::value::Version) -> Self {
        Self::Int(version.0)
    }
}

#[cfg(test)]
mod tests;
