//! Texts rewritten for each engine, and registered once.

use std::fs;
use std::path::Path;

use super::Statement;
use crate::statements;

#[test]
fn a_text_is_rewritten_for_each_engine() {
    static PLAIN: Statement = Statement::new("plain", "DELETE FROM t WHERE a = $1 AND b = $12");
    assert_eq!(PLAIN.sqlite(), "DELETE FROM t WHERE a = ?1 AND b = ?12");
    assert_eq!(PLAIN.postgres(), "DELETE FROM t WHERE a = $1 AND b = $12");
    assert_eq!(
        PLAIN.postgres_guarded(),
        "WITH touched AS (DELETE FROM t WHERE a = $1 AND b = $12 RETURNING 1) \
         SELECT 1 / count(*) FROM touched"
    );
}

#[test]
fn a_second_text_is_for_one_engine_only() {
    static TWO: Statement = Statement::new("two", "SELECT $1").postgres_says("SELECT 1 + $1");
    assert_eq!(TWO.sqlite(), "SELECT ?1");
    assert_eq!(TWO.postgres(), "SELECT 1 + $1");
}

/// The lists are made by the macro; what could be forgotten is a file.
#[test]
fn every_statement_is_registered_once() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/statements");
    let mut written = 0;
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        written += text
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
            .filter(|line| line.starts_with(|first: char| first.is_ascii_uppercase()))
            .filter_map(|line| line.split_once(" = "))
            .filter(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .count();
    }
    let mut names: Vec<_> = statements::all().map(Statement::name).collect();
    let registered = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), registered, "each once");
    assert_eq!(registered, written);
    assert!(registered > 70, "only {registered}");
}
