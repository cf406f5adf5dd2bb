//! The refresh token grant (RFC 6749 section 6), with rotation and the discovery of reuse (RFC 9700
//! section 4.14.2).
//!
//! 1. A refresh token names an authorization and a generation. It is of the client that shows it, or it
//!    is not valid: nobody is told whose it is.
//! 2. What is bound to a key is renewed by whoever shows that key (RFC 9449 section 5). Without it an old
//!    token is worth as little as a new one, and ends nothing either.
//! 3. The newest generation moves the authorization on by one.
//! 4. The one before it, within [`GRACE`] of the move, gets what the move gave: a client that lost the
//!    answer, or that asked fifty times at once, goes on as if it had asked once.
//! 5. Whatever is older was stolen or copied: the authorization ends, whoever holds the newer token.
//! 6. Where the client's tokens do not rotate (`refresh_token_rotation`), the newest generation stays the newest and
//!    is not told again; it only lives on. What was replaced while they did is not valid, and ends nothing. What
//!    anybody could show who has it, since neither a secret nor a key goes with it, rotates in any case.
//! 7. The scope may shrink and never grow; what a refresh left out, the next one may have again. What the client may
//!    no longer ask for, or the person took back, is left out whatever is asked
//!    ([`today`](crate::rule::authorization::today)).
//! 8. Policies and APIs are looked at as they are now (lesson 39 of `security.md`).

use std::borrow::Cow;

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;

use crate::record::Authorization;
use crate::record::Binding;
use crate::record::Client;
use crate::record::ClientAuthentication;
use crate::record::User;
use crate::record::WhyEnded;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::authorization;
use crate::rule::authorization::Facts;
use crate::rule::grant::access;
use crate::rule::grant::access::Access;
use crate::rule::grant::access::Held;
use crate::rule::possession;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::ProjectSnapshot;
use crate::store::Refreshed;
use crate::value::AuthorizationId;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How long the generation before the newest is good for.
pub const GRACE: Seconds = Seconds(30);

/// The longest that an access token can still live when its authorization ends.
pub const LONGEST_ACCESS_TOKEN: Seconds = Seconds::days(1);

/// What a refresh token says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RefreshToken {
    /// The authorization.
    pub authorization: AuthorizationId,
    /// Its generation.
    pub generation: i64,
}

impl RefreshToken {
    /// As it is sealed.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.authorization.as_bytes().to_vec();
        bytes.extend(self.generation.to_be_bytes());
        bytes
    }

    /// As it was sealed.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, generation) = bytes.split_first_chunk::<16>()?;
        Some(Self {
            authorization: AuthorizationId::from_bytes(*id),
            generation: i64::from_be_bytes(generation.try_into().ok()?),
        })
    }
}

/// A yes: the authorization as it is once the changes are made.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Renewed {
    /// The authorization.
    pub authorization: Authorization,
    /// The new refresh token, unless the one that was shown stays.
    pub refresh: Option<RefreshToken>,
    /// Whose it is.
    pub user: User,
    /// What the access token is good for.
    pub access: Access,
}

/// What the request asks for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// Less than was granted, or all of it.
    pub scope: Option<&'a Scope>,
    /// Some of the APIs, or all of them.
    pub resource: &'a [Cow<'a, str>],
    /// The key that the request shows.
    pub binding: Option<&'a Binding>,
    /// Some of the details, or all of them.
    pub details: Option<&'a AuthorizationDetails>,
}

/// Decides.
#[must_use]
pub fn decide(
    (shown, wanted): (RefreshToken, Wanted<'_>),
    (client, project): (&Client, &ProjectSnapshot),
    facts: Option<&Facts>,
    catalog: &Catalog,
    now: UnixTime,
) -> Verdict<Renewed> {
    let of_client = |facts: &&Facts| facts.authorization.client == client.id;
    let Some(facts) = facts.filter(of_client) else {
        return Verdict::refuse(unknown());
    };
    let authorization = &facts.authorization;
    if let Err(refusal) = possession::same(authorization.binding.as_ref(), wanted.binding) {
        return Verdict::refuse(tell(refusal, authorization));
    }
    let turns = rotates(client, authorization);
    let behind = authorization.generation.saturating_sub(shown.generation);
    let in_grace = turns && behind == 1 && now - authorization.rotated <= GRACE;
    if behind > 0 && !in_grace {
        return if turns {
            replayed(authorization, now)
        } else {
            Verdict::refuse(tell(unknown(), authorization).because("generation", "replaced"))
        };
    }
    if behind < 0 {
        // The database is older than the token: a backup was put back.
        return Verdict::refuse(unknown().because("generation", "of the future"));
    }
    let (user, access) = match renewed(facts, wanted, (client, project), catalog, now) {
        Ok(renewed) => renewed,
        Err(refusal) => return Verdict::refuse(tell(refusal, authorization)),
    };
    let mut authorization = authorization.clone();
    let mut changes = Vec::new();
    if !in_grace {
        let from = authorization.generation;
        authorization.generation = from.saturating_add(i64::from(turns));
        authorization.rotated = now;
        changes.push(Change::Refreshed(Refreshed {
            id: authorization.id,
            from,
            to: authorization.generation,
            at: now,
        }));
    }
    let renewed = Renewed {
        refresh: turns.then_some(RefreshToken {
            authorization: authorization.id,
            generation: authorization.generation,
        }),
        authorization,
        user,
        access,
    };
    Verdict::allow(renewed, changes)
}

/// Whose it is, and what the new access token is good for.
fn renewed(
    facts: &Facts,
    wanted: Wanted<'_>,
    (client, project): (&Client, &ProjectSnapshot),
    catalog: &Catalog,
    now: UnixTime,
) -> Result<(User, Access), Refusal> {
    authorization::standing(facts, now)?;
    let asked = narrowed(wanted.scope, &facts.authorization.scope)?;
    let facts = authorization::today(facts, client)?;
    let user = authorization::standing(&facts, now)?;
    let authorization = &facts.authorization;
    let scope = asked.intersection(&authorization.scope);
    if scope.is_empty() && authorization.details.is_none() {
        let detail = "Nothing of the scope asked for is granted any more.";
        return Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail));
    }
    access::permitted(user, &facts.policies, project, &scope)?;
    let held = Held {
        scope: &scope,
        details: authorization.details.as_ref(),
        audience: &authorization.audience,
    };
    let access = access::narrow(held, wanted.resource, catalog)?
        .in_detail(authorization.details.as_ref(), wanted.details)?;
    Ok((user.clone(), access))
}

/// Whether each refresh replaces the token (RFC 9700 section 4.14.2). The setting alone does not say so: an
/// authorization may be older than the key or the secret that the setting rests on.
fn rotates(client: &Client, authorization: &Authorization) -> bool {
    let proves = client.authentication != ClientAuthentication::None;
    client.refresh_token_rotation || !(proves || authorization.binding.is_some())
}

/// RFC 6749 section 6: not more than was granted at first.
fn narrowed(asked: Option<&Scope>, granted: &Scope) -> Result<Scope, Refusal> {
    let Some(asked) = asked else {
        return Ok(granted.clone());
    };
    let more = asked
        .iter()
        .find(|name| !granted.iter().any(|has| has == *name));
    match more {
        None => Ok(asked.clone()),
        Some(more) => {
            let detail = format!(
                "scope '{}' was not granted: a refresh may ask for less, never for more.",
                carnet_wire::legal::Echo::of(more)
            );
            Err(Refusal::new(Crn::SCOPE_UNKNOWN, detail))
        }
    }
}

fn replayed(authorization: &Authorization, now: UnixTime) -> Verdict<Renewed> {
    let refusal = tell(authorization::reused(), authorization)
        .because("generation", authorization.generation.to_string());
    Verdict {
        changes: vec![Change::AuthorizationEnded {
            id: authorization.id,
            since: now,
            why: WhyEnded::RefreshReplayed,
            until: now + LONGEST_ACCESS_TOKEN,
        }],
        outcome: Err(refusal),
    }
}

fn tell(refusal: Refusal, authorization: &Authorization) -> Refusal {
    refusal
        .because("authorization", authorization.id.to_string())
        .because("client_id", authorization.client.to_string())
        .because("user", authorization.user.to_string())
}

/// The same for whatever is not a refresh token of this client.
#[must_use]
pub fn unknown() -> Refusal {
    Refusal::new(
        Crn::REFRESH_TOKEN_UNKNOWN,
        "The refresh token is not valid.",
    )
}

#[cfg(test)]
mod tests;
