//! A table that can take back what was done to it since the last commit.

use std::collections::BTreeMap;

use crate::record;
use crate::store::Why;
use crate::value::Version;

/// Rows in the order of their keys, and how to undo what is not committed yet.
pub(super) struct Table<K, V> {
    rows: BTreeMap<K, V>,
    undo: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            undo: Vec::new(),
        }
    }
}

impl<K: Ord + Clone, V: Clone> Table<K, V> {
    pub(super) fn find(&self, key: &K) -> Option<&V> {
        self.rows.get(key)
    }

    pub(super) fn has(&self, key: &K) -> bool {
        self.rows.contains_key(key)
    }

    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = &V> {
        self.rows.values()
    }

    pub(super) fn entries(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.rows.iter()
    }

    pub(super) fn last(&self) -> Option<&V> {
        self.rows.last_key_value().map(|(_, row)| row)
    }

    pub(super) fn put(&mut self, key: K, row: V) {
        let before = self.rows.insert(key.clone(), row);
        self.undo.push((key, before));
    }

    pub(super) fn take(&mut self, key: &K) -> Option<V> {
        let before = self.rows.remove(key);
        if before.is_some() {
            self.undo.push((key.clone(), before.clone()));
        }
        before
    }

    pub(super) fn take_where(&mut self, gone: impl Fn(&K, &V) -> bool) {
        let keys: Vec<K> = self
            .rows
            .iter()
            .filter(|(key, row)| gone(key, row))
            .map(|(key, _)| key.clone())
            .collect();
        for key in keys {
            self.take(&key);
        }
    }

    pub(super) fn settle(&mut self) {
        self.undo.clear();
    }

    pub(super) fn roll_back(&mut self) {
        while let Some((key, before)) = self.undo.pop() {
            match before {
                Some(row) => self.rows.insert(key, row),
                None => self.rows.remove(&key),
            };
        }
    }
}

/// A record that counts how often it was written.
pub(super) trait Versioned {
    fn version(&self) -> Version;
}

macro_rules! versioned {
    ($($name:ident),+) => {
        $(impl Versioned for record::$name {
            fn version(&self) -> Version {
                self.version
            }
        })+
    };
}

versioned!(
    AccountPolicy,
    Api,
    Client,
    ClientSecret,
    Consent,
    Delegation,
    Domain,
    Group,
    InitialToken,
    Organization,
    Password,
    Policy,
    Project,
    Registration,
    ServiceAccount,
    ServiceAccountKey,
    SigningKey,
    TrustedIssuer,
    User,
    WorkloadPool,
    WorkloadProvider
);

impl<K: Ord + Clone, V: Clone + Versioned> Table<K, V> {
    /// The row must be there, in the version before that of `new`.
    pub(super) fn precedes(&self, key: &K, new: &V) -> Result<(), Why> {
        let fits = self
            .find(key)
            .is_some_and(|row| row.version().next() == new.version());
        if fits { Ok(()) } else { Err(Why::Stale) }
    }

    /// The row must be there, in this version.
    pub(super) fn stands(&self, key: &K, version: Version) -> Result<(), Why> {
        let fits = self.find(key).is_some_and(|row| row.version() == version);
        if fits { Ok(()) } else { Err(Why::Stale) }
    }
}
