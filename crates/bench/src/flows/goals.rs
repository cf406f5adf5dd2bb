//! The goals of `design/speed.md` that this bench can judge: G2 to G5, G7 and G9 to G12.
//!
//! Carnet keeps no row for each token, so G5 (an opaque token with a durable row) is judged by what does write one: an
//! assertion under a client's secret, whose `jti` is on disk before the answer. The bare server writes a row as well. The
//! peer that `speed.md` names for it, MAS with PostgreSQL, made 3,067 such tokens in a second on a machine of this kind
//! on another day. G10 and G11 are judged without an ID token: RS256, which OpenID
//! Connect asks for, is 240 µs at every server, and would be most of what is compared.

use super::job::Job;
use super::turns::Figures;
use super::turns::Line;

/// What was wanted, and what came.
#[derive(Debug)]
pub(super) struct Goal {
    pub(super) name: &'static str,
    pub(super) what: String,
    pub(super) measured: String,
    pub(super) must: String,
    pub(super) met: bool,
}

/// At least so much of somebody else's rate.
fn times(name: &'static str, line: &Line, whose: &str, least: f64) -> Option<Goal> {
    let other = match whose {
        "the bare server" => line.bare.as_ref(),
        _ => line.peer.as_ref(),
    }?;
    let measured = line.carnet.rate() / other.rate();
    Some(Goal {
        name,
        what: format!("{}: rate of {whose}", line.job.name()),
        measured: format!("{measured:.2} ×"),
        must: format!("≥ {least} ×"),
        met: measured >= least,
    })
}

/// At least so much of a rate that was somebody's on another day.
fn of_another_day(name: &'static str, line: &Line, whose: &str, rate: f64, least: f64) -> Goal {
    let measured = line.carnet.rate();
    Goal {
        name,
        what: format!("{}: {least} × {whose}'s {rate:.0}/s", line.job.name()),
        measured: format!("{measured:.0}/s"),
        must: format!("≥ {:.0}/s", rate * least),
        met: measured >= rate * least,
    }
}

/// At most so much of something.
fn at_most(name: &'static str, what: String, measured: f64, most: f64, unit: &str) -> Goal {
    Goal {
        name,
        what,
        measured: format!("{measured:.2} {unit}"),
        must: format!("≤ {most} {unit}"),
        met: measured <= most,
    }
}

/// Every goal that these figures say something about.
pub(super) fn all(figures: &Figures) -> Vec<Goal> {
    let mut goals: Vec<Goal> = figures.lines.iter().flat_map(of_line).collect();
    let what = format!("p50, one connection: {}", Job::Es256.name());
    goals.push(at_most("G2", what, figures.alone.p50(), 0.2, "ms"));
    let together = figures.together;
    let (quiet, crowded) = (together.quiet.as_secs_f64(), together.crowded.as_secs_f64());
    let what = |than: &str| format!("p99 of client_credentials while 8 sign in{than}, two cores");
    goals.push(at_most("G12", what(""), crowded * 1e3, 5.0, "ms"));
    let than = ", against p99 without them";
    goals.push(at_most("G12", what(than), crowded / quiet, 3.0, "×"));
    goals
}

fn of_line(line: &Line) -> Vec<Goal> {
    let (bare, peer) = ("the bare server", "oidc-provider");
    let p99 = |name, most| {
        let what = format!("{}: p99", line.job.name());
        Some(at_most(name, what, line.carnet.p99(), most, "ms"))
    };
    let goals = match line.job {
        Job::Es256 => vec![
            times("G2", line, peer, 4.0),
            times("G2", line, bare, 0.5),
            p99("G2", 2.0),
        ],
        Job::Rs256 => vec![times("G3", line, peer, 1.45), times("G3", line, bare, 0.88)],
        Job::Opaque => vec![times("G4", line, peer, 4.0)],
        Job::Kept => vec![
            Some(of_another_day("G5", line, "MAS", 3_067.0, 4.0)),
            times("G5", line, bare, 0.6),
            p99("G5", 10.0),
        ],
        Job::Introspect => vec![times("G7", line, peer, 4.0)],
        Job::Signed | Job::Par | Job::RefreshId | Job::FlowId => Vec::new(),
        Job::Refresh => vec![times("G11", line, peer, 3.0), p99("G11", 10.0)],
        Job::Flow => vec![times("G10", line, peer, 3.0)],
        Job::SignIn => sign_in(line),
    };
    goals.into_iter().flatten().collect()
}

fn sign_in(line: &Line) -> Vec<Option<Goal>> {
    let hash = line.hash.unwrap_or_default().as_secs_f64();
    let share = line.carnet.rate() * hash;
    let beyond = line.carnet.cpu() / 1e3 - hash * 1e3;
    vec![
        Some(Goal {
            name: "G9",
            what: format!("{}: of what hashing alone allows", line.job.name()),
            measured: format!("{:.0} %", share * 100.0),
            must: "≥ 80 %".to_owned(),
            met: share >= 0.8,
        }),
        Some(at_most(
            "G9",
            "CPU for each sign-in beyond the hash".to_owned(),
            beyond,
            2.5,
            "ms",
        )),
    ]
}
