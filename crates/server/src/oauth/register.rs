//! `POST /register`: a client registers itself (RFC 7591).
//!
//! 1. The operator says whether anybody may, or who has an initial access token (section 3). With one, the
//!    client belongs to the token's project; without one, to that of `registration.project`.
//! 2. What it says of itself becomes a client by the rules ([`carnet_core::rule::registration`]).
//! 3. How often one address does, and how many do in all, is bounded.
//! 4. The answer says what was registered, with the token that changes it (RFC 7592).

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use axum::http::header;
use carnet_core::record::Client;
use carnet_core::record::ClientKeys;
use carnet_core::record::ClientKind;
use carnet_core::record::ClientSource;
use carnet_core::record::GrantType;
use carnet_core::record::InitialToken;
use carnet_core::record::Project;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin::Context;
use carnet_core::rule::registration as rule;
use carnet_core::rule::registration::Made;
use carnet_core::rule::registration::Terms;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::Secret;
use carnet_wire::bearer;
use carnet_wire::bearer::Challenge;
use carnet_wire::client_metadata::ClientMetadata;
use carnet_wire::client_metadata::ClientMetadataError;
use carnet_wire::client_metadata::MAX_BYTES;
use carnet_wire::client_metadata::Registration;
use carnet_wire::crn::Crn;
use carnet_wire::media::ContentType;

use crate::answer;
use crate::answer::Told;
use crate::client_document;
use crate::client_keys;
use crate::client_secret;
use crate::config::registration::Dynamic;
use crate::entropy::SystemEntropy;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::oauth::no;
use crate::oauth::no::No;
use crate::parts::Parts;
use crate::system;

/// How often a registration is tried that others interfere with.
const TRIES: usize = 5;

/// Registers a client.
pub async fn post(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let trace = TraceId::of(&head.extensions);
    let address = ClientAddress::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now: parts.now(),
    };
    let at = address.map_or_else(String::new, |address| address.to_string());
    let context = Context {
        now: told.now,
        actor: "anonymous",
        address: &at,
        trace: told.trace,
    };
    let made = async {
        if head.method != Method::POST {
            let detail = format!("Use POST, not {}.", head.method);
            return Ok(Err(Refusal::new(Crn::METHOD, detail).into()));
        }
        let metadata = match metadata(&head.headers, body, &parts).await {
            Ok(metadata) => metadata,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        if let Err(turned) = parts.limits.may_register(address) {
            return Ok(Err(No::TurnedAway(turned)));
        }
        let _permit = match parts.limits.work().await {
            Ok(permit) => permit,
            Err(turned) => return Ok(Err(No::TurnedAway(turned))),
        };
        registered(&head.headers, &metadata, &context, &parts).await
    };
    match made.await {
        Ok(Ok(response)) => answer::json(StatusCode::CREATED, response.to_bytes()),
        Ok(Err(No::Refused(refusal))) => {
            parts.limits.refused(address);
            let mut response = no::refuse(&refusal, "client.refuse", (address, told), &parts);
            challenge(&refusal, &mut response, told);
            response
        }
        Ok(Err(No::TurnedAway(turned))) => parts.turn_away(turned, address, told),
        Err(fault) => answer::fault(&fault, told),
    }
}

/// RFC 6750 section 3: what a refused token is told. The body says `invalid_token` too.
pub(super) fn challenge(refusal: &Refusal, response: &mut Response<Body>, told: Told<'_>) {
    if refusal.crn != Crn::REGISTRATION_TOKEN {
        return;
    }
    let description = refusal.description();
    let challenge = Challenge {
        realm: Some(told.issuer.into()),
        error: Some("invalid_token".into()),
        error_description: Some(description.as_str().into()),
        ..Challenge::default()
    };
    if let Ok(value) = HeaderValue::from_str(&challenge.to_string()) {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, value);
    }
}

/// What a client says of itself.
pub(super) async fn metadata(
    headers: &HeaderMap,
    body: Body,
    parts: &Parts,
) -> Result<ClientMetadata, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok()).unwrap_or("");
    if ContentType::parse(kind) != ContentType::Json {
        let detail = "the body is application/json.";
        return Err(Refusal::new(Crn::CLIENT_METADATA, detail));
    }
    let bytes = body::read(body, MAX_BYTES).await;
    let bytes = bytes.map_err(|error| Refusal::new(Crn::CLIENT_METADATA, error.to_string()))?;
    let refuse = |error: ClientMetadataError| Refusal::new(error.crn(), error.to_string());
    let metadata = ClientMetadata::parse(&bytes).map_err(refuse)?;
    if let Some(url) = &metadata.jwks_uri {
        let pointer = "/jwks_uri".to_owned();
        client_keys::may_be_at(url, &parts.outbound)
            .map_err(|why| refuse(ClientMetadataError::Member { pointer, why }))?;
    }
    Ok(metadata)
}

/// The token in the header, if one is there.
pub(super) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let text = bearer::parse_authorization(header).ok()?;
    Some(Secret::new(text.to_owned()))
}

async fn registered(
    headers: &HeaderMap,
    metadata: &ClientMetadata,
    context: &Context<'_>,
    parts: &Parts,
) -> Result<Result<Registration, No>, Fault> {
    for _ in 0..TRIES {
        let (invited, project) = match host(headers, context, parts).await? {
            Ok(host) => host,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        if parts.store.registrations().await? >= parts.registration.most {
            let detail = "as many clients as are allowed here have registered themselves.";
            return Ok(Err(Refusal::new(Crn::REGISTRATION_FULL, detail).into()));
        }
        let catalog = parts.snapshots.catalog().await?;
        let terms = Terms {
            project: &project,
            catalog: &catalog,
            own_api: system::ADMIN_API,
            invited: invited.is_some(),
            source: ClientSource::Registered,
        };
        let made = rule::register(metadata, invited, &terms, context, &mut SystemEntropy);
        let made = match made {
            Ok(made) => made,
            Err(refusal) => return Ok(Err(refusal.into())),
        };
        match commit(made, parts).await? {
            Ok(registration) => return Ok(Ok(registration)),
            // A use of the token was taken meanwhile, or the id: once more.
            Err(Why::Stale | Why::Taken) => {}
            Err(_) => return Err(Fault::temporary("a client could not be registered")),
        }
    }
    Err(Fault::temporary(
        "a registration lost against others five times",
    ))
}

/// Who invited the client, and where it will belong.
async fn host(
    headers: &HeaderMap,
    context: &Context<'_>,
    parts: &Parts,
) -> Result<Result<(Option<InitialToken>, Project), Refusal>, Fault> {
    let refuse = |crn, detail: &str| Ok(Err(Refusal::new(crn, detail)));
    let sent = bearer(headers);
    let Some(sent) = sent else {
        return match parts.registration.dynamic {
            Dynamic::Open => Ok(Ok((None, client_document::project(parts).await?))),
            Dynamic::Invited => refuse(
                Crn::REGISTRATION_TOKEN,
                "clients register here with an initial access token.",
            ),
            Dynamic::Off => refuse(Crn::REGISTRATION_CLOSED, "no client registers itself here."),
        };
    };
    if parts.registration.dynamic == Dynamic::Off {
        return refuse(Crn::REGISTRATION_CLOSED, "no client registers itself here.");
    }
    let found = parts.store.initial_token_by_digest(sent.digest()).await?;
    let token = match rule::invitation(found, context.now) {
        Ok(token) => token,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let project = parts.snapshots.project_facts(&token.project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a token without a project"))?;
    Ok(Ok((Some(token), project.project.clone())))
}

/// Writes a client that spoke for itself, and says what it is now.
pub(super) async fn commit(made: Made, parts: &Parts) -> Result<Result<Registration, Why>, Fault> {
    let Made {
        client,
        token,
        secret,
        mut changes,
    } = made;
    let mut text = None;
    if let Some(mut done) = secret {
        if client.authentication.needs_the_text() {
            client_secret::seal(&mut done, &parts.encryption)?;
        }
        changes.extend(done.changes);
        text = Some(done.record.text);
    }
    match parts.store.commit(&changes).await? {
        Committed::Yes => {}
        Committed::No(_, why) => return Ok(Err(why)),
    }
    let mut told = shown(&client, parts);
    if let Some(text) = text {
        told.client_secret = Some(text.reveal());
        told.client_secret_expires_at = Some(0);
    }
    told.registration_access_token = Some(token.reveal());
    Ok(Ok(told))
}

/// A client as it reads of itself.
pub(super) fn shown(client: &Client, parts: &Parts) -> Registration {
    let texts = |list: &[carnet_wire::redirect_uri::RedirectUri]| {
        list.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let page = |page: &Option<carnet_core::value::WebPage>| page.as_ref().map(ToString::to_string);
    let codes = client.grants.contains(&GrantType::AuthorizationCode);
    let keys = client.credentials.keys.as_ref();
    let here = keys.and_then(ClientKeys::inline);
    let elsewhere = keys.and_then(ClientKeys::elsewhere);
    let title = client.title.as_str();
    let assertion = client.algorithms.assertion;
    let certificate = client.credentials.certificate.as_ref();
    Registration {
        client_id: client.id.to_string(),
        client_id_issued_at: client.created.0,
        registration_client_uri: format!("{}/register/{}", parts.issuer, client.id),
        redirect_uris: texts(&client.redirect_uris),
        token_endpoint_auth_method: client.authentication.as_str().to_owned(),
        grant_types: client
            .grants
            .iter()
            .map(|grant| grant.as_str().to_owned())
            .collect(),
        response_types: codes.then(|| "code".to_owned()).into_iter().collect(),
        application_type: match client.kind {
            ClientKind::Native | ClientKind::Device => "native",
            ClientKind::Web | ClientKind::Browser | ClientKind::Daemon => "web",
        }
        .to_owned(),
        client_name: (!title.is_empty()).then(|| title.to_owned()),
        client_uri: page(&client.about.home),
        logo_uri: page(&client.about.logo),
        tos_uri: page(&client.about.terms),
        policy_uri: page(&client.about.policy),
        contacts: client
            .about
            .contacts
            .iter()
            .map(ToString::to_string)
            .collect(),
        scope: client.scopes.to_string(),
        jwks: here.and_then(|keys| serde_json::from_str(&keys.to_json()).ok()),
        jwks_uri: elsewhere.map(ToString::to_string),
        id_token_signed_response_alg: client.algorithms.id_token.as_str().to_owned(),
        token_endpoint_auth_signing_alg: assertion.map(|it| it.as_str().to_owned()),
        certificate_name: certificate
            .map(|name| (name.kind().as_str().to_owned(), name.to_string()))
            .into_iter()
            .collect(),
        tls_client_certificate_bound_access_tokens: client.certificate_bound,
        require_pushed_authorization_requests: client.require_par,
        require_signed_request_object: client.require_signed_request_object,
        dpop_bound_access_tokens: client.require_dpop,
        ..Registration::default()
    }
}
