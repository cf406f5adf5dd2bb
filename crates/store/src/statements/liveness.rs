//! Whether the database can be read and written, for readiness.

use crate::row::Decoded;
use crate::row::Fields;
use crate::statement::statements;

statements! {
    /// A real write on SQLite: a full disk shows nowhere else. PostgreSQL refuses the lock where it
    /// takes no writes, and a row that changed with each probe would only make rubbish there.
    BEAT = "UPDATE liveness SET beat = beat + 1 WHERE one = 1",
        postgres: "SELECT beat FROM liveness WHERE one = 1 FOR UPDATE";
    READ = "SELECT beat FROM liveness WHERE one = 1";
}

pub(crate) fn read(row: &mut Fields<'_>) -> Decoded<i64> {
    row.int()
}
