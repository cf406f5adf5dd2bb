//! What an assertion says (saml-core-2.0-os section 2), held against what the provider takes.
//!
//! 1. The issuer is the provider's, byte for byte.
//! 2. The subject has a name in clear, and a confirmation that it is whoever bears the assertion: for one of our
//!    addresses, and not past its time (saml-profiles-2.0-os section 4.1.4.2).
//! 3. Its conditions are those that are understood here, and hold: each audience is one that is taken, since an
//!    assertion that others may use too could be used here by them.
//! 4. It does not come from the future, and lives for a day at most.
//! 5. Attributes are lists of texts. One that is encrypted, has elements in it, or comes twice is refused rather than
//!    dropped, since a condition may ask for its absence.

use carnet_jose::printable::Printable;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::document::Element;
use crate::instant;
use crate::names;
use crate::names::ASSERTION;
use crate::refused::Kind;
use crate::refused::Refused;
use crate::signature::SigningKey;
use crate::signature::Verified;

/// By how much the clock of an issuer may be ahead, in seconds.
pub const AHEAD: i64 = 60;
/// How long an assertion may live, in seconds.
pub const LONGEST: i64 = 24 * 60 * 60;

/// Whose assertions are trusted, and for whom they must be.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    /// The entity id of the identity provider.
    pub issuer: &'a str,
    /// Its keys.
    pub keys: &'a [SigningKey],
    /// What every `Audience` must be one of.
    pub audiences: &'a [String],
    /// What `Recipient` and `Destination` must be one of.
    pub recipients: &'a [String],
}

/// What an identity provider says of somebody, proved and judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Vouched {
    /// What [`said`] gives.
    pub assertion: Value,
    /// Until when it says so, in seconds since 1970.
    pub expires: i64,
}

/// Judges an assertion that was verified.
pub fn judge(verified: &Verified, trust: Trust<'_>, now: i64) -> Result<Vouched, Refused> {
    let assertion = verified.element();
    if !assertion.is(ASSERTION, "Assertion") || assertion.attribute("Version") != Some("2.0") {
        return Err(Refused::malformed(
            "What is signed is no assertion of SAML 2.0.",
        ));
    }
    let made_by = assertion.only(ASSERTION, "Issuer");
    is_of(made_by, "The assertion", trust)?;
    let borne = confirmed(subject(assertion)?, trust, now)?;
    let conditions = assertion.only(ASSERTION, "Conditions");
    let conditions = conditions.ok_or_else(|| malformed("the assertion has no Conditions"))?;
    let until = fulfilled(conditions, trust, now)?.unwrap_or(borne);
    let sessions = assertion.all(ASSERTION, "AuthnStatement");
    let sessions = sessions.map(|statement| moment(statement, "SessionNotOnOrAfter"));
    let sessions: Vec<Option<i64>> = sessions.collect::<Result<_, _>>()?;
    let expires = sessions.into_iter().flatten().fold(until, i64::min);
    let issued = moment(assertion, "IssueInstant")?;
    let issued = issued.ok_or_else(|| malformed("the assertion has no IssueInstant"))?;
    lives("IssueInstant", issued, expires, now)?;
    Ok(Vouched {
        assertion: said(verified)?,
        expires,
    })
}

/// What a verified assertion says of its subject, whether or not it is for us and in time: an object with `subject`, a
/// text, and `attributes`, from a name to a list of texts.
pub fn said(verified: &Verified) -> Result<Value, Refused> {
    let assertion = verified.element();
    let name = named(subject(assertion)?)?;
    Ok(json!({ "subject": name, "attributes": attributes(assertion)? }))
}

fn subject(assertion: &Element) -> Result<&Element, Refused> {
    let subject = assertion.only(ASSERTION, "Subject");
    subject.ok_or_else(|| malformed("the assertion does not have one Subject"))
}

/// Whether an `Issuer` names whom the provider trusts.
pub(crate) fn is_of(issuer: Option<&Element>, of: &str, trust: Trust<'_>) -> Result<(), Refused> {
    let entity = |issuer: &&Element| {
        issuer
            .attribute("Format")
            .is_none_or(|it| it == names::ENTITY)
    };
    let said = issuer.filter(entity).and_then(Element::text);
    if said == Some(trust.issuer) {
        return Ok(());
    }
    let said = Printable::new(said.unwrap_or_default());
    let detail = format!("{of} has the Issuer '{said}', and the provider trusts another one.");
    Err(Refused::new(Kind::Issuer, detail))
}

fn named(subject: &Element) -> Result<String, Refused> {
    let names = ["NameID", "BaseID", "EncryptedID"];
    let all = subject.elements();
    let all: Vec<_> = all
        .filter(|one| names.iter().any(|name| one.is(ASSERTION, name)))
        .collect();
    let name = match all.as_slice() {
        [one] if one.local == "NameID" => one.text().filter(|name| !name.is_empty()),
        _ => None,
    };
    let name = name.ok_or_else(|| malformed("the subject does not have one NameID in clear"))?;
    Ok(name.to_owned())
}

/// Until when a confirmation says that whoever bears the assertion is the subject.
fn confirmed(subject: &Element, trust: Trust<'_>, now: i64) -> Result<i64, Refused> {
    let mut why = malformed("the subject has no SubjectConfirmation of the bearer");
    for confirmation in subject.all(ASSERTION, "SubjectConfirmation") {
        if confirmation.attribute("Method") != Some(names::BEARER) {
            continue;
        }
        match borne(confirmation, trust, now) {
            Ok(until) => return Ok(until),
            Err(no) => why = no,
        }
    }
    Err(why)
}

fn borne(confirmation: &Element, trust: Trust<'_>, now: i64) -> Result<i64, Refused> {
    let data = confirmation.only(ASSERTION, "SubjectConfirmationData");
    let data = data.ok_or_else(|| malformed("the SubjectConfirmation has no data"))?;
    for refused in ["NotBefore", "Address"] {
        if data.attribute(refused).is_some() {
            let detail = format!("the SubjectConfirmationData has {refused}, which is not taken");
            return Err(malformed(detail));
        }
    }
    let Some(recipient) = data.attribute("Recipient") else {
        return Err(malformed("the SubjectConfirmationData has no Recipient"));
    };
    is_for("Recipient", recipient, trust.recipients)?;
    let until = moment(data, "NotOnOrAfter")?;
    let until =
        until.ok_or_else(|| malformed("the SubjectConfirmationData has no NotOnOrAfter"))?;
    not_past("NotOnOrAfter of the SubjectConfirmationData", until, now)?;
    Ok(until)
}

/// The conditions hold; until when, if they say so (saml-core-2.0-os section 2.5.1).
fn fulfilled(conditions: &Element, trust: Trust<'_>, now: i64) -> Result<Option<i64>, Refused> {
    let mut restricted = false;
    for condition in conditions.elements() {
        if !condition.is(ASSERTION, "AudienceRestriction") {
            let name = Printable::new(&condition.local);
            return Err(malformed(format!(
                "the condition {name} is not understood here"
            )));
        }
        let mut audiences = condition.elements().peekable();
        if audiences.peek().is_none() {
            return Err(malformed("an AudienceRestriction has no Audience"));
        }
        for audience in audiences {
            let name = audience
                .text()
                .filter(|_| audience.is(ASSERTION, "Audience"));
            is_for("Audience", name.unwrap_or_default(), trust.audiences)?;
            restricted = true;
        }
    }
    if !restricted {
        let detail = "The assertion has no Audience.";
        return Err(Refused::new(Kind::Audience, detail));
    }
    if let Some(start) = moment(conditions, "NotBefore")?
        && start - now > AHEAD
    {
        let detail = format!("NotBefore is {} s in the future.", start - now);
        return Err(Refused::new(Kind::Times, detail));
    }
    moment(conditions, "NotOnOrAfter")
}

pub(crate) fn is_for(name: &str, said: &str, taken: &[String]) -> Result<(), Refused> {
    if taken.iter().any(|one| one == said) {
        return Ok(());
    }
    let said = Printable::new(said);
    let detail = format!("{name} is '{said}', which the provider does not take.");
    Err(Refused::new(Kind::Audience, detail))
}

fn lives(name: &str, issued: i64, expires: i64, now: i64) -> Result<(), Refused> {
    not_past("NotOnOrAfter", expires, now)?;
    let no = |detail: String| Err(Refused::new(Kind::Times, detail));
    if issued - now > AHEAD {
        return no(format!("{name} is {} s in the future.", issued - now));
    }
    if expires - issued > LONGEST {
        let life = expires - issued;
        return no(format!("It lives {life} s. The limit is {LONGEST} s."));
    }
    Ok(())
}

fn not_past(name: &str, until: i64, now: i64) -> Result<(), Refused> {
    if now < until {
        return Ok(());
    }
    let detail = format!("{name} passed {} s ago.", now - until);
    Err(Refused::new(Kind::Expired, detail))
}

fn moment(element: &Element, name: &str) -> Result<Option<i64>, Refused> {
    let written = element.attribute(name);
    written
        .map(|written| instant::seconds(name, written))
        .transpose()
}

/// The attributes by their names (section 2.7.3.1).
fn attributes(assertion: &Element) -> Result<Map<String, Value>, Refused> {
    let mut read = Map::new();
    for statement in assertion.all(ASSERTION, "AttributeStatement") {
        for attribute in statement.elements() {
            if !attribute.is(ASSERTION, "Attribute") {
                return Err(malformed("an attribute is encrypted, or none at all"));
            }
            let name = attribute.attribute("Name").filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| malformed("an attribute has no Name"))?;
            let known = read.insert(name.to_owned(), values(attribute)?);
            if known.is_some() {
                let name = Printable::new(name);
                return Err(malformed(format!("the attribute '{name}' comes twice")));
            }
        }
    }
    Ok(read)
}

fn values(attribute: &Element) -> Result<Value, Refused> {
    let mut values = Vec::new();
    for value in attribute.elements() {
        let text = value
            .text()
            .filter(|_| value.is(ASSERTION, "AttributeValue"));
        let text = text.ok_or_else(|| malformed("a value of an attribute is no text"))?;
        let nil = value.qualified(names::XSI, "nil");
        if matches!(nil, Some("true" | "1")) {
            if text.is_empty() {
                continue;
            }
            return Err(malformed("a value of an attribute is nil, and is there"));
        }
        values.push(Value::String(text.to_owned()));
    }
    Ok(Value::Array(values))
}

fn malformed(detail: impl std::fmt::Display) -> Refused {
    Refused::malformed(format!("It is not an assertion that is taken: {detail}."))
}

#[cfg(test)]
mod tests;
