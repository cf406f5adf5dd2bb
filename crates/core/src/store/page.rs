//! A bounded part of a list. The order is that of the key in which a list is kept, so a page that
//! follows another misses nothing and repeats nothing that stood still.

/// Which part of a list is wanted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Page {
    /// The text form of the key after which it begins; none: at the beginning.
    pub after: Option<String>,
    /// How many at most: 1 to 1000.
    pub limit: u16,
}

impl Page {
    /// The longest page.
    pub const MOST: u16 = 1_000;

    /// The first page.
    #[must_use]
    pub const fn first(limit: u16) -> Self {
        Self { after: None, limit }
    }
}

/// A part of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Listing<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// Where the next page begins, if there is more.
    pub next: Option<String>,
}

impl<T> Listing<T> {
    /// Cuts a list that was read with one item too many, to see whether there is more.
    #[must_use]
    pub fn cut(mut items: Vec<T>, page: &Page, key: impl Fn(&T) -> String) -> Self {
        let limit = usize::from(page.limit.clamp(1, Page::MOST));
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key) } else { None };
        Self { items, next }
    }
}
