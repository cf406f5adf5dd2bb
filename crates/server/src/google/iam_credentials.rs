//! IAM Service Account Credentials (google-wire 5.1): who may, gets tokens of a service account without a key
//! of it, and has bytes and JWTs signed in its name.
//!
//! 1. parse: who calls ([`crate::google::caller`]), and what is asked for.
//! 2. load: the accounts of the chain, and who is bound on them.
//! 3. decide: whether the caller may ([`credentials`]), each account stands, and what is asked for can be had.
//!    Who may not is answered after a fixed time at the earliest, so that the time does not tell who exists.
//! 4. sign: with our own keys for tokens, with the account's (`system_key`) for bytes and JWTs.
//! 5. commit: nothing but a key of the account, where there was none. What was given is noted in the journal,
//!    with everybody who became the account.
//! 6. answer.

mod allowed_locations;
mod system_key;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request as HttpRequest;
use axum::http::Response;
use axum::http::header;
use axum::http::request::Parts as Head;
use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::rule::Refusal;
use carnet_core::rule::assertion::Roots;
use carnet_core::rule::iam::Permission;
use carnet_core::rule::iam::credentials;
use carnet_core::rule::iam::credentials::Permitted;
use carnet_core::rule::iam::signable;
use carnet_core::rule::iam::signable::Here;
use carnet_core::rule::token::Issue;
use carnet_core::store::Fault;
use carnet_core::store::ProjectSnapshot;
use carnet_core::value::Seconds;
use carnet_jose::Algorithm;
use carnet_jose::SigningHeader;
use carnet_jose::SigningInput;
use carnet_jose::jwt;
use carnet_wire::crn::Crn;
use carnet_wire::google::SCOPE_IAM;
use carnet_wire::google::iam_credentials as wire;
use carnet_wire::google::iam_credentials::NotARequest;
use carnet_wire::google::iam_credentials::Request;
use carnet_wire::scope::Scope;
use serde_json::json;
use tokio::time::Instant;

use crate::answer::Told;
use crate::entropy::SystemEntropy;
use crate::google::caller;
use crate::google::caller::Caller;
use crate::google::envelope;
use crate::google::envelope::Asked;
use crate::google::envelope::No;
use crate::http::body;
use crate::http::client_address::ClientAddress;
use crate::http::trace::TraceId;
use crate::mint;
use crate::parts::Parts;
use crate::possession;

pub use allowed_locations::get as allowed_locations;

/// What differs between an account that is not there and one on which nobody is bound takes far less.
const FLOOR: Duration = Duration::from_millis(3);

/// What can be had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// An access token.
    GenerateAccessToken,
    /// An ID token.
    GenerateIdToken,
    /// A signature over bytes.
    SignBlob,
    /// A signed JWT.
    SignJwt,
}

impl Method {
    /// The one of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "generateAccessToken" => Some(Self::GenerateAccessToken),
            "generateIdToken" => Some(Self::GenerateIdToken),
            "signBlob" => Some(Self::SignBlob),
            "signJwt" => Some(Self::SignJwt),
            _ => None,
        }
    }

    const fn permission(self) -> Permission {
        match self {
            Self::GenerateAccessToken => Permission::GetAccessToken,
            Self::GenerateIdToken => Permission::GetOpenIdToken,
            Self::SignBlob => Permission::SignBlob,
            Self::SignJwt => Permission::SignJwt,
        }
    }

    /// As the audit log calls it.
    const fn action(self) -> &'static str {
        match self {
            Self::GenerateAccessToken => "service_account.access_token",
            Self::GenerateIdToken => "service_account.id_token",
            Self::SignBlob => "service_account.sign_blob",
            Self::SignJwt => "service_account.sign_jwt",
        }
    }
}

/// Answers a method of the account of this e-mail or number.
pub async fn answer(
    method: Method,
    account: &str,
    request: HttpRequest<Body>,
    parts: &Parts,
) -> Response<Body> {
    let now = parts.now();
    let arrived = Instant::now();
    let (head, body) = request.into_parts();
    let address = ClientAddress::of(&head.extensions);
    let trace = TraceId::of(&head.extensions);
    let told = Told {
        issuer: &parts.issuer,
        trace: trace.as_str(),
        now,
    };
    let mut actor = String::new();
    let call = Call {
        method,
        account,
        address,
        told,
        parts,
    };
    let answered = call.stations(&head, body, &mut actor).await;
    let mut response = match answered {
        Ok(Ok(body)) => envelope::ok(body),
        Ok(Err(no)) => {
            if no.refusal.crn == Crn::IAM_PERMISSION_DENIED {
                tokio::time::sleep_until(arrived + FLOOR).await;
            }
            let asked = Asked {
                actor: &actor,
                action: method.action(),
                target: account,
            };
            envelope::note(&no, asked, (address, told), parts);
            no.answer(told)
        }
        Err(fault) => envelope::fault(&fault, told),
    };
    possession::tell(&head, &mut response, now, parts);
    response
}

/// A request on its way.
struct Call<'a> {
    method: Method,
    account: &'a str,
    address: Option<IpAddr>,
    told: Told<'a>,
    parts: &'a Parts,
}

/// A request that was read.
enum Wanted {
    AccessToken(Scope, Seconds),
    IdToken {
        audience: String,
        email: bool,
        organization: bool,
    },
    Blob(Vec<u8>),
    Jwt(String),
}

impl Call<'_> {
    async fn stations(
        &self,
        head: &Head,
        body: Body,
        actor: &mut String,
    ) -> Result<Result<Vec<u8>, No>, Fault> {
        let (parts, now) = (self.parts, self.told.now);
        // parse
        let caller = match caller::known(head, &[SCOPE_IAM], now, parts).await? {
            Ok(caller) => caller,
            Err(no) => return Ok(Err(no)),
        };
        actor.clone_from(&caller.name);
        let (request, wanted) = match self.read(head, body).await {
            Ok(read) => read,
            Err(no) => return Ok(Err(no)),
        };
        let mut names = match request.delegates() {
            Ok(names) => names,
            Err(fault) => return Ok(Err(in_chain(&fault))),
        };
        names.push(self.account);
        let _permit = match parts.limits.work().await {
            Ok(permit) => permit,
            Err(turned) => return Ok(Err(turned.into())),
        };

        // load
        let chain = credentials::load(&names, parts.snapshots.as_ref()).await?;

        // decide
        let callers: Vec<_> = caller.all().collect();
        let permission = self.method.permission();
        let permitted =
            match credentials::permit(&callers, &caller.act, &chain, (permission, self.told.now)) {
                Ok(permitted) => permitted,
                Err(refusal) if refusal.crn == Crn::IAM_PERMISSION_DENIED => {
                    return Ok(Err(No::permission(permission.name(), refusal)));
                }
                Err(refusal) => return Ok(Err(refusal.into())),
            };
        let projects = self.projects(&permitted).await?;
        if let Err(refusal) = credentials::standing(&permitted, &projects) {
            return Ok(Err(refusal.into()));
        }
        let Some(project) = projects.last() else {
            return Err(Fault::lasting("a chain without an end"));
        };

        // sign, commit
        match self.give(wanted, &permitted, project).await? {
            Ok(given) => {
                self.note(&caller, &permitted, given.detail);
                Ok(Ok(given.body))
            }
            Err(refusal) => Ok(Err(refusal.into())),
        }
    }

    async fn read(&self, head: &Head, sent: Body) -> Result<(Request, Wanted), No> {
        let sent = body::read(sent, wire::MAX_BYTES).await?;
        let kind = head.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_form = kind.starts_with("application/x-www-form-urlencoded");
        let request = if is_form && self.method == Method::GenerateIdToken {
            Request::from_form(&sent)?
        } else {
            Request::from_json(&sent)?
        };
        let wanted = self.wanted(&request)?;
        Ok((request, wanted))
    }

    fn wanted(&self, request: &Request) -> Result<Wanted, No> {
        Ok(match self.method {
            Method::GenerateAccessToken => {
                let lifetime = request.lifetime().map_err(|fault| {
                    let refusal = Refusal::new(Crn::IAM_LIFETIME, format!("{fault}."));
                    No::from(refusal).naming(fault.field, fault.why)
                })?;
                let names = request.scope()?.iter().map(String::as_str);
                let scope = Scope::from_tokens(names).map_err(|fault| {
                    No::from(Refusal::new(Crn::SCOPE_MALFORMED, fault.to_string()))
                })?;
                Wanted::AccessToken(scope, Seconds(lifetime))
            }
            Method::GenerateIdToken => Wanted::IdToken {
                audience: request.audience()?.to_owned(),
                email: request.include_email()?,
                organization: request.organization_number()?,
            },
            Method::SignBlob => {
                let bytes = request.blob()?;
                signable::bytes(&bytes, self.here(), self.told.now)?;
                Wanted::Blob(bytes)
            }
            Method::SignJwt => {
                let claims = request.claims()?;
                signable::claims(claims, self.here(), self.told.now)?;
                Wanted::Jwt(claims.to_owned())
            }
        })
    }

    /// The names under which this server takes what an account signed.
    fn here(&self) -> Here<'_> {
        Here {
            token: &self.parts.audiences,
            roots: Roots {
                own: self.parts.issuer.as_str(),
                google: &self.parts.cloud_roots,
            },
        }
    }

    /// Where the accounts of the chain are, in their order.
    async fn projects(&self, permitted: &Permitted) -> Result<Vec<Arc<ProjectSnapshot>>, Fault> {
        let mut projects = Vec::with_capacity(permitted.accounts().len());
        for account in permitted.accounts() {
            let id = &account.account.project;
            let project = self.parts.snapshots.project_facts(id).await?;
            let project =
                project.ok_or_else(|| Fault::lasting("a service account without a project"))?;
            projects.push(project);
        }
        Ok(projects)
    }

    async fn give(
        &self,
        wanted: Wanted,
        permitted: &Permitted,
        project: &ProjectSnapshot,
    ) -> Result<Result<Given, Refusal>, Fault> {
        let (parts, now) = (self.parts, self.told.now);
        match wanted {
            Wanted::AccessToken(scope, lifetime) => {
                let catalog = parts.snapshots.catalog().await?;
                let asked = (scope, lifetime);
                let facts = (project, &*catalog);
                let issue =
                    credentials::access_token(permitted, facts, asked, now, &mut SystemEntropy);
                match issue {
                    Ok(issue) => self.token(issue).await.map(Ok),
                    Err(refusal) => Ok(Err(refusal)),
                }
            }
            Wanted::IdToken {
                audience,
                email,
                organization,
            } => {
                let told = (email, organization);
                let issue = credentials::id_token(permitted, project, &audience, told, now);
                self.token(issue).await.map(Ok)
            }
            Wanted::Blob(bytes) => {
                let key = system_key::of(permitted.target(), now, parts).await?;
                let signature = key.pair.sign(&bytes).map_err(Fault::lasting)?;
                let body = wire::to_bytes(&wire::SignedBlob::new(key.id.as_str(), &signature));
                let detail = json!({"key": key.id, "bytes": bytes.len()});
                Ok(Ok(Given { body, detail }))
            }
            Wanted::Jwt(claims) => {
                let key = system_key::of(permitted.target(), now, parts).await?;
                let kid = key.id.as_str();
                let header = SigningHeader::new(Algorithm::RS256, Some(kid), Some(jwt::TYP_JWT));
                let input = SigningInput::new(&header, claims.as_bytes());
                let signature = key.pair.sign(input.as_bytes()).map_err(Fault::lasting)?;
                let body = wire::to_bytes(&wire::SignedJwt {
                    key_id: kid,
                    signed_jwt: &input.with_signature(&signature),
                });
                let detail = json!({"key": key.id});
                Ok(Ok(Given { body, detail }))
            }
        }
    }

    async fn token(&self, issue: Issue) -> Result<Given, Fault> {
        let keyring = self.parts.keyring.load_full();
        let issuer = &self.parts.issuer;
        let given = match &issue {
            Issue::Access(grant) => {
                let token = mint::access_token(grant, issuer, &keyring).await?;
                Given {
                    body: wire::to_bytes(&wire::AccessToken {
                        access_token: &token,
                        expire_time: &grant.expires.rfc3339(),
                    }),
                    detail: json!({
                        "token": grant.id.to_string(),
                        "scope": grant.scope.as_str(),
                        "expires": grant.expires.rfc3339(),
                    }),
                }
            }
            Issue::Id(grant) => {
                let token = mint::id_token(grant, None, issuer, &keyring).await?;
                Given {
                    body: wire::to_bytes(&wire::IdToken { token: &token }),
                    detail: json!({"audience": grant.audience}),
                }
            }
        };
        self.parts.counted.impersonated(&issue);
        Ok(given)
    }

    /// Everything that is given is noted, with everybody who became the account.
    fn note(&self, caller: &Caller, permitted: &Permitted, mut detail: serde_json::Value) {
        let (_, through) = permitted.accounts().split_last().unzip();
        if let Some(detail) = detail.as_object_mut() {
            let through = through.into_iter().flatten();
            let through: Vec<_> = through.map(|one| one.account.email.as_str()).collect();
            if !through.is_empty() {
                detail.insert("through".to_owned(), json!(through));
            }
            detail.insert("act".to_owned(), json!(permitted.acting()));
        }
        let target = &permitted.target().account;
        self.parts.journal.note(AuditDraft {
            at: self.told.now,
            actor: caller.name.clone(),
            action: self.method.action().to_owned(),
            target: target.unique_id.to_string(),
            outcome: Outcome::Done,
            address: self
                .address
                .map_or_else(String::new, |address| address.to_string()),
            trace: self.told.trace.to_owned(),
            detail: detail.to_string(),
        });
    }
}

/// What is given, and what the audit log says of it.
struct Given {
    body: Vec<u8>,
    detail: serde_json::Value,
}

fn in_chain(fault: &NotARequest) -> No {
    let refusal = Refusal::new(Crn::IAM_CHAIN, format!("{fault}."));
    No::from(refusal).naming(fault.field, fault.why)
}
