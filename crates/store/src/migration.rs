//! The steps by which a database grows.
//!
//! 1. A step is a numbered file. Once released it is never edited: its checksum is kept beside the
//!    data, and a database that was built from another text is refused.
//! 2. **Expand, then contract.** While a new version rolls out, old and new nodes share a database.
//!    So a step may only add (tables, columns that may be empty or have a default, indexes); what
//!    it made needless is dropped by a step of a *later release*, when no old node is left. A step
//!    that renames, narrows or moves is two steps in two releases.
//! 3. A database with a step that this program does not know was written by a newer one. It is
//!    refused (`CRN-8002`): an old program could break what it does not understand. Hence a roll
//!    back to the release before is possible exactly as long as no step of the new one has run.
//! 4. All missing steps run in one transaction, so a crash leaves the database as it was.

use carnet_jose::digest;

/// A step.
pub(crate) struct Migration {
    /// Its place; the first is 1 and none is missing.
    pub(crate) number: i64,
    /// What it is called, for logs.
    pub(crate) name: &'static str,
    text: &'static str,
}

/// Every step, in order.
pub(crate) const ALL: &[Migration] = &[
    Migration {
        number: 1,
        name: "accounts",
        text: include_str!("../migrations/0001_accounts.sql"),
    },
    Migration {
        number: 2,
        name: "purged accounts",
        text: include_str!("../migrations/0002_purged_accounts.sql"),
    },
    Migration {
        number: 3,
        name: "clients",
        text: include_str!("../migrations/0003_clients.sql"),
    },
    Migration {
        number: 4,
        name: "people",
        text: include_str!("../migrations/0004_people.sql"),
    },
    Migration {
        number: 5,
        name: "authorizations",
        text: include_str!("../migrations/0005_authorizations.sql"),
    },
    Migration {
        number: 6,
        name: "devices",
        text: include_str!("../migrations/0006_devices.sql"),
    },
    Migration {
        number: 7,
        name: "pushed requests",
        text: include_str!("../migrations/0007_pushed_requests.sql"),
    },
    Migration {
        number: 8,
        name: "client origins",
        text: include_str!("../migrations/0008_client_origins.sql"),
    },
    Migration {
        number: 9,
        name: "refused redirects",
        text: include_str!("../migrations/0009_refused_redirects.sql"),
    },
    Migration {
        number: 10,
        name: "detail types",
        text: include_str!("../migrations/0010_detail_types.sql"),
    },
    Migration {
        number: 11,
        name: "registrations",
        text: include_str!("../migrations/0011_registrations.sql"),
    },
    Migration {
        number: 12,
        name: "workload pools",
        text: include_str!("../migrations/0012_workload_pools.sql"),
    },
    Migration {
        number: 13,
        name: "account access",
        text: include_str!("../migrations/0013_account_access.sql"),
    },
    Migration {
        number: 14,
        name: "former users",
        text: include_str!("../migrations/0014_former_users.sql"),
    },
    Migration {
        number: 15,
        name: "trusted issuers",
        text: include_str!("../migrations/0015_trusted_issuers.sql"),
    },
    Migration {
        number: 16,
        name: "workforce sign-ins",
        text: include_str!("../migrations/0016_workforce_sign_ins.sql"),
    },
    Migration {
        number: 17,
        name: "given names",
        text: include_str!("../migrations/0017_given_names.sql"),
    },
    Migration {
        number: 18,
        name: "sign-ins since",
        text: include_str!("../migrations/0018_sign_ins_since.sql"),
    },
];

/// What the words in `${}` mean on an engine.
pub(crate) struct Dialect {
    pub(crate) words: &'static [(&'static str, &'static str)],
}

/// `STRICT` keeps a text out of a column of numbers. Small rows live in the tree of their key.
pub(crate) const SQLITE: Dialect = Dialect {
    words: &[
        ("${text}", "TEXT"),
        ("${int}", "INTEGER"),
        ("${bytes}", "BLOB"),
        ("${table}", " STRICT"),
        ("${small}", " STRICT, WITHOUT ROWID"),
        ("${zeros}", "zeroblob(32)"),
    ],
};

/// Texts are compared byte by byte, as everywhere else in Carnet: a list must not change its order
/// with the locale of the machine.
pub(crate) const POSTGRES: Dialect = Dialect {
    words: &[
        ("${text}", "TEXT COLLATE \"C\""),
        ("${int}", "BIGINT"),
        ("${bytes}", "BYTEA"),
        ("${table}", ""),
        ("${small}", ""),
        ("${zeros}", "decode(repeat('00', 32), 'hex')"),
    ],
};

impl Migration {
    /// The text for an engine.
    pub(crate) fn text(&self, dialect: &Dialect) -> String {
        let words = dialect.words.iter();
        words.fold(self.text.to_owned(), |text, (word, meaning)| {
            text.replace(word, meaning)
        })
    }

    /// What it was built from. Of the common text: the engines share it.
    pub(crate) fn checksum(&self) -> [u8; 32] {
        digest::sha256(self.text.as_bytes())
    }
}

/// What a database tells of the steps it has seen.
pub(crate) struct Applied {
    pub(crate) number: i64,
    pub(crate) checksum: Vec<u8>,
}

/// Why a database cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Unfit {
    /// It knows a step that we do not.
    Newer(i64),
    /// It was built from another text of this step.
    Altered(i64),
}

/// The steps that are still to be made.
pub(crate) fn missing(applied: &[Applied]) -> Result<&'static [Migration], Unfit> {
    for (place, step) in applied.iter().enumerate() {
        match ALL.get(place) {
            None => return Err(Unfit::Newer(step.number)),
            Some(known) if known.number != step.number || known.checksum()[..] != step.checksum => {
                return Err(Unfit::Altered(step.number));
            }
            Some(_) => {}
        }
    }
    Ok(ALL.get(applied.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests;
