//! Tests, gates and benchmarks.
fn main() {}
