//! Who asks: client authentication at every endpoint that wants it (RFC 6749 section 2.3).
//!
//! 1. What the request says of its client is read from the header and the form, and taken out of the form.
//! 2. Who was refused too often under this name from this address is not looked at.
//! 3. The rule decides ([`carnet_core::rule::client`]). Whoever answers with its no holds it back a little
//!    ([`No::hold_back`]), so that its time does not tell whether there is such a client.
//! 4. What the authentication spends (an assertion) is committed before anybody hears of the yes.
//! 5. A yes is noted for the journal: when the secret was last used.

use std::borrow::Cow;
use std::net::IpAddr;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts as Head;
use carnet_core::rule::Refusal;
use carnet_core::rule::Verdict;
use carnet_core::rule::client;
use carnet_core::rule::client::Authenticated;
use carnet_core::rule::client::Presented;
use carnet_core::rule::client::Proof;
use carnet_core::rule::client::Shown;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Why;
use carnet_core::value::Secret;
use carnet_core::value::UnixTime;
use carnet_jose::JwkSet;
use carnet_wire::client_authentication::ClientAuthentication;
use carnet_wire::crn::Crn;
use carnet_wire::params::Params;

use crate::client_document;
use crate::client_document::Looked;
use crate::client_secret;
use crate::http::client_address::ClientAddress;
use crate::http::client_certificate::ClientCertificate;
use crate::oauth::no::No;
use crate::parts::Parts;

/// What a request says of its client, if anything. To be asked before the rest of the form is read.
pub(super) fn read<'a>(
    head: &Head,
    params: &mut Params<'a>,
) -> Result<Option<ClientAuthentication<'a>>, Refusal> {
    let mut headers = head.headers.get_all(AUTHORIZATION).iter();
    let header = headers.next().and_then(|value| value.to_str().ok());
    if headers.next().is_some() {
        let detail = "There is more than one Authorization header.";
        return Err(Refusal::new(Crn::PARAMETER_REPEATED, detail));
    }
    ClientAuthentication::parse(header, params)
        .map_err(|fault| Refusal::new(fault.crn(), format!("{fault}.")))
}

/// Whether a request tries to prove who its client is, and does not only say it.
pub(super) fn proves(said: Option<&ClientAuthentication<'_>>) -> bool {
    said.is_some_and(|said| !matches!(said, ClientAuthentication::None { .. }))
}

/// Who sent a request, as far as the listener knows.
#[derive(Clone, Copy)]
pub(super) struct Sender<'a> {
    address: Option<IpAddr>,
    certificate: Option<&'a ClientCertificate>,
}

impl<'a> Sender<'a> {
    /// As the listener knows it.
    pub(super) fn of(head: &'a Head) -> Self {
        Self {
            address: ClientAddress::of(&head.extensions),
            certificate: ClientCertificate::of(&head.extensions),
        }
    }
}

/// The client that asks, for endpoints that only clients may use.
pub(super) async fn authenticate(
    said: Option<ClientAuthentication<'_>>,
    from: Sender<'_>,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<Authenticated, No>, Fault> {
    let Some(said) = said else {
        let detail = "the request does not say which client it is from.";
        return Ok(Err(Refusal::new(
            Crn::CLIENT_AUTHENTICATION_MISSING,
            detail,
        )
        .into()));
    };
    let presented = Presented {
        certificate: from.certificate.map(|certificate| Shown {
            der: certificate.der().to_vec(),
            certified: certificate.is_certified(),
        }),
        ..presented(said)
    };
    let address = from.address;
    if let Err(turned) = parts.limits.may_name(&presented.id, address) {
        return Ok(Err(No::TurnedAway(turned)));
    }
    let facts = match load(&presented, now, parts).await? {
        Ok(facts) => facts,
        Err(refusal) => {
            parts.limits.refused_name(&presented.id, address);
            return Ok(Err(refusal.into()));
        }
    };
    let opened = client_secret::open(facts.sealed(), &parts.encryption)?;
    let facts = facts.with_opened(opened);
    let facts = match facts.keys_elsewhere() {
        None => facts,
        Some(url) => {
            let enough = |keys: &JwkSet| client::is_proved_with(&presented, keys);
            let outbound = &parts.outbound;
            let fetched = parts.client_keys.at(url, enough, now, outbound).await;
            facts.with_fetched(fetched)
        }
    };
    let at = client::At {
        now,
        issuer: &parts.issuer,
    };
    let verdict = client::authenticate(&presented, facts, at);
    match spend(verdict, parts).await? {
        Ok(client) => {
            if let Some(secret) = client.secret() {
                let id = &client.client().id;
                parts.journal.used_secret(secret, id, now, address);
            }
            Ok(Ok(client))
        }
        Err(refusal) => {
            parts.limits.refused_name(&presented.id, address);
            Ok(Err(refusal.into()))
        }
    }
}

/// The facts about whoever is presented: from the store, or from the document at their id.
async fn load(
    presented: &Presented,
    now: UnixTime,
    parts: &Parts,
) -> Result<Result<client::Facts, Refusal>, Fault> {
    let looked = client_document::look(&presented.id, now, parts);
    match looked.await? {
        Looked::Elsewhere => client::load(presented, parts.snapshots.as_ref())
            .await
            .map(Ok),
        Looked::Found(client) => {
            let project = parts.snapshots.project_facts(&client.client.project);
            let project = project.await?;
            let project = project.ok_or_else(|| Fault::lasting("a client without a project"))?;
            Ok(Ok(client::Facts::found(client, project)))
        }
        // What is wrong with the document is for its owner: here it is a client that is none.
        Looked::Refused(refusal) => Ok(Err(client::unknown()
            .because("client_id", presented.id.clone())
            .because("cause", refusal.crn.to_string())
            .because("document", refusal.detail))),
    }
}

/// Commits what a yes takes.
async fn spend(
    verdict: Verdict<Authenticated>,
    parts: &Parts,
) -> Result<Result<Authenticated, Refusal>, Fault> {
    let client = match verdict.outcome {
        Ok(client) if !verdict.changes.is_empty() => client,
        decided => return Ok(decided),
    };
    match parts.store.commit(&verdict.changes).await? {
        Committed::Yes => Ok(Ok(client)),
        Committed::No(_, Why::Taken) => Ok(Err(client::replayed(&client))),
        Committed::No(..) => Err(Fault::lasting("an assertion could not be spent")),
    }
}

fn presented(said: ClientAuthentication<'_>) -> Presented {
    let secret = |secret: Cow<'_, str>| Secret::new(secret.into_owned());
    let (id, proof) = match said {
        ClientAuthentication::None { client_id } => (client_id, Proof::Nothing),
        ClientAuthentication::SecretBasic {
            client_id,
            secret: sent,
        } => (client_id, Proof::Basic(secret(sent))),
        ClientAuthentication::SecretPost {
            client_id,
            secret: sent,
        } => (client_id, Proof::Post(secret(sent))),
        ClientAuthentication::Assertion {
            client_id,
            assertion,
        } => {
            // Without client_id it is the assertion that names the client (RFC 7521 section 4.2).
            let id = client_id.map(Cow::into_owned);
            let id = id.or_else(|| client::subject(&assertion));
            let proof = Proof::Assertion(assertion.into_owned());
            return Presented {
                id: id.unwrap_or_default(),
                proof,
                certificate: None,
            };
        }
    };
    Presented {
        id: id.into_owned(),
        proof,
        certificate: None,
    }
}
