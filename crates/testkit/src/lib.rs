//! The server in process with a fake clock, actors, and the store contract. For tests only.

pub mod contract;
pub mod postgres;
pub mod provider;
pub mod world;
