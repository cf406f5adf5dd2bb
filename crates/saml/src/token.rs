//! A subject token: base64 of a Response or of an Assertion (google-wire 6.1), and which element of it counts.
//!
//! 1. The outermost element is a `Response` with one `Assertion` as its child, or that assertion. There is no other
//!    assertion at any depth, nothing that is encrypted, and no two elements have the same ID.
//! 2. A `Signature` is a child of the response or of the assertion. There is none elsewhere.
//! 3. Where the response is signed, the assertion is taken out of what was verified of it; where that is signed too,
//!    both signatures have to hold, and what its own covers is read. Where neither is, there is nothing to read.
//! 4. What stands around a signed assertion in a response that is not signed can only make it worse: it has to be a
//!    success, and for us.

use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use carnet_jose::printable::Printable;

use crate::assertion;
use crate::assertion::Trust;
use crate::assertion::Vouched;
use crate::document::Bounds;
use crate::document::Element;
use crate::names::ASSERTION;
use crate::names::DSIG;
use crate::names::PROTOCOL;
use crate::names::SUCCESS;
use crate::names::XML;
use crate::refused::Refused;
use crate::signature;
use crate::signature::Verified;

/// Some write `=` at the end, some do not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a token says of its bearer, proved and judged.
pub fn vouch(token: &str, trust: Trust<'_>, now: i64) -> Result<Vouched, Refused> {
    assertion::judge(&verified(token, trust)?, trust, now)
}

/// The assertion of a token, proved and not judged yet.
pub fn verified(token: &str, trust: Trust<'_>) -> Result<Verified, Refused> {
    let text = decoded(token)?;
    let document = Element::parse(&text, Bounds::TOKEN)?;
    is_plain(&document)?;
    if document.is(PROTOCOL, "Response") {
        of_response(&document, trust)
    } else {
        signature::verified(&document, trust.keys)
    }
}

/// The text of a token; white space at its end or between its lines is no part of it.
fn decoded(token: &str) -> Result<String, Refused> {
    let no = |detail: &str| Refused::malformed(format!("subject_token is not taken: {detail}."));
    if token.len() > Bounds::TOKEN.bytes * 2 {
        return Err(no("it is too long"));
    }
    let token: String = token.split_ascii_whitespace().collect();
    let bytes = BASE64.decode(token).map_err(|_| no("it is not base64"))?;
    String::from_utf8(bytes).map_err(|_| no("there is no XML in UTF-8 in it"))
}

/// Nothing in it could be taken for something else.
fn is_plain(document: &Element) -> Result<(), Refused> {
    let everything = document.everything();
    let named = |namespace, local| {
        let all = everything.iter();
        all.filter(move |element| element.is(namespace, local))
            .count()
    };
    let encrypted = everything
        .iter()
        .find(|one| one.local.starts_with("Encrypted"));
    if let Some(encrypted) = encrypted {
        let name = Printable::new(&encrypted.local);
        return Err(no(format!(
            "it has an {name}, and nothing encrypted is taken"
        )));
    }
    if named(ASSERTION, "Assertion") != 1 {
        return Err(no("it does not have exactly one Assertion"));
    }
    let assertion = if document.is(ASSERTION, "Assertion") {
        None
    } else {
        document.only(ASSERTION, "Assertion")
    };
    let may_be_signed = [Some(document), assertion].into_iter().flatten();
    let in_place: usize = may_be_signed
        .map(|element| element.all(DSIG, "Signature").count())
        .sum();
    if named(DSIG, "Signature") != in_place {
        return Err(no("it has a signature where none belongs"));
    }
    let mut ids: Vec<&str> = everything.iter().flat_map(|one| identifiers(one)).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() == count {
        Ok(())
    } else {
        Err(no("it has an ID twice"))
    }
}

/// By what an element could be referred to, in whatever spelling.
fn identifiers(element: &Element) -> impl Iterator<Item = &str> {
    let all = element.attributes.iter();
    let named = all.filter(|one| {
        let place = one.namespace.is_empty() || one.namespace == XML;
        place && one.local.eq_ignore_ascii_case("id")
    });
    named.map(|one| one.value.as_str())
}

/// The assertion of a response, verified.
fn of_response(document: &Element, trust: Trust<'_>) -> Result<Verified, Refused> {
    let missing = || no("the Assertion does not stand in the Response itself");
    if !signature::is_signed(document) {
        answers(document, trust)?;
        let assertion = document.only(ASSERTION, "Assertion").ok_or_else(missing)?;
        return signature::verified(assertion, trust.keys);
    }
    let response = signature::verified(document, trust.keys)?;
    answers(response.element(), trust)?;
    let assertion = response.only(ASSERTION, "Assertion").ok_or_else(missing)?;
    if !signature::is_signed(assertion.element()) {
        return Ok(assertion);
    }
    // In its place in the document: its own signature may cover declarations that the response's leaves out.
    let in_place = document.only(ASSERTION, "Assertion").ok_or_else(missing)?;
    signature::verified(in_place, trust.keys)
}

/// A response is a success, for us, and of the provider where it says whose it is (saml-core-2.0-os section 3.2.2).
fn answers(response: &Element, trust: Trust<'_>) -> Result<(), Refused> {
    if !response.is(PROTOCOL, "Response") || response.attribute("Version") != Some("2.0") {
        return Err(no("it is no Response of SAML 2.0"));
    }
    let status = response.only(PROTOCOL, "Status");
    let code = status.and_then(|status| status.only(PROTOCOL, "StatusCode"));
    let code = code.and_then(|code| code.attribute("Value"));
    if code != Some(SUCCESS) {
        return Err(no("the Response is no success"));
    }
    if let Some(destination) = response.attribute("Destination") {
        assertion::is_for("Destination", destination, trust.recipients)?;
    }
    match response.all(ASSERTION, "Issuer").next() {
        None => Ok(()),
        Some(_) => assertion::is_of(response.only(ASSERTION, "Issuer"), "The Response", trust),
    }
}

fn no(detail: impl std::fmt::Display) -> Refused {
    Refused::malformed(format!("It is not a response that is taken: {detail}."))
}

#[cfg(test)]
mod tests;
