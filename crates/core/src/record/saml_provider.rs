//! An identity provider of SAML 2.0, as it was read out of its metadata (google-wire 6.4).

/// An identity provider of SAML 2.0.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SamlProvider {
    /// The document that an administrator gave: at most 128 KiB of XML.
    pub metadata: String,
    /// Its entity id, which stands in it: the `Issuer` of what it signs.
    pub entity: String,
    /// The certificates in it whose keys sign, in DER: three at most.
    pub certificates: Vec<Vec<u8>>,
}
