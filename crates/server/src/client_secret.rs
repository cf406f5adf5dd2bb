//! The texts of secrets for `client_secret_jwt` (OpenID Connect Core 1.0 section 9), which must be known to
//! verify an HMAC: sealed at rest with the key-encryption key, each for its own place.

use carnet_core::record::ClientSecret;
use carnet_core::rule::admin::Done;
use carnet_core::rule::admin::client_secret;
use carnet_core::rule::admin::client_secret::Made;
use carnet_core::rule::client::Opened;
use carnet_core::store::Fault;
use carnet_core::value::Secret;
use carnet_core::value::SecretId;

use crate::keyring::KeyEncryptionKey;

/// Seals the text of a secret that was just made, before it is written.
pub fn seal(done: &mut Done<Made>, key: &KeyEncryptionKey) -> Result<(), Fault> {
    let Made { secret, text, .. } = &done.record;
    let sealed = sealed(text, secret.id, key)?;
    client_secret::seal(done, sealed);
    Ok(())
}

/// The text of a secret, sealed.
pub fn sealed(text: &Secret, id: SecretId, key: &KeyEncryptionKey) -> Result<Vec<u8>, Fault> {
    key.seal(text.as_bytes(), &place(id))
        .map_err(Fault::lasting)
}

/// Opens those of these secrets that are sealed.
pub fn open(secrets: &[ClientSecret], key: &KeyEncryptionKey) -> Result<Vec<Opened>, Fault> {
    let mut opened = Vec::new();
    for secret in secrets {
        let Some(sealed) = &secret.sealed else {
            continue;
        };
        let text = key
            .open(sealed, &place(secret.id))
            .map_err(Fault::lasting)?;
        let text = std::str::from_utf8(&text).map_err(Fault::lasting)?;
        opened.push(Opened {
            id: secret.id,
            text: Secret::new(text.to_owned()),
        });
    }
    Ok(opened)
}

/// A sealed text opens for the secret that it is of, and nowhere else.
fn place(id: SecretId) -> String {
    format!("client secret {id}")
}
