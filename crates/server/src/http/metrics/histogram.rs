//! How long things take, in buckets that are fixed: noting a time is two additions to atomic numbers.

use std::fmt::Arguments;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use super::line;

/// The upper ends of the buckets: those that OpenTelemetry advises for HTTP, and three below them,
/// since a token takes far less than 5 ms. In nanoseconds, and as they are printed.
const BUCKETS: [(u64, &str); 17] = [
    (500_000, "0.0005"),
    (1_000_000, "0.001"),
    (2_500_000, "0.0025"),
    (5_000_000, "0.005"),
    (10_000_000, "0.01"),
    (25_000_000, "0.025"),
    (50_000_000, "0.05"),
    (75_000_000, "0.075"),
    (100_000_000, "0.1"),
    (250_000_000, "0.25"),
    (500_000_000, "0.5"),
    (750_000_000, "0.75"),
    (1_000_000_000, "1"),
    (2_500_000_000, "2.5"),
    (5_000_000_000, "5"),
    (7_500_000_000, "7.5"),
    (10_000_000_000, "10"),
];

/// How long something took, many times.
#[derive(Debug, Default)]
pub struct Histogram {
    counts: [AtomicU64; BUCKETS.len()],
    beyond: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Histogram {
    /// Notes one time.
    pub fn note(&self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let bucket = BUCKETS
            .iter()
            .zip(&self.counts)
            .find(|((end, _), _)| nanoseconds <= *end);
        bucket
            .map_or(&self.beyond, |(_, count)| count)
            .fetch_add(1, Relaxed);
        self.nanoseconds.fetch_add(nanoseconds, Relaxed);
    }

    /// Writes the series, with these labels before `le`.
    pub(super) fn write(&self, name: &str, labels: Arguments<'_>, out: &mut String) {
        let mut sum = 0;
        for ((_, end), count) in BUCKETS.iter().zip(&self.counts) {
            sum += count.load(Relaxed);
            line(
                out,
                format_args!("{name}_bucket{{{labels},le=\"{end}\"}} {sum}"),
            );
        }
        sum += self.beyond.load(Relaxed);
        let seconds = Duration::from_nanos(self.nanoseconds.load(Relaxed)).as_secs_f64();
        line(
            out,
            format_args!("{name}_bucket{{{labels},le=\"+Inf\"}} {sum}"),
        );
        line(out, format_args!("{name}_sum{{{labels}}} {seconds}"));
        line(out, format_args!("{name}_count{{{labels}}} {sum}"));
    }
}
