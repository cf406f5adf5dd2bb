//! The one place where the environment is read.
//!
//! What is set to nothing counts as not set. A value that is not UTF-8 counts as not set too: no
//! key of ours may have one.

/// The value of a variable, if it has one.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the edge where the environment comes in"
)]
pub(crate) fn value(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Whether a variable says yes: anything but nothing, `0` and `false`.
pub(crate) fn is_on(name: &str) -> bool {
    value(name).is_some_and(|value| !matches!(value.as_str(), "0" | "false"))
}

/// The names of all variables that are set to something.
pub(crate) fn names() -> impl Iterator<Item = String> {
    std::env::vars_os()
        .filter(|(_, value)| !value.is_empty())
        .filter_map(|(name, _)| name.into_string().ok())
}
