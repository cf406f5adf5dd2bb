//! The tables for a terminal.

use std::fmt::Write as _;

use super::goals;
use super::measure::Figures;
use super::measure::Line;

/// The rows of one number of accounts.
pub(super) fn rows(figures: &Figures) -> String {
    let mut text = format!("\n{} service accounts\n\n", figures.accounts);
    let _ = writeln!(
        text,
        "{:<40}{:>18}{:>8}{:>20}{:>8}{:>16}{:>16}{:>8}",
        "", "CPU µs", "ratio", "requests/s", "share", "p50 ms", "p99 ms", "noise"
    );
    let _ = writeln!(
        text,
        "{:<40}{:>9}{:>9}{:>8}{:>10}{:>10}{:>8}{:>8}{:>8}{:>8}{:>8}{:>8}",
        "", "Carnet", "bare", "", "Carnet", "bare", "", "Carnet", "bare", "Carnet", "bare", ""
    );
    for line in &figures.lines {
        row(&mut text, line);
    }
    text
}

fn row(text: &mut String, line: &Line) {
    let Line { row, carnet, bare } = line;
    let _ = writeln!(
        text,
        "{:<40}{:>9.1}{:>9.1}{:>8.2}{:>10.0}{:>10.0}{:>7.0}%{:>8.2}{:>8.2}{:>8.2}{:>8.2}{:>7.0}%",
        row.name(),
        carnet.cpu(),
        bare.cpu(),
        line.ratio(),
        carnet.rate(),
        bare.rate(),
        line.share() * 100.0,
        carnet.p50(),
        bare.p50(),
        carnet.p99(),
        bare.p99(),
        carnet.noise().max(bare.noise()) * 100.0,
    );
}

/// Goals, and whether the number of accounts matters.
pub(super) fn rest(all: &[Figures]) -> String {
    let mut text = String::new();
    for goal in all.iter().flat_map(goals::all) {
        let _ = writeln!(
            text,
            "{:<5}{:<52}{:>12}   must {:<10} stretch {:<10} {}",
            goal.name, goal.what, goal.measured, goal.must, goal.stretch, goal.verdict
        );
    }
    text
}
