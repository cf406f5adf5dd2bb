//! Entries of the audit log as the API shows them, and causes explained.

use carnet_core::record::{self, Outcome};
use carnet_core::rule::admin::audit::sentence;
use carnet_wire::crn::Crn;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use carnet_jose::digest::hex;

/// An entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// Its number; the first is 1 and none is missing.
    pub sequence: i64,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
    /// Who: `serviceAccount:NUMBER`, `user:NUMBER`, `setup`, `carnet` or `anonymous`; an account that
    /// acts for a person is `serviceAccount:NUMBER for user:NUMBER`.
    pub actor: String,
    /// What, as noun and verb.
    #[schema(example = "service_account.disable")]
    pub action: String,
    /// On what: its id.
    pub target: String,
    /// `done` or `refused`.
    pub outcome: AuditOutcome,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "CRN-2104")]
    pub code: Option<String>,
    /// From which address, if from any.
    pub address: String,
    /// The trace id of the request.
    pub trace_id: String,
    /// The story: names and values.
    #[schema(value_type = Object)]
    pub detail: Map<String, Value>,
    /// The same in one sentence.
    pub sentence: String,
    /// The hash of this entry, which covers all before it.
    pub hash: String,
}

/// How an audited act ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AuditOutcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

/// A cause, explained.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Explanation {
    /// The code.
    #[schema(example = "CRN-2104")]
    pub code: String,
    /// The cause in a few words.
    pub title: String,
    /// What it means.
    pub meaning: String,
    /// How it usually comes about, the likeliest first.
    pub causes: Vec<String>,
    /// What to do, the likeliest first.
    pub fixes: Vec<Fix>,
    /// The page of the code.
    pub page: String,
}

/// One thing to do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Fix {
    /// The action.
    pub action: String,
    /// How it is done.
    pub examples: Vec<Example>,
}

/// An example to copy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Example {
    /// The platform or language.
    pub label: String,
    /// The text.
    pub text: String,
}

impl From<record::AuditEntry> for AuditEntry {
    fn from(entry: record::AuditEntry) -> Self {
        let sentence = sentence(&entry);
        let draft = entry.draft;
        let (outcome, code) = match draft.outcome {
            Outcome::Done => (AuditOutcome::Done, None),
            Outcome::Refused(crn) => (AuditOutcome::Refused, Some(crn.to_string())),
        };
        Self {
            sequence: entry.sequence,
            at: draft.at.rfc3339(),
            actor: draft.actor,
            action: draft.action,
            target: draft.target,
            outcome,
            code,
            address: draft.address,
            trace_id: draft.trace,
            detail: serde_json::from_str(&draft.detail).unwrap_or_default(),
            sentence,
            hash: hex(&entry.hash),
        }
    }
}

impl Explanation {
    /// The cause with this code.
    pub(crate) fn of(crn: Crn, issuer: &str) -> Self {
        let entry = crn.entry();
        let fixes = entry.fixes.iter().map(|fix| Fix {
            action: fix.action.to_owned(),
            examples: fix
                .snippets
                .iter()
                .map(|snippet| Example {
                    label: snippet.label.to_owned(),
                    text: snippet.code.to_owned(),
                })
                .collect(),
        });
        Self {
            code: crn.to_string(),
            title: entry.title.to_owned(),
            meaning: entry.meaning.to_owned(),
            causes: entry
                .causes
                .iter()
                .map(|cause| (*cause).to_owned())
                .collect(),
            fixes: fixes.collect(),
            page: format!("{issuer}/e/{crn}"),
        }
    }
}
