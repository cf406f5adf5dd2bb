//! Tables: columns for a terminal, tab-separated lines for a program, and CSV.

use std::fmt::Write as _;

use serde_json::Value;

use super::cell::Column;

/// The room that there is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// The width of the terminal; none where there is no terminal.
    pub(super) terminal: Option<usize>,
    /// Whether the columns are shown that are only for wide tables.
    pub(super) wide: bool,
    /// What time it is.
    pub(super) now: i64,
}

/// The space between two columns.
const GAP: &str = "   ";

/// A list.
pub(super) fn list(items: &[Value], columns: &[Column], shape: Shape) -> String {
    let columns: Vec<&Column> = columns
        .iter()
        .filter(|column| shape.wide || !column.is_wide())
        .collect();
    let Some(width) = shape.terminal else {
        return tabs(items, &columns);
    };
    let mut cells: Vec<Vec<String>> = Vec::with_capacity(items.len() + 1);
    cells.push(
        columns
            .iter()
            .map(|column| column.head().to_owned())
            .collect(),
    );
    for item in items {
        cells.push(
            columns
                .iter()
                .map(|column| column.friendly(item, shape.now))
                .collect(),
        );
    }
    let widths = fitting(&widths(&cells), width);
    let mut text = String::new();
    for row in &cells {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            if !line.is_empty() {
                line.push_str(GAP);
            }
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(length(cell))));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// One record: a line for each column.
pub(super) fn one(item: &Value, columns: &[Column], shape: Shape) -> String {
    let heads = columns.iter().map(|column| column.head().len());
    let width = heads.max().unwrap_or_default();
    let mut text = String::new();
    for column in columns {
        let head = column.head().to_lowercase();
        let value = column.friendly(item, shape.now);
        let _ = writeln!(text, "{head:width$}{GAP}{value}");
    }
    text
}

/// Comma-separated values with every column (RFC 4180).
pub(super) fn csv(items: &[Value], columns: &[Column]) -> String {
    let heads = columns
        .iter()
        .map(|column| column.head().to_lowercase().replace(' ', "_"));
    let mut text = heads.collect::<Vec<_>>().join(",");
    text.push('\n');
    for item in items {
        let cells = columns.iter().map(|column| quoted(&column.plain(item)));
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        text.push('\n');
    }
    text
}

fn tabs(items: &[Value], columns: &[&Column]) -> String {
    let mut text = String::new();
    for item in items {
        let cells = columns.iter().map(|column| column.plain(item));
        text.push_str(&cells.collect::<Vec<_>>().join("\t"));
        text.push('\n');
    }
    text
}

/// Quoted where it must be. A cell that a spreadsheet would run as a formula is made a text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
    let cell = if formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains([',', '"', '\n', '\r', '\'']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

fn widths(cells: &[Vec<String>]) -> Vec<usize> {
    let columns = cells.first().map_or(0, Vec::len);
    let widest = |place: usize| {
        let column = cells.iter().filter_map(|row| row.get(place));
        column.map(|cell| length(cell)).max().unwrap_or_default()
    };
    (0..columns).map(widest).collect()
}

/// As many columns as fit, from the left; the first always.
fn fitting(widths: &[usize], terminal: usize) -> Vec<usize> {
    let mut used = 0;
    let mut kept = Vec::new();
    for width in widths {
        let gap = if kept.is_empty() { 0 } else { GAP.len() };
        if !kept.is_empty() && used + gap + width > terminal {
            break;
        }
        used += gap + width;
        kept.push(*width);
    }
    kept
}

fn length(cell: &str) -> usize {
    cell.chars().count()
}
