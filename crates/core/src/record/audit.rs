//! The audit log: one entry for each change and each refusal, chained by hashes.
//!
//! An entry's hash is SHA-256 over the hash of the entry before it and the entry's own body. Who
//! alters, drops or inserts an entry breaks the chain from there on.

use carnet_wire::crn::Crn;

use crate::value::UnixTime;

/// A hash of the chain. The first entry follows 32 zero bytes.
pub type AuditHash = [u8; 32];

/// An entry before it has its place in the chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditDraft {
    /// When.
    pub at: UnixTime,
    /// Who: `serviceAccount:NUMBER`, `user:NUMBER`, `setup`, `carnet`, or `anonymous`.
    pub actor: String,
    /// What, as noun and verb: `service_account.disable`, `token.refuse`.
    pub action: String,
    /// On what, in the text form of its id.
    pub target: String,
    /// How it ended.
    pub outcome: Outcome,
    /// From which address, if from any.
    pub address: String,
    /// The trace id of the request.
    pub trace: String,
    /// The story for an owner: one JSON object of short texts and numbers, without secrets.
    pub detail: String,
}

/// How an audited act ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused, for this cause.
    Refused(Crn),
}

/// An entry in its place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AuditEntry {
    /// Its number; the first is 1 and none is missing.
    pub sequence: i64,
    /// What it says.
    pub draft: AuditDraft,
    /// The hash of the entry before it.
    pub previous: AuditHash,
    /// Its own hash.
    pub hash: AuditHash,
}

impl AuditDraft {
    /// The bytes that are hashed: every field with its length before it, so that no two drafts
    /// share a body.
    #[must_use]
    pub fn body(&self) -> Vec<u8> {
        let code = match self.outcome {
            Outcome::Done => 0,
            Outcome::Refused(crn) => i64::from(crn.number()),
        };
        let fields = [
            &self.actor,
            &self.action,
            &self.target,
            &self.address,
            &self.trace,
            &self.detail,
        ];
        let mut body =
            Vec::with_capacity(64 + fields.iter().map(|field| field.len()).sum::<usize>());
        body.extend(self.at.0.to_be_bytes());
        body.extend(code.to_be_bytes());
        for field in fields {
            body.extend((field.len() as u64).to_be_bytes());
            body.extend(field.as_bytes());
        }
        body
    }

    /// The hash of this entry after one with the hash `previous`.
    #[must_use]
    pub fn hash_after(&self, previous: &AuditHash) -> AuditHash {
        let mut input = previous.to_vec();
        input.extend(self.body());
        carnet_jose::digest::sha256(&input)
    }
}
