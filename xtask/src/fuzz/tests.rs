//! Words, and libFuzzer's last ones.

use super::{Wish, executed, read};

fn wish(words: &[&str]) -> Option<Wish> {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    read(&words).ok()
}

#[test]
fn seconds_and_targets_are_read() {
    assert_eq!(
        wish(&[]),
        Some(Wish {
            seconds: 60,
            targets: vec![]
        })
    );
    let both = Wish {
        seconds: 5,
        targets: vec!["jwt".to_owned()],
    };
    assert_eq!(wish(&["--seconds", "5", "jwt"]), Some(both));
    assert_eq!(wish(&["--seconds"]), None);
    assert_eq!(wish(&["--seconds", "0"]), None);
    assert_eq!(wish(&["--minutes", "5"]), None);
}

#[test]
fn executions_are_read_from_the_statistics() {
    assert_eq!(
        executed("stat::number_of_executed_units: 123456"),
        Some(123_456)
    );
    assert_eq!(executed("stat::average_exec_per_sec:     12"), None);
}
