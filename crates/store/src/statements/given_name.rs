//! Names that were given, and are given to nobody else.

use crate::statement::statements;

statements! {
    /// A name that never comes back. Fails where it was given before.
    ONCE = "INSERT INTO given_names (kind, name, project) VALUES ($1, $2, $3)";
    /// A name that its project may give again. Touches nothing where it is another's.
    AGAIN = "INSERT INTO given_names (kind, name, project) VALUES ($1, $2, $3)
        ON CONFLICT (kind, name) DO UPDATE SET project = excluded.project
        WHERE given_names.project = excluded.project";
}
