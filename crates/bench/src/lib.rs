//! The bare server and the load generator of cargo xtask bench.
