//! A workload that has a certificate: the chain that it sends, over a connection that proves its key (google-wire 6.3,
//! 6.4).
//!
//! 1. [`read`]: a JSON array of base64 DER, the workload's own certificate first.
//! 2. [`Chain::is_shown`]: that one is the certificate of the connection. A chain is no secret; the key is.
//! 3. The chain is held against the provider's authorities, at the time of the request (the server does it: it has the
//!    verifier that TLS uses).
//! 4. [`Chain::vouched`]: what the certificate says becomes `assertion`. A name of which there are several is none: a
//!    mapping that took the first would let whoever orders them choose. The lists are there too.

use carnet_jose::Padding;
use carnet_jose::base64url;
use carnet_jose::digest::constant_time_eq;
use carnet_jose::digest::hex;
use carnet_jose::x509::LONGEST;
use carnet_jose::x509::WorkloadNames;
use carnet_wire::crn::Crn;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::rule::Refusal;
use crate::rule::assertion::foreign::Vouched;
use crate::value::Seconds;
use crate::value::UnixTime;

/// The most certificates of a chain.
pub const MOST: usize = 10;

/// For how long a proof of the key counts.
const COUNTS: Seconds = Seconds(3_600);

/// Certificates in DER, the workload's own first. None of it is known to be true.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The workload's own.
    pub leaf: Vec<u8>,
    /// What leads to an authority.
    pub rest: Vec<Vec<u8>>,
}

/// Takes a subject token apart.
pub fn read(text: &str) -> Result<Chain, Refusal> {
    let all: Vec<String> = serde_json::from_str(text)
        .map_err(|_| malformed("it is no JSON array of certificates in base64.".to_owned()))?;
    if all.len() > MOST {
        return Err(malformed(format!(
            "there are more than {MOST} certificates."
        )));
    }
    let mut all = all.iter().map(|text| der(text)).collect::<Option<Vec<_>>>();
    let Some(all) = all.as_mut().filter(|all| !all.is_empty()) else {
        return Err(malformed(
            "a certificate is no DER in base64, or there is none.".to_owned(),
        ));
    };
    let leaf = all.remove(0);
    Ok(Chain {
        leaf,
        rest: std::mem::take(all),
    })
}

/// Base64 of RFC 4648 section 4, on one line.
fn der(text: &str) -> Option<Vec<u8>> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    if text.is_empty() || !text.as_bytes().iter().all(plain) {
        return None;
    }
    let url = text.replace('+', "-").replace('/', "_");
    base64url::decode(&url, Padding::Lenient, LONGEST).ok()
}

impl Chain {
    /// Whether the connection proved the key of this certificate.
    pub fn is_shown(&self, shown: Option<&[u8]>) -> Result<(), Refusal> {
        let why = match shown {
            Some(shown) if constant_time_eq(shown, &self.leaf) => return Ok(()),
            Some(_) => "the connection showed another certificate than the first of the chain",
            None => "the connection showed no certificate",
        };
        Err(Refusal::new(Crn::FOREIGN_POSSESSION, format!("{why}.")))
    }

    /// The chain does not lead to an authority of the provider.
    #[must_use]
    pub fn untrusted(why: &str) -> Refusal {
        let detail = "the chain does not lead to an authority of the provider.";
        Refusal::new(Crn::FOREIGN_SIGNATURE, detail).because("why", why)
    }

    /// What the certificate says, once the chain was held against the authorities.
    pub fn vouched(&self, now: UnixTime) -> Result<Vouched, Refusal> {
        let names = WorkloadNames::from_der(&self.leaf);
        let names = names.map_err(|why| malformed(format!("the first certificate: {why}.")))?;
        let ends = UnixTime(names.not_after);
        if ends <= now {
            let detail = format!("the certificate ended {} ago.", now - ends);
            return Err(Refusal::new(Crn::FOREIGN_EXPIRED, detail));
        }
        Ok(Vouched::elsewhere(said(&names), ends.min(now + COUNTS)))
    }
}

fn said(names: &WorkloadNames) -> Value {
    let addresses = names.names.addresses.iter().map(ToString::to_string);
    let kinds = [
        ("dns", names.names.dns.clone()),
        ("uri", names.names.uris.clone()),
        ("email", names.names.emails.clone()),
        ("ip", addresses.collect()),
    ];
    let mut alternative = Map::new();
    let mut lists = Map::new();
    for (kind, all) in kinds {
        if let [one] = all.as_slice() {
            alternative.insert(kind.to_owned(), json!(one));
        }
        lists.insert(kind.to_owned(), json!(all));
    }
    alternative.insert("all".to_owned(), Value::Object(lists));
    json!({
        "subject": { "dn": dn(&names.subject) },
        "issuer": { "dn": dn(&names.issuer) },
        "san": alternative,
        "serial": names.serial,
        "sha256_fingerprint": hex(&names.sha256),
    })
}

/// Each attribute that is there once.
fn dn(attributes: &[(String, String)]) -> Value {
    let mut once = Map::new();
    for (kind, value) in attributes {
        let several = attributes.iter().filter(|(other, _)| other == kind).count() > 1;
        if !several {
            once.insert(kind.clone(), json!(value));
        }
    }
    Value::Object(once)
}

fn malformed(detail: String) -> Refusal {
    Refusal::new(Crn::FOREIGN_MALFORMED, detail)
}

#[cfg(test)]
mod tests;
