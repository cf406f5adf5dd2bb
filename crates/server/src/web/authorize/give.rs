//! What an app gets after a yes: a code; or, where an administrator has switched the implicit grant on for it,
//! the tokens themselves (RFC 6749 section 4.2.2, OpenID Connect Core 1.0 section 3.2.2.5).
//!
//! 1. A code is sealed, and nothing is written for it.
//! 2. Tokens are decided on as a code that is redeemed at once: the person, their session and the policies as
//!    they are now. What is written for that is committed by whoever answers, together with everything else.
//! 3. They go in the fragment or in a form; the request could not ask for the query. There is no refresh token,
//!    and `at_hash` ties the ID token to the access token beside it.

use axum::body::Body;
use axum::http::Response;
use carnet_core::rule::Refusal;
use carnet_core::rule::grant::access::Of;
use carnet_core::rule::grant::authorization_code as rule;
use carnet_core::rule::grant::authorization_code::Code;
use carnet_core::rule::grant::begin::Granted;
use carnet_core::store::Change;
use carnet_core::store::Fault;
use carnet_wire::authorize::AuthorizationResponse;

use super::Judged;
use crate::entropy::SystemEntropy;
use crate::mint;
use crate::parts::Parts;
use crate::sealed;
use crate::web::visit::Visit;

/// An answer that is ready.
pub(super) struct Given {
    /// It.
    pub response: Response<Body>,
    /// To be committed before it leaves.
    pub changes: Vec<Change>,
}

/// The answer to a yes.
pub(super) async fn answer(
    parts: &Parts,
    visit: &Visit,
    code: &Code,
    judged: &Judged,
) -> Result<Result<Given, Refusal>, Fault> {
    if judged.asked.kind.has_code() {
        let code = sealed::seal_code(code, &parts.keyring.load())?;
        let answer = AuthorizationResponse {
            code: Some(code.into()),
            ..AuthorizationResponse::default()
        };
        return Ok(Ok(Given {
            response: judged.to.give(parts, visit, answer),
            changes: Vec::new(),
        }));
    }
    let facts = rule::load(code, parts.facts()).await?;
    let catalog = parts.snapshots.catalog().await?;
    let app = (judged.destination.client(), judged.destination.project());
    let context = visit.context("anonymous");
    let verdict = rule::at_once(code, app, (&facts, &catalog), &context);
    match verdict.outcome {
        Ok(granted) => Ok(Ok(Given {
            response: judged
                .to
                .give(parts, visit, tokens(parts, visit, &granted, judged).await?),
            changes: verdict.changes,
        })),
        Err(no) => Ok(Err(no)),
    }
}

async fn tokens(
    parts: &Parts,
    visit: &Visit,
    granted: &Granted,
    judged: &Judged,
) -> Result<AuthorizationResponse<'static>, Fault> {
    let of = Of {
        client: judged.destination.client(),
        authorization: &granted.authorization,
        user: &granted.user,
        nonce: granted.nonce.as_deref(),
        binding: None,
    };
    let tokens = granted
        .access
        .tokens(of, &parts.issuer, visit.now, &mut SystemEntropy);
    let keyring = parts.keyring.load_full();
    let kind = judged.asked.kind;
    let mut answer = AuthorizationResponse::default();
    if kind.has_token() {
        let token = mint::access_token(&tokens.access, &parts.issuer, &keyring).await?;
        parts.counted.in_browser("access_token");
        answer.access_token = Some(token.into());
        answer.expires_in = u64::try_from(tokens.access.lifetime().0).ok();
        answer.scope = Some(tokens.access.scope.to_string().into());
    }
    if let Some(id) = tokens.id.as_ref().filter(|_| kind.has_id_token()) {
        let beside = answer.access_token.as_deref();
        let token = mint::id_token(id, beside, &parts.issuer, &keyring).await?;
        parts.counted.in_browser("id_token");
        answer.id_token = Some(token.into());
    }
    Ok(answer)
}
