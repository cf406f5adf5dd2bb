//! What a password hash costs: the parameters of Argon2id (RFC 9106).

/// Memory and passes of Argon2id, in one lane.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cost {
    pub(super) memory: u32,
    pub(super) passes: u32,
}

impl Cost {
    /// The least and the most memory, in KiB.
    pub const MEMORY: (u32, u32) = (7_168, 131_072);

    /// The fewest and the most passes.
    pub const PASSES: (u32, u32) = (1, 10);

    /// Memory in KiB (7168 to 131072) and passes (1 to 10). None where they are out of bounds.
    #[must_use]
    pub fn new(memory: u32, passes: u32) -> Option<Self> {
        let (least, most) = Self::MEMORY;
        let (fewest, highest) = Self::PASSES;
        let sound = (least..=most).contains(&memory) && (fewest..=highest).contains(&passes);
        sound.then_some(Self { memory, passes })
    }

    /// The cheapest that can be, for tests that sign in often. Nothing for real people.
    #[must_use]
    pub const fn cheapest() -> Self {
        Self {
            memory: 8,
            passes: 1,
        }
    }

    /// Memory in KiB.
    #[must_use]
    pub const fn memory(self) -> u32 {
        self.memory
    }

    /// How often the memory is gone over.
    #[must_use]
    pub const fn passes(self) -> u32 {
        self.passes
    }

    /// How many blocks of 1 KiB it takes.
    pub(super) fn blocks(self) -> usize {
        usize::try_from(self.memory).unwrap_or(usize::MAX)
    }
}

impl Default for Cost {
    /// 19 MiB and two passes: what OWASP recommends, 16 ms of a core.
    fn default() -> Self {
        Self {
            memory: 19_456,
            passes: 2,
        }
    }
}
