//! The server in process with a fake clock, the real program in a process of its own, actors, and the
//! store contract. For tests only.

pub mod brittle;
pub mod browser;
pub mod contract;
pub mod dice;
pub mod live;
pub mod postgres;
pub mod prover;
pub mod provider;
pub mod saml;
pub mod served;
pub mod talk;
pub mod world;
