//! Opaque tokens: only the issuer knows what they are, so it is asked, and not too often.
//!
//! RFC 7662 §2.2 and §4.
//!
//! 1. The text has a checksum; one that was cut or mistyped is refused here.
//! 2. What the issuer said is remembered by the token's SHA-256: a yes for 30 s and never past the
//!    token's own end, a no for 10 s. Many requests with one token make one question.
//! 3. The answer is judged as a JWT's claims are: issuer, audience, time.
//! 4. Where the issuer does not answer, nobody knows; that is not remembered.

use std::sync::Arc;

use carnet_client::Clock;
use carnet_client::Error;
use carnet_client::introspect;
use carnet_client::introspect::Introspector;
use carnet_client::introspect::answer::ActiveToken;
use carnet_client::introspect::answer::IntrospectionResponse;
use carnet_jose::Prefixed;
use carnet_jose::digest::sha256;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::introspection;
use carnet_wire::token::TokenType;
use moka::future::Cache;

use crate::access_token;
use crate::access_token::Policy;
use crate::refusal::Refusal;
use crate::verified::Actor;
use crate::verified::Facts;
use crate::verified::TokenKind;
use crate::verified::Verified;

/// How many answers are remembered.
const MOST_ANSWERS: u64 = 10_000;
/// Rule 2.
const YES: i64 = 30;
const NO: i64 = 10;

/// Asks about tokens, and remembers.
#[derive(Debug)]
pub(crate) struct Opaque {
    introspector: Introspector,
    answers: Cache<[u8; 32], Arc<Known>>,
}

/// An answer, and until when it counts.
#[derive(Debug)]
struct Known {
    until: i64,
    outcome: Result<Verified, Refusal>,
}

impl Opaque {
    pub(crate) fn new(introspector: Introspector) -> Self {
        Self {
            // The verifier does, and refuses where the API does not.
            introspector: introspector.understanding_boundaries(),
            answers: Cache::new(MOST_ANSWERS),
        }
    }

    pub(crate) async fn verify(
        &self,
        token: &str,
        policy: &Policy,
        clock: &Clock,
    ) -> Result<Verified, Refusal> {
        if Prefixed::AccessToken.decode(token).is_err() {
            let detail = "the checksum of the token does not hold: it was cut or changed";
            return Err(Refusal::new(Crn::TOKEN_MALFORMED, detail));
        }
        let hash = sha256(token);
        let ask = async { Arc::new(self.ask(token, policy, clock).await) };
        let over = |known: &Arc<Known>| clock.now() >= known.until;
        let entry = self.answers.entry(hash).or_insert_with_if(ask, over).await;
        entry.into_value().outcome.clone()
    }

    async fn ask(&self, token: &str, policy: &Policy, clock: &Clock) -> Known {
        let answer = self.introspector.ask(token).await;
        let now = clock.now();
        match answer.and_then(|answer| self.judge(&answer, policy, now)) {
            Ok(Ok(facts)) => Known {
                until: facts.expires.min(now + YES),
                outcome: Ok(Verified::new(facts)),
            },
            Ok(Err(refusal)) => Known {
                until: now + NO,
                outcome: Err(refusal),
            },
            Err(error) => Known {
                until: i64::MIN,
                outcome: Err(Refusal::unavailable(error)),
            },
        }
    }

    fn judge(
        &self,
        answer: &http::Response<Vec<u8>>,
        policy: &Policy,
        now: i64,
    ) -> Result<Result<Facts, Refusal>, Error> {
        Ok(
            match introspect::process(answer, self.introspector.url())? {
                IntrospectionResponse::Active(token) => judge(&token, policy, now),
                IntrospectionResponse::Inactive => Err(Refusal::new(
                    Crn::TOKEN_REVOKED,
                    "the issuer says that the token is not active: it expired or was revoked",
                )),
            },
        )
    }
}

/// Rule 3.
fn judge(token: &ActiveToken<'_>, policy: &Policy, now: i64) -> Result<Facts, Refusal> {
    if let Some(issuer) = &token.iss {
        policy.check_issuer(issuer)?;
    }
    let kind = token.token_type.as_deref().unwrap_or("Bearer");
    let has_key = token.cnf.as_ref().is_some_and(|cnf| cnf.jkt.is_some());
    let known = match TokenType::parse(kind) {
        Some(TokenType::Bearer) => true,
        // Which key, the answer must say.
        Some(TokenType::Dpop) => has_key,
        Some(TokenType::NotApplicable) | None => false,
    };
    if !known {
        let detail = "the token is of a type that is not known here";
        return Err(Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail));
    }
    policy.check_audience(token.aud.0.iter().map(AsRef::as_ref))?;
    let expires = token.exp.unwrap_or(i64::MAX);
    access_token::check_time(token.nbf.max(token.iat), expires, now)?;
    let client_id = token.client_id.as_deref();
    let Some(subject) = token.sub.as_deref().or(client_id) else {
        return Err(Refusal::new(
            Crn::TOKEN_MALFORMED,
            "the token has no subject",
        ));
    };
    Ok(Facts {
        kind: TokenKind::Opaque,
        subject: subject.to_owned(),
        client_id: client_id.map(str::to_owned),
        email: token.email.as_deref().map(str::to_owned),
        scope: access_token::scope(token.scope.as_deref())?,
        actor: token.act.as_ref().map(acts),
        expires,
        bound: token.cnf.clone().map(Confirmation::into_owned),
        boundary: token.access_boundary.clone(),
    })
}

fn acts(actor: &introspection::Actor<'_>) -> Actor {
    Actor {
        subject: actor.sub.to_string(),
        email: actor.email.as_deref().map(str::to_owned),
        before: actor.act.as_deref().map(|before| Box::new(acts(before))),
    }
}

#[cfg(test)]
mod tests;
