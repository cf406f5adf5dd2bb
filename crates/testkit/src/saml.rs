//! An identity provider of SAML 2.0. What it signs is written canonically to begin with, so that the reader under
//! test is the only one here who knows how that is done.

#![expect(clippy::expect_used, reason = "what cannot be signed is a broken test")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use carnet_core::value::UnixTime;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::digest::sha256;
use carnet_jose::x509::Certificate;
use carnet_jose::x509::CertificateTemplate;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const DAY: u64 = 86_400;

/// The identity provider.
pub struct IdentityProvider {
    /// Its name.
    pub entity: String,
    pair: KeyPair,
    certificate: Certificate,
}

/// What it says of somebody. Nothing in here needs escaping.
#[derive(Clone, Debug)]
pub struct Said {
    /// Who it is.
    pub subject: String,
    /// For whom it is.
    pub audience: String,
    /// To where it is delivered.
    pub recipient: String,
    /// When it was said.
    pub issued: UnixTime,
    /// Until when it is said.
    pub expires: UnixTime,
    /// Attributes with one value each.
    pub attributes: Vec<(String, String)>,
}

impl IdentityProvider {
    /// One with a new key, whose certificate is good for ten days.
    ///
    /// # Panics
    ///
    /// Where no key can be made.
    #[must_use]
    pub fn new(entity: &str, now: UnixTime) -> Self {
        let pair = KeyPair::generate(KeyType::P256).expect("a key");
        let start = u64::try_from(now.0).expect("after 1970") - DAY;
        let template = CertificateTemplate {
            common_name: "saml".to_owned(),
            serial: [7; 16],
            not_before: start,
            not_after: start + 10 * DAY,
        };
        Self {
            entity: entity.to_owned(),
            certificate: Certificate::self_signed(&pair, &template).expect("a certificate"),
            pair,
        }
    }

    /// Its certificate in DER.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        self.certificate.der()
    }

    /// What it publishes of itself.
    #[must_use]
    pub fn metadata(&self) -> String {
        self.metadata_with(&[])
    }

    /// What it publishes of itself while it changes its key: with the certificates of these too.
    #[must_use]
    pub fn metadata_with(&self, others: &[&Self]) -> String {
        let all = others.iter().copied().chain([self]);
        let keys: String = all.map(Self::described).collect();
        format!(
            "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\"><IDPSSODescriptor \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{keys}</IDPSSODescriptor>\
             </EntityDescriptor>",
            self.entity
        )
    }

    fn described(&self) -> String {
        let certificate = STANDARD.encode(self.certificate.der());
        format!(
            "<KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"{DSIG}\"><X509Data><X509Certificate>{certificate}\
             </X509Certificate></X509Data></KeyInfo></KeyDescriptor>"
        )
    }

    /// A signed assertion, in base64 as a subject token has it.
    ///
    /// # Panics
    ///
    /// Where the key does not sign.
    #[must_use]
    pub fn sign(&self, said: &Said) -> String {
        let (before, after) = self.written(said);
        let digest = STANDARD.encode(sha256(format!("{before}{after}")));
        let info = format!(
            "<SignedInfo xmlns=\"{DSIG}\"><CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></CanonicalizationMethod>\
             <SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256\"></SignatureMethod>\
             <Reference URI=\"#_said\"><Transforms><Transform Algorithm=\"{DSIG}enveloped-signature\"></Transform>\
             <Transform Algorithm=\"{EXCLUSIVE}\"></Transform></Transforms>\
             <DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></DigestMethod>\
             <DigestValue>{digest}</DigestValue></Reference></SignedInfo>"
        );
        let value = STANDARD.encode(self.pair.sign(info.as_bytes()).expect("it signs"));
        STANDARD.encode(format!(
            "{before}<Signature xmlns=\"{DSIG}\">{info}<SignatureValue>{value}</SignatureValue></Signature>{after}"
        ))
    }

    /// The assertion, before and after the place of its signature.
    fn written(&self, said: &Said) -> (String, String) {
        let (issued, expires) = (said.issued.rfc3339(), said.expires.rfc3339());
        let before = format!(
            "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_said\" IssueInstant=\"{issued}\" \
             Version=\"2.0\"><Issuer>{}</Issuer>",
            self.entity
        );
        let attributes = said.attributes.iter();
        let attributes = attributes.map(|(name, value)| {
            format!(
                "<Attribute Name=\"{name}\"><AttributeValue>{value}</AttributeValue></Attribute>"
            )
        });
        let after = format!(
            "<Subject><NameID>{}</NameID><SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <SubjectConfirmationData NotOnOrAfter=\"{expires}\" Recipient=\"{}\"></SubjectConfirmationData>\
             </SubjectConfirmation></Subject><Conditions NotOnOrAfter=\"{expires}\"><AudienceRestriction><Audience>{}\
             </Audience></AudienceRestriction></Conditions><AttributeStatement>{}</AttributeStatement></Assertion>",
            said.subject,
            said.recipient,
            said.audience,
            attributes.collect::<String>()
        );
        (before, after)
    }
}
