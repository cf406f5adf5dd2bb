//! How long a word is good.

use super::Rotating;

const NOW: i64 = 1_775_121_060; // a whole number of minutes

#[test]
fn rfc9449_8_a_word_is_good_in_its_period_and_the_next() {
    let words = Rotating::new(&[7; 32], 60);
    let word = words.word(NOW);
    assert!(
        word.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    assert_eq!(word, words.word(NOW + 59), "one word a period");
    assert_ne!(word, words.word(NOW + 60));
    for (later, good) in [
        (0, true),
        (59, true),
        (60, true),
        (119, true),
        (120, false),
        (-1, true),
        (-61, false),
    ] {
        assert_eq!(words.knows(&word, NOW + later), good, "{later}");
    }
}

#[test]
fn rfc9449_8_nobody_else_makes_words() {
    let words = Rotating::new(&[7; 32], 60);
    let other = Rotating::new(&[8; 32], 60);
    assert!(!words.knows(&other.word(NOW), NOW));
    let mut word = words.word(NOW);
    word.pop();
    for wrong in [word.as_str(), "", "AAAA"] {
        assert!(!words.knows(wrong, NOW), "{wrong}");
    }
}
