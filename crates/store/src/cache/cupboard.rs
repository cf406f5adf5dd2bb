//! The two maps below all shelves: one of what there is, one of names that nobody has.
//!
//! A map costs 50 KB before anything is in it, and its code 70 KB for each kind of value. So there are two for all kinds, and they
//! do not know what they hold. Made-up names cannot push out real ones; both maps are bounded by weight.

use std::any::Any;
use std::sync::Arc;

use equivalent::Equivalent;
use moka::sync::Cache;

/// How many names that nobody has are remembered.
pub(super) const ABSENT: u64 = 20_000;

/// What stands on a shelf: a snapshot, or that there is none.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) value: Option<Arc<dyn Any + Send + Sync>>,
    /// How many changes had been told when its load began.
    pub(super) told: u64,
    pub(super) weight: u32,
}

/// Of which kind, and what it is called.
#[derive(Eq, Hash, PartialEq)]
struct Label {
    kind: &'static str,
    name: Box<str>,
}

/// The same, borrowed. It must hash as [`Label`] does.
#[derive(Hash)]
struct Asked<'a> {
    kind: &'static str,
    name: &'a str,
}

impl Equivalent<Label> for Asked<'_> {
    fn equivalent(&self, label: &Label) -> bool {
        self.name == &*label.name && self.kind == label.kind
    }
}

/// Both maps.
#[derive(Clone)]
pub(super) struct Cupboard {
    present: Cache<Label, Kept>,
    absent: Cache<Label, Kept>,
}

impl Cupboard {
    /// Room for so many bytes, about, of what there is.
    pub(super) fn new(room: u64) -> Self {
        let within = |room| {
            Cache::builder()
                .max_capacity(room)
                .weigher(|_, kept: &Kept| kept.weight)
                .build()
        };
        Self {
            present: within(room),
            absent: within(ABSENT),
        }
    }

    pub(super) fn present(&self, kind: &'static str, name: &str) -> Option<Kept> {
        self.present.get(&Asked { kind, name })
    }

    pub(super) fn absent(&self, kind: &'static str, name: &str) -> Option<Kept> {
        self.absent.get(&Asked { kind, name })
    }

    pub(super) fn keep(&self, kind: &'static str, name: Box<str>, kept: Kept) {
        let map = match kept.value {
            Some(_) => &self.present,
            None => &self.absent,
        };
        map.insert(Label { kind, name }, kept);
    }

    pub(super) fn remove(&self, kind: &'static str, name: &str) {
        self.present.invalidate(&Asked { kind, name });
        self.absent.invalidate(&Asked { kind, name });
    }

    /// Gives all memory back.
    pub(super) fn clear(&self) {
        self.present.invalidate_all();
        self.absent.invalidate_all();
    }

    /// How many names that nobody has, and how many bytes of what there is, are kept.
    #[cfg(test)]
    pub(super) fn filled(&self) -> (u64, u64) {
        self.present.run_pending_tasks();
        self.absent.run_pending_tasks();
        (self.absent.entry_count(), self.present.weighted_size())
    }
}
