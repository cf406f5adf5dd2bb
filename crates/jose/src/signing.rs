//! Writing a JWS: what can be done once is done once.
//!
//! A signing key's header never changes, so [`SigningHeader`] is encoded when the key is loaded.
//! Per token there remain: base64 of the claims onto a copy of it, one signature, base64 of that
//! onto the same string. One allocation for the text, one for the signature.

use serde_json::json;

use crate::{
    alg::Algorithm,
    base64url,
    sign_fault::SignFault,
    signer::{LocalSigner, Signer},
};

/// An encoded JOSE header with the dot behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningHeader {
    algorithm: Algorithm,
    prefix: Box<str>,
}

impl SigningHeader {
    /// Encodes `alg`, and `typ` and `kid` where they are given.
    pub fn new(algorithm: Algorithm, key_id: Option<&str>, typ: Option<&str>) -> Self {
        let mut header = json!({ "alg": algorithm.name() });
        for (name, value) in [("typ", typ), ("kid", key_id)] {
            if let (Some(value), Some(members)) = (value, header.as_object_mut()) {
                members.insert(name.to_owned(), value.into());
            }
        }
        Self {
            algorithm,
            prefix: (base64url::encode(header.to_string()) + ".").into_boxed_str(),
        }
    }

    /// The header for the tokens of one signer.
    pub fn of(signer: &dyn Signer, typ: &str) -> Self {
        Self::new(signer.algorithm(), Some(signer.key_id()), Some(typ))
    }

    /// The algorithm that it names.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

/// A JWS signing input (RFC 7515 §5.1 step 5) that waits for its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningInput {
    algorithm: Algorithm,
    text: String,
}

impl SigningInput {
    /// Puts a payload behind a header. The string has room for the signature already.
    pub fn new(header: &SigningHeader, payload: &[u8]) -> Self {
        let signature = if header.algorithm.is_rsa() { 512 } else { 96 };
        let size = header.prefix.len() + base64url::encoded_len(payload.len()) + 1;
        let mut text = String::with_capacity(size + base64url::encoded_len(signature));
        text.push_str(&header.prefix);
        base64url::encode_onto(payload, &mut text);
        Self {
            algorithm: header.algorithm,
            text,
        }
    }

    /// The bytes to sign.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Adds the signature: the finished token.
    pub fn with_signature(self, signature: &[u8]) -> String {
        let mut text = self.text;
        text.push('.');
        base64url::encode_onto(signature, &mut text);
        text
    }

    /// Signs here and now.
    pub fn sign_now(self, signer: &LocalSigner) -> Result<String, SignFault> {
        self.check(signer.algorithm())?;
        let signature = signer.sign_now(self.as_bytes())?;
        Ok(self.with_signature(&signature))
    }

    /// Signs wherever the key is.
    pub async fn sign(self, signer: &dyn Signer) -> Result<String, SignFault> {
        self.check(signer.algorithm())?;
        let signature = signer.sign(self.as_bytes()).await?;
        Ok(self.with_signature(&signature))
    }

    /// A token must not name one algorithm and carry a signature of another.
    fn check(&self, signer: Algorithm) -> Result<(), SignFault> {
        if self.algorithm == signer {
            Ok(())
        } else {
            Err(SignFault::new(format!(
                "a header for {} and a signer for {signer}",
                self.algorithm
            )))
        }
    }
}

/// Writes a compact token with a local key: header kept, claims as JSON text.
pub fn sign_compact(
    header: &SigningHeader,
    claims_json: &[u8],
    signer: &LocalSigner,
) -> Result<String, SignFault> {
    SigningInput::new(header, claims_json).sign_now(signer)
}

#[cfg(test)]
mod tests;
