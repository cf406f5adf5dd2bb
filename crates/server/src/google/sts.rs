//! The Security Token Service (google-wire 6.1, 6.2): `POST /v1/token`, `POST /v1/introspect` and `POST /v1/oauthtoken`.
//!
//! parse → load → decide → sign → answer, as at the token endpoint; nothing is spent, so nothing is committed.
//! What happens at each step is told in [`carnet_core::rule::federation::exchange`]. A yes and a no stand in the
//! audit log: who came, through which provider, or at which step it ended.
//!
//! 1. The body is a form or JSON.
//! 2. The provider is found before its issuer's keys, and those before there is work to do: waiting for another
//!    server keeps nobody from working here.
//! 3. Nobody authenticates: the credential is all that counts. What else is sent to prove a client is not
//!    looked at, as it would buy nothing. A credential that is bound to a key (`cnf`) counts with that key only, and the
//!    token is bound to it too.

mod downscope;
pub mod introspect;
pub mod oauth_token;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts as Head;
use bytes::Bytes;
use carnet_core::record::AuditDraft;
use carnet_core::record::Binding;
use carnet_core::record::Outcome;
use carnet_core::record::ProviderKind;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion::foreign::Vouched;
use carnet_core::rule::federation::exchange;
use carnet_core::rule::federation::exchange::Facts;
use carnet_core::rule::federation::x509;
use carnet_core::rule::possession::elsewhere;
use carnet_core::rule::token::AccessGrant;
use carnet_core::rule::token::Subject;
use carnet_core::store::Fault;
use carnet_core::value::Entropy;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;
use carnet_wire::google::sts::ACCESS_TOKEN;
use carnet_wire::google::sts::NotSts;
use carnet_wire::google::sts::StsRequest;
use carnet_wire::google::sts::SubjectTokenType;
use carnet_wire::google_text::INVALID_GRANT_TYPE;
use carnet_wire::legal::Echo;
use carnet_wire::media::ContentType;
use carnet_wire::params::MAX_BYTES;
use carnet_wire::params::Params;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::TokenRequestError;
use carnet_wire::token::TokenResponse;
use carnet_wire::token::TokenType;
use serde_json::Map;
use serde_json::Value;

use crate::answer;
use crate::answer::Told;
use crate::aws;
use crate::certificate_chain;
use crate::entropy::SystemEntropy;
use crate::foreign_token;
use crate::foreign_token::No;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::client_certificate::ClientCertificate;
use crate::http::trace::TraceId;
use crate::mint;
use crate::parts::Parts;
use crate::possession;
use crate::saml;

/// A token that is given, and what the audit log says of it.
struct Given {
    token: String,
    lifetime: Seconds,
    token_type: TokenType,
    actor: String,
    action: &'static str,
    target: String,
    detail: Vec<(&'static str, String)>,
}

/// Exchanges a credential.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let now = parts.now();
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let exchanged = match read(&head, body).await {
        Ok((json, body)) => exchanged((json, &body), &head, now, &parts).await,
        Err(refusal) => Ok(Err(refusal.into())),
    };
    let mut response = match exchanged {
        Ok(Ok(given)) => {
            note(&given, address, told, &parts);
            answer::json(StatusCode::OK, said(given, &parts))
        }
        Ok(Err(No::Refused(refusal))) => refuse(&refusal, address, told, &parts),
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, &parts);
    response
}

/// The body, and whether it is JSON.
async fn read(head: &Head, body: Body) -> Result<(bool, Bytes), Refusal> {
    if head.method != Method::POST {
        let detail = format!("Use POST, not {}.", head.method);
        return Err(Refusal::new(Crn::METHOD, detail));
    }
    let sent = head.headers.get(CONTENT_TYPE);
    let sent = sent.and_then(|value| value.to_str().ok()).unwrap_or("");
    let json = match ContentType::parse(sent) {
        ContentType::Form => false,
        ContentType::Json => true,
        ContentType::Other => {
            let sent = Echo::of(sent);
            let detail = format!("Body is '{sent}'. Send a form or application/json.");
            return Err(Refusal::new(Crn::CONTENT_TYPE, detail));
        }
    };
    let bytes = body::read(body, MAX_BYTES).await.map_err(|_| {
        let detail = format!("The body is larger than {MAX_BYTES} bytes, or did not arrive.");
        Refusal::new(Crn::BODY_TOO_LARGE, detail)
    })?;
    Ok((json, bytes))
}

fn parsed(json: bool, body: &[u8]) -> Result<StsRequest<'_>, Refusal> {
    let request = if json {
        StsRequest::parse_json(body)
    } else {
        let params = Params::parse(body);
        let mut params = params.map_err(|fault| Refusal::new(fault.crn(), fault.to_string()))?;
        StsRequest::parse(&mut params)
    };
    request.map_err(|fault| {
        let refusal = Refusal::new(fault.crn(), format!("{fault}."));
        match &fault {
            // Google repeats the value that it does not know behind its sentence (google-wire 2.4).
            NotSts::Token(TokenRequestError::GrantTypeUnknown(sent)) => {
                refusal.says(format!("{INVALID_GRANT_TYPE}{sent}"))
            }
            _ => refusal,
        }
    })
}

async fn exchanged(
    (json, body): (bool, &[u8]),
    head: &Head,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Given, No>, Fault> {
    let request = match parsed(json, body) {
        Ok(request) => request,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let of_ours = request.subject_token_type == SubjectTokenType::AccessToken;
    if of_ours && request.audience.is_none() {
        return downscope::exchanged(&request, now, parts).await;
    }
    let name = match exchange::named(request.audience.as_deref()) {
        Ok(name) => name,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let facts = match exchange::load(&name, parts.snapshots.as_ref()).await? {
        Ok(facts) => facts,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    Ok(
        match at_provider((&request, head), &facts, now, parts).await? {
            Ok((grant, token)) => Ok(given(&grant, token)),
            Err(No::Refused(refusal)) => Err(facts.tell(refusal).into()),
            Err(turned) => Err(turned),
        },
    )
}

/// What a provider that is open says to a request.
async fn at_provider(
    (request, head): (&StsRequest<'_>, &Head),
    facts: &Facts,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<(AccessGrant, String), No>, Fault> {
    let taken = facts.takes(request.subject_token_type, &request.options);
    if let Err(refusal) = taken {
        return Ok(Err(refusal.into()));
    }
    let shown = ClientCertificate::of(&head.extensions);
    let presented = (request.subject_token.as_ref(), shown);
    let vouched = match vouched(presented, facts, now, parts).await {
        Ok(vouched) => vouched,
        Err(no) => return Ok(Err(no)),
    };
    let binding = match held(&vouched, head, now, parts).await? {
        Ok(binding) => binding,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let mapping = match foreign_token::mapping(facts, parts).await? {
        Ok(mapping) => mapping,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let _permit = match parts.limits.work().await {
        Ok(permit) => permit,
        Err(turned) => return Ok(Err(No::TurnedAway(turned))),
    };
    let catalog = parts.snapshots.catalog().await?;
    let granted = exchange::principal(&mapping, &vouched).and_then(|mapped| {
        let asked = request.scope.as_ref();
        let chance = (now, &mut SystemEntropy as &mut dyn Entropy);
        exchange::decide(facts, (&vouched, mapped), asked, &catalog, chance)
    });
    let grant = match granted {
        Ok(grant) => grant.bound_to(binding.as_ref()),
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let keyring = parts.keyring.load_full();
    let signed = mint::access_token(&grant, &parts.issuer, &keyring).await?;
    Ok(Ok((grant, signed)))
}

/// To what the token is bound, because the credential is; the proof of it is used up. Where it is not, nothing that the
/// request shows is looked at.
async fn held(
    vouched: &Vouched,
    head: &Head,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Option<Binding>, Refusal>, Fault> {
    let proved = elsewhere::bound(vouched.claims()).and_then(|bound| match bound {
        None => Ok(None),
        Some(bound) => {
            let shown = possession::shown(head, now, parts)?;
            Ok(Some((elsewhere::held(&bound, &shown)?, shown)))
        }
    });
    Ok(match proved {
        Ok(None) => Ok(None),
        Ok(Some((binding, shown))) => {
            let spent = possession::spend(shown.proof.as_ref(), parts).await?;
            spent.map(|()| binding)
        }
        Err(refusal) => Err(refusal),
    })
}

/// The credential, verified as its kind of provider does it.
async fn vouched(
    (token, shown): (&str, Option<&ClientCertificate>),
    facts: &Facts,
    now: UnixTime,
    parts: &Parts,
) -> Result<Vouched, No> {
    match &facts.provider.kind {
        ProviderKind::Oidc(oidc) => {
            foreign_token::by_issuer(token, (facts.trust(), oidc), now, parts).await
        }
        ProviderKind::Saml(saml) => {
            let _permit = parts.limits.work().await.map_err(No::TurnedAway)?;
            let provider = (facts.provider.as_ref(), saml);
            let asserted = saml::read(token, provider, &parts.issuer, now)?;
            Ok(Vouched::elsewhere(asserted.claims, asserted.judged?))
        }
        ProviderKind::Aws(account) => {
            let token = (token, facts.audiences.as_slice());
            Ok(aws::vouched(token, account, (&parts.aws, &parts.outbound), now).await?)
        }
        ProviderKind::X509(authorities) => {
            let chain = x509::read(token)?;
            chain.is_shown(shown.map(ClientCertificate::der))?;
            let _permit = parts.limits.work().await.map_err(No::TurnedAway)?;
            certificate_chain::leads(&chain, authorities, now)?;
            Ok(chain.vouched(now)?)
        }
    }
}

/// What a principal got.
fn given(grant: &AccessGrant, token: String) -> Given {
    let (actor, target, pool) = match &grant.subject {
        Subject::Federated(who) => {
            let pool = who.provider.pool().to_string();
            (who.principal.clone(), who.provider.to_string(), pool)
        }
        _ => Default::default(),
    };
    Given {
        token,
        lifetime: grant.lifetime(),
        token_type: grant.token_type(),
        actor,
        action: "sts.exchange",
        target,
        detail: vec![
            ("pool", pool),
            ("scope", grant.scope.to_string()),
            ("token", grant.id.to_string()),
            ("expires", grant.expires.rfc3339()),
        ],
    }
}

/// All four members, always (google-wire rule 17).
fn said(given: Given, parts: &Parts) -> Vec<u8> {
    let response = TokenResponse::AccessToken(AccessTokenResponse {
        access_token: given.token.into(),
        expires_in: u64::try_from(given.lifetime.0).ok(),
        token_type: given.token_type,
        issued_token_type: Some(ACCESS_TOKEN.into()),
        ..AccessTokenResponse::default()
    });
    parts.counted.given("sts", &response);
    response.to_bytes()
}

/// Who came, for the audit log.
fn note(given: &Given, address: Option<IpAddr>, told: Told<'_>, parts: &Parts) {
    let text = |(name, value): &(&str, String)| ((*name).to_owned(), Value::String(value.clone()));
    let detail: Map<_, _> = given.detail.iter().map(text).collect();
    parts.journal.note(AuditDraft {
        at: told.now,
        actor: given.actor.clone(),
        action: given.action.to_owned(),
        target: given.target.clone(),
        outcome: Outcome::Done,
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: Value::Object(detail).to_string(),
    });
}

/// Notes a no for the audit log, counts it, and says it.
fn refuse(
    refusal: &Refusal,
    address: Option<IpAddr>,
    told: Told<'_>,
    parts: &Parts,
) -> Response<Body> {
    parts.counted.refused(refusal);
    parts.limits.refused(address);
    let provider = refusal.story.iter().find(|(name, _)| *name == "provider");
    let story = refusal.story.iter();
    let text = |name: &str, value: &str| (name.to_owned(), Value::String(value.to_owned()));
    let mut detail: Map<_, _> = story.map(|(name, value)| text(name, value)).collect();
    detail.extend([text("said", &refusal.detail)]);
    parts.journal.note(AuditDraft {
        at: told.now,
        actor: "anonymous".to_owned(),
        action: "sts.refuse".to_owned(),
        target: provider.map_or_else(String::new, |(_, name)| name.clone()),
        outcome: Outcome::Refused(refusal.crn),
        address: address.map_or_else(String::new, |address| address.to_string()),
        trace: told.trace.to_owned(),
        detail: Value::Object(detail).to_string(),
    });
    answer::refusal(refusal, told)
}
