//! WCAG 2.2 §1.4.3 and §1.4.11, computed from the tokens in both themes.

use std::collections::BTreeMap;

use crate::asset::STYLE;

const TOKENS: &str = include_str!("../../assets/tokens.css");
const RULES: [&str; 3] = [
    include_str!("../../assets/base.css"),
    include_str!("../../assets/parts.css"),
    include_str!("../../assets/people.css"),
];

/// The colours of a theme by name; the dark theme overrides the light one.
fn colours(dark: bool) -> BTreeMap<String, [u8; 3]> {
    let (light, overrides) = TOKENS
        .split_once("@media screen and (prefers-color-scheme: dark)")
        .unwrap();
    let mut colours = BTreeMap::new();
    let blocks = if dark {
        vec![light, overrides]
    } else {
        vec![light]
    };
    for line in blocks.iter().flat_map(|block| block.lines()) {
        let Some((name, value)) = line.trim().split_once(": #") else {
            continue;
        };
        let digits = value.trim_end_matches(';');
        assert_eq!(digits.len(), 6, "{line}");
        let number = u32::from_str_radix(digits, 16).unwrap();
        let [_, red, green, blue] = number.to_be_bytes();
        colours.insert(name.trim_start_matches("--").to_owned(), [red, green, blue]);
    }
    colours
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 {
            channel / 12.92
        } else {
            ((channel + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn ratio(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn the_formula_gives_the_known_figures() {
    assert!((ratio([0; 3], [255; 3]) - 21.0).abs() < 0.001);
    assert!((ratio([0x76; 3], [255; 3]) - 4.54).abs() < 0.01);
    assert!((ratio([0xFF, 0xA4, 0x2E], [255; 3]) - 1.99).abs() < 0.01);
}

#[test]
fn wcag_1_4_3_every_text_has_4_5_to_1_on_every_ground_it_stands_on() {
    const TEXTS: [(&str, &[&str]); 7] = [
        (
            "text",
            &[
                "surface",
                "canvas",
                "sunken",
                "ok-soft",
                "warn-soft",
                "danger-soft",
            ],
        ),
        ("muted", &["surface", "canvas", "sunken"]),
        (
            "accent",
            &[
                "surface",
                "canvas",
                "sunken",
                "accent-soft",
                "warn-soft",
                "danger-soft",
            ],
        ),
        (
            "accent-hover",
            &["surface", "canvas", "sunken", "warn-soft"],
        ),
        ("ok", &["ok-soft"]),
        ("warn", &["warn-soft"]),
        ("danger", &["danger-soft", "surface", "canvas"]),
    ];
    for dark in [false, true] {
        let colours = colours(dark);
        for (text, grounds) in TEXTS {
            for ground in grounds {
                let ratio = ratio(colours[text], colours[*ground]);
                assert!(ratio >= 4.5, "{text} on {ground}, dark {dark}: {ratio:.2}");
            }
        }
        for ground in ["accent", "accent-hover"] {
            assert!(
                ratio(colours["on-accent"], colours[ground]) >= 4.5,
                "on-accent on {ground}"
            );
        }
    }
}

#[test]
fn wcag_1_4_11_controls_and_the_focus_ring_have_3_to_1() {
    for dark in [false, true] {
        let colours = colours(dark);
        for part in ["control", "accent", "danger"] {
            for ground in ["surface", "canvas"] {
                let ratio = ratio(colours[part], colours[ground]);
                assert!(ratio >= 3.0, "{part} on {ground}, dark {dark}: {ratio:.2}");
            }
        }
    }
}

#[test]
fn both_themes_name_the_same_colours_and_rules_use_only_tokens() {
    let (light, overrides) = TOKENS.split_once("@media").unwrap();
    let names = |block: &str| {
        let lines = block.lines().filter(|line| line.contains(": #"));
        lines
            .map(|line| line.trim().split_once(':').unwrap().0.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(light), names(overrides));
    assert!(light.contains("color-scheme: light dark;"));
    for rules in RULES {
        assert!(
            !rules.contains('#') && !rules.contains("rgb"),
            "a colour that is not a token"
        );
    }
}

#[test]
fn every_token_that_is_used_exists_and_every_one_that_exists_is_used() {
    for used in STYLE.split("var(").skip(1) {
        let name = used.split(')').next().unwrap();
        assert!(TOKENS.contains(&format!("{name}: ")), "{name}");
    }
    for line in TOKENS
        .lines()
        .filter_map(|line| line.trim().split_once(": "))
    {
        let used = !line.0.starts_with("--") || STYLE.contains(&format!("var({})", line.0));
        assert!(used, "{} is not used", line.0);
    }
    assert_eq!(STYLE.matches('{').count(), STYLE.matches('}').count());
}
