//! `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7): from DER to the numbers of a key, and back.
//!
//! RFC 3279 §2.3.1 (RSA), RFC 5480 §2 (EC, uncompressed points only), RFC 8410 §3 (Ed25519).

use x509_parser::{
    asn1_rs::Oid,
    prelude::FromDer,
    public_key::RSAPublicKey,
    x509::{AlgorithmIdentifier, SubjectPublicKeyInfo},
};

use crate::{
    der,
    key_refused::KeyRefused,
    numbers::{Curve, Numbers},
    printable::Printable,
};

/// The longest SPKI that is looked at; RSA-4096 takes 550 bytes.
const LONGEST: usize = 2048;

const RSA_ENCRYPTION: &[u64] = &[1, 2, 840, 113_549, 1, 1, 1];
const EC_PUBLIC_KEY: &[u64] = &[1, 2, 840, 10045, 2, 1];
const PRIME256V1: &[u64] = &[1, 2, 840, 10045, 3, 1, 7];
const SECP384R1: &[u64] = &[1, 3, 132, 0, 34];
const ID_ED25519: &[u64] = &[1, 3, 101, 112];

/// Reads DER.
pub(crate) fn read(der: &[u8]) -> Result<Numbers, KeyRefused> {
    if der.len() > LONGEST {
        return Err(KeyRefused::Malformed("it is too long"));
    }
    match SubjectPublicKeyInfo::from_der(der) {
        Ok(([], info)) => from_info(&info),
        _ => Err(KeyRefused::Malformed("it is not a SubjectPublicKeyInfo")),
    }
}

/// Takes the numbers out of a parsed structure.
pub(crate) fn from_info(info: &SubjectPublicKeyInfo<'_>) -> Result<Numbers, KeyRefused> {
    if info.subject_public_key.unused_bits != 0 {
        return Err(KeyRefused::Malformed(
            "its bit string does not end on a byte",
        ));
    }
    let bits = info.subject_public_key.data.as_ref();
    let kind = &info.algorithm.algorithm;
    if is(kind, RSA_ENCRYPTION) {
        from_pkcs1(bits)
    } else if is(kind, EC_PUBLIC_KEY) {
        from_point(curve(&info.algorithm)?, bits)
    } else if is(kind, ID_ED25519) {
        let x = bits
            .try_into()
            .map_err(|_| KeyRefused::Malformed("an Ed25519 key has 32 bytes"))?;
        Ok(Numbers::Ed25519(x))
    } else {
        Err(KeyRefused::Unsupported(Printable::new(
            &kind.to_id_string(),
        )))
    }
}

fn curve(algorithm: &AlgorithmIdentifier<'_>) -> Result<Curve, KeyRefused> {
    let named = algorithm
        .parameters
        .as_ref()
        .and_then(|parameters| parameters.as_oid().ok())
        .ok_or(KeyRefused::Malformed("it does not name its curve"))?;
    if is(&named, PRIME256V1) {
        Ok(Curve::P256)
    } else if is(&named, SECP384R1) {
        Ok(Curve::P384)
    } else {
        Err(KeyRefused::Unsupported(Printable::new(
            &named.to_id_string(),
        )))
    }
}

fn is(found: &Oid<'_>, arcs: &[u64]) -> bool {
    found
        .iter()
        .is_some_and(|found| found.eq(arcs.iter().copied()))
}

/// RFC 8017 A.1.1: `RSAPublicKey`.
pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Numbers, KeyRefused> {
    let Ok(([], key)) = RSAPublicKey::from_der(der) else {
        return Err(KeyRefused::Malformed("it is not an RSA public key"));
    };
    // A DER INTEGER with its sign bit set is negative.
    if [key.modulus, key.exponent]
        .iter()
        .any(|number| number.first().is_none_or(|first| *first > 0x7F))
    {
        return Err(KeyRefused::Malformed("it has a negative number"));
    }
    Ok(Numbers::Rsa {
        n: without_zeros(key.modulus),
        e: without_zeros(key.exponent),
    })
}

/// SEC 1 §2.3.4, the uncompressed form; RFC 5480 §2.2 lets one refuse the others.
pub(crate) fn from_point(curve: Curve, point: &[u8]) -> Result<Numbers, KeyRefused> {
    match point.split_first() {
        Some((0x04, xy)) if xy.len() == 2 * curve.size() => {
            let (x, y) = xy.split_at(curve.size());
            Ok(Numbers::Ec {
                curve,
                x: x.into(),
                y: y.into(),
            })
        }
        _ => Err(KeyRefused::Malformed(
            "its point is not in uncompressed form",
        )),
    }
}

/// The one spelling of an unsigned number.
pub(crate) fn without_zeros(number: &[u8]) -> Box<[u8]> {
    let start = number
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(number.len());
    number.get(start..).unwrap_or_default().into()
}

/// The contents of the bit string: what AWS-LC parses, and what X.509 writers call the key.
pub(crate) fn key_bits(numbers: &Numbers) -> Vec<u8> {
    match numbers {
        Numbers::Rsa { n, e } => der::sequence(&[&der::unsigned(n), &der::unsigned(e)]),
        Numbers::Ec { x, y, .. } => [&[0x04], x.as_ref(), y.as_ref()].concat(),
        Numbers::Ed25519(x) => x.to_vec(),
    }
}

/// Writes DER.
pub(crate) fn write(numbers: &Numbers) -> Vec<u8> {
    let algorithm = match numbers {
        Numbers::Rsa { .. } => der::sequence(&[&der::oid(RSA_ENCRYPTION), der::NULL]),
        Numbers::Ec { curve, .. } => {
            let named = match curve {
                Curve::P256 => PRIME256V1,
                Curve::P384 => SECP384R1,
            };
            der::sequence(&[&der::oid(EC_PUBLIC_KEY), &der::oid(named)])
        }
        Numbers::Ed25519(_) => der::sequence(&[&der::oid(ID_ED25519)]),
    };
    der::sequence(&[&algorithm, &der::bits(&key_bits(numbers))])
}
