//! Tokens that are bound to a key (RFC 9449), from the first proof to the last refusal: endpoints in process,
//! over a store in memory, with a clock that the test moves.

mod bound;
mod holder;
mod proofs;
mod shown;
