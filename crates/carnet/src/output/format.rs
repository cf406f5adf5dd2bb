//! The forms in which data is printed.

use clap::ValueEnum;

/// How data is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// Columns, for people.
    Table,
    /// All columns.
    Wide,
    /// One JSON document.
    Json,
    /// One JSON object on each line.
    Jsonl,
    /// YAML.
    Yaml,
    /// Comma-separated values with a head (RFC 4180).
    Csv,
    /// Names only, one on each line.
    Name,
}
