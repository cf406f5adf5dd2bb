//! Whether a certificate proves a client (RFC 8705 section 2). The handshake, or the proxy that ended it, has
//! proved that the client holds the private key.
//!
//! 1. `tls_client_auth` (section 2.1): somebody whom the configuration trusts has certified it, and it says the
//!    one name that the client registered.
//! 2. `self_signed_tls_client_auth` (section 2.2): its key is among the keys that the client registered. Who
//!    signed it says nothing, so neither do its names and dates.

use carnet_jose::JwkSet;
use carnet_jose::x509::ClientNames;
use carnet_wire::legal::Echo;

use crate::record::CertificateName;

/// A certificate that came with a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Shown {
    /// It, as DER.
    pub der: Vec<u8>,
    /// Whether its issuer counts.
    pub certified: bool,
}

/// Holds a certificate against the name that is registered.
pub(super) fn has_name(
    shown: Option<&Shown>,
    registered: Option<&CertificateName>,
) -> Result<(), String> {
    let shown = shown.ok_or(NONE)?;
    let names = read(shown)?;
    if !shown.certified {
        return Err("nobody in http.client_certificates.ca_file certified it".to_owned());
    }
    let registered = registered.ok_or("the client has registered no name")?;
    if registered.is_in(&names) {
        return Ok(());
    }
    let subject = names
        .subject
        .map_or_else(String::new, |name| name.to_string());
    Err(format!(
        "it is not for the {} that is registered; its subject is '{}'",
        registered.kind().as_str(),
        Echo::of(&subject)
    ))
}

/// Holds a certificate against the keys that are registered.
pub(super) fn has_key(shown: Option<&Shown>, registered: &JwkSet) -> Result<(), String> {
    let names = read(shown.ok_or(NONE)?)?;
    let key = names.key.ok_or("its key is of no kind that is known")?;
    // The thumbprint is of the key alone: for which algorithm it is registered says nothing here.
    let thumbprint = key.thumbprint();
    let mut keys = registered.keys.iter();
    if keys.any(|jwk| jwk.key.thumbprint() == thumbprint) {
        return Ok(());
    }
    let thumbprint = key.thumbprint_text();
    Err(format!("its key ({thumbprint}) is none of the client's"))
}

const NONE: &str = "no certificate came";

fn read(shown: &Shown) -> Result<ClientNames, String> {
    ClientNames::from_der(&shown.der).map_err(|fault| fault.to_string())
}
