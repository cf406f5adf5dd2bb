//! Tests of `base64url`.
