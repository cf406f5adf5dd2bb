//! What Carnet is, without how it is reached or kept.
//!
//! Four shelves; each may import only from the shelves before it:
//!
//! 1. [`value`]: identifiers, times, secrets, names. A value that exists is well formed.
//! 2. [`record`]: what Carnet remembers (organizations, accounts, keys, delegations, ...).
//! 3. [`store`]: the port to whatever remembers it: narrow reads, one write, and the in-memory
//!    reference that every engine is compared with.
//! 4. [`rule`]: the decisions. A decision is a synchronous function of (facts, context); it returns
//!    what to write and what to say, and does neither itself.
//!
//! There is no runtime, no HTTP, no SQL, no clock and no randomness in here. Time and entropy are
//! arguments.

pub mod record;
pub mod rule;
pub mod store;
pub mod value;
