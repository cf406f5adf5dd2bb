//! Tests of `rsa`.
