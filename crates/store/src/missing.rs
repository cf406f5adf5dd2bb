//! What is asked for where nothing was kept before.

/// What to do where there is no database yet.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Missing {
    /// Make one.
    #[default]
    Create,
    /// Say so: a disk that is not mounted must not look like a new installation.
    Refuse,
}
