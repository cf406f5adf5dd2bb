//! The catalogues: the same keys and variables in every language, and no markup.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentArgs;

use super::{ENGLISH, GERMAN, Words, accented};
use crate::Language;
use crate::render::TEMPLATES;

/// The keys of a catalogue, each with its variables.
fn entries(source: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut entries: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut current = None;
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            let (key, _) = line.split_once(" = ").expect("key = text");
            assert!(
                entries.insert(key, BTreeSet::new()).is_none(),
                "{key} stands twice"
            );
            current = Some(key);
        }
        let Some(key) = current else { continue };
        for part in line.split('$').skip(1) {
            let end = part
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(part.len());
            entries.get_mut(key).expect("a key").insert(&part[..end]);
        }
    }
    entries
}

#[test]
fn every_language_has_the_same_keys_and_variables() {
    let english = entries(ENGLISH);
    assert!(
        english.len() > 150,
        "the scanner found only {} messages",
        english.len()
    );
    assert_eq!(english["foot-version"], BTreeSet::from(["version"]));
    assert_eq!(english, entries(GERMAN));
}

#[test]
fn the_catalogues_hold_no_markup_and_no_straight_apostrophes() {
    for source in [ENGLISH, GERMAN] {
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            assert!(
                !line.contains(['<', '&', '\'', '"', '!']) || line.ends_with("->"),
                "{line}"
            );
        }
    }
}

#[test]
fn every_message_is_used_by_a_template() {
    let templates: String = TEMPLATES.iter().map(|(_, source)| *source).collect();
    for key in entries(ENGLISH).keys() {
        let whole = templates.contains(&format!("t('{key}'"));
        // Keys that a template puts together from a kind: t('error-' ~ kind ~ '-title').
        let parts = (1..key.len())
            .filter(|end| key.is_char_boundary(*end))
            .any(|end| {
                key[..end].ends_with('-') && templates.contains(&format!("t('{}' ~", &key[..end]))
            });
        assert!(whole || parts, "no template says {key}");
    }
}

#[test]
fn a_missing_word_or_variable_is_an_error_and_not_half_a_sentence() {
    let words = Words::of(Language::English).unwrap();
    let mut given = FluentArgs::new();
    assert!(words.say("there-is-no-such-message", &given).is_err());
    assert!(words.say("foot-version", &given).is_err());
    given.set("version", "0.1.0");
    assert_eq!(words.say("foot-version", &given).unwrap(), "Carnet 0.1.0");
}

#[test]
fn plurals_follow_the_language() {
    for (language, one, many) in [
        (
            Language::English,
            "One answer needs a change",
            "3 answers need a change",
        ),
        (
            Language::German,
            "Eine Antwort braucht eine Änderung",
            "3 Antworten brauchen eine Änderung",
        ),
    ] {
        let words = Words::of(language).unwrap();
        for (count, expected) in [(1, one), (3, many)] {
            let mut given = FluentArgs::new();
            given.set("count", count);
            assert_eq!(words.say("setup-summary", &given).unwrap(), expected);
        }
    }
}

#[test]
fn the_accented_language_is_a_third_longer_and_keeps_code() {
    assert_eq!(accented("Copy"), "Çö~pý~");
    assert_eq!(accented("set `iat` now"), "šé~ť `iat` ñ~öŵ~");
    let sentence = "This link works once. The next page holds a key file.";
    let long = accented(sentence).chars().count();
    assert!(long * 100 >= sentence.chars().count() * 125, "{long}");
}
