//! Why a store could not be opened: what an operator reads, with the code to look it up by.

use std::error::Error;
use std::fmt;

use carnet_wire::crn::Crn;

use crate::migration::Unfit;

/// A store could not be opened. The text never contains a password: no part of the URL is in it.
#[derive(Debug)]
pub struct OpenError(Box<Kind>);

#[derive(Debug)]
enum Kind {
    Url(&'static str),
    Damaged(&'static str),
    InUse,
    Newer(i64),
    Altered(i64),
    Unreachable(Box<dyn Error + Send + Sync>),
}

impl OpenError {
    pub(crate) fn url(why: &'static str) -> Self {
        Self(Box::new(Kind::Url(why)))
    }

    pub(crate) fn damaged(why: &'static str) -> Self {
        Self(Box::new(Kind::Damaged(why)))
    }

    pub(crate) fn in_use() -> Self {
        Self(Box::new(Kind::InUse))
    }

    pub(crate) fn unfit(unfit: Unfit) -> Self {
        Self(Box::new(match unfit {
            Unfit::Newer(step) => Kind::Newer(step),
            Unfit::Altered(step) => Kind::Altered(step),
        }))
    }

    pub(crate) fn unreachable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Kind::Unreachable(source.into())))
    }

    /// Its code in the catalogue; none where the configuration is wrong.
    #[must_use]
    pub fn crn(&self) -> Option<Crn> {
        match *self.0 {
            Kind::Url(_) => None,
            Kind::Damaged(_) | Kind::Altered(_) => Some(Crn::DATABASE_DAMAGED),
            Kind::Newer(_) => Some(Crn::SCHEMA_NEWER),
            Kind::InUse | Kind::Unreachable(_) => Some(Crn::DATABASE_NOT_REACHABLE),
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Kind::Url(why) => write!(f, "the database URL is wrong: {why}"),
            Kind::Damaged(why) => write!(
                f,
                "the database is damaged: {why}. Nothing was changed. Restore the latest backup"
            ),
            Kind::InUse => f.write_str("another Carnet is using the database"),
            Kind::Newer(step) => write!(
                f,
                "the database was written by a newer Carnet (step {step}). Start the newer version"
            ),
            Kind::Altered(step) => write!(
                f,
                "the database is damaged: step {step} of its schema is not the one that this \
                 program knows. Nothing was changed"
            ),
            Kind::Unreachable(source) => write!(f, "the database cannot be opened: {source}"),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.0 {
            Kind::Unreachable(source) => Some(source.as_ref()),
            _ => None,
        }
    }
}
