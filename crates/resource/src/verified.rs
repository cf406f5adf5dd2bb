//! Who calls, once it is known.

use std::fmt;
use std::sync::Arc;

use carnet_wire::confirmation::Confirmation;
use carnet_wire::google::access_boundary::AccessBoundary;
use carnet_wire::scope::Scope;

use crate::refusal::Refusal;

/// What is known about the caller. There is no way to get one but [`Verifier::verify`], and clones
/// are cheap.
///
/// [`Verifier::verify`]: crate::Verifier::verify
#[derive(Clone, PartialEq, Eq)]
pub struct Verified(Arc<Facts>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) kind: TokenKind,
    pub(crate) subject: String,
    pub(crate) client_id: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) scope: Scope,
    pub(crate) actor: Option<Actor>,
    pub(crate) expires: i64,
    pub(crate) bound: Option<Confirmation<'static>>,
    pub(crate) boundary: Option<AccessBoundary>,
}

/// How the token was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A JWT of the issuer (RFC 9068).
    Jwt,
    /// An opaque token; the issuer was asked (RFC 7662).
    Opaque,
    /// A JWT that a service account signed for this API (google-wire 3).
    SelfSigned,
}

/// Who acts for the subject (RFC 8693 §4.1): a service account to which a user delegated something, or a
/// service that exchanged a token and says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub(crate) subject: String,
    pub(crate) email: Option<String>,
    pub(crate) before: Option<Box<Actor>>,
}

impl Actor {
    /// The actor's id.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The actor's address.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Who acted before. That is for logs: whether the caller may do something is to be decided by the
    /// subject and by the one who acts now (RFC 8693 §4.1).
    pub fn before(&self) -> Option<&Self> {
        self.before.as_deref()
    }
}

impl Verified {
    pub(crate) fn new(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// For whom the token speaks: a service account's or a user's id. For a self-signed token it is
    /// the account's address.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// Who got the token.
    pub fn client_id(&self) -> Option<&str> {
        self.0.client_id.as_deref()
    }

    /// The subject's address.
    pub fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The scopes, sorted.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0.scope.iter()
    }

    /// Whether the token has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.0.scope.contains(scope)
    }

    /// Who acts, where it is not the subject.
    pub fn actor(&self) -> Option<&Actor> {
        self.0.actor.as_ref()
    }

    /// How the token was checked.
    pub fn kind(&self) -> TokenKind {
        self.0.kind
    }

    /// Until when the token is good, in seconds since 1970.
    pub fn expires(&self) -> i64 {
        self.0.expires
    }

    /// Whether the token is bound to a key or a certificate, which the request then showed.
    pub fn is_bound(&self) -> bool {
        self.0.bound.is_some()
    }

    /// What the token does not go beyond, whatever its scopes say. An API that is shown one has said that it
    /// evaluates it ([`VerifierBuilder::evaluates_access_boundaries`]): it asks [`AccessBoundary::permits`] before
    /// each thing that it does, beside everything else that it asks.
    ///
    /// [`VerifierBuilder::evaluates_access_boundaries`]: crate::VerifierBuilder::evaluates_access_boundaries
    pub fn access_boundary(&self) -> Option<&AccessBoundary> {
        self.0.boundary.as_ref()
    }

    pub(crate) fn bound(&self) -> Option<&Confirmation<'static>> {
        self.0.bound.as_ref()
    }

    /// Nothing, if the token has **all** of these scopes.
    pub fn require(&self, scopes: &[&str]) -> Result<(), Refusal> {
        self.allow(scopes.iter().all(|scope| self.has_scope(scope)), scopes)
    }

    /// Nothing, if the token has **at least one** of these scopes.
    pub fn require_any(&self, scopes: &[&str]) -> Result<(), Refusal> {
        self.allow(scopes.iter().any(|scope| self.has_scope(scope)), scopes)
    }

    fn allow(&self, enough: bool, scopes: &[&str]) -> Result<(), Refusal> {
        if enough {
            Ok(())
        } else {
            Err(Refusal::scope_too_small(
                &scopes.join(" "),
                self.0.scope.as_str(),
            ))
        }
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
