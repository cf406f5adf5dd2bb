//! The rules of the catalogue, held for every entry.

use std::collections::BTreeSet;

use super::{Answer, Crn, Entry, Proof};

/// Every text that a person reads, but not the snippets.
fn sentences(entry: &'static Entry) -> Vec<&'static str> {
    let mut texts = vec![entry.title, entry.meaning];
    texts.extend(entry.causes);
    texts.extend(entry.fixes.iter().map(|fix| fix.action));
    texts.extend(entry.sections);
    texts
}

fn snippets(entry: &'static Entry) -> impl Iterator<Item = &'static str> {
    let snippets = entry.fixes.iter().flat_map(|fix| fix.snippets);
    snippets.flat_map(|snippet| [snippet.label, snippet.code])
}

#[test]
fn ux_4_1_numbers_are_unique_and_of_four_digits() {
    let numbers: BTreeSet<u16> = Crn::all().map(Crn::number).collect();
    assert_eq!(numbers.len(), Crn::all().count());
    assert!(numbers.iter().all(|number| (1000..10_000).contains(number)));
}

#[test]
fn every_constant_is_listed() {
    let sources = [
        include_str!("../catalogue/access_boundary.rs"),
        include_str!("../catalogue/admin_api.rs"),
        include_str!("../catalogue/assertion_claims.rs"),
        include_str!("../catalogue/assertion_form.rs"),
        include_str!("../catalogue/authorization_details.rs"),
        include_str!("../catalogue/authorize.rs"),
        include_str!("../catalogue/captive.rs"),
        include_str!("../catalogue/client_authentication.rs"),
        include_str!("../catalogue/device.rs"),
        include_str!("../catalogue/code_and_refresh.rs"),
        include_str!("../catalogue/command_line.rs"),
        include_str!("../catalogue/delegation.rs"),
        include_str!("../catalogue/impersonation.rs"),
        include_str!("../catalogue/policy.rs"),
        include_str!("../catalogue/possession.rs"),
        include_str!("../catalogue/registration.rs"),
        include_str!("../catalogue/request_form.rs"),
        include_str!("../catalogue/request_object.rs"),
        include_str!("../catalogue/resource_server.rs"),
        include_str!("../catalogue/scope.rs"),
        include_str!("../catalogue/server.rs"),
        include_str!("../catalogue/service_account.rs"),
        include_str!("../catalogue/sign_in.rs"),
        include_str!("../catalogue/start.rs"),
        include_str!("../catalogue/sts.rs"),
        include_str!("../catalogue/token_exchange.rs"),
        include_str!("../catalogue/trusted_issuer.rs"),
        include_str!("../catalogue/workforce.rs"),
    ];
    let written = sources
        .iter()
        .map(|source| source.matches("= Self::of(&Entry").count());
    assert_eq!(written.sum::<usize>(), Crn::all().count());
}

#[test]
fn ux_4_1_texts_are_plain() {
    for crn in Crn::all() {
        for text in sentences(crn.entry()) {
            assert!(!text.is_empty(), "{crn}");
            assert!(
                text.bytes().all(|byte| matches!(byte, b' '..=b'~')),
                "{crn}: {text}"
            );
            assert!(!text.to_lowercase().contains("please"), "{crn}: {text}");
            assert!(!text.contains(['!', '"', '\\']), "{crn}: {text}");
            assert!(!text.contains("  "), "{crn}: {text}");
            assert_eq!(text, text.trim(), "{crn}");
        }
        for text in snippets(crn.entry()) {
            assert!(!text.is_empty(), "{crn}");
            assert!(
                text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')),
                "{crn}: {text}"
            );
        }
    }
}

#[test]
fn every_field_is_filled() {
    for crn in Crn::all() {
        let entry = crn.entry();
        assert!(!entry.causes.is_empty(), "{crn} has no cause");
        assert!(!entry.fixes.is_empty(), "{crn} has no fix");
        assert!(!entry.sections.is_empty(), "{crn} has no section");
        assert!(!entry.related.is_empty(), "{crn} has no related code");
        assert!(
            !entry.title.ends_with('.'),
            "{crn}: a title is not a sentence"
        );
        assert!(
            entry.meaning.ends_with('.'),
            "{crn}: the meaning is a sentence"
        );
        for cause in entry.causes {
            assert!(cause.ends_with('.'), "{crn}: {cause}");
        }
        for fix in entry.fixes {
            assert!(fix.action.ends_with('.'), "{crn}: {}", fix.action);
        }
    }
}

#[test]
fn related_codes_exist() {
    for crn in Crn::all() {
        for related in crn.entry().related {
            assert!(Crn::find(*related).is_some(), "{crn} names {related}");
            assert_ne!(crn.number(), *related);
        }
    }
}

#[test]
fn titles_differ() {
    let titles: BTreeSet<&str> = Crn::all().map(|crn| crn.entry().title).collect();
    assert_eq!(titles.len(), Crn::all().count());
}

#[test]
fn ux_4_2_what_only_the_owner_reads_is_told_as_something_that_all_may_read() {
    for crn in Crn::all() {
        if let Answer::Explain { .. } = crn.answer() {
            let told = crn.told_to(Proof::Nothing);
            assert_ne!(told, crn);
            assert_eq!(
                told.entry().proof,
                Proof::Nothing,
                "{crn} is told as {told}"
            );
            assert_eq!(crn.told_to(Proof::Owner), crn);
            assert_eq!(crn.entry().proof, Proof::Owner);
        }
    }
    let vague = [Crn::KID_UNKNOWN, Crn::SIGNED_WITH_ANOTHER_KEY];
    assert!(
        vague
            .iter()
            .all(|crn| crn.told_to(Proof::Credential) == Crn::SIGNATURE)
    );
}

#[test]
fn ux_4_1_every_answer_of_the_token_endpoint_fits_the_legal_charset() {
    for crn in Crn::all() {
        let text = crn.describe("\"x\" is \\ bad\u{7}\u{e9}");
        assert!(text.bytes().all(crate::legal::is_legal), "{text}");
        assert!(text.ends_with(&format!("{crn}: 'x' is / bad ?")), "{text}");
    }
}

#[test]
fn ux_4_1_googles_sentence_stands_first_then_the_code_and_the_cause() {
    assert_eq!(
        Crn::IAT_IN_THE_FUTURE.describe("iat is 243 s in the future (limit 60 s)."),
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable \
         timeframe. Check your iat and exp values and use a clock with skew to account for clock \
         differences between systems. CRN-2104: iat is 243 s in the future (limit 60 s)."
    );
    assert_eq!(
        Crn::POLICY_BLOCKS_SCOPE.describe("blocked."),
        "CRN-2301: blocked."
    );
    let says = format!("{}foo", crate::google_text::INVALID_GRANT_TYPE);
    assert_eq!(
        Crn::GRANT_TYPE_UNKNOWN.describe_as(&says, "x"),
        "Invalid grant_type: foo CRN-1006: x"
    );
}

#[test]
fn a_description_is_bounded() {
    assert!(Crn::SIGNATURE.describe(&"a".repeat(100_000)).len() < 700);
}

#[test]
fn a_code_is_printed_and_read() {
    assert_eq!(Crn::IAT_IN_THE_FUTURE.to_string(), "CRN-2104");
    for text in ["CRN-2104", "crn-2104", "2104"] {
        assert_eq!(text.parse(), Ok(Crn::IAT_IN_THE_FUTURE), "{text}");
    }
    for text in [
        "",
        "CRN-",
        "CRN-9999",
        "CRN-+2104",
        "+2104",
        "CRN-02104x",
        "\u{e9}\u{e9}\u{e9}",
    ] {
        assert!(text.parse::<Crn>().is_err(), "{text}");
    }
    assert_eq!(
        serde_json::to_string(&Crn::SIGNATURE).unwrap(),
        "\"CRN-2005\""
    );
}

#[test]
fn google_wire_2_4_statuses() {
    assert_eq!(Crn::DELEGATION_MISSING.status(), Some(401));
    assert_eq!(Crn::ACCOUNT_DISABLED.status(), Some(401));
    assert_eq!(Crn::INTERNAL_ONLY.status(), Some(403));
    assert_eq!(Crn::SIGNATURE.status(), Some(400));
    assert_eq!(Crn::METHOD.status(), Some(405));
    assert_eq!(Crn::TOKEN_MISSING.status(), Some(401));
    assert_eq!(Crn::TOKEN_SCOPE_TOO_SMALL.status(), Some(403));
    assert_eq!(Crn::KEY_FILE.status(), None);
}
