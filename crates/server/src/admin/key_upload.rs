//! An uploaded public key: PEM, a certificate or a bare key, read and bounded.

use carnet_core::rule::admin::No;
use carnet_core::rule::admin::service_account_key::{bounded_by_certificate, expiry};
use carnet_core::value::UnixTime;
use carnet_jose::x509::UploadedCertificate;
use carnet_jose::{Algorithm, PublicKey};
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::Problem;

/// A public key to be kept.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct UploadKey {
    /// PEM: `PUBLIC KEY`, `RSA PUBLIC KEY` or `CERTIFICATE`. The end of a certificate bounds the life of
    /// the key.
    #[schema(max_length = 32768)]
    public_key: String,
    /// The algorithm that the key verifies, where its kind allows two (RSA: RS256 unless PS256 is said).
    algorithm: Option<UploadedAlgorithm>,
    /// After how many days it is worth nothing: 1 to 3650.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<i64>,
}

/// The algorithms of keys that are uploaded.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub(crate) enum UploadedAlgorithm {
    /// RSA, PKCS #1 v1.5.
    RS256,
    /// RSA, PSS.
    PS256,
    /// P-256.
    ES256,
    /// P-384.
    ES384,
    /// Ed25519.
    EdDSA,
}

/// The public key of an upload, and when it expires.
pub(crate) fn public_key(
    body: &UploadKey,
    now: UnixTime,
) -> Result<(PublicKey, Option<UnixTime>), Problem> {
    let asked = expiry(body.expires_in_days, now)?;
    let wrong = |detail: String| {
        Problem::from(No::field(
            "/public_key",
            format!("It is no key that can be used: {detail}."),
        ))
    };
    let text = body.public_key.trim();
    let (key, expires) = if text.contains("BEGIN CERTIFICATE") {
        let read = UploadedCertificate::from_pem(text).map_err(|error| wrong(error.to_string()))?;
        let (from, until) = (UnixTime(read.not_before), UnixTime(read.not_after));
        (
            read.public_key,
            bounded_by_certificate(asked, from, until, now)?,
        )
    } else {
        (
            PublicKey::from_pem(text).map_err(|error| wrong(error.to_string()))?,
            asked,
        )
    };
    let key = match body.algorithm {
        None => key,
        Some(algorithm) => key
            .with_algorithm(algorithm.into())
            .map_err(|error| Problem::from(No::field("/algorithm", format!("{error}."))))?,
    };
    Ok((key, expires))
}

impl From<UploadedAlgorithm> for Algorithm {
    fn from(algorithm: UploadedAlgorithm) -> Self {
        match algorithm {
            UploadedAlgorithm::RS256 => Self::RS256,
            UploadedAlgorithm::PS256 => Self::PS256,
            UploadedAlgorithm::ES256 => Self::ES256,
            UploadedAlgorithm::ES384 => Self::ES384,
            UploadedAlgorithm::EdDSA => Self::EdDSA,
        }
    }
}
