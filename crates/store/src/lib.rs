//! The store port on SQLite and on PostgreSQL, from one set of SQL texts.

mod cache;
mod engine;
mod error;
mod migration;
mod missing;
mod open;
mod port;
mod postgres;
mod row;
mod sqlite;
mod statement;
mod statements;
mod steps;
mod watchers;

pub use cache::Cached;
pub use error::OpenError;
pub use missing::Missing;
pub use open::{Found, Options, look, open};
