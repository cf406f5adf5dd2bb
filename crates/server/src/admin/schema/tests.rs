//! Tests of the schema check.
