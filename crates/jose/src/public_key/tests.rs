//! Tests of `public_key`.
