//! Tests of `key_pair`.
