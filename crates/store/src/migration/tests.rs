//! Steps of the schema, in both dialects.

use super::ALL;
use super::Applied;
use super::POSTGRES;
use super::SQLITE;
use super::Unfit;
use super::missing;

fn applied() -> Vec<Applied> {
    let seen = |step: &super::Migration| Applied {
        number: step.number,
        checksum: step.checksum().to_vec(),
    };
    ALL.iter().map(seen).collect()
}

#[test]
fn steps_are_numbered_without_a_gap() {
    for (place, step) in ALL.iter().enumerate() {
        assert_eq!(step.number, i64::try_from(place).unwrap() + 1);
    }
}

#[test]
fn every_word_of_the_dialect_is_known_to_both_engines() {
    for step in ALL {
        for dialect in [&SQLITE, &POSTGRES] {
            let text = step.text(dialect);
            let code = text.lines().filter(|line| !line.starts_with("--"));
            let unknown: Vec<_> = code.filter(|line| line.contains("${")).collect();
            assert_eq!(unknown, [""; 0], "step {}", step.number);
        }
    }
}

#[test]
fn an_empty_database_needs_every_step_and_a_full_one_none() {
    assert_eq!(missing(&[]).unwrap().len(), ALL.len());
    assert_eq!(missing(&applied()).unwrap().len(), 0);
}

#[test]
fn a_database_from_the_future_is_refused() {
    let mut seen = applied();
    let number = i64::try_from(seen.len()).unwrap() + 1;
    seen.push(Applied {
        number,
        checksum: vec![0; 32],
    });
    assert_eq!(missing(&seen).err(), Some(Unfit::Newer(number)));
}

#[test]
fn a_step_that_was_edited_is_refused() {
    let mut seen = applied();
    seen[0].checksum[0] ^= 1;
    assert_eq!(missing(&seen).err(), Some(Unfit::Altered(1)));
}
