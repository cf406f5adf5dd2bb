//! The store port on SQLite and on PostgreSQL, from one set of SQL texts.
