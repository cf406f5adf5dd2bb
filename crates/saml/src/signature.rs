//! XML signatures (xmldsig-core), enveloped, in the one form that SAML asks for (saml-core-2.0-os section 5.4).
//!
//! [`verified`] goes from what is trusted, a key, to what may be read:
//!
//! 1. One `Signature` is a child of the element, and has `SignedInfo`, `SignatureValue` and perhaps `KeyInfo`, which
//!    is not looked at.
//! 2. `SignedInfo` names exclusive canonicalization, one of four algorithms, and one `Reference` with the two
//!    transforms that are allowed, in their order.
//! 3. A key of the provider holds for the canonical bytes of `SignedInfo`.
//! 4. Those bytes are parsed. What they say is what was read in 2, and from here on it is theirs.
//! 5. The canonical bytes of the element, without the signature, have the digest of the reference.
//! 6. Those bytes are parsed. The `ID` of what they hold is the one that the reference names. That is the
//!    [`Verified`].

use aws_lc_rs::digest;
use aws_lc_rs::signature;
use aws_lc_rs::signature::UnparsedPublicKey;
use aws_lc_rs::signature::VerificationAlgorithm;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_jose::PublicKey;
use carnet_jose::printable::Printable;

use crate::canonical::canonical;
use crate::document::Bounds;
use crate::document::Element;
use crate::names::DSIG;
use crate::names::ENVELOPED;
use crate::names::EXCLUSIVE;
use crate::refused::Kind;
use crate::refused::Refused;

/// A key with which a provider signs. It is read from a certificate of the provider's metadata.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SigningKey(PublicKey);

impl From<PublicKey> for SigningKey {
    fn from(key: PublicKey) -> Self {
        Self(key)
    }
}

/// The algorithms of signatures (RFC 9231 sections 2.3.2 to 2.3.6), with what verifies them.
const METHODS: [(&str, &dyn VerificationAlgorithm); 5] = [
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        &signature::RSA_PKCS1_2048_8192_SHA256,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        &signature::RSA_PKCS1_2048_8192_SHA384,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        &signature::RSA_PKCS1_2048_8192_SHA512,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
        &signature::ECDSA_P256_SHA256_FIXED,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
        &signature::ECDSA_P384_SHA384_FIXED,
    ),
];

/// The digests (xmlenc-core sections 5.7.2 and 5.7.3, RFC 9231 section 2.1.3).
const DIGESTS: [(&str, &digest::Algorithm); 3] = [
    ("http://www.w3.org/2001/04/xmlenc#sha256", &digest::SHA256),
    (
        "http://www.w3.org/2001/04/xmldsig-more#sha384",
        &digest::SHA384,
    ),
    ("http://www.w3.org/2001/04/xmlenc#sha512", &digest::SHA512),
];

/// An element that was read out of bytes which a key of the provider signed. There is no other way to get one than
/// [`verified`], and what is [in](Verified::only) one.
#[derive(Debug)]
pub struct Verified(Element);

impl Verified {
    /// The element.
    #[must_use]
    pub const fn element(&self) -> &Element {
        &self.0
    }

    /// The one element in it that has this name. It is as verified as what it is in.
    #[must_use]
    pub fn only(self, namespace: &str, local: &str) -> Option<Self> {
        self.0.only(namespace, local).cloned().map(Self)
    }
}

/// What a `SignedInfo` says.
#[derive(Debug, Eq, PartialEq)]
struct SignedInfo {
    /// The prefixes that are always declared in itself.
    prefixes: Vec<String>,
    method: String,
    /// The `ID` of what is signed.
    id: String,
    /// The prefixes that are always declared in what is signed.
    signed_prefixes: Vec<String>,
    digest_method: String,
    digest: Vec<u8>,
}

/// Whether the element carries a signature.
#[must_use]
pub fn is_signed(element: &Element) -> bool {
    element.all(DSIG, "Signature").next().is_some()
}

/// What of an element a key of the provider signed.
pub fn verified(element: &Element, keys: &[SigningKey]) -> Result<Verified, Refused> {
    let signature = element.only(DSIG, "Signature");
    let signature = signature.ok_or_else(|| no("it does not have exactly one signature."))?;
    let parts: Vec<&Element> = signature.elements().collect();
    let (info, value) = match parts.as_slice() {
        [info, value] => (info, value),
        [info, value, keys] if keys.is(DSIG, "KeyInfo") => (info, value),
        _ => return Err(no("its signature has parts that are not taken.")),
    };
    if !value.is(DSIG, "SignatureValue") {
        return Err(no("its signature has no SignatureValue."));
    }
    let said = SignedInfo::read(info)?;
    let signed = canonical(info, &said.prefixes, None);
    holds(&said.method, keys, signed.as_bytes(), &bytes(value)?)?;
    let info = Element::parse(&signed, Bounds::TOKEN)?;
    if SignedInfo::read(&info)? != said {
        return Err(no("its SignedInfo has two readings."));
    }
    let covered = canonical(element, &said.signed_prefixes, Some(signature));
    said.covers(&covered)?;
    let read = Element::parse(&covered, Bounds::TOKEN)?;
    if read.attribute("ID") != Some(&said.id) {
        return Err(no("its signature refers to another ID."));
    }
    Ok(Verified(read))
}

/// Whether one of the keys made the signature.
fn holds(method: &str, keys: &[SigningKey], message: &[u8], value: &[u8]) -> Result<(), Refused> {
    let known = METHODS.iter().find(|(name, _)| *name == method);
    let Some((_, algorithm)) = known else {
        let method = Printable::new(method);
        return Err(no(format!("its algorithm '{method}' is not taken.")));
    };
    let made = |key: &SigningKey| {
        let key = UnparsedPublicKey::new(*algorithm, key.0.to_spki_der());
        key.verify(message, value).is_ok()
    };
    if keys.iter().any(made) {
        Ok(())
    } else {
        Err(no("no key of the provider verifies it."))
    }
}

impl SignedInfo {
    /// xmldsig-core section 4.4.
    fn read(info: &Element) -> Result<Self, Refused> {
        let parts: Vec<&Element> = info.elements().collect();
        let [canonicalization, method, reference] = parts.as_slice() else {
            return Err(no("its SignedInfo does not have exactly one Reference."));
        };
        let named = [
            (info, "SignedInfo"),
            (canonicalization, "CanonicalizationMethod"),
            (method, "SignatureMethod"),
            (reference, "Reference"),
        ];
        if !named.iter().all(|(part, name)| part.is(DSIG, name)) {
            return Err(no("its SignedInfo has parts that are not taken."));
        }
        let parts: Vec<&Element> = reference.elements().collect();
        let [transforms, digest_method, digest] = parts.as_slice() else {
            return Err(no("its Reference has parts that are not taken."));
        };
        let named = [
            (transforms, "Transforms"),
            (digest_method, "DigestMethod"),
            (digest, "DigestValue"),
        ];
        if !named.iter().all(|(part, name)| part.is(DSIG, name)) {
            return Err(no("its Reference has parts that are not taken."));
        }
        let id = reference
            .attribute("URI")
            .and_then(|uri| uri.strip_prefix('#'));
        let id = id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| no("its Reference names no ID."))?;
        Ok(Self {
            prefixes: exclusive(canonicalization)?,
            method: algorithm(method)?.to_owned(),
            id: id.to_owned(),
            signed_prefixes: transformed(transforms)?,
            digest_method: algorithm(digest_method)?.to_owned(),
            digest: bytes(digest)?,
        })
    }

    /// This is the digest of these bytes, in an algorithm that is taken.
    fn covers(&self, covered: &str) -> Result<(), Refused> {
        let known = DIGESTS.iter().find(|(name, _)| *name == self.digest_method);
        let Some((_, algorithm)) = known else {
            let method = Printable::new(&self.digest_method);
            return Err(no(format!("its digest '{method}' is not taken.")));
        };
        if digest::digest(algorithm, covered.as_bytes()).as_ref() == self.digest {
            Ok(())
        } else {
            Err(no("what is here is not what was signed."))
        }
    }
}

/// The transforms are the two that SAML has (saml-core-2.0-os section 5.4.4). What comes out is the list of prefixes.
fn transformed(transforms: &Element) -> Result<Vec<String>, Refused> {
    let parts: Vec<&Element> = transforms.elements().collect();
    let [enveloped, exclusively] = parts.as_slice() else {
        return Err(no("its transforms are not the two that are taken."));
    };
    let are = parts.iter().all(|part| part.is(DSIG, "Transform"));
    let bare = enveloped.elements().next().is_none();
    if !are || !bare || algorithm(enveloped)? != ENVELOPED {
        return Err(no("its transforms are not the two that are taken."));
    }
    exclusive(exclusively)
}

/// Exclusive canonicalization, and its list of prefixes (xml-exc-c14n section 4).
fn exclusive(method: &Element) -> Result<Vec<String>, Refused> {
    let taken = algorithm(method)? == EXCLUSIVE;
    let parts: Vec<&Element> = method.elements().collect();
    let list = match parts.as_slice() {
        [] => "",
        [list] if list.is(EXCLUSIVE, "InclusiveNamespaces") => {
            list.attribute("PrefixList").unwrap_or_default()
        }
        _ => return Err(no("its canonicalization has parts that are not taken.")),
    };
    if !taken {
        return Err(no("its canonicalization is not the exclusive one."));
    }
    Ok(list.split_ascii_whitespace().map(str::to_owned).collect())
}

fn algorithm(element: &Element) -> Result<&str, Refused> {
    let named = element.attribute("Algorithm");
    named.ok_or_else(|| no("its signature names no algorithm."))
}

/// The base64 in an element, of which white space is no part.
fn bytes(element: &Element) -> Result<Vec<u8>, Refused> {
    let text = element.text().unwrap_or_default();
    let text: String = text.split_ascii_whitespace().collect();
    let read = STANDARD.decode(text).ok().filter(|read| !read.is_empty());
    read.ok_or_else(|| no("its signature is not in base64."))
}

fn no(detail: impl std::fmt::Display) -> Refused {
    Refused::new(
        Kind::Signature,
        format!("The signature cannot be taken: {detail}"),
    )
}
