//! What proves an app beside secrets, as the admin API says it: its keys (RFC 7591 section 2), and the name in
//! its certificate (RFC 8705 section 2.1.2).

use carnet_core::record::{self, CertificateNameKind, ClientKeys};
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::client::ClientPatch;
use carnet_core::value::WebPage;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::body::{Given, Read};
use crate::client_keys;
use crate::outbound::Outbound;

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

/// The keys that a request gives an app, or takes from it.
#[expect(
    clippy::option_option,
    reason = "absent, taken away, and given are three things (RFC 7396)"
)]
pub(crate) fn keys(
    read: &mut Read,
    here: Given<Map<String, Value>>,
    elsewhere: Given<String>,
) -> Option<Option<ClientKeys>> {
    match (here, elsewhere) {
        (Given::Is(_), Given::Is(_)) => {
            let detail = "Give jwks or jwks_uri, not both (RFC 7591 section 2).";
            read.wrong("/jwks_uri", detail);
            None
        }
        (Given::Is(set), _) => read.one("/jwks", &Value::Object(set).to_string()).map(Some),
        (_, Given::Is(url)) => {
            let url: Option<WebPage> = read.one("/jwks_uri", &url);
            url.map(|url| Some(ClientKeys::At(url)))
        }
        (Given::Goes, _) | (_, Given::Goes) => Some(None),
        (Given::Stays, Given::Stays) => None,
    }
}

/// Whether we would fetch the keys that an app says to have elsewhere, as far as the URL tells.
pub(crate) fn may_fetch(patch: &ClientPatch, outbound: &Outbound) -> Result<(), No> {
    let keys = patch.keys.as_ref().and_then(Option::as_ref);
    let Some(url) = keys.and_then(ClientKeys::elsewhere) else {
        return Ok(());
    };
    client_keys::may_be_at(url.as_str(), outbound)
        .map_err(|why| No::field("/jwks_uri", format!("{url}: {why}.")))
}

#[expect(
    clippy::option_option,
    reason = "absent, taken away, and given are three things (RFC 7396)"
)]
/// The name that a request gives an app, or takes from it.
pub(crate) fn certificate(
    read: &mut Read,
    name: Given<CertificateName>,
) -> Option<Option<record::CertificateName>> {
    match name {
        Given::Stays => None,
        Given::Goes => Some(None),
        Given::Is(name) => match name.value() {
            Ok(name) => Some(Some(name)),
            Err(detail) => {
                read.wrong("/certificate/name", detail);
                None
            }
        },
    }
}
