//! Tests of the rule: see the file beside this directory.
