//! Tests of `digest`.
