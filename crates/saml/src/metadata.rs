//! What an identity provider publishes of itself (saml-metadata-2.0-os section 2), as an administrator gives it: its
//! name, and the certificates with whose keys it signs.
//!
//! The administrator's word is what the trust rests on, so a signature of the document is not looked at. The limits
//! are Google's: 128 KiB, at most three certificates, of which one is valid; none begins later than in seven days or ends
//! later than in 25 years. Metadata that takes the place of other metadata has one of its keys ([`follows`]), so that
//! nobody else is trusted by a mistake: a new key comes beside the old one, and then the old one goes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_jose::printable::Printable;
use carnet_jose::x509::UploadedCertificate;

use crate::document::Bounds;
use crate::document::Element;
use crate::names;
use crate::refused::Refused;
use crate::signature::SigningKey;

/// The most certificates.
pub const MOST_CERTIFICATES: usize = 3;
/// The longest entity id (saml-core-2.0-os section 8.3.6).
pub const LONGEST_ENTITY: usize = 1024;

const DAY: i64 = 24 * 60 * 60;
/// A certificate may begin so much later.
const LATEST_START: i64 = 7 * DAY;
/// A certificate ends within this time.
const LATEST_END: i64 = 25 * 366 * DAY;

/// What an identity provider says of itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Metadata {
    /// Its name: the `Issuer` of what it signs.
    pub entity: String,
    /// Its certificates in DER.
    pub certificates: Vec<Vec<u8>>,
}

impl Metadata {
    /// Reads the document of one identity provider.
    pub fn parse(xml: &str, now: i64) -> Result<Self, Refused> {
        let document = Element::parse(xml, Bounds::METADATA)?;
        if !document.is(names::METADATA, "EntityDescriptor") {
            return Err(no("it is no EntityDescriptor of SAML 2.0"));
        }
        let entity = document.attribute("entityID").unwrap_or_default();
        if entity.is_empty() || entity.chars().count() > LONGEST_ENTITY {
            return Err(no("entityID is missing, or longer than 1024 characters"));
        }
        let role = document.only(names::METADATA, "IDPSSODescriptor");
        let role = role.ok_or_else(|| no("it does not have exactly one IDPSSODescriptor"))?;
        let mut certificates: Vec<Vec<u8>> = Vec::new();
        for key in role.all(names::METADATA, "KeyDescriptor") {
            if key.attribute("use").is_some_and(|of| of != "signing") {
                continue;
            }
            let inside = key.everything().into_iter();
            for certificate in inside.filter(|one| one.is(names::DSIG, "X509Certificate")) {
                let der = der(certificate)?;
                if !certificates.contains(&der) {
                    certificates.push(der);
                }
            }
        }
        let read = Self {
            entity: entity.to_owned(),
            certificates,
        };
        read.is_usable(now).map(|()| read)
    }

    fn is_usable(&self, now: i64) -> Result<(), Refused> {
        if self.certificates.len() > MOST_CERTIFICATES {
            return Err(no("it has more than three certificates for signing"));
        }
        let mut valid = false;
        for certificate in read(&self.certificates)? {
            if certificate.not_before > now + LATEST_START {
                return Err(no("a certificate becomes valid in more than seven days"));
            }
            if certificate.not_after > now + LATEST_END {
                return Err(no("a certificate is valid for more than 25 years"));
            }
            valid |= certificate.not_before <= now && now < certificate.not_after;
        }
        if valid {
            Ok(())
        } else {
            Err(no("it has no certificate for signing that is valid"))
        }
    }
}

/// The keys of these certificates, as far as they are valid now.
pub fn keys(certificates: &[Vec<u8>], now: i64) -> Result<Vec<SigningKey>, Refused> {
    let all = read(certificates)?.into_iter();
    let valid = all.filter(|one| one.not_before <= now && now < one.not_after);
    Ok(valid.map(|one| SigningKey::from(one.public_key)).collect())
}

/// Whether these certificates may take the place of those that are held: they have a key in common that has not
/// expired, or all that are held have.
pub fn follows(certificates: &[Vec<u8>], held: &[Vec<u8>], now: i64) -> Result<bool, Refused> {
    let (next, held) = (lasting(certificates, now)?, lasting(held, now)?);
    Ok(held.is_empty() || held.iter().any(|key| next.contains(key)))
}

/// The keys of those that have not expired, whether they have begun or not.
fn lasting(certificates: &[Vec<u8>], now: i64) -> Result<Vec<SigningKey>, Refused> {
    let all = read(certificates)?.into_iter();
    let lasting = all.filter(|one| now < one.not_after);
    Ok(lasting
        .map(|one| SigningKey::from(one.public_key))
        .collect())
}

fn read(certificates: &[Vec<u8>]) -> Result<Vec<UploadedCertificate>, Refused> {
    let read = certificates.iter().map(|der| {
        let read = UploadedCertificate::from_der(der);
        read.map_err(|why| no(format!("a certificate cannot be used: {why}")))
    });
    read.collect()
}

fn der(certificate: &Element) -> Result<Vec<u8>, Refused> {
    let text = certificate.text().unwrap_or_default();
    let text: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(&text).map_err(|_| {
        let text = Printable::new(&text);
        no(format!("the certificate '{text}' is not in base64"))
    })
}

fn no(detail: impl std::fmt::Display) -> Refused {
    Refused::malformed(format!("The metadata cannot be taken: {detail}."))
}

#[cfg(test)]
mod tests;
