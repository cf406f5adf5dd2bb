//! The rules, held against a small world in the in-memory store.

#![expect(clippy::expect_used, reason = "a test ends where something is missing")]

mod jwt_bearer;
