//! Regular expressions of `matches`: RE2's language, as CEL has it, on an engine whose work grows with the length
//! of the text and never faster.
//!
//! A pattern is a literal, is read when the expression is saved, and is small. What it costs to run is known
//! before it runs: states times characters.

use std::fmt;

use regex_automata::nfa::thompson::NFA;
use regex_automata::nfa::thompson::pikevm::PikeVM;
use regex_automata::util::syntax;

/// A pattern is at most so long, in bytes.
pub(super) const LENGTH: usize = 512;

/// What one pattern may take in memory, in bytes.
const SIZE: usize = 64 * 1024;

/// A compiled pattern.
pub(super) struct Pattern {
    machine: PikeVM,
    states: usize,
}

impl Pattern {
    /// Reads the pattern; says why it is none.
    pub(super) fn new(text: &str) -> Result<Self, &'static str> {
        if text.len() > LENGTH {
            return Err("a pattern is at most 512 bytes.");
        }
        let nfa = NFA::compiler()
            .syntax(
                syntax::Config::new()
                    .unicode(false)
                    .utf8(false)
                    .nest_limit(32),
            )
            .configure(NFA::config().utf8(false).nfa_size_limit(Some(SIZE)))
            .build(text)
            .map_err(|_| "this is no pattern of RE2, or a very large one.")?;
        let states = nfa.states().len();
        let machine = PikeVM::new_from_nfa(nfa).map_err(|_| "this pattern cannot be used.")?;
        Ok(Self { machine, states })
    }

    /// What looking at a text of so many bytes costs, in steps.
    pub(super) fn cost(&self, length: usize) -> usize {
        (length + 1).saturating_mul(self.states) / 8
    }

    /// Whether the pattern is somewhere in the text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let mut cache = self.machine.create_cache();
        self.machine.is_match(&mut cache, text)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pattern")
            .field("states", &self.states)
            .finish_non_exhaustive()
    }
}
