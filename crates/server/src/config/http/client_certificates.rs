//! `[http.client_certificates]`: whether clients may show certificates, and whose are believed (RFC 8705).

use std::path::PathBuf;

use http::HeaderName;
use serde::Deserialize;
use url::Url;

use crate::config::Problems;

/// Certificates of clients. By default nobody is asked for one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ClientCertificates {
    /// Whether our own TLS asks for one. Nobody must have one.
    pub ask: bool,
    /// The certificates of those who certify clients. Without it no certificate has an issuer that counts,
    /// and clients can only register the key of theirs.
    pub ca_file: Option<PathBuf>,
    /// The header in which trusted proxies tell the certificate that was shown to them.
    pub header: Option<HeaderName>,
    /// The URL of this server under which certificates are asked for, if it is another than the issuer.
    pub url: Option<Url>,
    /// Whether only those are asked who come under one of Google's names for it (`sts.mtls.googleapis.com`). Not part
    /// of the configuration: the listener of held names is so.
    pub only_mtls_names: bool,
}

impl ClientCertificates {
    /// Whether a certificate can arrive at all.
    #[must_use]
    pub const fn arrive(&self) -> bool {
        self.ask || self.header.is_some()
    }

    /// Whether one can arrive whose issuer counts.
    #[must_use]
    pub const fn are_certified(&self) -> bool {
        self.arrive() && self.ca_file.is_some()
    }

    /// The host that is asked for a certificate, if others are not.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.url.as_ref().and_then(Url::host_str)
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Written {
    ask: Ask,
    ca_file: Option<PathBuf>,
    header: Option<String>,
    url: Option<String>,
}

/// Whether our own TLS asks.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Ask {
    /// It does not.
    #[default]
    Off,
    /// It does, and nobody must have one.
    Optional,
}

impl Written {
    pub(super) fn read(&self, problems: &mut Problems) -> ClientCertificates {
        let header = self.header.as_ref().and_then(|text| {
            let name = text.to_ascii_lowercase().parse::<HeaderName>().ok();
            let name = name.filter(|name| !RESERVED.contains(&name.as_str()));
            if name.is_none() {
                let reason =
                    "this is no header that a proxy may use: Client-Cert (RFC 9440) is one";
                problems.add("http.client_certificates.header", text, reason);
            }
            name
        });
        let url = self.url.as_ref().and_then(|text| {
            let url = Url::parse(text).ok().filter(|url| {
                url.scheme() == "https" && url.query().is_none() && url.fragment().is_none()
            });
            if url.is_none() {
                let reason =
                    "an https URL without a query is wanted, like https://mtls.auth.example.com";
                problems.add("http.client_certificates.url", text, reason);
            }
            url
        });
        ClientCertificates {
            ask: self.ask == Ask::Optional,
            ca_file: self.ca_file.clone(),
            header,
            url,
            only_mtls_names: false,
        }
    }
}

/// Headers that mean something else.
const RESERVED: [&str; 7] = [
    "authorization",
    "cookie",
    "dpop",
    "host",
    "origin",
    "x-forwarded-for",
    "x-forwarded-proto",
];
