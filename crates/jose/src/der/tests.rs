//! Tests of `der`.
