//! Assertions that a key of ours signed, so that each of them breaks one rule.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use serde_json::json;

use super::Trust;
use super::Vouched;
use crate::refused::Kind;
use crate::refused::Refused;
use crate::token;
use crate::vectors::AUDIENCE;
use crate::vectors::ISSUER;
use crate::vectors::MARK;
use crate::vectors::NOW;
use crate::vectors::RECIPIENT;
use crate::vectors::signed;
use crate::vectors::signed_with;

fn template() -> String {
    format!(
        "<s:Assertion xmlns:s=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_a\" Version=\"2.0\" \
         IssueInstant=\"2026-11-26T03:00:00Z\"><s:Issuer>{ISSUER}</s:Issuer>{MARK}<s:Subject><s:NameID>build-7</s:NameID>\
         <s:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><s:SubjectConfirmationData \
         NotOnOrAfter=\"2026-11-26T03:05:00Z\" Recipient=\"{RECIPIENT}\"/></s:SubjectConfirmation></s:Subject>\
         <s:Conditions NotOnOrAfter=\"2026-11-26T04:00:00Z\"><s:AudienceRestriction><s:Audience>{AUDIENCE}</s:Audience>\
         </s:AudienceRestriction></s:Conditions><s:AuthnStatement AuthnInstant=\"2026-11-26T03:00:00Z\"/>\
         <s:AttributeStatement><s:Attribute Name=\"team\"><s:AttributeValue>ci</s:AttributeValue></s:Attribute>\
         </s:AttributeStatement></s:Assertion>"
    )
}

fn vouch(xml: &str) -> Result<Vouched, Refused> {
    vouch_referring("_a", xml)
}

fn vouch_referring(id: &str, xml: &str) -> Result<Vouched, Refused> {
    let pair = KeyPair::generate(KeyType::P256).expect("a key");
    let trust = Trust {
        issuer: ISSUER,
        keys: &[pair.public_key().clone().into()],
        audiences: &[AUDIENCE.to_owned()],
        recipients: &[RECIPIENT.to_owned()],
    };
    token::vouch(&STANDARD.encode(signed(xml, ("_a", id), &pair)), trust, NOW)
}

/// What is said when one thing in the template is another.
fn but(from: &str, to: &str) -> Result<Vouched, Kind> {
    let template = template();
    assert!(template.contains(from), "{from}");
    vouch(&template.replacen(from, to, 1)).map_err(|no| no.kind)
}

#[test]
fn what_is_said_is_read() {
    let vouched = vouch(&template()).expect("it holds");
    let said = json!({ "subject": "build-7", "attributes": { "team": ["ci"] } });
    assert_eq!((vouched.assertion, vouched.expires), (said, NOW + 3_600));
}

#[test]
fn saml_core_5_4_2_a_signature_refers_to_what_it_stands_in() {
    for other in ["_b", "", "_A", "_a "] {
        let no = vouch_referring(other, &template()).map_err(|no| no.kind);
        assert_eq!(no, Err(Kind::Signature), "{other}");
    }
}

#[test]
fn xml_exc_c14n_an_assertion_keeps_the_prefixes_of_the_response_that_is_signed_too() {
    let pair = KeyPair::generate(KeyType::P256).expect("a key");
    let response = |inside: &str, mark: &str| {
        format!(
            "<p:Response xmlns:p=\"urn:oasis:names:tc:SAML:2.0:protocol\" xmlns:xs=\"urn:xs\" ID=\"_r\" \
             Version=\"2.0\">{mark}<p:Status><p:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
             </p:StatusCode></p:Status>{inside}</p:Response>"
        )
    };
    let inner = signed_with(&response(&template(), ""), ("_a", "_a"), "xs", &pair);
    let both = inner.replacen("<p:Status>", &format!("{MARK}<p:Status>"), 1);
    let both = signed(&both, ("_r", "_r"), &pair);
    let trust = Trust {
        issuer: ISSUER,
        keys: &[pair.public_key().clone().into()],
        audiences: &[AUDIENCE.to_owned()],
        recipients: &[RECIPIENT.to_owned()],
    };
    let said = |xml: &str| token::vouch(&STANDARD.encode(xml), trust, NOW);
    let vouched = said(&both).unwrap_or_else(|no| panic!("{no}"));
    assert_eq!(vouched.assertion["subject"], "build-7");
    // Both have to hold.
    let (_, of_assertion) = inner.split_once("<s:Assertion").expect("it is there");
    let value = "<ds:SignatureValue>";
    let at = of_assertion.find(value).expect("it is there") + value.len();
    let theirs = &of_assertion[at..at + 86];
    let other = STANDARD.encode([1; 64]);
    for (from, to) in [(theirs, &other[..86]), ("urn:xs", "urn:xt")] {
        assert!(both.contains(from), "{from}");
        let no = said(&both.replace(from, to)).map_err(|no| no.kind);
        assert_eq!(no, Err(Kind::Signature), "{from}");
    }
}

#[test]
fn saml_core_2_2_the_subject_has_one_name_in_clear() {
    let name = "<s:NameID>build-7</s:NameID>";
    for other in [
        "",
        "<s:NameID/>",
        "<s:NameID>a</s:NameID><s:NameID>b</s:NameID>",
        "<s:BaseID/>",
        "<s:EncryptedID/>",
        "<s:NameID>a<s:b/></s:NameID>",
        "<NameID>a</NameID>",
    ] {
        assert_eq!(but(name, other), Err(Kind::Malformed), "{other}");
    }
    // Spaces belong to a name.
    let spaced = but("build-7", " build-7").expect("it holds");
    assert_eq!(spaced.assertion["subject"], " build-7");
}

#[test]
fn saml_profiles_4_1_4_2_the_bearer_is_confirmed_for_us() {
    let malformed = [
        ("cm:bearer", "cm:holder-of-key"),
        ("NotOnOrAfter=\"2026-11-26T03:05:00Z\" ", ""),
        (
            "NotOnOrAfter=\"2026-11-26T03:05:00Z\" ",
            "NotOnOrAfter=\"2026-11-26T03:05:00Z\" Address=\"192.0.2.1\" ",
        ),
        (
            "NotOnOrAfter=\"2026-11-26T03:05:00Z\" ",
            "NotOnOrAfter=\"2026-11-26T03:05:00Z\" NotBefore=\"2026-11-26T03:00:00Z\" ",
        ),
        ("Recipient=", "Other="),
        ("SubjectConfirmationData", "Data"),
    ];
    for (from, to) in malformed {
        assert_eq!(but(from, to), Err(Kind::Malformed), "{from}");
    }
    assert_eq!(
        but(RECIPIENT, "https://elsewhere.test"),
        Err(Kind::Audience)
    );
    assert_eq!(but("T03:05:00Z", "T03:00:00Z"), Err(Kind::Expired));
    assert_eq!(but("T03:05:00Z", "T03:05:00"), Err(Kind::Times));
    // One of several is enough.
    let another =
        "<s:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:sender-vouches\"/>";
    assert!(but("</s:NameID>", &format!("</s:NameID>{another}")).is_ok());
}

#[test]
fn saml_core_2_5_1_conditions_hold_and_are_understood() {
    let restriction = "<s:AudienceRestriction>";
    for other in [
        "<s:OneTimeUse/>",
        "<s:ProxyRestriction Count=\"0\"/>",
        "<s:Condition/>",
    ] {
        assert_eq!(
            but(restriction, &format!("{other}{restriction}")),
            Err(Kind::Malformed),
            "{other}"
        );
    }
    let (open, close) = ("s:Conditions ", "/s:Conditions");
    let renamed = template()
        .replace(open, "s:Other ")
        .replace(close, "/s:Other");
    assert_eq!(vouch(&renamed).map_err(|no| no.kind), Err(Kind::Malformed));
}

#[test]
fn saml_core_2_5_1_4_each_audience_is_ours() {
    let audience = format!("<s:Audience>{AUDIENCE}</s:Audience>");
    let other = "<s:Audience>https://other.test</s:Audience>";
    assert_eq!(but(&audience, other), Err(Kind::Audience));
    assert_eq!(
        but(&audience, &format!("{audience}{other}")),
        Err(Kind::Audience)
    );
    assert_eq!(but(&audience, ""), Err(Kind::Malformed));
    let empty = "<s:AudienceRestriction></s:AudienceRestriction><s:AudienceRestriction>";
    assert_eq!(
        but("<s:AudienceRestriction>", empty),
        Err(Kind::Malformed),
        "an empty one beside a good one"
    );
    let none = format!("<s:AudienceRestriction>{audience}</s:AudienceRestriction>");
    assert_eq!(but(&none, ""), Err(Kind::Audience));
    let second =
        format!("<s:AudienceRestriction>{other}</s:AudienceRestriction><s:AudienceRestriction>");
    assert_eq!(but("<s:AudienceRestriction>", &second), Err(Kind::Audience));
}

#[test]
fn it_lives_for_a_day_at_most_and_comes_from_the_past() {
    assert_eq!(but("T04:00:00Z", "T03:00:00Z"), Err(Kind::Expired));
    assert!(but("2026-11-26T04:00:00Z", "2026-11-27T03:00:00Z").is_ok());
    assert_eq!(
        but("2026-11-26T04:00:00Z", "2026-11-27T03:00:01Z"),
        Err(Kind::Times)
    );
    assert_eq!(
        but(
            "IssueInstant=\"2026-11-26T03:00",
            "IssueInstant=\"2026-11-26T03:02"
        ),
        Err(Kind::Times)
    );
    assert_eq!(but("IssueInstant", "Instant"), Err(Kind::Malformed));
    let starts = |moment| {
        but(
            "<s:Conditions ",
            &format!("<s:Conditions NotBefore=\"2026-11-26T{moment}Z\" "),
        )
    };
    assert!(starts("03:01:00").is_ok());
    assert_eq!(starts("03:01:01"), Err(Kind::Times));
    let session = but(
        "<s:AuthnStatement ",
        "<s:AuthnStatement SessionNotOnOrAfter=\"2026-11-26T03:10:00Z\" ",
    );
    assert_eq!(session.expect("it holds").expires, NOW + 600);
    // Where the conditions do not say until when, the confirmation does.
    let bare = but(" NotOnOrAfter=\"2026-11-26T04:00:00Z\"", "");
    assert_eq!(bare.expect("it holds").expires, NOW + 300);
}

#[test]
fn an_assertion_is_of_saml_2_and_of_the_issuer() {
    assert_eq!(
        but("Version=\"2.0\"", "Version=\"1.1\""),
        Err(Kind::Malformed)
    );
    assert_eq!(but(ISSUER, "https://other.test"), Err(Kind::Issuer));
    assert_eq!(
        but("<s:Issuer>", "<s:Issuer Format=\"urn:x\">"),
        Err(Kind::Issuer)
    );
    let twice = format!("<s:Issuer>{ISSUER}</s:Issuer><s:Issuer>");
    assert_eq!(but("<s:Issuer>", &twice), Err(Kind::Issuer));
}

#[test]
fn saml_core_2_7_3_attributes_are_lists_of_texts() {
    let value = "<s:AttributeValue>ci</s:AttributeValue>";
    let read =
        |to: &str| but(value, to).map(|vouched| vouched.assertion["attributes"]["team"].clone());
    assert_eq!(read(""), Ok(json!([])));
    assert_eq!(
        read(&format!("{value}<s:AttributeValue/>")),
        Ok(json!(["ci", ""]))
    );
    for other in [
        "<s:AttributeValue><s:NameID>x</s:NameID></s:AttributeValue>",
        "<s:Other>x</s:Other>",
        "<s:Other xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\" x:nil=\"true\"></s:Other>",
        "<s:AttributeValue xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\" x:nil=\"true\">x</s:AttributeValue>",
    ] {
        assert_eq!(read(other), Err(Kind::Malformed), "{other}");
    }
    let attribute = "<s:Attribute Name=\"team\">";
    for other in [
        "<s:EncryptedAttribute/>",
        "<s:Other/>",
        "<s:Attribute/>",
        "<s:Attribute Name=\"team\"/>",
    ] {
        assert_eq!(
            but(attribute, &format!("{other}{attribute}")),
            Err(Kind::Malformed),
            "{other}"
        );
    }
}
