//! How long somebody waits who typed wrong passwords. The reasons are in decision 0008.
//!
//! 1. Failures are counted for a person **from a place**: a network, or a browser in which the person
//!    has signed in before. Who guesses from elsewhere slows down themselves and nobody else.
//! 2. Five failures are free. Then each one doubles the wait, from 1 s to 5 min.
//! 3. They are also counted for the person from all networks together, against a guesser with many.
//!    After fifty, everybody who comes from a network waits 30 s from the last failure; a browser in
//!    which the person has signed in before does not.
//! 4. Failures are forgotten an hour after the last one, and those of a place by a success from it.

use crate::value::Seconds;
use crate::value::UnixTime;

/// How many failures from a place are free.
pub const FREE: u32 = 5;

/// From how many failures on a person counts as attacked.
pub const ATTACKED: u32 = 50;

/// When failures are forgotten.
pub const FORGOTTEN: Seconds = Seconds(3_600);

const LONGEST: i64 = 300;
const ATTACKED_WAIT: Seconds = Seconds(30);

/// Failures of one kind.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was.
    pub last: UnixTime,
}

impl Failures {
    /// One more.
    #[must_use]
    pub fn and(self, now: UnixTime) -> Self {
        Self {
            count: self.lately(now).saturating_add(1),
            last: now,
        }
    }

    /// How many count.
    #[must_use]
    pub fn lately(self, now: UnixTime) -> u32 {
        if now - self.last >= FORGOTTEN {
            0
        } else {
            self.count
        }
    }
}

/// How long the next try has to wait; nothing if it may be made. `everywhere` is what is known of the
/// person from all networks, or none for a browser that is known.
#[must_use]
pub fn wait(here: Failures, everywhere: Option<Failures>, now: UnixTime) -> Option<Seconds> {
    let own = doubling(here.lately(now)).map(|length| here.last + length);
    let attacked = everywhere
        .filter(|all| all.lately(now) >= ATTACKED)
        .map(|all| all.last + ATTACKED_WAIT);
    let until = own.max(attacked)?;
    (until > now).then(|| until - now)
}

fn doubling(failures: u32) -> Option<Seconds> {
    let beyond = failures.checked_sub(FREE)?;
    let length = 1_i64.checked_shl(beyond.min(16)).unwrap_or(LONGEST);
    Some(Seconds(length.min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::ATTACKED;
    use super::FORGOTTEN;
    use super::FREE;
    use super::Failures;
    use super::wait;
    use crate::value::Seconds;
    use crate::value::UnixTime;

    const NOW: UnixTime = UnixTime(1_000_000);

    fn failures(count: u32) -> Failures {
        Failures { count, last: NOW }
    }

    #[test]
    fn five_failures_are_free_and_then_the_wait_doubles() {
        assert_eq!(wait(failures(FREE - 1), None, NOW), None);
        let waits: Vec<_> = (FREE..FREE + 10)
            .map(|count| wait(failures(count), None, NOW).map_or(0, |wait| wait.0))
            .collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
        assert_eq!(wait(failures(u32::MAX), None, NOW), Some(Seconds(300)));
    }

    #[test]
    fn who_has_waited_may_try() {
        assert_eq!(
            wait(failures(FREE + 3), None, NOW + Seconds(7)),
            Some(Seconds(1))
        );
        assert_eq!(wait(failures(FREE + 3), None, NOW + Seconds(8)), None);
    }

    #[test]
    fn lesson_43_a_guesser_with_many_networks_is_slowed_and_a_known_browser_is_not() {
        let many = failures(ATTACKED);
        let fresh = Failures::default();
        assert_eq!(wait(fresh, Some(many), NOW), Some(Seconds(30)));
        assert_eq!(wait(fresh, None, NOW), None);
        assert_eq!(wait(fresh, Some(failures(ATTACKED - 1)), NOW), None);
    }

    #[test]
    fn failures_are_forgotten() {
        let later = NOW + FORGOTTEN;
        assert_eq!(failures(1_000).lately(later), 0);
        assert_eq!(failures(1_000).and(later).count, 1);
        assert_eq!(failures(1).and(NOW).count, 2);
    }
}
