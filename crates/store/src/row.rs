//! A row as either engine returns it, read from left to right.
//!
//! What was written was well formed, so a cell that cannot be read means a damaged or foreign
//! database. The error names the statement and the column, never the content.

use std::str::FromStr;

use carnet_core::value::UnixTime;
use carnet_core::value::Version;

/// One cell.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'a> {
    Null,
    Int(i64),
    Text(&'a str),
    Bytes(&'a [u8]),
}

/// A row of an engine.
pub(crate) trait Row {
    /// The cell in this column; none where there is no such column or it has another type.
    fn cell(&self, column: usize) -> Option<Cell<'_>>;
}

/// A cell is not what it should be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Unreadable {
    pub(crate) column: usize,
}

pub(crate) type Decoded<T> = Result<T, Unreadable>;

/// How a row becomes a record.
pub(crate) type Decode<T> = fn(&mut Fields<'_>) -> Decoded<T>;

/// The cells that are still to be read.
pub(crate) struct Fields<'a> {
    row: &'a dyn Row,
    next: usize,
}

impl<'a> Fields<'a> {
    pub(crate) const fn of(row: &'a dyn Row) -> Self {
        Self { row, next: 0 }
    }

    /// The error for the cell that was read last.
    pub(crate) const fn unreadable(&self) -> Unreadable {
        Unreadable {
            column: self.next.saturating_sub(1),
        }
    }

    fn cell(&mut self) -> Decoded<Cell<'a>> {
        let column = self.next;
        self.next += 1;
        self.row.cell(column).ok_or(Unreadable { column })
    }

    pub(crate) fn int(&mut self) -> Decoded<i64> {
        self.maybe_int()?.ok_or_else(|| self.unreadable())
    }

    pub(crate) fn maybe_int(&mut self) -> Decoded<Option<i64>> {
        match self.cell()? {
            Cell::Int(number) => Ok(Some(number)),
            Cell::Null => Ok(None),
            Cell::Text(_) | Cell::Bytes(_) => Err(self.unreadable()),
        }
    }

    pub(crate) fn text(&mut self) -> Decoded<&'a str> {
        self.maybe_text()?.ok_or_else(|| self.unreadable())
    }

    pub(crate) fn maybe_text(&mut self) -> Decoded<Option<&'a str>> {
        match self.cell()? {
            Cell::Text(text) => Ok(Some(text)),
            Cell::Null => Ok(None),
            Cell::Int(_) | Cell::Bytes(_) => Err(self.unreadable()),
        }
    }

    pub(crate) fn bytes(&mut self) -> Decoded<&'a [u8]> {
        self.maybe_bytes()?.ok_or_else(|| self.unreadable())
    }

    pub(crate) fn maybe_bytes(&mut self) -> Decoded<Option<&'a [u8]>> {
        match self.cell()? {
            Cell::Bytes(bytes) => Ok(Some(bytes)),
            Cell::Null => Ok(None),
            Cell::Int(_) | Cell::Text(_) => Err(self.unreadable()),
        }
    }

    /// A fixed number of bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Decoded<[u8; N]> {
        let bytes = self.bytes()?;
        bytes.try_into().map_err(|_| self.unreadable())
    }

    /// An id of ours.
    pub(crate) fn id<T>(&mut self, make: fn([u8; 16]) -> T) -> Decoded<T> {
        self.array().map(make)
    }

    pub(crate) fn maybe_id<T>(&mut self, make: fn([u8; 16]) -> T) -> Decoded<Option<T>> {
        let Some(bytes) = self.maybe_bytes()? else {
            return Ok(None);
        };
        let bytes = bytes.try_into().map_err(|_| self.unreadable())?;
        Ok(Some(make(bytes)))
    }

    /// A value with a text form.
    pub(crate) fn parsed<T: FromStr>(&mut self) -> Decoded<T> {
        let text = self.text()?;
        text.parse().map_err(|_| self.unreadable())
    }

    pub(crate) fn maybe_parsed<T: FromStr>(&mut self) -> Decoded<Option<T>> {
        let Some(text) = self.maybe_text()? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| self.unreadable())
    }

    /// One word of a closed list.
    pub(crate) fn word<T>(&mut self, read: fn(&str) -> Option<T>) -> Decoded<T> {
        let text = self.text()?;
        read(text).ok_or_else(|| self.unreadable())
    }

    /// A list or a rule in a cell.
    pub(crate) fn json(&mut self) -> Decoded<serde_json::Value> {
        let text = self.text()?;
        serde_json::from_str(text).map_err(|_| self.unreadable())
    }

    pub(crate) fn maybe_json(&mut self) -> Decoded<Option<serde_json::Value>> {
        let Some(text) = self.maybe_text()? else {
            return Ok(None);
        };
        serde_json::from_str(text)
            .map(Some)
            .map_err(|_| self.unreadable())
    }

    pub(crate) fn flag(&mut self) -> Decoded<bool> {
        match self.int()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.unreadable()),
        }
    }

    pub(crate) fn time(&mut self) -> Decoded<UnixTime> {
        self.int().map(UnixTime)
    }

    pub(crate) fn maybe_time(&mut self) -> Decoded<Option<UnixTime>> {
        Ok(self.maybe_int()?.map(UnixTime))
    }

    pub(crate) fn version(&mut self) -> Decoded<Version> {
        self.int().map(Version)
    }
}

/// A closed list as words, both ways; the compiler asks where a value has no word.
macro_rules! words {
    ($write:ident, $read:ident, $kind:ident { $($value:ident = $word:literal),+ $(,)? }) => {
        const fn $write(value: $kind) -> &'static str {
            match value {
                $($kind::$value => $word),+
            }
        }

        fn $read(word: &str) -> Option<$kind> {
            match word {
                $($word => Some($kind::$value),)+
                _ => None,
            }
        }
    };
}

pub(crate) use words;
