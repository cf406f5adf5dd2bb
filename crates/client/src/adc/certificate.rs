//! A certificate as the subject: the connection itself proves who it is.
//!
//! google-wire 6.3 (X.509). A small file names the certificate and its key; the connection to the token
//! service presents them, and the subject token is the chain, as a JSON array of base64 of DER with the
//! leaf first. All is read anew each time, since certificates are renewed.

use std::path::Path;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use zeroize::Zeroizing;

use crate::adc::environment::Environment;
use crate::adc::files;
use crate::adc::members::Members;
use crate::error::Error;
use crate::error::Kind;
use crate::token::Secret;

/// The variable that names the small file.
const VARIABLE: &str = "GOOGLE_API_CERTIFICATE_CONFIG";
/// Its name at gcloud's place.
const WELL_KNOWN: &str = "certificate_config.json";
/// How many certificates a chain may have.
const LONGEST_CHAIN: usize = 10;

/// A certificate.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// The small file, where it is not the one that the environment or gcloud's place has.
    config: Option<PathBuf>,
    trust_chain: Option<PathBuf>,
}

impl Certificate {
    /// Reads the `credential_source`.
    pub(crate) fn read(source: &Members) -> Result<Self, Error> {
        let wrong = |because| source.fault("certificate", because);
        let certificate = source
            .object("certificate")?
            .ok_or_else(|| wrong("it is missing"))?;
        let config = certificate.text("certificate_config_location")?;
        if certificate.flag("use_default_certificate_config")? == config.is_some() {
            return Err(wrong(
                "it has not exactly one of use_default_certificate_config and \
                 certificate_config_location",
            ));
        }
        Ok(Self {
            config: config.map(PathBuf::from),
            trust_chain: certificate.text("trust_chain_path")?.map(PathBuf::from),
        })
    }

    /// The subject token.
    pub(crate) async fn token(&self, environment: &Environment) -> Result<Secret, Error> {
        let (certificate, _) = self.paths(environment).await?;
        let leaf = chain(&certificate).await?;
        let leaf = leaf.into_iter().next().unwrap_or_default();
        let mut sent = vec![leaf];
        if let Some(path) = &self.trust_chain {
            for (at, certificate) in chain(path).await?.into_iter().enumerate() {
                match (at, sent.first() == Some(&certificate)) {
                    (0, true) => {}
                    (_, false) => sent.push(certificate),
                    (_, true) => {
                        let because = "the leaf certificate is not the first in the trust chain";
                        return Err(Error::source(format!("{}: {because}", path.display())));
                    }
                }
            }
        }
        // Strings always serialise.
        Ok(Secret::new(
            &serde_json::to_string(&sent).unwrap_or_default(),
        ))
    }

    /// The certificate and its key, as PEM, for the connection.
    pub(crate) async fn identity(
        &self,
        environment: &Environment,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let (certificate, key) = self.paths(environment).await?;
        let mut pem = files::bytes(&key, files::CERTIFICATES).await?;
        pem.push(b'\n');
        pem.extend_from_slice(&files::bytes(&certificate, files::CERTIFICATES).await?);
        Ok(pem)
    }

    /// Where certificate and key stand.
    async fn paths(&self, environment: &Environment) -> Result<(PathBuf, PathBuf), Error> {
        let path = match &self.config {
            Some(path) => path.clone(),
            None => default(environment).ok_or_else(|| {
                Error::source(format!(
                    "{VARIABLE} is not set, and there is no home directory to look in"
                ))
            })?,
        };
        let bytes = files::bytes(&path, files::CERTIFICATES).await?;
        let read = || {
            let file = Members::parse(&bytes)?;
            let configs = file
                .object("cert_configs")?
                .ok_or_else(|| file.fault("cert_configs", "it is missing"))?;
            let workload = configs
                .object("workload")?
                .ok_or_else(|| configs.fault("workload", "it is missing"))?;
            Ok((
                PathBuf::from(workload.needed("cert_path")?),
                PathBuf::from(workload.needed("key_path")?),
            ))
        };
        read().map_err(|error| Error::new(Kind::In { path, error }))
    }
}

fn default(environment: &Environment) -> Option<PathBuf> {
    let named = environment.path(VARIABLE);
    let gcloud = || {
        let directory = environment.path("CLOUDSDK_CONFIG");
        let directory =
            directory.or_else(|| Some(environment.path("HOME")?.join(".config/gcloud")));
        Some(directory?.join(WELL_KNOWN))
    };
    named.or_else(gcloud)
}

/// The certificates of a file, in base64, at least one.
async fn chain(path: &Path) -> Result<Vec<String>, Error> {
    let bytes = files::bytes(path, files::CERTIFICATES).await?;
    let fault = |because: String| Error::source(format!("{}: {because}", path.display()));
    let mut chain = Vec::new();
    for der in CertificateDer::pem_slice_iter(&bytes) {
        let der =
            der.map_err(|refused| fault(format!("a certificate in it cannot be read: {refused}")))?;
        chain.push(STANDARD.encode(der));
        if chain.len() > LONGEST_CHAIN {
            return Err(fault(format!(
                "there are more than {LONGEST_CHAIN} certificates in it"
            )));
        }
    }
    if chain.is_empty() {
        return Err(fault("there is no certificate in it".to_owned()));
    }
    Ok(chain)
}
