//! One value in a table: where it stands in the record, and how it reads.

use carnet_core::value::UnixTime;
use serde_json::Value;

use crate::duration;

/// A column of a list, and a line of a single record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    head: &'static str,
    from: From,
    /// Shown only with `-o wide`, in CSV, and for a single record.
    wide: bool,
}

#[derive(Clone, Copy, Debug)]
enum From {
    /// What stands there.
    Pointer(&'static str),
    /// A moment, which people read as how long ago it was.
    Moment(&'static str),
    /// Something made of the record.
    Made(fn(&Value) -> String),
}

impl Column {
    /// What a JSON pointer names.
    pub(crate) const fn at(head: &'static str, pointer: &'static str) -> Self {
        Self::new(head, From::Pointer(pointer))
    }

    /// A moment, told to people as how long ago it was.
    pub(crate) const fn moment(head: &'static str, pointer: &'static str) -> Self {
        Self::new(head, From::Moment(pointer))
    }

    /// Something made of the record.
    pub(crate) const fn made(head: &'static str, make: fn(&Value) -> String) -> Self {
        Self::new(head, From::Made(make))
    }

    const fn new(head: &'static str, from: From) -> Self {
        Self {
            head,
            from,
            wide: false,
        }
    }

    /// Only where there is room for everything.
    #[must_use]
    pub(crate) const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    pub(super) fn is_wide(&self) -> bool {
        self.wide
    }

    pub(super) fn head(&self) -> &'static str {
        self.head
    }

    /// The value for programs.
    pub(crate) fn plain(&self, item: &Value) -> String {
        match self.from {
            From::Pointer(pointer) | From::Moment(pointer) => text(item.pointer(pointer)),
            From::Made(make) => printable(&make(item)),
        }
    }

    /// The value for people.
    pub(super) fn friendly(&self, item: &Value, now: i64) -> String {
        let plain = self.plain(item);
        if plain.is_empty() {
            return "-".to_owned();
        }
        match self.from {
            From::Moment(_) => UnixTime::from_rfc3339(&plain)
                .map_or(plain, |moment| duration::from_now(moment.0, now)),
            From::Pointer(_) | From::Made(_) => plain,
        }
    }
}

/// A value as one line of text.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => printable(text),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(Value::Array(items)) => {
            let items: Vec<_> = items.iter().map(|item| text(Some(item))).collect();
            items.join(" ")
        }
        Some(other) => printable(&other.to_string()),
    }
}

/// The text without what a terminal would obey.
pub(crate) fn printable(text: &str) -> String {
    let shown = text.chars().map(|letter| match letter {
        '\n' | '\t' | '\r' => ' ',
        letter if letter.is_control() => '\u{fffd}',
        // Right-to-left overrides and the like: they make a name look like another.
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        letter => letter,
    });
    shown.collect()
}
