//! The protected API of the sandbox: invoices, with a scope to read them and one to add them.

/// Reads invoices.
pub(super) const READ: &str = "https://demo.carnet.dev/auth/invoices.read";

/// Adds invoices.
pub(super) const WRITE: &str = "https://demo.carnet.dev/auth/invoices.write";
