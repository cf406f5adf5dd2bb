//! Whether a chain of certificates leads to an authority of a provider (google-wire 6.4, RFC 5280 section 6).
//!
//! The verifier is the one with which TLS judges clients: it builds a path within bounds of its own, asks that each
//! certificate holds at that time, that who certifies may, and that the first is for clients where it says what it is for.
//! An authority that has ended, or has not begun, is left out before: of those it asks no times.
//! Revocation is not asked: who loses a key renames what the condition names, or takes the authority away.

use std::sync::Arc;
use std::time::Duration;

use carnet_core::record::X509Provider;
use carnet_core::rule::Refusal;
use carnet_core::rule::federation::x509::Chain;
use carnet_core::value::UnixTime;
use carnet_jose::x509::LONGEST;
use carnet_jose::x509::validity;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

/// Holds a chain against the authorities.
pub(crate) fn leads(chain: &Chain, provider: &X509Provider, now: UnixTime) -> Result<(), Refusal> {
    let mut roots = RootCertStore::empty();
    let valid = |anchor: &&Vec<u8>| {
        let holds = validity(anchor);
        holds.is_ok_and(|(from, until)| (from..=until).contains(&now.0))
    };
    // The verifier does not look at the times of authorities.
    for anchor in provider.anchors.iter().filter(valid) {
        // What was saved could be read then.
        let _ = roots.add(CertificateDer::from(anchor.as_slice()));
    }
    let untrusted = |why: String| Chain::untrusted(&why);
    if roots.is_empty() {
        return Err(untrusted("no authority is valid at this time".to_owned()));
    }
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), crypto).build();
    let verifier = verifier.map_err(|error| untrusted(error.to_string()))?;
    let between = chain.rest.iter().chain(&provider.intermediates);
    let between: Vec<_> = between
        .map(|der| CertificateDer::from(der.as_slice()))
        .collect();
    let leaf = CertificateDer::from(chain.leaf.as_slice());
    let seconds = Duration::from_secs(u64::try_from(now.0).unwrap_or_default());
    let moment = rustls_pki_types::UnixTime::since_unix_epoch(seconds);
    let checked = verifier.verify_client_cert(&leaf, &between, moment);
    checked
        .map(|_| ())
        .map_err(|error| untrusted(error.to_string()))
}

/// The certificate in a text: one, in PEM.
pub(crate) fn from_pem(text: &str) -> Result<Vec<u8>, String> {
    let mut all = CertificateDer::pem_slice_iter(text.as_bytes());
    let (Some(Ok(one)), None) = (all.next(), all.next()) else {
        return Err("It is not one certificate in PEM.".to_owned());
    };
    if one.len() > LONGEST {
        return Err("The certificate is too long.".to_owned());
    }
    let read = RootCertStore::empty().add(one.clone());
    read.map_err(|_| "It is no certificate that can be read.".to_owned())?;
    Ok(one.to_vec())
}

/// A certificate in PEM (RFC 7468 section 5).
pub(crate) fn to_pem(der: &[u8]) -> String {
    carnet_jose::pem::encode("CERTIFICATE", der).to_string()
}

#[cfg(test)]
mod tests;
