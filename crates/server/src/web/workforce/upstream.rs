//! What a browser brings from the issuer of a workforce becomes a sign-in: a code is redeemed there, the ID token held
//! against the provider, and the row written.
//!
//! 1. Where the issuer names itself it must be the one (RFC 9207 section 2.4). An error of it ends here.
//! 2. The provider is looked at as it is now. A code is redeemed with the verifier and the secret (RFC 6749 section
//!    4.1.3) through the one guarded client, bounded in time and size; an ID token is taken as it came.
//! 3. The ID token is held against the provider as any token of its issuer ([`crate::foreign_token`]), but its audience is
//!    this server's client ID there and no other name; then its `nonce` and, if it has one, its `azp` (OpenID Connect
//!    Core 1.0 section 3.1.3.7).
//! 4. What the userinfo endpoint says is about the same `sub`, or about nobody (section 5.3.2).
//! 5. Condition and mapping decide ([`rule::signed_in`]), and the row is written.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::OidcProvider;
use carnet_core::record::WebClaims;
use carnet_core::record::WebResponse;
use carnet_core::record::WebSignIn;
use carnet_core::record::WorkforceSignIn;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion::foreign;
use carnet_core::rule::assertion::foreign::Trust;
use carnet_core::rule::assertion::foreign::Vouched;
use carnet_core::rule::federation::exchange;
use carnet_core::rule::federation::exchange::Facts;
use carnet_core::rule::federation::workforce as rule;
use carnet_core::rule::federation::workforce::Signed;
use carnet_core::rule::possession::elsewhere;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::value::AuthorizationId;
use carnet_core::value::Secret;
use carnet_jose::digest;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::params::Params;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use url::Url;
use url::form_urlencoded;

use super::another;
use super::carried::Carried;
use crate::entropy::SystemEntropy;
use crate::foreign_token;
use crate::issuer_endpoints::Endpoints;
use crate::outbound::Freshness;
use crate::outbound::NamedBy;
use crate::outbound::Sent;
use crate::outbound::Wanted;
use crate::parts::Parts;
use crate::provider_secret;
use crate::sign_in_claims;
use crate::web::visit::Visit;

pub(super) use crate::foreign_token::No;

const ANSWER: Wanted = Wanted {
    types: &["application/json"],
    most_bytes: 64 * 1024,
    freshness: Freshness::NONE,
    named_by: NamedBy::Record,
};

/// What a token endpoint answers, as far as it is read.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

/// The issuer cannot sign anybody in.
pub(super) fn issuer_fails(why: impl Into<String>) -> Refusal {
    let detail = "the issuer of the provider cannot sign anybody in.";
    Refusal::new(Crn::WORKFORCE_ISSUER, detail).because("why", why.into())
}

/// The sign-in that was written.
pub(super) async fn signed_in(
    carried: &Carried,
    mut params: Params<'_>,
    (parts, visit): (&Parts, &Visit),
) -> Result<Result<AuthorizationId, No>, Fault> {
    let facts = match exchange::load(carried.provider(), parts.snapshots.as_ref()).await? {
        Ok(facts) => facts,
        Err(no) => return Ok(Err(no.into())),
    };
    let (oidc, web) = match rule::web(&facts) {
        Ok(found) => found,
        Err(no) => return Ok(Err(no.into())),
    };
    let endpoints = &parts.issuer_endpoints;
    let endpoints = endpoints.of(&oidc.issuer, visit.now, &parts.outbound).await;
    let endpoints = match endpoints {
        Ok(endpoints) => endpoints,
        Err(why) => return Ok(Err(facts.tell(issuer_fails(why)).into())),
    };
    let at = At {
        carried,
        facts: &facts,
        provider: (oidc, web),
        endpoints: &endpoints,
        parts,
    };
    if let Err(no) = said(&mut params, oidc, &endpoints) {
        return Ok(Err(facts.tell(no).into()));
    }
    let vouched = match at.vouched(params, visit).await? {
        Ok(vouched) => vouched,
        Err(No::Refused(no)) => return Ok(Err(facts.tell(no).into())),
        Err(turned) => return Ok(Err(turned)),
    };
    let row = at.row(&vouched, visit).await?;
    match row {
        Ok(row) => written(row, parts, visit).await.map(Ok),
        Err(no) => Ok(Err(facts.tell(no).into())),
    }
}

/// Who answers, and whether it is a no.
fn said(
    params: &mut Params<'_>,
    oidc: &OidcProvider,
    endpoints: &Endpoints,
) -> Result<(), Refusal> {
    match params.take("iss") {
        Some(iss) if iss != oidc.issuer.as_str() => {
            return Err(another(
                "iss is another issuer than the one that was asked.",
            ));
        }
        None if endpoints.names_itself() => {
            return Err(another("iss is missing, and this issuer sends it."));
        }
        Some(_) | None => {}
    }
    match params.take("error").as_deref() {
        None => Ok(()),
        Some("access_denied") => {
            let detail = "The person, or their issuer, said no.";
            Err(Refusal::new(Crn::USER_DENIED, detail))
        }
        Some(error) => Err(issuer_fails(format!("it answered {}", Echo::of(error)))),
    }
}

/// One return of one browser.
struct At<'a> {
    carried: &'a Carried,
    facts: &'a Facts,
    provider: (&'a OidcProvider, &'a WebSignIn),
    endpoints: &'a Endpoints,
    parts: &'a Parts,
}

impl At<'_> {
    /// What the issuer says of the person, proved.
    async fn vouched(
        &self,
        mut params: Params<'_>,
        visit: &Visit,
    ) -> Result<Result<Vouched, No>, Fault> {
        let (oidc, web) = self.provider;
        let tokens = match web.response {
            WebResponse::IdToken => match params.take("id_token") {
                Some(token) => Tokens {
                    id_token: token.into_owned(),
                    access_token: None,
                },
                None => return Ok(Err(issuer_fails("it sent no id_token").into())),
            },
            WebResponse::Code => match params.take("code") {
                Some(code) => match self.redeemed(&code).await? {
                    Ok(tokens) => tokens,
                    Err(no) => return Ok(Err(no.into())),
                },
                None => return Ok(Err(issuer_fails("it sent no code").into())),
            },
        };
        let audiences = [web.client_id.to_string()];
        let trust = Trust {
            issuer: oidc.issuer.as_str(),
            audiences: &audiences,
            longest: foreign::LONGEST,
        };
        let token = tokens.id_token.as_str();
        let vouched = foreign_token::by_issuer(token, (trust, oidc), visit.now, self.parts).await;
        let vouched = match vouched {
            Ok(vouched) => vouched,
            Err(no) => return Ok(Err(no)),
        };
        if let Err(no) = self.is_for_this(vouched.claims()) {
            return Ok(Err(no.into()));
        }
        Ok(match (web.claims, tokens.access_token) {
            (WebClaims::IdToken, _) => Ok(vouched),
            (WebClaims::UserInfo, Some(token)) => {
                self.told(vouched, &token).await.map_err(Into::into)
            }
            (WebClaims::UserInfo, None) => {
                Err(issuer_fails("it gave no access_token for its userinfo endpoint").into())
            }
        })
    }

    /// The ID token is the answer to this very request.
    fn is_for_this(&self, claims: &Value) -> Result<(), Refusal> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let same = |nonce: &str| {
            digest::constant_time_eq(nonce.as_bytes(), self.carried.nonce().as_bytes())
        };
        if !text("nonce").is_some_and(same) {
            return Err(another(
                "nonce is not the one that this browser took along.",
            ));
        }
        // Bound to a key: of no use to a browser, which shows no proof of it (RFC 7800 section 3).
        if elsewhere::bound(claims)?.is_some() {
            return Err(another(
                "the ID token is bound to a key, which nobody shows here.",
            ));
        }
        let client = self.provider.1.client_id.as_str();
        match claims.get("azp") {
            None | Some(Value::Null) => Ok(()),
            Some(Value::String(azp)) if azp == client => Ok(()),
            Some(_) => Err(another("azp is another client than this server.")),
        }
    }

    /// The tokens for a code.
    async fn redeemed(&self, code: &str) -> Result<Result<Tokens, Refusal>, Fault> {
        let Some(url) = &self.endpoints.token_endpoint else {
            return Ok(Err(issuer_fails(
                "its discovery document names no token_endpoint",
            )));
        };
        let sent = self.redemption(code)?;
        let answer = self.parts.outbound.ask(url, &sent, &ANSWER).await;
        Ok(match answer {
            Ok(answer) => serde_json::from_slice(&answer.body)
                .map_err(|_| issuer_fails("its token endpoint gave no id_token")),
            Err(fault) => Err(issuer_fails(format!(
                "its token endpoint: {}",
                fault.told()
            ))),
        })
    }

    /// The request for them (RFC 6749 sections 2.3.1 and 4.1.3).
    fn redemption(&self, code: &str) -> Result<Sent, Fault> {
        let (oidc, web) = self.provider;
        let key = &self.parts.encryption;
        let secret = provider_secret::open(self.carried.provider(), oidc, key)?;
        let secret = secret.map(Secret::reveal);
        let client = web.client_id.as_str();
        let callback = self.carried.callback(&self.parts.issuer);
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &callback)
            .append_pair("code_verifier", self.carried.verifier());
        let mut headers = HeaderMap::new();
        match secret {
            Some(secret) if !self.endpoints.wants_form() => {
                headers.insert(header::AUTHORIZATION, basic(client, &secret)?);
            }
            secret => {
                form.append_pair("client_id", client);
                if let Some(secret) = secret {
                    form.append_pair("client_secret", &secret);
                }
            }
        }
        let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form_type);
        Ok(Sent {
            method: Method::POST,
            headers,
            body: form.finish().into(),
        })
    }

    /// What the userinfo endpoint says, over what the ID token says.
    async fn told(&self, vouched: Vouched, token: &str) -> Result<Vouched, Refusal> {
        let Some(url) = &self.endpoints.userinfo_endpoint else {
            let why = "its discovery document names no userinfo_endpoint";
            return Err(issuer_fails(why));
        };
        let told = self.userinfo(url, token).await?;
        let mut claims = match vouched.claims() {
            Value::Object(claims) => claims.clone(),
            _ => Map::new(),
        };
        if told.get("sub") != claims.get("sub") || !told.contains_key("sub") {
            return Err(issuer_fails(
                "its userinfo endpoint speaks of somebody else",
            ));
        }
        // Who vouched, for whom and until when is what was signed.
        let signed = ["iss", "aud", "exp", "iat", "nbf", "nonce", "azp", "sub"];
        let told = told.into_iter();
        claims.extend(told.filter(|(name, _)| !signed.contains(&name.as_str())));
        Ok(Vouched::elsewhere(Value::Object(claims), vouched.expires()))
    }

    async fn userinfo(&self, url: &Url, token: &str) -> Result<Map<String, Value>, Refusal> {
        let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
            .map_err(|_| issuer_fails("its access_token is none"))?;
        bearer.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, bearer);
        let sent = Sent {
            headers,
            ..Sent::default()
        };
        let answer = self.parts.outbound.ask(url, &sent, &ANSWER).await;
        let answer = answer
            .map_err(|fault| issuer_fails(format!("its userinfo endpoint: {}", fault.told())))?;
        carnet_jose::json::object(&answer.body, DEPTH)
            .map_err(|_| issuer_fails("its userinfo endpoint gave no JSON object"))
    }

    /// The row of the person, if the provider lets them in.
    async fn row(
        &self,
        vouched: &Vouched,
        visit: &Visit,
    ) -> Result<Result<WorkforceSignIn, Refusal>, Fault> {
        let mapping = match foreign_token::mapping(self.facts, self.parts).await? {
            Ok(mapping) => mapping,
            Err(no) => return Ok(Err(no)),
        };
        let catalog = self.parts.snapshots.catalog().await?;
        let claims = serde_json::to_vec(vouched.claims()).map_err(Fault::lasting)?;
        if claims.len() > rule::LONGEST_CLAIMS {
            return Ok(Err(issuer_fails("it says more than 16 KiB of the person")));
        }
        let id = AuthorizationId::mint(visit.now, &mut SystemEntropy);
        let key = &self.parts.encryption;
        let sealed = sign_in_claims::seal(&claims, id, key)?;
        let signed = Signed {
            asked: self.carried.asked(),
            vouched,
            sealed,
            id,
        };
        Ok(rule::signed_in(
            signed, self.facts, &mapping, &catalog, visit.now,
        ))
    }
}

/// How deeply the answer of a userinfo endpoint may be nested.
const DEPTH: u8 = 16;

/// RFC 6749 section 2.3.1: both halves are encoded as in a form.
fn basic(client: &str, secret: &str) -> Result<HeaderValue, Fault> {
    let encode = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(client), encode(secret));
    let text = format!("Basic {}", STANDARD.encode(pair));
    let mut value = HeaderValue::try_from(text).map_err(Fault::lasting)?;
    value.set_sensitive(true);
    Ok(value)
}

async fn written(
    row: WorkforceSignIn,
    parts: &Parts,
    visit: &Visit,
) -> Result<AuthorizationId, Fault> {
    let id = row.id;
    let changes = rule::written(row, &visit.context("anonymous"));
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(id),
        // The provider is gone since it was looked at.
        Committed::No(..) => Err(Fault::temporary("a sign-in was not committed")),
    }
}
