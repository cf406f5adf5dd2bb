//! `[outbound]`: what the server may fetch from elsewhere.
//!
//! Everything is safe without this section: public addresses over https, nothing else. What it adds is
//! for intranets, where the documents of clients live on machines of one's own.

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::Problems;
use super::duration;
use super::list;
use crate::http::cidr::Cidr;

/// What may be fetched.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Outbound {
    /// Hosts that may have any address.
    pub hosts: Vec<String>,
    /// Addresses that may be reached though they are not public.
    pub networks: Vec<Cidr>,
    /// Certificates to trust besides those of the system, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Whether plain http is spoken with this machine, and only with it.
    pub plain_on_loopback: bool,
    /// Keys of AWS that are verified here, so that AWS is not asked.
    pub aws_keys_file: Option<PathBuf>,
    /// Who is asked in the place of AWS.
    pub aws_url: Option<Url>,
    /// How long a document may take, from the look-up of its host to its last byte.
    pub timeout: Duration,
}

const SAFE_TIMEOUT: Duration = Duration::from_secs(5);
/// How many hosts and networks may be listed.
const LONGEST_LIST: usize = 100;

impl Default for Outbound {
    fn default() -> Self {
        Self {
            hosts: Vec::new(),
            networks: Vec::new(),
            ca_file: None,
            plain_on_loopback: false,
            aws_keys_file: None,
            aws_url: None,
            timeout: SAFE_TIMEOUT,
        }
    }
}

impl Outbound {
    /// That of a sandbox: this machine too, over plain http too.
    #[must_use]
    pub fn sandbox() -> Self {
        let loopback = ["127.0.0.0/8", "::1/128"];
        Self {
            networks: loopback.iter().filter_map(|net| net.parse().ok()).collect(),
            plain_on_loopback: true,
            ..Self::default()
        }
    }
}

/// Whether http without TLS is spoken.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum PlainHttp {
    /// Never.
    #[default]
    Off,
    /// With this machine.
    Loopback,
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    allow: list::Written,
    ca_file: Option<PathBuf>,
    plain_http: PlainHttp,
    aws_keys_file: Option<PathBuf>,
    aws_url: Option<String>,
    timeout: Option<duration::Written>,
}

impl TryFrom<Written> for Outbound {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let timeout = written.timeout.unwrap_or(duration::Written(SAFE_TIMEOUT));
        problems.within(
            "outbound.timeout",
            timeout,
            duration::Written::seconds(1),
            duration::Written::seconds(30),
        );
        let mut section = Self {
            ca_file: written.ca_file,
            plain_on_loopback: written.plain_http == PlainHttp::Loopback,
            aws_keys_file: written.aws_keys_file,
            timeout: timeout.0,
            ..Self::default()
        };
        if let Some(text) = written.aws_url {
            let url = Url::parse(&text).ok();
            section.aws_url = url.filter(|url| {
                let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
                plain && url.has_host() && matches!(url.scheme(), "https" | "http")
            });
            if section.aws_url.is_none() {
                let reason = "write a URL without a path, like https://aws.internal.example:4566";
                problems.add("outbound.aws_url", text, reason);
            }
        }
        if written.allow.0.len() > LONGEST_LIST {
            let count = format!("a list of {}", written.allow.0.len());
            let reason = format!("at most {LONGEST_LIST} hosts and networks are listed");
            problems.add("outbound.allow", count, reason);
        }
        for text in written.allow.0 {
            if let Ok(network) = text.parse() {
                section.networks.push(network);
            } else if is_host(&text) {
                section.hosts.push(text.to_ascii_lowercase());
            } else {
                let reason = "write a host like keys.example.com or a network like 10.1.0.0/16";
                problems.add("outbound.allow", text, reason);
            }
        }
        problems.or(section)
    }
}

/// A name as URLs have it: no wildcard, no port, no path.
fn is_host(text: &str) -> bool {
    let parsed = url::Host::parse(text);
    matches!(parsed, Ok(url::Host::Domain(name)) if name.eq_ignore_ascii_case(text))
        && !text.contains('*')
}
