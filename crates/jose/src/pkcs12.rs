//! PKCS#12 (RFC 7292): the old container for a private key and its certificate, written only.
//!
//! Google hands out service-account keys in this form too, always with the password `notasecret`
//! and the alias `privatekey`; so the password protects nothing, and the file is as secret as the
//! key. What matters is that today's readers open it: OpenSSL 3 without its legacy provider, and
//! the JDK's key store. Both want modern algorithms:
//!
//! 1. The key goes into a shrouded bag, the certificate into encrypted data; both under PBES2
//!    (RFC 8018 §6.2): PBKDF2 with HMAC-SHA256, AES-256 in CBC mode.
//! 2. Both bags carry the alias and one `localKeyId`, by which readers pair them (RFC 7292 §4.2).
//! 3. The whole is under HMAC-SHA256 with a key from the derivation of RFC 7292, appendix B.
//!
//! This is written by hand because the crates that write PKCS#12 bring a second ASN.1 stack or RC2
//! and SHA-1; over our DER writer and AWS-LC it is one page.

use std::num::NonZeroU32;

use aws_lc_rs::{
    cipher::{
        AES_256, AES_256_KEY_LEN, AES_CBC_IV_LEN, EncryptionContext, PaddedBlockEncryptingKey,
        UnboundCipherKey,
    },
    iv::FixedLength,
    pbkdf2,
};
use zeroize::Zeroizing;

use crate::{
    der, digest,
    entropy::{self, NoEntropy},
    key_pair::KeyPair,
    sign_fault::SignFault,
    x509::Certificate,
};

/// The password of every P12 file that Google ever issued.
pub const PASSWORD: &str = "notasecret";
/// The name of the key inside.
pub const ALIAS: &str = "privatekey";

/// Rounds of both derivations. The password is public, so more would only cost time.
const ROUNDS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

// RFC 5652 §4, §8.
const DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 1];
const ENCRYPTED_DATA: &[u64] = &[1, 2, 840, 113_549, 1, 7, 6];
// RFC 8018, appendix A; RFC 4231 §3.1; NIST.
const PBKDF2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 12];
const PBES2: &[u64] = &[1, 2, 840, 113_549, 1, 5, 13];
const HMAC_WITH_SHA256: &[u64] = &[1, 2, 840, 113_549, 2, 9];
const AES256_CBC: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 1, 42];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
// RFC 2985 §5.5; RFC 7292 §4.2.
const FRIENDLY_NAME: &[u64] = &[1, 2, 840, 113_549, 1, 9, 20];
const LOCAL_KEY_ID: &[u64] = &[1, 2, 840, 113_549, 1, 9, 21];
const X509_CERTIFICATE: &[u64] = &[1, 2, 840, 113_549, 1, 9, 22, 1];
const SHROUDED_KEY_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 2];
const CERT_BAG: &[u64] = &[1, 2, 840, 113_549, 1, 12, 10, 1, 3];

/// Writes a key and its certificate as a P12 file with the password [`PASSWORD`] and the alias
/// [`ALIAS`].
pub fn write(key: &KeyPair, certificate: &Certificate) -> Result<Zeroizing<Vec<u8>>, SignFault> {
    let attributes = bag_attributes(&key.public_key().thumbprint());
    let key_bag = der::sequence(&[
        &der::oid(SHROUDED_KEY_BAG),
        &der::context(0, &shrouded(&key.to_pkcs8_der()?)?),
        &attributes,
    ]);
    let cert_bag = der::sequence(&[
        &der::oid(CERT_BAG),
        &der::context(
            0,
            &der::sequence(&[
                &der::oid(X509_CERTIFICATE),
                &der::context(0, &der::octets(certificate.der())),
            ]),
        ),
        &attributes,
    ]);
    let safes = der::sequence(&[
        &content_info(&encrypted(&der::sequence(&[&cert_bag]))?, ENCRYPTED_DATA),
        &content_info(&der::octets(&der::sequence(&[&key_bag])), DATA),
    ]);
    let file = der::sequence(&[
        &der::unsigned(&[3]),
        &content_info(&der::octets(&safes), DATA),
        &mac_data(&safes)?,
    ]);
    Ok(Zeroizing::new(file))
}

/// `ContentInfo ::= SEQUENCE { contentType, [0] EXPLICIT content }`
fn content_info(content: &[u8], content_type: &[u64]) -> Vec<u8> {
    der::sequence(&[&der::oid(content_type), &der::context(0, content)])
}

/// The alias, and what ties the key to its certificate. (As a SET OF in DER, the shorter encoding
/// of the two comes first.)
fn bag_attributes(local_key_id: &[u8; 32]) -> Vec<u8> {
    let attribute = |name, value: &[u8]| der::sequence(&[&der::oid(name), &der::set(&[value])]);
    der::set(&[
        &attribute(FRIENDLY_NAME, &der::bmp(ALIAS)),
        &attribute(LOCAL_KEY_ID, &der::octets(local_key_id)),
    ])
}

/// `EncryptedPrivateKeyInfo ::= SEQUENCE { encryptionAlgorithm, encryptedData }` (RFC 5958 §3)
fn shrouded(pkcs8: &[u8]) -> Result<Vec<u8>, SignFault> {
    let (algorithm, ciphertext) = pbes2(pkcs8)?;
    Ok(der::sequence(&[&algorithm, &der::octets(&ciphertext)]))
}

/// `EncryptedData` (RFC 5652 §8) around encoded content.
fn encrypted(content: &[u8]) -> Result<Vec<u8>, SignFault> {
    let (algorithm, ciphertext) = pbes2(content)?;
    let info = der::sequence(&[
        &der::oid(DATA),
        &algorithm,
        &der::context_primitive(0, &ciphertext),
    ]);
    Ok(der::sequence(&[&der::unsigned(&[0]), &info]))
}

/// Encrypts under PBES2; gives the algorithm identifier with its parameters, and the ciphertext.
fn pbes2(plaintext: &[u8]) -> Result<(Vec<u8>, Vec<u8>), SignFault> {
    let failed = |_| SignFault::new("AES-256-CBC failed");
    let salt: [u8; 16] = entropy::random()?;
    let iv: [u8; AES_CBC_IV_LEN] = entropy::random()?;
    let mut key = Zeroizing::new([0; AES_256_KEY_LEN]);
    pbkdf2::derive(
        pbkdf2::PBKDF2_HMAC_SHA256,
        ROUNDS,
        &salt,
        PASSWORD.as_bytes(),
        key.as_mut(),
    );
    let key = UnboundCipherKey::new(&AES_256, key.as_ref()).map_err(failed)?;
    let mut ciphertext = plaintext.to_vec();
    PaddedBlockEncryptingKey::cbc_pkcs7(key)
        .and_then(|key| {
            let context = EncryptionContext::Iv128(FixedLength::from(iv));
            key.less_safe_encrypt(&mut ciphertext, context)
        })
        .map_err(failed)?;
    let derivation = der::sequence(&[
        &der::oid(PBKDF2),
        &der::sequence(&[
            &der::octets(&salt),
            &der::unsigned(&ROUNDS.get().to_be_bytes()),
            &der::sequence(&[&der::oid(HMAC_WITH_SHA256), der::NULL]),
        ]),
    ]);
    let scheme = der::sequence(&[&der::oid(AES256_CBC), &der::octets(&iv)]);
    let algorithm = der::sequence(&[&der::oid(PBES2), &der::sequence(&[&derivation, &scheme])]);
    Ok((algorithm, ciphertext))
}

/// `MacData` (RFC 7292 §4) over the authenticated safes.
fn mac_data(safes: &[u8]) -> Result<Vec<u8>, SignFault> {
    let salt: [u8; 16] = entropy::random()?;
    let mac = digest::hmac_sha256(&mac_key(PASSWORD, &salt, ROUNDS.get()), safes);
    let algorithm = der::sequence(&[&der::oid(SHA256), der::NULL]);
    Ok(der::sequence(&[
        &der::sequence(&[&algorithm, &der::octets(&mac)]),
        &der::octets(&salt),
        &der::unsigned(&ROUNDS.get().to_be_bytes()),
    ]))
}

/// The derivation of RFC 7292, appendix B.2, for SHA-256 (`u` = 32, `v` = 64) and 32 bytes: one
/// block, so that steps 6B and 6C, which prepare the next one, are not needed.
fn mac_key(password: &str, salt: &[u8], rounds: u32) -> [u8; 32] {
    /// B.3: the id of a key for integrity.
    const MAC: u8 = 3;
    const V: usize = 64;
    // B.1: the password in UTF-16, big-endian, with a terminating zero.
    let password: Vec<u8> = password
        .encode_utf16()
        .chain([0])
        .flat_map(u16::to_be_bytes)
        .collect();
    let filled = |bytes: &[u8]| -> Vec<u8> {
        bytes
            .iter()
            .copied()
            .cycle()
            .take(bytes.len().div_ceil(V) * V)
            .collect()
    };
    let mut block = digest::sha256([vec![MAC; V], filled(salt), filled(&password)].concat());
    for _ in 1..rounds {
        block = digest::sha256(block);
    }
    block
}

impl From<NoEntropy> for SignFault {
    fn from(fault: NoEntropy) -> Self {
        Self::new(fault.to_string())
    }
}

#[cfg(test)]
mod tests;
