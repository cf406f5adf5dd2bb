//! The rules: decisions as synchronous functions of facts, time and chance.
