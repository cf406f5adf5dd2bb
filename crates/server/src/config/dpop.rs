//! `[dpop]`: what proofs of possession must carry (RFC 9449).

use serde::Deserialize;

use super::Problems;

/// What proofs must carry.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(try_from = "Written")]
pub struct Dpop {
    /// Whether each proof must carry a nonce of this server (section 8).
    pub nonce_required: bool,
}

/// What an operator writes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    nonce: Option<String>,
}

impl TryFrom<Written> for Dpop {
    type Error = Problems;

    fn try_from(written: Written) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let nonce_required = match written.nonce.as_deref() {
            None | Some("optional") => false,
            Some("required") => true,
            Some(other) => {
                problems.add(
                    "dpop.nonce",
                    other,
                    "allowed are \"optional\" and \"required\"",
                );
                false
            }
        };
        problems.or(Self { nonce_required })
    }
}
