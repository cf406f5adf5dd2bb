//! New keys of ours.

use carnet_core::record::SigningKey;
use carnet_core::record::SigningKeyState;
use carnet_core::record::SigningUse;
use carnet_core::value::Entropy;
use carnet_core::value::KeyId;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::x509::Certificate;
use carnet_jose::x509::CertificateTemplate;

use crate::keyring::KeyEncryptionKey;

/// How long the certificates around our keys say that they live. Keys retire long before.
const CERTIFICATE: Seconds = Seconds::days(3_650);

/// A key could not be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a signing key could not be made")]
pub struct NotMade;

/// A new key, published and not yet signing. Costs about 0.1 s of CPU for an RSA key.
pub fn make_key(
    usage: SigningUse,
    now: UnixTime,
    entropy: &mut dyn Entropy,
    encryption: &KeyEncryptionKey,
) -> Result<SigningKey, NotMade> {
    let id = KeyId::mint(entropy);
    let (public_key, certificate, secret) = match usage {
        SigningUse::Sign(algorithm) => {
            let pair = generate(algorithm)?;
            let certificate = certificate(&pair, now, entropy)?;
            let secret = pair.to_pkcs8_der().map_err(|_| NotMade)?;
            (pair.public_key().to_spki_der(), certificate, secret)
        }
        SigningUse::Seal => {
            let mut secret = zeroize::Zeroizing::new(vec![0; 32]);
            entropy.fill(&mut secret);
            (Vec::new(), Vec::new(), secret)
        }
    };
    let sealed = encryption.seal(&secret, id.as_str()).map_err(|_| NotMade)?;
    Ok(SigningKey {
        id,
        usage,
        public_key,
        certificate,
        sealed,
        state: SigningKeyState::Published,
        created: now,
        version: Version::FIRST,
    })
}

/// The keys of a new installation, signing at once: nobody can hold an older key set.
pub fn first_keys(
    now: UnixTime,
    entropy: &mut dyn Entropy,
    encryption: &KeyEncryptionKey,
) -> Result<Vec<SigningKey>, NotMade> {
    let uses = [
        SigningUse::Sign(Algorithm::ES256),
        SigningUse::Sign(Algorithm::RS256),
        SigningUse::Seal,
    ];
    uses.into_iter()
        .map(|usage| {
            let key = make_key(usage, now, entropy, encryption)?;
            Ok(SigningKey {
                state: SigningKeyState::Active { since: now },
                ..key
            })
        })
        .collect()
}

/// The id by which a sealed token names its key: the first four bytes of the `kid`.
pub(super) fn sealing_id(id: &KeyId) -> [u8; 4] {
    let number = id
        .as_str()
        .get(..8)
        .and_then(|hex| u32::from_str_radix(hex, 16).ok());
    number.unwrap_or_default().to_be_bytes()
}

fn generate(algorithm: Algorithm) -> Result<KeyPair, NotMade> {
    let kind = match algorithm {
        Algorithm::RS256 | Algorithm::PS256 => KeyType::Rsa2048,
        Algorithm::ES256 => KeyType::P256,
        Algorithm::ES384 => KeyType::P384,
        Algorithm::EdDSA => KeyType::Ed25519,
    };
    let pair = KeyPair::generate(kind).map_err(|_| NotMade)?;
    pair.with_algorithm(algorithm).map_err(|_| NotMade)
}

fn certificate(
    pair: &KeyPair,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Result<Vec<u8>, NotMade> {
    let mut serial = [0; 16];
    entropy.fill(&mut serial);
    let seconds = |moment: UnixTime| u64::try_from(moment.0).unwrap_or(0);
    let template = CertificateTemplate {
        common_name: "carnet".to_owned(),
        serial,
        not_before: seconds(now),
        not_after: seconds(now + CERTIFICATE),
    };
    let made = Certificate::self_signed(pair, &template).map_err(|_| NotMade)?;
    Ok(made.der().to_vec())
}
