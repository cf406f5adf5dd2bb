//! What the issuer of a workforce said of a person, at rest: sealed for the one sign-in, and it opens for no other.

use carnet_core::record::WorkforceSignIn;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use serde_json::Value;

use crate::keyring::KeyEncryptionKey;

/// Seals claims.
pub(crate) fn seal(
    claims: &[u8],
    id: AuthorizationId,
    key: &KeyEncryptionKey,
) -> Result<Vec<u8>, Fault> {
    key.seal(claims, &place(id)).map_err(Fault::lasting)
}

/// The claims of a sign-in.
pub(crate) fn open(row: &WorkforceSignIn, key: &KeyEncryptionKey) -> Result<Value, Fault> {
    let text = key
        .open(&row.claims, &place(row.id))
        .map_err(Fault::lasting)?;
    serde_json::from_slice(&text).map_err(Fault::lasting)
}

fn place(id: AuthorizationId) -> String {
    format!("workforce claims {id}")
}
