//! The goals of `design/speed.md` and of issue 2 that this bench can judge.
//!
//! Those against other products are judged by the rates that those products had on a machine of the
//! same kind in another sitting, so they say little; the ratios to the bare server say more.

use std::time::Duration;

use super::measure::Around;
use super::measure::Figures;
use super::measure::Line;
use super::row::Row;

/// What was wanted, and what came.
#[derive(Debug)]
pub(super) struct Goal {
    pub(super) name: &'static str,
    pub(super) what: String,
    pub(super) measured: String,
    pub(super) must: String,
    pub(super) stretch: String,
    pub(super) verdict: &'static str,
}

/// A number that should be at least, or at most, something.
struct Wish {
    name: &'static str,
    what: String,
    measured: f64,
    must: f64,
    stretch: Option<f64>,
    /// Whether less is better.
    less: bool,
    unit: Unit,
}

#[derive(Clone, Copy)]
enum Unit {
    Times,
    Percent,
    Rate,
    Megabytes,
    Seconds,
    Milliseconds,
}

impl Unit {
    fn print(self, number: f64) -> String {
        match self {
            Self::Times => format!("{number:.2} ×"),
            Self::Percent => format!("{:.0} %", number * 100.0),
            Self::Rate => format!("{number:.0}/s"),
            Self::Megabytes => format!("{number:.1} MB"),
            Self::Seconds => format!("{number:.3} s"),
            Self::Milliseconds => format!("{number:.3} ms"),
        }
    }
}

impl Wish {
    fn judge(self) -> Goal {
        let good = |wanted: f64| {
            if self.less {
                self.measured <= wanted
            } else {
                self.measured >= wanted
            }
        };
        let verdict = match self.stretch {
            Some(stretch) if good(stretch) => "stretch",
            _ if good(self.must) => "must",
            _ => "missed",
        };
        let sign = if self.less { "≤" } else { "≥" };
        let wanted = |number: f64| format!("{sign} {}", self.unit.print(number));
        Goal {
            name: self.name,
            measured: self.unit.print(self.measured),
            must: wanted(self.must),
            stretch: self.stretch.map_or_else(|| "–".to_owned(), wanted),
            what: self.what,
            verdict,
        }
    }
}

/// Every goal that these figures say something about.
pub(super) fn all(figures: &Figures) -> Vec<Goal> {
    let mut wishes: Vec<Wish> = Vec::new();
    wishes.extend(
        figures
            .lines
            .iter()
            .filter(|line| line.row.has_goal())
            .map(times),
    );
    wishes.extend(figures.lines.iter().filter_map(share));
    wishes.extend(figures.lines.iter().filter_map(rate));
    wishes.extend(figures.around.iter().flat_map(around));
    wishes.into_iter().map(Wish::judge).collect()
}

/// Issue 2: at most 1.5 times the bare server's CPU.
fn times(line: &Line) -> Wish {
    Wish {
        name: "",
        what: format!("CPU of the bare server: {}", line.row.name()),
        measured: line.ratio(),
        must: 1.5,
        stretch: None,
        less: true,
        unit: Unit::Times,
    }
}

/// Shares of the bare server's rate.
fn share(line: &Line) -> Option<Wish> {
    let (name, must, stretch) = match line.row {
        Row::Jwks | Row::Discovery => ("G1", 0.60, Some(0.80)),
        Row::Jwt => ("G6", 0.45, None),
        Row::IntrospectNew => ("G8", 0.70, None),
        // Remembered signatures: the bare server checks each anew, so this passes it.
        Row::IntrospectJwt => ("G8", 0.70, Some(1.0)),
        _ => return None,
    };
    Some(Wish {
        name,
        what: format!("rate of the bare server: {}", line.row.name()),
        measured: line.share(),
        must,
        stretch,
        less: false,
        unit: Unit::Percent,
    })
}

/// Rates of other products, in another sitting.
fn rate(line: &Line) -> Option<Wish> {
    let (name, other, must, stretch) = match line.row {
        Row::Jwks => ("G1", "2 × Rauthy's 43 100/s", 86_200.0, None),
        Row::Discovery => ("G1", "2 × Rauthy's 30 500/s", 61_000.0, None),
        Row::Jwt => ("G6", "5 × oidc-provider's 1 695/s", 8_475.0, Some(16_950.0)),
        Row::IntrospectOpaque => (
            "G7",
            "4 × oidc-provider's 8 300/s",
            33_200.0,
            Some(54_900.0),
        ),
        Row::IntrospectNew => ("G8", "1.5 × Rauthy's 6 400/s", 9_600.0, None),
        _ => return None,
    };
    Some(Wish {
        name,
        what: format!("{other}: {}", line.row.name()),
        measured: line.carnet.rate(),
        must,
        stretch,
        less: false,
        unit: Unit::Rate,
    })
}

fn around(around: &Around) -> Vec<Wish> {
    let wish = |name, what: String, measured, (must, stretch), unit| Wish {
        name,
        what,
        measured,
        must,
        stretch: Some(stretch),
        less: true,
        unit,
    };
    let memory = |when: &str, carnet, bare, wanted| {
        let what = format!("memory, {when} (bare: {:.1} MB)", megabytes(bare));
        wish("G13", what, megabytes(carnet), wanted, Unit::Megabytes)
    };
    let starts = around.starts.iter().map(Duration::as_secs_f64);
    let start = starts.fold(f64::INFINITY, f64::min);
    let alone = format!(
        "p50, one connection, {} (bare: {:.3} ms)",
        Row::Jwt.name(),
        around.bare_alone.p50()
    );
    vec![
        memory("idle", around.idle, around.bare_idle, (20.0, 12.0)),
        memory(
            "after 64 connections",
            around.busy,
            around.bare_busy,
            (40.0, 20.0),
        ),
        wish(
            "G14",
            "start to first 200".to_owned(),
            start,
            (0.10, 0.03),
            Unit::Seconds,
        ),
        wish(
            "G15",
            "size of the binary".to_owned(),
            megabytes(around.size),
            (25.0, 15.0),
            Unit::Megabytes,
        ),
        wish(
            "G2",
            alone,
            around.alone.p50(),
            (0.2, 0.1),
            Unit::Milliseconds,
        ),
    ]
}

/// Bytes as megabytes.
pub(super) fn megabytes(bytes: u64) -> f64 {
    crate::sample::float(bytes) / 1e6
}
