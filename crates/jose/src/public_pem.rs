//! Public keys in PEM (RFC 7468 sections 5 and 13): which labels hold one.

use crate::{
    key_refused::KeyRefused, pem::Pem, printable::Printable, public_key::PublicKey, spki, x509,
};

impl PublicKey {
    /// Reads a `SubjectPublicKeyInfo` or a certificate in PEM (`PUBLIC KEY`, `RSA PUBLIC KEY`,
    /// `CERTIFICATE`).
    pub fn from_pem(text: &str) -> Result<Self, KeyRefused> {
        let pem = Pem::parse(text)?;
        match pem.label() {
            "PUBLIC KEY" => Self::from_spki_der(pem.der()),
            "RSA PUBLIC KEY" => Self::from_numbers(spki::from_pkcs1(pem.der())?, None),
            "CERTIFICATE" => x509::UploadedCertificate::from_der(pem.der())
                .map(|certificate| certificate.public_key)
                .map_err(|refused| match refused {
                    x509::NotACertificate::Key(key) => key,
                    _ => KeyRefused::Malformed("it is not an X.509 certificate"),
                }),
            label if label.ends_with("PRIVATE KEY") => Err(KeyRefused::PrivateKey),
            label => Err(KeyRefused::Unsupported(Printable::new(label))),
        }
    }
}
