//! TLS to the database, when the URL asks for it.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::OpenError;

/// Where systems keep the authorities that they trust: Debian, Red Hat, Alpine and the BSDs, SUSE.
const SYSTEM: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    "/etc/ssl/ca-bundle.pem",
];

pub(super) fn connector(roots: Option<&Path>) -> Result<MakeRustlsConnect, OpenError> {
    let file = match roots {
        Some(file) => Some(file),
        None => SYSTEM.iter().map(Path::new).find(|file| file.exists()),
    };
    let file = file.ok_or_else(|| {
        OpenError::url("no authorities are installed on this system: name a file by sslrootcert")
    })?;
    let mut store = RootCertStore::empty();
    let found = CertificateDer::pem_file_iter(file).map_err(|error| unreadable(&error))?;
    for certificate in found {
        // A system's bundle may hold some that cannot be used; the others still count.
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        let _ = store.add(certificate);
    }
    if store.is_empty() {
        return Err(OpenError::url(
            "there is no certificate of an authority in sslrootcert",
        ));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(OpenError::unreachable)?
        .with_root_certificates(store)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn unreadable(error: &rustls::pki_types::pem::Error) -> OpenError {
    OpenError::unreachable(format!("sslrootcert: {error}"))
}
