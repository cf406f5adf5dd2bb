//! Verify access tokens in a protected API: tower layer, axum extractors, challenges.
