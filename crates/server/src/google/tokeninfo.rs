//! `/tokeninfo`: what a token says, to whoever holds it (google-wire 4.2).
//!
//! All values are strings in the current form; `/oauth2/v1/tokeninfo` and `v2` have the older form
//! with numbers. The token comes in the query, in a form, or in `Authorization`, since Node sends it
//! there. A token that does not stand is `invalid_token`, whatever the reason, and a refusal that counts
//! ([`crate::limits`]) and is in the audit log. A yes is not: it tells whoever holds a token what it says, and
//! who got it is there already. Scripts of other origins read none of it: an app knows its own tokens.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::request::Parts as Head;
use bytes::Bytes;
use carnet_core::rule::Refusal;
use carnet_core::rule::token::AccessClaims;
use carnet_core::rule::token::Whose;
use carnet_core::store::Fault;
use carnet_core::value::UnixTime;
use carnet_wire::bearer::Scheme;
use carnet_wire::crn::Crn;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;
use carnet_wire::tokeninfo;
use carnet_wire::tokeninfo::AccessTokenInfo;
use carnet_wire::tokeninfo::AccessType;
use carnet_wire::tokeninfo::IdTokenInfo;
use carnet_wire::tokeninfo::TokenInfoRequest;
use carnet_wire::tokeninfo::VerifiedEmail;

use crate::answer;
use crate::answer::Told;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::id_token;
use crate::noted;
use crate::parts::Parts;
use crate::possession;
use crate::presented;

/// In which form the answer is.
#[derive(Clone, Copy)]
enum Form {
    /// All values are strings.
    Current,
    /// Numbers are numbers, and the names are others.
    Older,
}

/// The current form.
pub async fn any(parts: State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    tell(parts, request, Form::Current).await
}

/// The form of `/oauth2/v1/tokeninfo` and `/oauth2/v2/tokeninfo`.
pub async fn older(parts: State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    tell(parts, request, Form::Older).await
}

async fn tell(
    State(parts): State<Arc<Parts>>,
    request: Request<Body>,
    form: Form,
) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let body = body::read(body, MAX_BYTES).await.unwrap_or_default();
    let asked = [
        head.uri.query().unwrap_or_default().as_bytes(),
        body.as_ref(),
    ];
    let asked = asked
        .into_iter()
        .find_map(|text| TokenInfoRequest::parse(&mut Params::parse(text).ok()?));
    let in_header = || presented::in_header(&head.headers).and_then(Result::ok);
    let told_of = match asked {
        Some(TokenInfoRequest::AccessToken(token)) => {
            access((Scheme::Bearer, &token), &head, (now, &parts), form).await
        }
        Some(TokenInfoRequest::IdToken(token)) => Ok(Ok(id(&token, &parts, now))),
        None => match in_header() {
            Some(shown) => access(shown, &head, (now, &parts), form).await,
            None => Ok(Ok(None)),
        },
    };
    let refused = |refusal: &Refusal| {
        let address = ClientAddress::of(&head.extensions);
        parts.limits.refused(address);
        noted::note(refusal, "tokeninfo.refuse", (address, told), &parts);
    };
    let mut response = match told_of {
        Ok(Ok(Some(body))) => answer::json(StatusCode::OK, body),
        Ok(Ok(None)) => {
            let detail = "The token has expired, was revoked, or is none of ours.";
            refused(&Refusal::new(Crn::TOKEN_REVOKED, detail));
            answer::json(StatusCode::BAD_REQUEST, tokeninfo::refusal().to_bytes())
        }
        Ok(Err(refusal)) => {
            refused(&refusal);
            presented::refuse(&refusal, None, told)
        }
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, &parts);
    response
}

/// What is told of an access token, if it stands and is shown as it is bound. Whoever asks in this way takes
/// the token for one that is good by itself, so one that is bound is worth nothing without its proof.
async fn access(
    shown: presented::Shown<'_>,
    head: &Head,
    (now, parts): (UnixTime, &Parts),
    form: Form,
) -> Result<Result<Option<Bytes>, Refusal>, Fault> {
    let Ok(token) = presented::standing(shown.1, now, parts).await? else {
        return Ok(Ok(None));
    };
    if let Err(refusal) = presented::held(&token, shown, head, (now, parts)).await? {
        return Ok(match shown.0 {
            Scheme::Bearer => Ok(None),
            Scheme::Dpop => Err(refusal),
        });
    }
    let verified = match token.claims.whose() {
        Some(Whose::Person { user, .. }) => {
            let user = parts.snapshots.user(&user).await?;
            user.is_some_and(|user| user.email_verified)
        }
        // An account's own address we made; for the others the directory vouches.
        _ => true,
    };
    let info = info(&token.claims, verified, now);
    Ok(Ok(Some(match form {
        Form::Current => info.to_bytes().into(),
        Form::Older => info.to_older_bytes().into(),
    })))
}

fn info<'a>(
    claims: &'a AccessClaims<'static>,
    email_verified: bool,
    now: UnixTime,
) -> AccessTokenInfo<'a> {
    AccessTokenInfo {
        azp: claims.client_id.as_ref().into(),
        aud: claims.client_id.as_ref().into(),
        sub: Some(claims.sub.as_ref().into()),
        scope: claims.scope.as_ref().into(),
        exp: claims.exp,
        expires_in: u64::try_from(claims.exp - now.0).unwrap_or(0),
        email: claims.email.as_deref().map(|email| VerifiedEmail {
            email: email.into(),
            email_verified,
        }),
        access_type: AccessType::Online,
    }
}

fn id(token: &str, parts: &Parts, now: UnixTime) -> Option<Bytes> {
    let keyring = parts.keyring.load();
    id_token::read(token, (&parts.issuer, &keyring), now, |claims, header| {
        let text = |text: &str| Cow::Owned(text.to_owned());
        let info = IdTokenInfo {
            iss: text(&claims.iss),
            azp: Some(text(&claims.azp)),
            aud: text(&claims.aud),
            sub: text(&claims.sub),
            email: claims.email.as_deref().map(|email| VerifiedEmail {
                email: text(email),
                email_verified: claims.email_verified.unwrap_or_default(),
            }),
            iat: claims.iat,
            exp: claims.exp,
            alg: header.algorithm.name().into(),
            kid: header.key_id.as_deref().map(text),
            typ: header.typ.as_deref().map(text),
        };
        info.to_bytes().into()
    })
}
