//! What came out, for a terminal and for `docs/performance.md`.

use std::fmt::Write as _;

use super::goals::Goal;
use super::turns::Figures;
use super::turns::Line;
use crate::machine;
use crate::sample::Turn;

const HEAD: [&str; 10] = [
    "",
    "CPU µs, Carnet",
    "bare",
    "oidc-provider",
    "per second, Carnet",
    "bare",
    "oidc-provider",
    "× oidc-provider",
    "p50 ms",
    "p99 ms",
];

fn cells(line: &Line) -> [String; 10] {
    let other = |turn: &Option<Turn>, number: fn(&Turn) -> f64| {
        let turn = turn.as_ref();
        turn.map_or_else(|| "–".to_owned(), |turn| format!("{:.0}", number(turn)))
    };
    let carnet = &line.carnet;
    let ratio = line.peer.as_ref().map(|peer| carnet.rate() / peer.rate());
    [
        line.job.name().to_owned(),
        format!("{:.0}", carnet.cpu()),
        other(&line.bare, Turn::cpu),
        other(&line.peer, Turn::cpu),
        format!("{:.0}", carnet.rate()),
        other(&line.bare, Turn::rate),
        other(&line.peer, Turn::rate),
        ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.1}")),
        format!("{:.2}", carnet.p50()),
        format!("{:.2}", carnet.p99()),
    ]
}

const fn verdict(goal: &Goal) -> &'static str {
    if goal.met { "must" } else { "missed" }
}

/// For a terminal.
pub(super) fn plain(figures: &Figures, goals: &[Goal]) -> String {
    let mut text = String::new();
    let mut row = |cells: [String; 10]| {
        for (place, cell) in cells.into_iter().enumerate() {
            let _ = match place {
                0 => write!(text, "{cell:<46}"),
                _ => write!(text, "{cell:>20}"),
            };
        }
        text.push('\n');
    };
    row(HEAD.map(str::to_owned));
    for line in &figures.lines {
        row(cells(line));
    }
    for goal in goals {
        let Goal {
            name,
            what,
            measured,
            must,
            ..
        } = goal;
        let _ = writeln!(
            text,
            "{name:<5}{what:<76}{measured:>12}   {must:<12} {}",
            verdict(goal)
        );
    }
    text
}

/// For `docs/performance.md`.
pub(super) fn markdown(figures: &Figures, goals: &[Goal]) -> String {
    let mut text = format!("| {} |\n|---|{}\n", HEAD.join(" | "), "---:|".repeat(9));
    for line in &figures.lines {
        let _ = writeln!(text, "| {} |", cells(line).join(" | "));
    }
    if let Some(hash) = figures.lines.iter().find_map(|line| line.hash) {
        let hash = hash.as_secs_f64() * 1e3;
        let _ = writeln!(
            text,
            "\nOne password hash (Argon2id, 19 MiB, t=2, p=1) takes {hash:.1} ms."
        );
    }
    text.push_str("\n| goal | what | reached | must | |\n|---|---|---:|---:|---|\n");
    for goal in goals {
        let Goal {
            name,
            what,
            measured,
            must,
            ..
        } = goal;
        let _ = writeln!(
            text,
            "| {name} | {what} | {measured} | {must} | {} |",
            verdict(goal)
        );
    }
    let _ = writeln!(text, "\n{}", machine::line());
    text
}
