//! What strangers signed, and what was then done to it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::prop_assert_eq;
use proptest::proptest;
use serde_json::json;

use crate::assertion::Trust;
use crate::document::Bounds;
use crate::document::Element;
use crate::refused::Kind;
use crate::signature;
use crate::vectors::AUDIENCE;
use crate::vectors::ISSUER;
use crate::vectors::NOW;
use crate::vectors::RECIPIENT;
use crate::vectors::at;
use crate::vectors::file;
use crate::vectors::key;
use crate::vectors::vouch;

fn kind(xml: &str) -> Kind {
    vouch(xml).expect_err("it is refused").kind
}

/// The text from one tag to the end of another.
fn between<'a>(xml: &'a str, from: &str, to: &str) -> &'a str {
    let start = xml.find(from).expect(from);
    let length = xml[start..].find(to).expect(to) + to.len();
    &xml[start..start + length]
}

fn assertion(xml: &str) -> &str {
    between(xml, "<saml:Assertion", "</saml:Assertion>")
}

fn signature_of(xml: &str) -> &str {
    between(xml, "<ds:Signature ", "</ds:Signature>")
}

/// The same for another subject, with another ID, without a signature.
fn evil(honest: &str) -> String {
    let unsigned = honest.replace(signature_of(honest), "");
    let other = unsigned.replace("build-7", "evil");
    other
        .replace("\"_assertion\"", "\"_evil\"")
        .replace("\"_response\"", "\"_evil-response\"")
}

#[test]
fn xmlsec1_signs_in_each_algorithm_and_place() {
    let vectors = [
        ("rsa-sha256", "rsa"),
        ("rsa-sha384", "rsa"),
        ("rsa-sha512", "rsa"),
        ("ecdsa-sha256", "p256"),
        ("ecdsa-sha384", "p384"),
        ("prefix-list", "rsa"),
        ("on-response", "rsa"),
    ];
    for (name, key) in vectors {
        let vouched = at(&file(&format!("{name}.xml")), key, NOW);
        let vouched = vouched.unwrap_or_else(|no| panic!("{name}: {no}"));
        let attributes = json!({ "team": ["build & <release>", "a\rb"], "z\"\t<": [] });
        let said = json!({ "subject": "build-7", "attributes": attributes });
        assert_eq!(vouched.assertion, said, "{name}");
        assert_eq!(vouched.expires, NOW + 3600, "{name}");
    }
}

#[test]
fn pysaml2_signs_the_response_the_assertion_or_both() {
    for name in ["pysaml2-both", "pysaml2-response", "pysaml2-assertion"] {
        let vouched = vouch(&file(&format!("{name}.xml")));
        let vouched = vouched.unwrap_or_else(|no| panic!("{name}: {no}"));
        assert_eq!(vouched.assertion["subject"], "build-7", "{name}");
        let roles = &vouched.assertion["attributes"]["urn:oid:1.3.6.1.4.1.5923.1.1.1.1"];
        assert_eq!(*roles, json!(["build", "release & <deploy>"]), "{name}");
    }
    assert_eq!(kind(&file("pysaml2-unsigned.xml")), Kind::Signature);
}

#[test]
fn a_bare_assertion_is_a_token_too() {
    let xml = file("rsa-sha256.xml");
    // It stands alone: the prefix that the response declared has to be declared by itself.
    let declared = "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"";
    let alone = assertion(&xml).replace("<saml:Assertion", declared);
    assert_eq!(
        vouch(&alone).expect("it holds").assertion["subject"],
        "build-7"
    );
}

#[test]
fn lesson_18_a_signature_covers_what_is_read() {
    let xml = file("rsa-sha256.xml");
    let changes = [
        ("build-7<", "build-8<"),
        ("a&#13;b", "a b"),
        ("Name=\"team\"", "Name=\"role\""),
        ("b=\"1\"", "b=\"2\""),
    ];
    for (from, to) in changes {
        let from = if xml.contains(from) { from } else { "a&#xD;b" };
        assert!(xml.contains(from), "{from}");
        assert_eq!(kind(&xml.replace(from, to)), Kind::Signature, "{from}");
    }
    // The response around it is not signed, and says nothing that counts.
    assert!(vouch(&xml.replace("\"_response\"", "\"_another\"")).is_ok());
}

/// It is refused; and without the rules on where things stand, whatever verifies anywhere in it is not evil.
fn is_refused_and_never_evil(name: &str, xml: &str) {
    assert!(vouch(xml).is_err(), "{name}");
    let document = Element::parse(xml, Bounds::TOKEN).expect(name);
    for element in document.everything() {
        let Ok(verified) = signature::verified(element, &[key("rsa")]) else {
            continue;
        };
        let inside = verified.element().everything();
        assert!(
            inside.iter().all(|one| one.text() != Some("evil")),
            "{name}"
        );
    }
}

#[test]
fn lesson_18_a_signature_that_is_wrapped_covers_nothing_else() {
    let on_response = file("on-response.xml");
    let on_response = on_response
        .split_once("?>")
        .expect("a declaration")
        .1
        .trim();
    let (honest, signed) = (on_response, signature_of(on_response));
    let evil_response = evil(honest);
    let into =
        |xml: &str, before: &str, what: &str| xml.replacen(before, &format!("{what}{before}"), 1);
    let bare = honest.replace(signed, "");
    let within = signed.replace("</ds:Signature>", &format!("{bare}</ds:Signature>"));
    let mut variants = vec![
        ("XSW1", into(&evil_response, "<samlp:Status>", &within)),
        (
            "XSW2",
            into(&evil_response, "<samlp:Status>", &format!("{bare}{signed}")),
        ),
    ];

    let whole = file("rsa-sha256.xml");
    let (honest, signed) = (assertion(&whole), signature_of(&whole));
    let (evil_assertion, bare) = (evil(honest), honest.replace(signed, ""));
    let instead = |what: String| whole.replace(honest, &what);
    let subject = "<saml:Subject>";
    let evil_with = |what: &str| into(&evil_assertion, subject, what);
    let holding =
        |inside: &str| signed.replace("</ds:Signature>", &format!("{inside}</ds:Signature>"));
    let object = format!("<ds:Object>{bare}</ds:Object>");
    variants.extend([
        ("XSW3", instead(format!("{evil_assertion}{honest}"))),
        (
            "XSW4",
            instead(into(&evil_assertion, "</saml:Assertion>", honest)),
        ),
        ("XSW5", instead(format!("{}{bare}", evil_with(signed)))),
        ("XSW6", instead(evil_with(&holding(&bare)))),
        (
            "XSW7",
            instead(format!(
                "<samlp:Extensions>{evil_assertion}</samlp:Extensions>{honest}"
            )),
        ),
        ("XSW8", instead(evil_with(&holding(&object)))),
        ("a signature moved", instead(evil_with(signed))),
        (
            "an ID taken over",
            instead(evil_with(signed)).replace("\"_evil\"", "\"_assertion\""),
        ),
    ]);
    for (name, xml) in variants {
        is_refused_and_never_evil(name, &xml);
    }
}

#[test]
fn a_response_that_is_not_signed_can_only_make_it_worse() {
    let xml = file("rsa-sha256.xml");
    let elsewhere = xml.replacen(RECIPIENT, "https://elsewhere.test/", 1);
    assert_eq!(kind(&elsewhere), Kind::Audience);
    assert_eq!(
        kind(&xml.replace("status:Success", "status:Responder")),
        Kind::Malformed
    );
    assert_eq!(
        kind(&xml.replacen(ISSUER, "https://other.test", 1)),
        Kind::Issuer
    );
}

#[test]
fn a_comment_cuts_no_name() {
    let xml = file("rsa-sha256.xml");
    for cut in [
        "build<!---->-7",
        "build<!-- x -->-7",
        "build<?x?>-7",
        "<![CDATA[build-7]]>",
    ] {
        assert_eq!(kind(&xml.replace("build-7", cut)), Kind::Malformed, "{cut}");
    }
    // Written in another way it is the same text, and the signature holds.
    assert!(vouch(&xml.replace("build-7", "&#98;uild-7")).is_ok());
}

#[test]
fn an_id_that_comes_twice_is_refused() {
    let xml = file("rsa-sha256.xml");
    for other in [
        "ID=\"_assertion\"",
        "Id=\"_assertion\"",
        "xml:id=\"_assertion\"",
    ] {
        let twice = xml.replace("<samlp:Status>", &format!("<samlp:Status {other}>"));
        let no = vouch(&twice).expect_err(other);
        assert!(no.detail.contains("an ID twice"), "{other}: {no}");
    }
}

#[test]
fn nothing_is_declared_and_nothing_included() {
    let xml = file("rsa-sha256.xml");
    let (_, rest) = xml.split_once("?>").expect("a declaration");
    let types = [
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
        "<!DOCTYPE r [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]>",
        "<!DOCTYPE samlp:Response SYSTEM \"http://evil.test/x.dtd\">",
    ];
    for doctype in types {
        let no = vouch(&format!("{doctype}{rest}")).expect_err(doctype);
        assert!(no.detail.contains("document type"), "{no}");
    }
    assert_eq!(kind(&xml.replace("build-7", "&x;")), Kind::Malformed);
}

#[test]
fn only_strong_algorithms_and_the_one_canonical_form_are_taken() {
    let vectors = [
        ("sha1-signature", "is not taken"),
        ("sha1-digest", "is not taken"),
        ("inclusive", "not the exclusive one"),
        ("inclusive-info", "not the exclusive one"),
        ("whole-document", "names no ID"),
        ("one-transform", "not the two"),
        ("other-key", "no key of the provider"),
    ];
    for (name, why) in vectors {
        let no = vouch(&file(&format!("{name}.xml"))).expect_err(name);
        assert_eq!(no.kind, Kind::Signature, "{name}");
        assert!(no.detail.contains(why), "{name}: {no}");
    }
    // Somebody else's key is not believed because the message brings it.
    let own = file("other-key.xml");
    let brought = file("other.pem");
    let brought: String = brought
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let info = format!(
        "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{brought}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>"
    );
    assert_eq!(
        kind(&own.replace("</ds:Signature>", &info)),
        Kind::Signature
    );
    // A key of another kind.
    assert!(at(&file("ecdsa-sha256.xml"), "rsa", NOW).is_err());
    assert!(at(&file("rsa-sha256.xml"), "p256", NOW).is_err());
}

#[test]
fn it_is_for_the_provider_and_from_its_issuer() {
    let xml = file("on-response.xml");
    let (audiences, recipients) = ([AUDIENCE.to_owned()], [RECIPIENT.to_owned()]);
    let other = ["https://other.test".to_owned()];
    let keys = [key("rsa")];
    let trust = Trust {
        issuer: ISSUER,
        keys: &keys,
        audiences: &audiences,
        recipients: &recipients,
    };
    let token = STANDARD.encode(&xml);
    let said = |trust| super::vouch(&token, trust, NOW).map_err(|no| no.kind);
    assert!(said(trust).is_ok());
    assert_eq!(
        said(Trust {
            issuer: "https://idp.test/sam",
            ..trust
        }),
        Err(Kind::Issuer)
    );
    assert_eq!(
        said(Trust {
            audiences: &other,
            ..trust
        }),
        Err(Kind::Audience)
    );
    assert_eq!(
        said(Trust {
            recipients: &other,
            ..trust
        }),
        Err(Kind::Audience)
    );
    assert_eq!(said(Trust { keys: &[], ..trust }), Err(Kind::Signature));
}

#[test]
fn it_is_good_for_a_while() {
    let xml = file("rsa-sha256.xml");
    let kind = |now| at(&xml, "rsa", now).map(|_| ()).map_err(|no| no.kind);
    assert_eq!(kind(NOW + 299), Ok(()));
    assert_eq!(kind(NOW + 300), Err(Kind::Expired), "the bearer is late");
    assert_eq!(kind(NOW - 60), Ok(()), "their clock may be ahead a little");
    assert_eq!(kind(NOW - 61), Err(Kind::Times));
}

#[test]
fn what_is_large_or_deep_is_refused_before_it_is_read() {
    let deep = format!("{}{}", "<a>".repeat(30), "</a>".repeat(30));
    let wide = format!("<a>{}</a>", "<b/>".repeat(2_500));
    let many = (0..40).fold(String::new(), |all, n| all + &format!(" a{n}='1'"));
    let spaces = (0..31).fold(String::new(), |all, n| {
        all + &format!(" xmlns:p{n}='u:{n}'")
    });
    let spaces = format!(
        "<a{spaces}><b{}/></a>",
        spaces.replace("xmlns:p", "xmlns:q")
    );
    let texts = [
        deep,
        wide,
        format!("<a{many}/>"),
        spaces,
        "x".repeat(70_000),
    ];
    for text in texts {
        let no = vouch(&text).expect_err("too much");
        assert_eq!(no.kind, Kind::Malformed);
        let why = no.detail.as_str();
        assert!(
            why.contains("too many") || why.contains("longer than"),
            "{why}"
        );
    }
    assert_eq!(
        super::decoded(&"A".repeat(200_000)).map_err(|no| no.kind),
        Err(Kind::Malformed)
    );
}

#[test]
fn a_token_is_base64_with_white_space_around_it() {
    let token = STANDARD.encode("<a/>");
    let without = token.trim_end_matches('=');
    for text in [
        format!("{token}\n"),
        without.to_owned(),
        format!(" {}\r\n{}", &token[..4], &token[4..]),
    ] {
        assert_eq!(super::decoded(&text).as_deref(), Ok("<a/>"), "{text:?}");
    }
    for text in ["<a/>", "", "PGE-", "gICA"] {
        assert!(vouch_text(text).is_err(), "{text}");
    }
}

fn vouch_text(token: &str) -> Result<crate::Vouched, crate::Refused> {
    let trust = Trust {
        issuer: ISSUER,
        keys: &[],
        audiences: &[],
        recipients: &[],
    };
    super::vouch(token, trust, NOW)
}

proptest! {
    /// Whatever byte is changed: it is refused, or the same is read.
    #[test]
    fn a_changed_byte_changes_nothing_that_is_read(at in 0_usize..3_000, byte in 0x20_u8..0x7F) {
        let mut xml = file("on-response.xml").into_bytes();
        let honest = vouch(&file("on-response.xml")).expect("it holds");
        let place = at % xml.len();
        xml[place] = byte;
        let xml = String::from_utf8(xml).expect("ASCII");
        if let Ok(read) = vouch(&xml) {
            prop_assert_eq!(read, honest);
        }
    }
}
