//! Rules of the pages for people: what their forms send, and what they never do.

use std::collections::BTreeSet;

use super::scan::{Piece, scan};
use crate::sample::{self, Sample};
use crate::{
    App, Caution, Consent, Language, PermissionGroup, Publisher, consent, content_security_policy,
};

fn sample_named(name: &str) -> Sample {
    let mut all = sample::all().into_iter();
    all.find(|sample| sample.name == name).unwrap()
}

fn pieces_of(name: &str) -> Vec<Piece> {
    scan(
        sample_named(name)
            .render(Language::English)
            .unwrap()
            .as_str(),
    )
}

/// The forms of a page: the address, and the names of what they send.
fn forms(pieces: &[Piece]) -> Vec<(String, Vec<String>)> {
    let mut forms: Vec<(String, Vec<String>)> = Vec::new();
    let mut inside = false;
    for piece in pieces {
        if piece.opens("form") {
            assert_eq!(piece.attribute("method"), Some("post"));
            forms.push((piece.attribute("action").unwrap().to_owned(), Vec::new()));
            inside = true;
        }
        inside &= *piece != Piece::Close("form".to_owned());
        if let (true, Some(name)) = (inside, piece.attribute("name")) {
            forms.last_mut().unwrap().1.push(name.to_owned());
        }
    }
    forms
}

#[test]
fn every_form_that_changes_something_of_a_person_carries_its_token_once() {
    let mut seen = 0;
    for sample in sample::all() {
        let html = sample.render(Language::English).unwrap();
        for (action, names) in forms(&scan(html.as_str())) {
            // The answer to an app belongs to the app; setup and the sandbox have their own secrets.
            if action.starts_with("https:") || action == "/setup" || action.starts_with("/dev/") {
                continue;
            }
            let tokens = names.iter().filter(|name| *name == "csrf").count();
            assert_eq!(tokens, 1, "{}: {action} {names:?}", sample.name);
            seen += 1;
        }
    }
    assert!(seen >= 50, "only {seen} forms were seen");
}

#[test]
fn the_forms_send_the_names_that_programs_rely_on() {
    for (page, action, names) in [
        ("sign-in", "/login", "csrf request email password"),
        ("sign-in-known", "/login", "csrf request email password"),
        ("sign-in-account", "/login", "csrf email password"),
        (
            "choose-account",
            "/login/choose",
            "csrf request account account account account",
        ),
        ("sign-out", "/logout", "csrf decision decision"),
        (
            "sign-out-asked",
            "/logout",
            "csrf request decision decision",
        ),
        (
            "consent",
            "/consent",
            "csrf request scope scope scope decision decision",
        ),
        (
            "consent-admin",
            "/consent",
            "csrf request scope scope scope decision",
        ),
        ("device", "/device", "csrf user_code"),
        (
            "device-confirm",
            "/device/confirm",
            "csrf user_code scope scope scope decision decision",
        ),
        (
            "device-confirm-admin",
            "/device/confirm",
            "csrf user_code scope scope scope decision",
        ),
        (
            "form-post",
            "https://ledgerly.app/callback",
            "code state iss",
        ),
        ("devices-ended", "", ""),
        (
            "password",
            "/account/password",
            "csrf email current_password new_password",
        ),
        (
            "password-first",
            "/account/password",
            "csrf email new_password",
        ),
    ] {
        let found = forms(&pieces_of(page));
        let found = found
            .first()
            .map(|(at, names)| (at.clone(), names.join(" ")));
        let (at, sent) = found.unwrap_or_default();
        assert_eq!((at.as_str(), sent.as_str()), (action, names), "{page}");
    }
}

#[test]
fn the_account_pages_send_what_is_to_change_and_where() {
    let actions: BTreeSet<String> = ["apps-removed", "devices"]
        .iter()
        .flat_map(|page| forms(&pieces_of(page)))
        .map(|(action, names)| format!("{action} {}", names.join(" ")))
        .collect();
    let expected = [
        "/account/apps/remove csrf client",
        "/account/apps/undo csrf removed",
        "/account/devices/end csrf session",
        "/account/devices/end-others csrf",
    ];
    assert_eq!(actions, expected.map(str::to_owned).into());
}

#[test]
fn wcag_1_3_5_fields_say_their_purpose_with_tokens_that_exist() {
    let tokens = [
        "username",
        "current-password",
        "new-password",
        "one-time-code",
        "email",
        "organization",
        "off",
    ];
    for sample in sample::all() {
        let html = sample.render(Language::English).unwrap();
        for piece in scan(html.as_str()) {
            if let Some(token) = piece.attribute("autocomplete") {
                assert!(tokens.contains(&token), "{}: {token}", sample.name);
            }
            let secret = piece.attribute("type") == Some("password");
            let purpose = piece.attribute("autocomplete").unwrap_or_default();
            assert!(!secret || purpose.ends_with("-password"), "{}", sample.name);
            assert!(
                !secret || piece.attribute("value").is_none(),
                "{}: a password comes back",
                sample.name
            );
        }
    }
}

#[test]
fn nothing_optional_is_ticked_the_first_time_and_what_is_required_is_no_box() {
    let boxes = |name| {
        let pieces = pieces_of(name).into_iter();
        pieces
            .filter(|piece| piece.attribute("type") == Some("checkbox"))
            .map(|piece| {
                let scope = piece.attribute("value").unwrap().to_owned();
                (scope, piece.attribute("checked").is_some())
            })
            .collect::<Vec<_>>()
    };
    let first = ["offline_access", "invoices.read", "invoices.send"];
    assert_eq!(
        boxes("consent"),
        first.map(|scope| (scope.to_owned(), false))
    );
    let changed: Vec<bool> = boxes("consent-changed").iter().map(|(_, on)| *on).collect();
    assert_eq!(changed, [true, true, false], "what is new is not ticked");
}

#[test]
fn rfc8628_5_4_cancel_is_the_first_button_of_every_decision() {
    for page in [
        "consent",
        "consent-long",
        "device-confirm",
        "device-confirm-long",
    ] {
        let decisions: Vec<String> = pieces_of(page)
            .iter()
            .filter(|piece| piece.attribute("name") == Some("decision"))
            .filter_map(|piece| piece.attribute("value").map(str::to_owned))
            .collect();
        assert_eq!(decisions, ["deny", "allow"], "{page}");
    }
}

#[test]
fn where_policy_forbids_it_nothing_can_be_allowed() {
    for page in ["consent-admin", "consent-admin-nobody"] {
        let allows = pieces_of(page)
            .iter()
            .any(|piece| piece.attribute("value") == Some("allow"));
        assert!(!allows, "{page}");
    }
}

#[test]
fn the_name_of_an_app_turns_no_sentence_round() {
    let view = Consent {
        action: "/consent".to_owned(),
        request: String::new(),
        csrf: String::new(),
        app: App {
            name: "\u{202e}elgooG\u{2069}".to_owned(),
            host: Some("\u{202e}elpmaxe.live".to_owned()),
        },
        publisher: Publisher::Unverified {
            name: "\u{202d}Acme".to_owned(),
        },
        person: crate::Person {
            name: "\u{202e}anaD".to_owned(),
            email: "dana@acme.example".to_owned(),
        },
        switch: "/login".to_owned(),
        groups: vec![PermissionGroup {
            api: Some("\u{202e}IPA".to_owned()),
            permissions: vec![],
        }],
        details: vec![],
        lasts: crate::Lasts::Minutes { minutes: 5 },
        cautions: vec![Caution::NativeApp],
        admin: None,
    };
    let html = consent(&sample::frame(Language::English, false), &view).unwrap();
    assert!(html.as_str().contains("\u{2068}elgooG\u{2069}"));
    assert!(!html.as_str().contains(['\u{202e}', '\u{202d}']));
    let opened = html.as_str().matches('\u{2068}').count();
    assert_eq!(opened, html.as_str().matches('\u{2069}').count());
}

#[test]
fn the_page_that_posts_an_answer_may_post_it() {
    let policy = sample_named("form-post").policy();
    assert_eq!(policy, content_security_policy("https://ledgerly.app"));
    let pieces = pieces_of("form-post");
    let form = pieces.iter().find(|piece| piece.opens("form")).unwrap();
    assert!(form.attribute("data-submit").is_some());
    assert!(
        pieces.iter().any(|piece| piece.opens("button")),
        "a button for those without script"
    );
}
