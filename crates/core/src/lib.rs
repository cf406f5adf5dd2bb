//! Values, records, the store port and the rules. No runtime, no HTTP, no SQL, no clock, no randomness.
