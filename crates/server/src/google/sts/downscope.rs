//! `POST /v1/token` with a token of ours and an access boundary (google-wire 6.5), station by station. What happens
//! at each is told in [`carnet_core::rule::federation::downscoping`].
//!
//! Whoever holds the token may ask: what is given is worth less than what is shown. A token that is bound to a key
//! gives one that is bound to the same key, so it is not asked for here.

use carnet_core::rule::Refusal;
use carnet_core::rule::federation::downscoping;
use carnet_core::rule::grant::token_exchange;
use carnet_core::rule::token::AccessClaims;
use carnet_core::store::Fault;
use carnet_core::value::ClientId;
use carnet_core::value::UnixTime;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::google::access_boundary::AccessBoundary;
use carnet_wire::google::sts::StsRequest;
use carnet_wire::legal::Echo;
use carnet_wire::token::TokenType;

use super::Given;
use super::No;
use crate::bearer;
use crate::entropy::SystemEntropy;
use crate::mint;
use crate::parts::Parts;
use crate::presented;

/// The weaker token.
pub(super) async fn exchanged(
    request: &StsRequest<'_>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Given, No>, Fault> {
    // parse
    let boundary = match downscoping::asked(&request.options) {
        Ok(boundary) => boundary,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };

    // load
    let Ok(token) = presented::standing_with_boundary(&request.subject_token, now, parts).await?
    else {
        return Ok(Err(token_exchange::not_good("does not stand").into()));
    };

    // decide
    if let Err(refusal) = downscoping::may(&token.claims, request.scope.as_ref()) {
        return Ok(Err(refusal.into()));
    }
    if let Some(refusal) = faulty(&boundary, parts).await? {
        return Ok(Err(refusal.into()));
    }
    let chance = (
        now,
        &mut SystemEntropy as &mut dyn carnet_core::value::Entropy,
    );
    let claims = downscoping::weaker(&token.claims, boundary, chance);

    // sign
    let sealed = mint::sealed(&claims, &parts.keyring.load_full())?;
    if sealed.len() > bearer::LONGEST {
        let detail = "the token would be longer than one may be: use fewer rules or shorter names.";
        return Ok(Err(Refusal::new(Crn::STS_BOUNDARY, detail).into()));
    }
    Ok(Ok(given(&claims, sealed, now)))
}

/// Why a condition cannot be taken, if one cannot.
async fn faulty(boundary: &AccessBoundary, parts: &Parts) -> Result<Option<Refusal>, Fault> {
    let conditions = boundary.rules().iter();
    let conditions = conditions.filter_map(|rule| rule.availability_condition.as_ref());
    let texts: Vec<_> = conditions.map(|one| one.expression.clone()).collect();
    if texts.is_empty() {
        return Ok(None);
    }
    let checked = parts.expressions.check(texts).await;
    let checked = checked.map_err(Fault::temporary)?;
    Ok(checked.err().map(|faulty| {
        let place = faulty
            .at
            .map_or_else(String::new, |at| format!(" At character {at}."));
        let detail = format!("{}{place}", Echo::of(&faulty.to_string()));
        Refusal::new(Crn::STS_BOUNDARY, detail)
    }))
}

fn given(claims: &AccessClaims<'_>, token: String, now: UnixTime) -> Given {
    let narrowed = claims.narrowed.as_ref();
    let of = narrowed.map(|narrowed| narrowed.of.to_string());
    let rules = narrowed.map(|narrowed| narrowed.boundary.rules().len());
    let holder = &claims.client_id;
    Given {
        token,
        lifetime: UnixTime(claims.exp) - now,
        token_type: match &claims.cnf {
            Some(Confirmation { jkt: Some(_), .. }) => TokenType::Dpop,
            _ => TokenType::Bearer,
        },
        actor: if claims.federated.is_some() {
            claims.sub.to_string()
        } else if holder.parse::<ClientId>().is_ok() {
            format!("client:{holder}")
        } else {
            format!("serviceAccount:{holder}")
        },
        action: "sts.downscope",
        target: claims.sub.to_string(),
        detail: vec![
            ("token", claims.jti.to_string()),
            ("of_token", of.unwrap_or_default()),
            ("scope", claims.scope.to_string()),
            ("rules", rules.unwrap_or_default().to_string()),
            ("expires", UnixTime(claims.exp).rfc3339()),
        ],
    }
}
