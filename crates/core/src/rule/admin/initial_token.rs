//! Initial access tokens: whoever has one may register clients in a project (RFC 7591 section 3).
//!
//! 1. A token is 256 bits of chance that we make; it is shown once, and of it a digest is kept.
//! 2. It is good for a number of clients and for a time, and for no more.
//! 3. To delete one takes nothing from the clients that registered with it.

use carnet_jose::Prefixed;

use super::{Context, Decision, Done, No};
use crate::record::{InitialToken, Project};
use crate::store::{Record, RecordKey};
use crate::value::{Entropy, InitialTokenId, Seconds, Secret, Title, Version};

/// How many clients may register with one token.
pub const MOST_USES: u32 = 10_000;

/// How long a token may be good.
pub const LONGEST: Seconds = Seconds::days(365);

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct Made {
    /// What is kept.
    pub token: InitialToken,
    /// The text, to be shown once.
    pub text: Secret,
}

/// Makes a token for a project: for whom, for how many clients, for how many days.
pub fn create(
    project: &Project,
    (title, uses, days): (Title, u32, i64),
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Made> {
    if uses == 0 || uses > MOST_USES {
        let detail = format!("uses is 1 to {MOST_USES}.");
        return Err(No::field("/uses", detail));
    }
    if days < 1 || Seconds::days(days) > LONGEST {
        return Err(No::field(
            "/expires_in_days",
            "expires_in_days is 1 to 365.",
        ));
    }
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    let text = Prefixed::InitialAccess.encode(&bytes);
    let ends_in = text.get(text.len().saturating_sub(4)..).unwrap_or_default();
    let ends_in = ends_in.to_owned();
    let text = Secret::new(text);
    let token = InitialToken {
        id: InitialTokenId::mint(context.now, entropy),
        project: project.id.clone(),
        title,
        digest: text.digest(),
        ends_in,
        uses,
        created: context.now,
        expires: context.now + Seconds::days(days),
        version: Version::FIRST,
    };
    let detail = [
        ("project", token.project.to_string()),
        ("title", token.title.to_string()),
        ("uses", token.uses.to_string()),
        ("expires", token.expires.rfc3339()),
    ];
    let audit = context.audited("initial_token.create", token.id, &detail);
    let row = Record::InitialToken(token.clone());
    Ok(Done::inserted(Made { token, text }, row, audit))
}

/// Deletes a token: nobody registers with it any more.
pub fn delete(token: InitialToken, context: &Context<'_>) -> Decision<InitialToken> {
    let detail = [("project", token.project.to_string())];
    let audit = context.audited("initial_token.delete", token.id, &detail);
    let key = RecordKey::InitialToken(token.id);
    let version = token.version;
    Ok(Done::removed(token, key, version, audit))
}

#[cfg(test)]
mod tests;
