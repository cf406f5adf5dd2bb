//! What every page has, and what no page has.

use std::collections::BTreeSet;

use serde_json::Value;

use super::scan::{Piece, scan};
use crate::sample::{self, Sample};
use crate::{
    CodeLink, DevRequest, DevRequests, Field, FieldProblem, Frame, Language, Problem, SetupForm,
    SetupPage, assets, dev_requests, error_index, setup,
};

/// Every sample in every language, taken apart.
fn pages() -> Vec<(String, Language, Sample, Vec<Piece>)> {
    let mut pages = Vec::new();
    for language in Language::ALL {
        for sample in sample::all() {
            let html = sample
                .render(language)
                .unwrap_or_else(|fault| panic!("{fault}"));
            let name = format!("{} {}", language.tag(), sample.name);
            let pieces = scan(html.as_str());
            pages.push((name, language, sample, pieces));
        }
    }
    pages
}

fn text_after<'a>(pieces: &'a [Piece], element: &str) -> Vec<&'a str> {
    let opened = pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| piece.opens(element));
    opened
        .filter_map(|(at, _)| match pieces.get(at + 1) {
            Some(Piece::Text(text)) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

#[test]
fn wcag_3_1_1_and_2_4_2_every_page_has_its_language_one_heading_and_a_title() {
    for (name, language, sample, pieces) in pages() {
        assert!(pieces[0].opens("!doctype"), "{name}");
        assert_eq!(pieces[1].attribute("lang"), Some(language.tag()), "{name}");
        assert_eq!(
            pieces[1].attribute("dir"),
            Some(language.direction()),
            "{name}"
        );
        assert_eq!(text_after(&pieces, "h1").len(), 1, "{name}");
        let titles = text_after(&pieces, "title");
        let host = sample::frame(language, sample.sandbox).name;
        assert!(
            titles.len() == 1 && titles[0].ends_with(&format!(" · {host}")),
            "{name} {titles:?}"
        );
    }
}

#[test]
fn wcag_2_4_1_the_skip_link_comes_first_and_leads_to_the_content() {
    for (name, _, _, pieces) in pages() {
        let first = pieces
            .iter()
            .find(|piece| piece.attribute("href").is_some() && piece.opens("a"));
        assert_eq!(
            first.and_then(|link| link.attribute("href")),
            Some("#main"),
            "{name}"
        );
        let main = pieces.iter().find(|piece| piece.opens("main")).unwrap();
        assert_eq!(main.attribute("id"), Some("main"), "{name}");
    }
}

#[test]
fn no_page_is_a_dead_end_and_each_says_whose_it_is() {
    for (name, language, sample, pieces) in pages() {
        let content = pieces.iter().skip_while(|piece| !piece.opens("main"));
        let onward = content
            .take_while(|piece| **piece != Piece::Close("main".to_owned()))
            .filter_map(|piece| piece.attribute("href").or(piece.attribute("action")))
            .filter(|address| address.starts_with('/') || address.starts_with("http"));
        assert!(
            onward.count() > 0,
            "{name} has neither a link nor a form onward"
        );
        let issuer = Piece::Text(sample::frame(language, sample.sandbox).issuer);
        let foot = pieces.iter().skip_while(|piece| !piece.opens("footer"));
        assert!(
            foot.clone().any(|piece| *piece == issuer),
            "{name} does not say whose it is"
        );
    }
}

#[test]
fn nothing_is_inline_and_nothing_is_foreign() {
    let ours: BTreeSet<&str> = assets().iter().map(|asset| asset.path.as_str()).collect();
    for (name, _, _, pieces) in pages() {
        let mut linked = BTreeSet::new();
        for (at, piece) in pieces.iter().enumerate() {
            assert!(
                !piece.opens("style") && !piece.opens("img") && !piece.opens("iframe"),
                "{name}"
            );
            if let Piece::Open(_, attributes) = piece {
                for (attribute, _) in attributes {
                    assert!(
                        attribute != "style" && !attribute.starts_with("on"),
                        "{name} {piece:?}"
                    );
                }
            }
            if piece.opens("script") {
                linked.extend(piece.attribute("src"));
                assert_eq!(
                    pieces[at + 1],
                    Piece::Close("script".to_owned()),
                    "{name}: inline script"
                );
            }
            if piece.opens("link") {
                linked.extend(piece.attribute("href"));
            }
        }
        // One script is only for pages that wait, send or show something.
        let always = |path: &&str| !path.starts_with("/assets/live.");
        assert!(linked.is_subset(&ours), "{name}: {linked:?}");
        assert!(
            ours.iter()
                .copied()
                .filter(always)
                .all(|path| linked.contains(path)),
            "{name}: {linked:?}"
        );
    }
}

#[test]
fn wcag_1_3_1_fields_have_labels_and_what_is_pointed_at_exists_once() {
    for (name, _, _, pieces) in pages() {
        let all: Vec<&str> = pieces
            .iter()
            .filter_map(|piece| piece.attribute("id"))
            .collect();
        let ids: BTreeSet<&str> = all.iter().copied().collect();
        assert_eq!(
            all.len(),
            ids.len(),
            "{name}: an id stands twice in {all:?}"
        );
        let labels: BTreeSet<&str> = pieces
            .iter()
            .filter_map(|piece| piece.attribute("for"))
            .collect();
        for piece in &pieces {
            let field = piece.opens("select")
                || piece.opens("input") && piece.attribute("type") != Some("hidden");
            if field {
                assert!(
                    labels.contains(piece.attribute("id").unwrap()),
                    "{name}: no label {piece:?}"
                );
            }
            for pointer in ["for", "aria-describedby", "aria-labelledby"] {
                for id in piece
                    .attribute(pointer)
                    .unwrap_or_default()
                    .split_whitespace()
                {
                    assert!(ids.contains(id), "{name}: {pointer} to {id}");
                }
            }
            if let Some(id) = piece
                .attribute("href")
                .and_then(|href| href.strip_prefix('#'))
            {
                assert!(ids.contains(id), "{name}: a link to #{id}");
            }
            if let Some(order) = piece.attribute("tabindex") {
                assert_eq!(
                    order, "-1",
                    "{name}: the order of focus is the order of the page"
                );
            }
        }
    }
}

#[test]
fn in_the_accented_language_every_word_is_accented_or_comes_from_the_view() {
    for (name, language, sample, pieces) in pages() {
        if language != Language::Accented {
            continue;
        }
        let mut known = Vec::new();
        strings(&sample.view, &mut known);
        strings(
            &frame_value(&sample::frame(language, sample.sandbox)),
            &mut known,
        );
        let known = known.join("\n").replace('`', "");
        for piece in &pieces {
            let Piece::Text(text) = piece else { continue };
            for word in text.split(|c: char| c.is_ascii_whitespace() || "·:/".contains(c)) {
                let word = word.trim_matches(['.', ',']);
                let plain = word.is_ascii() && !word.contains('~');
                let letters = word.chars().filter(char::is_ascii_alphabetic).count();
                // Words of three letters and more carry an accent or a tilde, short ones may not.
                let from_command = ["carnet", "explain"].contains(&word);
                assert!(
                    !plain || letters < 3 || from_command || known.contains(word),
                    "{name}: {word:?}"
                );
            }
        }
    }
}

fn frame_value(frame: &Frame) -> Value {
    serde_json::to_value(frame).unwrap()
}

fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(values) => values.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn no_page_weighs_more_than_30_kilobytes() {
    for language in Language::ALL {
        for sample in sample::all() {
            let weight = sample.render(language).unwrap().as_str().len();
            assert!(
                weight < 30_000,
                "{} {} weighs {weight}",
                language.tag(),
                sample.name
            );
        }
    }
    let codes: Vec<CodeLink> = (0..160)
        .map(|number| CodeLink {
            code: format!("CRN-{}", 1_000 + number),
            title: "A title of the usual length, in words".to_owned(),
        })
        .collect();
    let weight = error_index(&sample::frame(Language::German, false), &codes).unwrap();
    assert!(
        weight.as_str().len() < 30_000,
        "the index weighs {weight:?}"
    );
}

#[test]
fn a_hundred_requests_fit_into_the_weight_of_a_console_page() {
    let request = DevRequest {
        at: "2026-04-02T09:10:58Z".to_owned(),
        method: "POST".to_owned(),
        path: "/v1/projects/-/serviceAccounts/ci@demo.iam.localhost:generateAccessToken".to_owned(),
        status: 400,
        code: Some("CRN-2104".to_owned()),
        micros: 123_456,
        trace: "01JQ7VK3M0T6".to_owned(),
        explain: Some("/dev/requests/01JQ7VK3M0T6".to_owned()),
    };
    let view = DevRequests {
        requests: vec![request; 100],
        kept: 100,
    };
    let html = dev_requests(&sample::frame(Language::German, true), &view).unwrap();
    assert!(html.as_str().len() < 120_000, "{html:?}");
}

#[test]
fn every_problem_of_every_field_has_its_words() {
    let fields = [
        Field::Organization,
        Field::Domain,
        Field::Project,
        Field::Email,
    ];
    let problems = [
        Problem::Missing,
        Problem::TooLong { most: 63 },
        Problem::Malformed,
        Problem::Taken,
    ];
    for language in Language::ALL {
        for (field, problem) in fields
            .iter()
            .flat_map(|field| problems.map(|problem| (*field, problem)))
        {
            let form = SetupForm {
                action: "/setup".to_owned(),
                problems: vec![FieldProblem { field, problem }],
                ..SetupForm::default()
            };
            let html = setup(&sample::frame(language, false), &SetupPage::Form(form)).unwrap();
            let wrong: Vec<Piece> = scan(html.as_str())
                .into_iter()
                .filter(|p| p.attribute("aria-invalid").is_some())
                .collect();
            assert_eq!(wrong.len(), 1, "{field:?} {problem:?}");
            let described = wrong[0].attribute("aria-describedby").unwrap();
            assert_eq!(described.split(' ').count(), 2, "{field:?} {problem:?}");
        }
    }
}

#[test]
fn what_was_typed_comes_back_and_the_link_secret_only_in_its_hidden_field() {
    let form = SetupForm {
        action: "/setup".to_owned(),
        token: "crn_su_secret".to_owned(),
        domain: "acme.example".to_owned(),
        ..SetupForm::default()
    };
    let html = setup(
        &sample::frame(Language::English, false),
        &SetupPage::Form(form),
    )
    .unwrap();
    let pieces = scan(html.as_str());
    let value = |name| {
        let field = pieces
            .iter()
            .find(|piece| piece.attribute("name") == Some(name));
        field.and_then(|field| field.attribute("value"))
    };
    assert_eq!(
        (value("token"), value("domain")),
        (Some("crn_su_secret"), Some("acme.example"))
    );
    assert_eq!(html.as_str().matches("crn_su_secret").count(), 1);
    assert_eq!(
        format!("{html:?}"),
        format!("Html({} bytes)", html.as_str().len())
    );
}

#[test]
fn the_key_can_be_downloaded_without_script() {
    let done = sample::all()
        .into_iter()
        .find(|sample| sample.name == "setup-done")
        .unwrap();
    let key = done.view["key_json"].as_str().unwrap();
    let pieces = scan(done.render(Language::English).unwrap().as_str());
    let link = pieces
        .iter()
        .find(|piece| piece.attribute("download").is_some())
        .unwrap();
    assert_eq!(link.attribute("download"), Some("carnet-admin-key.json"));
    let encoded = link
        .attribute("href")
        .unwrap()
        .strip_prefix("data:application/json;charset=utf-8,");
    let mut bytes = encoded.unwrap().bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(if byte == b'%' {
            let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
            u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
        } else {
            byte
        });
    }
    assert_eq!(std::str::from_utf8(&decoded).unwrap(), key);
}

#[test]
fn a_view_that_does_not_fit_is_a_fault_and_shows_no_value() {
    let empty = serde_json::json!({"kind": "form", "problems": [], "action": "crn_su_secret"});
    let frame = sample::frame(Language::English, false);
    let fault = crate::render::render("setup.html", &frame, &empty)
        .unwrap_err()
        .to_string();
    assert!(
        fault.contains("setup.html") && !fault.contains("crn_su_secret"),
        "{fault}"
    );
    let unknown = crate::render::render("there-is-none.html", &frame, &empty).unwrap_err();
    assert!(unknown.to_string().contains("there-is-none.html"));
    // A number where a text is wanted, and nothing where something is printed.
    for view in [
        serde_json::json!({"asked": "x", "nearest": 7}),
        serde_json::json!({"asked": null, "nearest": []}),
        serde_json::json!(null),
    ] {
        assert!(
            crate::render::render("unknown_code.html", &frame, &view).is_err(),
            "{view}"
        );
    }
}

#[test]
fn an_error_page_never_links_to_an_address_from_outside() {
    let sample = sample::all()
        .into_iter()
        .find(|sample| sample.name == "error-ours")
        .unwrap();
    for retry in [
        "//evil.example",
        "https:evil",
        "javascript:alert(1)",
        "\\evil",
    ] {
        let mut view = sample.view.clone();
        view["retry"] = Value::String(retry.to_owned());
        let frame = sample::frame(Language::English, false);
        let html = crate::render::render("error.html", &frame, &view).unwrap();
        assert!(!html.as_str().contains("evil") && !html.as_str().contains("javascript:"));
    }
}
