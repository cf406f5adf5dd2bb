//! Tests of the rule beside this directory.
