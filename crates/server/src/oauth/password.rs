//! `POST /token` with somebody's password, station by station (RFC 6749 section 4.3). The client has been
//! authenticated. Wrong passwords count as at the sign-in page, and with them; the same few threads hash.

use std::net::IpAddr;
use std::time::Duration;

use carnet_core::rule::client::Authenticated;
use carnet_core::rule::grant::access::Of;
use carnet_core::rule::grant::password as rule;
use carnet_core::rule::grant::password::Granted;
use carnet_core::rule::grant::password::Verified;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Record;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::token::PasswordRequest;
use carnet_wire::token::TokenResponse;

use crate::attempts::Claimed;
use crate::attempts::Place as From;
use crate::entropy::SystemEntropy;
use crate::http::rate::TooMany;
use crate::http::shed::Overloaded;
use crate::limits::TurnedAway;
use crate::oauth::no::No;
use crate::oauth::no::Redeemed;
use crate::oauth::person;
use crate::oauth::place::Place;
use crate::parts::Parts;
use crate::password::Typed;

/// The name of the limit.
const LIMIT: &str = "passwords";

/// When it is worth trying again where too many wait for a hash.
const BUSY: Duration = Duration::from_secs(2);

/// Gives tokens for a password.
pub(super) async fn redeem(
    request: &PasswordRequest<'_>,
    client: &Authenticated,
    (address, place): (Option<IpAddr>, Place<'_>),
    parts: &Parts,
) -> Redeemed {
    if let Err(refusal) = rule::may(client) {
        return Ok(Err(refusal.into()));
    }

    // load
    let name = request.username.trim();
    let facts = rule::load(name, parts.facts(), &mut SystemEntropy).await?;
    let catalog = parts.snapshots.catalog().await?;
    let who = match &facts.user {
        Some(user) => Claimed::user(&user.id),
        None => Claimed::nobody(name),
    };
    let from = From::Network(address);
    if let Some(wait) = parts.attempts.wait(who, from, place.now) {
        let wait = Duration::from_secs(u64::try_from(wait.0).unwrap_or(1));
        return Ok(Err(No::TurnedAway(TurnedAway::Often(
            TooMany { wait },
            LIMIT,
        ))));
    }
    // Before it is known whether it is wrong: of many at the same time, not all are free.
    parts.attempts.failed(who, from, place.now);
    let kept = facts.password.as_ref().map(|kept| kept.hash.clone());
    let typed = Typed::new(request.password.to_string());
    let Ok(verified) = parts.passwords.verify(typed, kept).await else {
        parts.attempts.undone(who, from);
        return Ok(Err(No::TurnedAway(TurnedAway::Busy(Overloaded {
            wait: BUSY,
        }))));
    };

    // decide
    let verified = Verified {
        right: verified.right,
        anew: verified.anew,
    };
    let context = place.context("anonymous");
    let by = (
        &context,
        &mut SystemEntropy as &mut dyn carnet_core::value::Entropy,
    );
    let verdict = rule::decide(client, request, (facts, verified), &catalog, by);
    let granted = match verdict.outcome {
        Ok(granted) => granted,
        Err(refusal) => {
            if refusal.crn != Crn::PASSWORD_NO_MATCH {
                parts.attempts.succeeded(who, from);
            }
            return Ok(Err(refusal.into()));
        }
    };
    parts.attempts.succeeded(who, from);

    // sign, commit
    let response = answer(&granted, client, place.now, parts).await?;
    if !commit(&verdict.changes, parts).await? {
        // The person or the client went meanwhile.
        return Ok(Err(client.tell(rule::no_match()).into()));
    }
    parts.counted.given("password", &response);
    Ok(Ok(response))
}

async fn answer(
    granted: &Granted,
    client: &Authenticated,
    now: UnixTime,
    parts: &Parts,
) -> Result<TokenResponse<'static>, Fault> {
    let of = Of {
        client: client.client(),
        authorization: &granted.authorization,
        user: &granted.user,
        nonce: None,
        binding: client.binding(),
    };
    let tokens = granted
        .access
        .tokens(of, &parts.issuer, now, &mut SystemEntropy);
    let keyring = parts.keyring.load_full();
    person::mint(&tokens, granted.refresh, &parts.issuer, &keyring).await
}

/// Where somebody else was faster to write a new hash, the rest is right all the same.
async fn commit(changes: &[Change], parts: &Parts) -> Result<bool, Fault> {
    let rehash = matches!(changes.first(), Some(Change::Replace(Record::Password(_))));
    match parts.store.commit(changes).await? {
        Committed::Yes => Ok(true),
        Committed::No(0, _) if rehash => {
            let rest = changes.get(1..).unwrap_or_default();
            Ok(parts.store.commit(rest).await? == Committed::Yes)
        }
        Committed::No(..) => Ok(false),
    }
}
