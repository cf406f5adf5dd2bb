//! What identity providers say of themselves.

use super::Metadata;
use super::follows;
use super::keys;
use crate::vectors::ISSUER;
use crate::vectors::NOW;
use crate::vectors::file;
use crate::vectors::key;

/// The certificates of the vectors are valid from 25 minutes later on.
const LATER: i64 = NOW + 3_600;

fn document(keys: &str) -> String {
    format!(
        "<!-- ours --><m:EntityDescriptor xmlns:m='urn:oasis:names:tc:SAML:2.0:metadata' \
         xmlns:ds='http://www.w3.org/2000/09/xmldsig#' entityID='https://idp.test/saml'>\
         <m:IDPSSODescriptor>{keys}</m:IDPSSODescriptor></m:EntityDescriptor>"
    )
}

fn described(of: &str, pem: &str) -> String {
    let certificate: String = file(pem)
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    format!(
        "<m:KeyDescriptor{of}><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
         </ds:X509Data></ds:KeyInfo></m:KeyDescriptor>"
    )
}

#[test]
fn pysaml2_describes_itself() {
    let read = Metadata::parse(&file("pysaml2-metadata.xml"), LATER).expect("it is read");
    assert_eq!(read.entity, ISSUER);
    assert_eq!(keys(&read.certificates, LATER), Ok(vec![key("rsa")]));
}

#[test]
fn keys_are_those_for_signing_that_are_valid() {
    let all = [
        described("", "rsa.pem"),
        described(" use='signing'", "p256.pem"),
        described(" use='encryption'", "other.pem"),
        described(" use='signing'", "p256.pem"),
    ];
    let read = Metadata::parse(&document(&all.concat()), LATER).expect("it is read");
    assert_eq!(
        keys(&read.certificates, LATER),
        Ok(vec![key("rsa"), key("p256")])
    );
    let too_late = LATER + 30 * 366 * 24 * 3_600;
    assert_eq!(keys(&read.certificates, too_late), Ok(vec![]));
    assert!(Metadata::parse(&document(&all.concat()), too_late).is_err());
    let not_yet = LATER - 2 * 24 * 3_600;
    let no = Metadata::parse(&document(&all.concat()), not_yet).expect_err("none is valid yet");
    assert!(no.detail.contains("that is valid"), "{no}");
    let too_early = LATER - 30 * 24 * 3_600;
    assert!(Metadata::parse(&document(&all.concat()), too_early).is_err());
}

#[test]
fn google_wire_6_4_metadata_takes_the_place_of_what_it_has_a_key_of() {
    let read = |pems: &[&str]| {
        let keys: String = pems.iter().map(|pem| described("", pem)).collect();
        let read = Metadata::parse(&document(&keys), LATER).expect("it is read");
        read.certificates
    };
    let (one, both, other) = (
        read(&["rsa.pem"]),
        read(&["rsa.pem", "p256.pem"]),
        read(&["p256.pem"]),
    );
    for (held, next, good) in [
        (&one, &one, true),
        (&one, &both, true),
        (&both, &other, true),
        (&one, &other, false),
        (&other, &one, false),
    ] {
        assert_eq!(follows(next, held, LATER), Ok(good));
    }
    let too_late = LATER + 30 * 366 * 24 * 3_600;
    assert_eq!(
        follows(&other, &one, too_late),
        Ok(true),
        "all have expired"
    );
    // What begins tomorrow has not expired.
    let not_yet = LATER - 2 * 24 * 3_600;
    assert_eq!(follows(&other, &one, not_yet), Ok(false));
}

#[test]
fn what_describes_no_identity_provider_is_refused() {
    let rsa = described("", "rsa.pem");
    let fine = document(&rsa);
    assert!(Metadata::parse(&fine, LATER).is_ok());
    let four = ["rsa.pem", "other.pem", "p256.pem", "p384.pem"].map(|pem| described("", pem));
    let broken = [
        document(""),
        document(&described(" use='encryption'", "rsa.pem")),
        document(&four.concat()),
        fine.replace("entityID", "entityId"),
        fine.replace("https://idp.test/saml", &"x".repeat(1_025)),
        fine.replace("EntityDescriptor", "EntitiesDescriptor"),
        fine.replace("IDPSSODescriptor", "SPSSODescriptor"),
        fine.replace("X509Certificate>MI", "X509Certificate>??"),
        fine.replace("X509Certificate>MI", "X509Certificate>MIMI"),
        fine.replace("<!-- ours -->", "<!DOCTYPE x>"),
        " ".repeat(128 * 1024) + &fine,
    ];
    for text in broken {
        assert!(Metadata::parse(&text, LATER).is_err(), "{text}");
    }
}
