//! `[registration]`: apps that no administrator made: those that register themselves (RFC 7591), and
//! those whose `client_id` is the URL of a document about them.

use std::time::Duration;

use carnet_core::value::ProjectId;
use carnet_core::value::Seconds;
use serde::Deserialize;

use super::Problems;
use super::duration;
use super::list;

/// Apps that no administrator made.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Registration {
    /// Whose documents are taken.
    pub documents: Documents,
    /// The hosts whose documents are taken, where only listed ones are.
    pub document_hosts: Vec<String>,
    /// The project that such apps belong to; without one, that of the server itself.
    pub project: Option<ProjectId>,
    /// Who may register clients by themselves.
    pub dynamic: Dynamic,
    /// How many clients may have registered themselves.
    pub most: u64,
    /// How many clients one address may register at once, and how many again in an hour; nothing if that
    /// is not limited.
    pub often: Option<u32>,
    /// How long one stays that nobody has let in.
    pub unused: Seconds,
}

/// Whose documents are taken.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Documents {
    /// Nobody's.
    #[default]
    Off,
    /// Those of listed hosts.
    Listed,
    /// Anybody's.
    Any,
}

/// Who may register clients by themselves.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Dynamic {
    /// Nobody.
    Off,
    /// Who has an initial access token.
    #[default]
    Invited,
    /// Anybody, with redirect URIs that are https or on their own machine.
    Open,
}

/// How many clients one address may register at once, and again in an hour, where nobody says.
const PER_HOUR: u32 = 60;
/// How many may have registered themselves.
const MOST: u64 = 10_000;

const UNUSED: duration::Written = duration::Written::seconds(30 * 86_400);

impl Default for Registration {
    fn default() -> Self {
        Self {
            documents: Documents::Off,
            document_hosts: Vec::new(),
            project: None,
            dynamic: Dynamic::Invited,
            most: MOST,
            often: Some(PER_HOUR),
            unused: Seconds::days(30),
        }
    }
}

impl Registration {
    /// That of a sandbox: everybody's.
    #[must_use]
    pub fn sandbox() -> Self {
        Self {
            documents: Documents::Any,
            dynamic: Dynamic::Open,
            often: None,
            ..Self::default()
        }
    }

    /// Whether clients may register themselves.
    #[must_use]
    pub const fn registers(&self) -> bool {
        !matches!(self.dynamic, Dynamic::Off)
    }

    /// Whether any documents are taken.
    #[must_use]
    pub const fn takes_documents(&self) -> bool {
        !matches!(self.documents, Documents::Off)
    }

    /// Whether the documents of this host are taken.
    #[must_use]
    pub fn takes(&self, host: &str) -> bool {
        match self.documents {
            Documents::Off => false,
            Documents::Listed => self.document_hosts.iter().any(|listed| listed == host),
            Documents::Any => true,
        }
    }
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    documents: Documents,
    document_hosts: list::Written,
    project: Option<String>,
    dynamic: Dynamic,
    max_clients: Option<u64>,
    per_hour: Option<u32>,
    unused: Option<duration::Written>,
}

impl TryFrom<Written> for Registration {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut hosts = Vec::new();
        for text in written.document_hosts.0 {
            let parsed = url::Host::parse(&text);
            let plain = matches!(&parsed, Ok(url::Host::Domain(name)) if *name == text);
            if plain && !text.contains('*') {
                hosts.push(text);
            } else {
                let reason =
                    "write a host in lower case, like app.example.com; nothing is a pattern";
                problems.add("registration.document_hosts", text, reason);
            }
        }
        if written.documents == Documents::Listed && hosts.is_empty() {
            let reason = "list hosts in registration.document_hosts";
            problems.add("registration.documents", "listed", reason);
        }
        let project = written.project.and_then(|text| {
            let parsed = text.parse();
            parsed
                .map_err(|error: carnet_core::value::NotAText| {
                    problems.add("registration.project", &text, error.to_string());
                })
                .ok()
        });
        let unused = written.unused.unwrap_or(UNUSED);
        problems.within(
            "registration.unused",
            unused,
            duration::Written(Duration::from_hours(1)),
            duration::Written::seconds(365 * 86_400),
        );
        let most = written.max_clients.unwrap_or(MOST);
        problems.within("registration.max_clients", most, 1, 1_000_000);
        let per_hour = written.per_hour.unwrap_or(PER_HOUR);
        problems.within("registration.per_hour", per_hour, 0, 100_000);
        problems.or(Self {
            dynamic: written.dynamic,
            most,
            often: (per_hour > 0).then_some(per_hour),
            documents: written.documents,
            document_hosts: hosts,
            project,
            unused: Seconds(i64::try_from(unused.0.as_secs()).unwrap_or(i64::MAX)),
        })
    }
}
