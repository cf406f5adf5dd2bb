//! What an evaluation may cost. Each step burns one unit, and one more for each sixteen bytes or each entry that
//! it reads or makes: nested macros and growing texts end here, whatever the expression is.

/// What one evaluation of a mapping may burn: some milliseconds, and at most 4 MB made.
const TANK: u32 = 250_000;

/// Bytes that one unit stands for.
const BYTES: usize = 16;

/// A list or map that an expression makes has at most so many entries.
pub(super) const ENTRIES: usize = 1_000;

/// Why a value could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) why: String,
    /// The tank is empty: no `||` may step over it.
    pub(super) spent: bool,
}

impl Trouble {
    pub(super) fn new(why: impl Into<String>) -> Self {
        let why = why.into();
        Self { why, spent: false }
    }
}

/// What is left.
#[derive(Debug)]
pub(super) struct Fuel(u32);

impl Fuel {
    pub(super) const fn full() -> Self {
        Self(TANK)
    }

    /// Burns so many units.
    pub(super) fn burn(&mut self, units: usize) -> Result<(), Trouble> {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        if let Some(left) = self.0.checked_sub(units) {
            self.0 = left;
            return Ok(());
        }
        self.0 = 0;
        let why = "this is more work than an expression may be.".to_owned();
        Err(Trouble { why, spent: true })
    }

    /// Burns what reading or making so many bytes costs.
    pub(super) fn read(&mut self, bytes: usize) -> Result<(), Trouble> {
        self.burn(1 + bytes / BYTES)
    }
}

/// A list or map may have so many entries.
pub(super) fn bounded(entries: usize) -> Result<(), Trouble> {
    if entries <= ENTRIES {
        return Ok(());
    }
    let why = format!("a list has more than {ENTRIES} entries.");
    Err(Trouble::new(why))
}
