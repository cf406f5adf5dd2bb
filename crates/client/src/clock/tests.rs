//! Waits are spread by a tenth, and the machine's clock is a clock.

use std::time::Duration;

use super::Clock;

#[test]
fn google_wire_11_waits_are_spread_by_a_tenth() {
    let second = Duration::from_secs(1);
    for (chance, millis) in [((|| 0) as fn() -> u8, 900), (|| 255, 1100)] {
        let clock = Clock {
            chance,
            ..Clock::told_by(|| 0)
        };
        assert_eq!(clock.spread(second), Duration::from_millis(millis));
    }
}

#[tokio::test(start_paused = true)]
async fn the_machines_clock_shows_this_century_and_really_waits() {
    let clock = Clock::system();
    assert!((1_700_000_000..4_000_000_000).contains(&clock.now()));
    let before = tokio::time::Instant::now();
    clock.sleep(Duration::from_secs(3)).await;
    assert_eq!(before.elapsed(), Duration::from_secs(3));
}
