//! `[registration]`: apps that no administrator made: those that register themselves (RFC 7591), and
//! those whose `client_id` is the URL of a document about them.

use carnet_core::value::ProjectId;
use serde::Deserialize;

use super::Problems;
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

impl Default for Registration {
    fn default() -> Self {
        Self {
            documents: Documents::Off,
            document_hosts: Vec::new(),
            project: None,
        }
    }
}

impl Registration {
    /// That of a sandbox: everybody's.
    #[must_use]
    pub fn sandbox() -> Self {
        Self {
            documents: Documents::Any,
            ..Self::default()
        }
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
        problems.or(Self {
            documents: written.documents,
            document_hosts: hosts,
            project,
        })
    }
}
