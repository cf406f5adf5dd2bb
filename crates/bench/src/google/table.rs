//! The tables, for a terminal or for docs/performance.md.

use std::fmt::Write as _;

use super::row::Row;
use crate::machine;
use crate::sample::Turn;

/// A row, measured.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) row: Row,
    pub(super) carnet: Turn,
    pub(super) bare: Turn,
}

/// Everything that was measured with one number of providers.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) providers: usize,
    pub(super) bindings: usize,
    pub(super) lines: Vec<Line>,
}

/// All figures.
pub(super) fn all(all: &[Figures], markdown: bool) -> String {
    let mut text = String::new();
    for figures in all {
        let _ = writeln!(
            text,
            "\n{}{} providers, {} bindings\n",
            if markdown { "### " } else { "" },
            figures.providers,
            figures.bindings
        );
        text.push_str(
            "| asked for | CPU µs, Carnet | bare | ratio | requests/s, Carnet | bare | p50 ms | p99 ms | the bare server |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|---|\n",
        );
        for line in &figures.lines {
            row(&mut text, line);
        }
    }
    let _ = writeln!(text, "\n{}", machine::line());
    text
}

fn row(text: &mut String, line: &Line) {
    let Line { row, carnet, bare } = line;
    let _ = writeln!(
        text,
        "| {} | {:.1} | {:.1} | **{:.2}** | {:.0} | {:.0} | {:.2} | {:.2} | {} |",
        row.name(),
        carnet.cpu(),
        bare.cpu(),
        carnet.cpu() / bare.cpu(),
        carnet.rate(),
        bare.rate(),
        carnet.p50(),
        carnet.p99(),
        row.bare(),
    );
}
