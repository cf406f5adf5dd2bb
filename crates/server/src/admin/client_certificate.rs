//! The name in an app's certificate, as the admin API says it (RFC 8705 section 2.1.2).

use carnet_core::record::{self, CertificateNameKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The name in a certificate by which an app proves itself. It is compared letter by letter.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct CertificateName {
    /// Which name it is.
    kind: CertificateKind,
    /// The name: a subject as of RFC 4514, a host, a URI, an IP address, or an e-mail address.
    #[schema(min_length = 1, max_length = 1024, example = "CN=nightly,O=Acme,C=CH")]
    name: String,
}

/// The names in a certificate.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CertificateKind {
    /// The whole subject.
    SubjectDn,
    /// An alternative name: a host.
    SanDns,
    /// An alternative name: a URI.
    SanUri,
    /// An alternative name: an IP address.
    SanIp,
    /// An alternative name: an e-mail address.
    SanEmail,
}

impl CertificateName {
    /// As it is shown.
    pub(crate) fn of(name: &record::CertificateName) -> Self {
        Self {
            kind: match name.kind() {
                CertificateNameKind::Subject => CertificateKind::SubjectDn,
                CertificateNameKind::Dns => CertificateKind::SanDns,
                CertificateNameKind::Uri => CertificateKind::SanUri,
                CertificateNameKind::Address => CertificateKind::SanIp,
                CertificateNameKind::Email => CertificateKind::SanEmail,
            },
            name: name.to_string(),
        }
    }

    /// The value, or what is wrong with it.
    pub(crate) fn value(&self) -> Result<record::CertificateName, String> {
        let kind = match self.kind {
            CertificateKind::SubjectDn => CertificateNameKind::Subject,
            CertificateKind::SanDns => CertificateNameKind::Dns,
            CertificateKind::SanUri => CertificateNameKind::Uri,
            CertificateKind::SanIp => CertificateNameKind::Address,
            CertificateKind::SanEmail => CertificateNameKind::Email,
        };
        record::CertificateName::new(kind, &self.name).map_err(|error| format!("It is {error}."))
    }
}
