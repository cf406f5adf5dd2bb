//! The public keys of an app, from a file: a JWK Set, one JWK, or PEM (RFC 7517, RFC 7468).

use std::path::Path;

use carnet_jose::{Jwk, PublicKey};
use carnet_wire::crn::Crn;
use serde_json::{Value, json};

use super::secret;
use crate::failure::Failure;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Reads the file. What is in a set is held against the rules by the server, which names what is wrong.
pub(crate) fn read(file: &Path) -> Result<Value, Failure> {
    let text = secret::read(file, LARGEST)?;
    let wrong = |why: String| {
        let file = file.display();
        Failure::of(Crn::FILE_NOT_READABLE, format!("{file}: {why}"))
            .fix("give a JWK Set, a JWK, or a public key or certificate in PEM")
    };
    if text.starts_with("-----BEGIN") {
        let key = PublicKey::from_pem(&text).map_err(|error| wrong(error.to_string()))?;
        let kid = key.thumbprint_text();
        return Ok(json!({"keys": [Jwk::new(key, kid)]}));
    }
    match serde_json::from_str(&text) {
        Ok(set @ Value::Object(_)) if set.get("keys").is_some() => Ok(set),
        Ok(one @ Value::Object(_)) => Ok(json!({"keys": [one]})),
        Ok(_) => Err(wrong("this is no JSON object".to_owned())),
        Err(error) => Err(wrong(format!("this is no JSON: {error}"))),
    }
}

#[cfg(test)]
mod tests;
