//! A verifier is put together: whose tokens, for which API, and which kinds.

use std::sync::Arc;

use carnet_client::Clock;
use carnet_client::ServiceAccount;
use carnet_client::Transport;
use carnet_client::discovery;
use carnet_client::discovery::Metadata;
use carnet_client::introspect::Introspector;
use carnet_client::jwks;
use carnet_client::jwks::Terms;
use moka::sync::Cache;
use url::Url;

use crate::access_token::Policy;
use crate::account_keys::AccountKeys;
use crate::answers::Answers;
use crate::answers::Envelope;
use crate::description::Description;
use crate::description::Document;
use crate::error::Error;
use crate::opaque::Opaque;
use crate::possession::Proofs;
use crate::self_signed::SelfSigned;
use crate::verifier::Inner;
use crate::verifier::MOST_REMEMBERED;
use crate::verifier::Verifier;

/// How many questions about opaque tokens are under way at the same time.
const MOST_QUESTIONS: usize = 32;

/// What a verifier is made of. See [`Verifier::builder`].
#[derive(Debug)]
pub struct VerifierBuilder {
    policy: Policy,
    jwks_url: Option<String>,
    introspection: Option<ServiceAccount>,
    introspection_url: Option<String>,
    self_signed: Option<SelfSigned>,
    answers: Answers,
    proofs: Option<Proofs>,
    description: Option<Description>,
    boundaries: bool,
    transport: Option<Transport>,
    clock: Clock,
}

impl Verifier {
    /// A verifier for tokens of this issuer.
    pub fn builder(issuer: &str) -> VerifierBuilder {
        VerifierBuilder::new(issuer)
    }
}

impl VerifierBuilder {
    pub(crate) fn new(issuer: &str) -> Self {
        Self {
            policy: Policy {
                issuer: issuer.to_owned(),
                audiences: Vec::new(),
            },
            jwks_url: None,
            introspection: None,
            introspection_url: None,
            self_signed: None,
            answers: Answers::default(),
            proofs: None,
            description: None,
            boundaries: false,
            transport: None,
            clock: Clock::system(),
        }
    }

    /// A name under which the issuer knows this API. A token must be for one of them; at least one
    /// must be given.
    #[must_use]
    pub fn audience(mut self, audience: &str) -> Self {
        self.policy.audiences.push(audience.to_owned());
        self
    }

    /// Where the issuer's keys are. Without it the issuer's metadata are fetched and say so.
    #[must_use]
    pub fn jwks_url(mut self, url: &str) -> Self {
        self.jwks_url = Some(url.to_owned());
        self
    }

    /// Also takes opaque tokens, by asking the issuer as this account, which needs the scope
    /// `carnet.introspect`. Its requests go over this verifier's transport.
    #[must_use]
    pub fn introspect_as(mut self, account: ServiceAccount) -> Self {
        self.introspection = Some(account);
        self
    }

    /// Where the issuer is asked. Without it the issuer's metadata say so.
    #[must_use]
    pub fn introspection_url(mut self, url: &str) -> Self {
        self.introspection_url = Some(url.to_owned());
        self
    }

    /// Also takes tokens that service accounts of the issuer signed themselves.
    #[must_use]
    pub fn self_signed(mut self, allowed: SelfSigned) -> Self {
        self.self_signed = Some(allowed);
        self
    }

    /// Also takes tokens that are bound to a key, from whoever proves it (RFC 9449). Tokens that are bound to a
    /// certificate need no setting: a request that comes with a [`ClientCertificate`] may show them.
    ///
    /// [`ClientCertificate`]: crate::ClientCertificate
    #[must_use]
    pub fn proofs(mut self, proofs: Proofs) -> Self {
        self.answers.proofs = true;
        self.proofs = Some(proofs);
        self
    }

    /// Also takes tokens that have an access boundary, as this API looks at
    /// [`Verified::access_boundary`](crate::Verified::access_boundary) before it does something. They are always
    /// opaque, so this goes with [`VerifierBuilder::introspect_as`]. Without it they are refused: whoever does not
    /// look would take them for more than they are.
    #[must_use]
    pub const fn evaluates_access_boundaries(mut self) -> Self {
        self.boundaries = true;
        self
    }

    /// How the body of a refusal looks; Google's way without it.
    #[must_use]
    pub fn envelope(mut self, envelope: Envelope) -> Self {
        self.answers.envelope = envelope;
        self
    }

    /// The realm of the challenges. Without it, it is the one of Google's APIs, which some of their
    /// clients look for.
    #[must_use]
    pub fn realm(mut self, realm: &str) -> Self {
        realm.clone_into(&mut self.answers.realm);
        self
    }

    /// Where this API describes itself; told in the challenges (RFC 9728 §5.1).
    #[must_use]
    pub fn resource_metadata(mut self, url: &str) -> Self {
        self.answers.resource_metadata = Some(url.to_owned());
        self
    }

    /// What the API says about itself, as the first of its audiences, which must be an address (RFC 9728).
    /// [`Verifier::publish`] answers with it, and the challenges name the place.
    #[must_use]
    pub fn describe(mut self, description: Description) -> Self {
        self.description = Some(description);
        self
    }

    /// Sends through another transport.
    #[must_use]
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Lives by another clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The verifier. The issuer's metadata are fetched where an address is missing; where all are
    /// given, nothing is sent before the first token comes.
    pub async fn build(mut self) -> Result<Verifier, Error> {
        let Some(resource) = self.policy.audiences.first() else {
            return Err(Error::argument(
                "no audience was given: a token for another API would be taken for one of this",
            ));
        };
        let described = match self.description.take() {
            None => None,
            Some(said) => Some(Document::new(said, resource, &self.policy.issuer)?),
        };
        if let Some(document) = &described {
            let told = &mut self.answers.resource_metadata;
            told.get_or_insert_with(|| document.url.clone());
        }
        if self.self_signed.is_some() && !is_address(&self.policy.issuer) {
            return Err(Error::argument(format!(
                "the keys of accounts are found at the issuer, and '{}' is not an address",
                self.policy.issuer
            )));
        }
        let transport = match &self.transport {
            Some(transport) => transport.clone(),
            None => Transport::new()?,
        };
        let metadata = self.discover(&transport).await?;
        let said = |address: fn(&Metadata) -> Option<&str>| {
            metadata.as_ref().and_then(address).map(str::to_owned)
        };
        let named = |given: &Option<String>, said: Option<String>, what: &str| {
            given.clone().or(said).ok_or_else(|| {
                let issuer = &self.policy.issuer;
                Error::argument(format!("the metadata of {issuer} name no {what}"))
            })
        };
        let jwks_url = named(&self.jwks_url, said(Metadata::jwks_uri), "jwks_uri")?;
        let opaque = match &self.introspection {
            None => None,
            Some(account) => {
                let said = said(Metadata::introspection_endpoint);
                let url = named(&self.introspection_url, said, "introspection_endpoint")?;
                let account = account
                    .with_transport(transport.at_most(MOST_QUESTIONS))
                    .with_clock(self.clock.clone());
                Some(Opaque::new(Introspector::new(&url, &account)?))
            }
        };
        let accounts = AccountKeys::new(&self.policy.issuer, &transport, &self.clock);
        Ok(Verifier(Arc::new(Inner {
            keys: jwks::Cache::with(&jwks_url, Terms::default(), &transport, &self.clock)?,
            self_signed: self.self_signed.map(|allowed| (allowed, accounts)),
            opaque,
            remembered: Cache::new(MOST_REMEMBERED),
            policy: self.policy,
            answers: self.answers,
            proofs: self.proofs,
            described: described.map(Arc::new),
            boundaries: self.boundaries,
            clock: self.clock,
        })))
    }

    async fn discover(&self, transport: &Transport) -> Result<Option<Metadata>, Error> {
        let complete = self.jwks_url.is_some()
            && (self.introspection.is_none() || self.introspection_url.is_some());
        if complete {
            return Ok(None);
        }
        let metadata = discovery::fetch_with(&self.policy.issuer, transport, &self.clock).await?;
        Ok(Some(metadata))
    }
}

fn is_address(issuer: &str) -> bool {
    Url::parse(issuer).is_ok_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
}

#[cfg(test)]
mod tests;
