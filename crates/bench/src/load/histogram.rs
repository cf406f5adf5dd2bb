//! Times, counted in steps of three per cent: as exact at a microsecond as at a second.

use std::time::Duration;

/// Steps from one power of two to the next.
const STEPS: u64 = 32;

/// Enough powers of two above the first steps for four minutes.
const POWERS: u64 = 34;

/// How many answers took how long.
#[derive(Debug)]
pub(crate) struct Histogram {
    counts: Vec<u64>,
    total: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        let steps = usize::try_from(STEPS * POWERS).unwrap_or(0);
        Self {
            counts: vec![0; steps],
            total: 0,
        }
    }
}

impl Histogram {
    /// Counts one. What took longer than can be counted counts as the longest.
    pub(crate) fn note(&mut self, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let step = usize::try_from(step(nanoseconds)).unwrap_or(usize::MAX);
        let last = self.counts.len().saturating_sub(1);
        if let Some(count) = self.counts.get_mut(step.min(last)) {
            *count += 1;
            self.total += 1;
        }
    }

    /// How many were counted.
    pub(crate) fn count(&self) -> u64 {
        self.total
    }

    /// The time that so many of a hundred took at most.
    pub(crate) fn at(&self, percent: u64) -> Duration {
        let wanted = (self.total * percent).div_ceil(100);
        let mut seen = 0;
        for (step, count) in (0..).zip(&self.counts) {
            seen += count;
            if seen >= wanted {
                return Duration::from_nanos(end_of(step));
            }
        }
        Duration::ZERO
    }
}

/// The step that a time falls into: the highest bits of it, and how far they were shifted.
fn step(nanoseconds: u64) -> u64 {
    if nanoseconds < STEPS {
        return nanoseconds;
    }
    let shift = u64::from(nanoseconds.ilog2() - STEPS.ilog2());
    (shift + 1) * STEPS + ((nanoseconds >> shift) - STEPS)
}

/// The longest time that falls into a step.
fn end_of(step: u64) -> u64 {
    if step < STEPS {
        return step;
    }
    let shift = step / STEPS - 1;
    (((step % STEPS) + STEPS + 1) << shift) - 1
}

#[cfg(test)]
mod tests;
