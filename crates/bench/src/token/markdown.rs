//! The same tables for `docs/performance.md`.

use std::fmt::Write as _;

use super::goals;
use super::measure::Figures;
use crate::machine;

/// The rows of one number of accounts.
pub(super) fn rows(figures: &Figures) -> String {
    let mut text = format!("### {} service accounts\n\n", figures.accounts);
    text.push_str(
        "| asked for | CPU µs, Carnet | bare | ratio | requests/s, Carnet | bare | share | p50 ms, Carnet | bare | p99 ms, Carnet | bare | noise |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for line in &figures.lines {
        let (carnet, bare) = (&line.carnet, &line.bare);
        let _ = writeln!(
            text,
            "| {} | {:.1} | {:.1} | **{:.2}** | {:.0} | {:.0} | {:.0} % | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} % |",
            line.row.name(),
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
    text
}

/// Goals, the numbers of accounts side by side, and the machine.
pub(super) fn rest(all: &[Figures]) -> String {
    let mut text = String::new();
    if all.len() > 1 {
        text.push_str(&side_by_side(all));
    }
    text.push_str(
        "### Goals\n\n| goal | what | reached | must | stretch | |\n|---|---|---:|---:|---:|---|\n",
    );
    for goal in all.iter().take(1).flat_map(goals::all) {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            goal.name, goal.what, goal.measured, goal.must, goal.stretch, goal.verdict
        );
    }
    let _ = writeln!(text, "\n{}", machine::line());
    text
}

fn side_by_side(all: &[Figures]) -> String {
    let mut text =
        "### Does the number of accounts matter?\n\nCPU of Carnet in µs.\n\n| asked for |"
            .to_owned();
    for figures in all {
        let _ = write!(text, " {} |", figures.accounts);
    }
    text.push_str("\n|---|");
    text.push_str(&"---:|".repeat(all.len()));
    text.push('\n');
    let rows = all.first().map_or(&[][..], |first| &first.lines);
    for (place, line) in rows.iter().enumerate() {
        let _ = write!(text, "| {} |", line.row.name());
        for line in all.iter().filter_map(|figures| figures.lines.get(place)) {
            let _ = write!(text, " {:.1} |", line.carnet.cpu());
        }
        text.push('\n');
    }
    text.push('\n');
    text
}
