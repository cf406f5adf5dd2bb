//! The claims of our access tokens, written and read by the same type.
//!
//! They follow RFC 9068 section 2.2; an opaque token is sealed around the same claims. Who asked is
//! `client_id`, whom it is about is `sub`:
//!
//! | token of | `client_id` | `sub` | also |
//! |---|---|---|---|
//! | a service account | its unique id | the same | `email` |
//! | a service account for a person | its unique id | the person | `email` of the person, `act` |
//! | a service account that others became | its unique id | the same | `email`, `act` |
//! | a service account that proved itself with a key that we hold for it | as above | as above | `act`, within it that key |
//! | an OAuth client | its id | the same | |
//! | a service account that an issuer elsewhere vouched for | its unique id | the same | `email`, `act` with that issuer |
//! | a person, through an OAuth client | its id | the person | `azn`, `auth_time`, `email` if granted |
//! | a person for whom an issuer elsewhere vouched | the client's id | the person | the same, and `trust` |
//! | whom a pool let in | the name of the provider | `principal://…` | `federated`, `azn` if they signed in in a browser |
//! | whoever exchanged one of these | the client that did | as before | `via`, `act` if somebody says that they act |
//!
//! Each of them may be made weaker: then `narrowed` is there too ([`crate::rule::federation::downscoping`]).
//! `act` (RFC 8693 section 4.1) keeps services from reading a delegated token as the person's own.
//! `azn` is a claim of ours: the id of the authorization that the token hangs on. The id of an OAuth
//! client is never digits alone, and those of accounts and persons always are: no `sub` can be taken
//! for somebody else's (RFC 9068 section 5).

use std::borrow::Cow;

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::confirmation::Confirmation;
use serde::Deserialize;
use serde::Serialize;

use crate::record::Binding;
use crate::rule::token::AccessGrant;
use crate::rule::token::AccountSubject;
use crate::rule::token::Actor;
use crate::rule::token::ExchangedSubject;
use crate::rule::token::FederatedClaims;
use crate::rule::token::MOST_EXCHANGES;
use crate::rule::token::MayAct;
use crate::rule::token::Narrowed;
use crate::rule::token::PersonSubject;
use crate::rule::token::Step;
use crate::rule::token::Subject;
use crate::rule::token::federated::subject_in;
use crate::rule::token::impersonated::Impersonator;
use crate::rule::token::impersonated::impersonators;
use crate::value::AuthorizationId;
use crate::value::ClientId;
use crate::value::Email;
use crate::value::ProviderName;
use crate::value::TrustedIssuerId;
use crate::value::UniqueId;
use crate::value::UnixTime;
use crate::value::UserId;

/// What an access token says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct AccessClaims<'a> {
    /// The issuer.
    #[serde(borrow)]
    pub iss: Cow<'a, str>,
    /// Whom it is about.
    #[serde(borrow)]
    pub sub: Cow<'a, str>,
    /// The APIs that it is for.
    #[serde(borrow)]
    pub aud: Audiences<'a>,
    /// Who asked for it: a service account's unique id, or an OAuth client's id.
    #[serde(borrow)]
    pub client_id: Cow<'a, str>,
    /// The scope.
    #[serde(borrow)]
    pub scope: Cow<'a, str>,
    /// What was granted in detail (RFC 9396 section 9.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization_details: Option<AuthorizationDetails>,
    /// The e-mail of the subject, where there is one that the client may know.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Cow<'a, str>>,
    /// From when.
    pub iat: i64,
    /// Until when.
    pub exp: i64,
    /// Its id.
    #[serde(borrow)]
    pub jti: Cow<'a, str>,
    /// Who acts, where it is not the subject.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor<'a>>,
    /// The authorization that it hangs on, where a person allowed it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub azn: Option<Cow<'a, str>>,
    /// When that person last proved who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
    /// Who alone may act for the subject.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub may_act: Option<MayAct<'a>>,
    /// The tokens that it was made of, oldest first.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<Step<'a>>,
    /// To whose key it is bound (RFC 9449 section 6.1, RFC 8705 section 3.1).
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation<'a>>,
    /// What bindings may name it by, where a pool of workload identity let it in.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub federated: Option<FederatedClaims<'a>>,
    /// The trusted issuer that vouched for the person, where that is how the client got it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Cow<'a, str>>,
    /// What it does not go beyond, and which token it was made of, where it is a weaker one.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub narrowed: Option<Box<Narrowed<'a>>>,
}

/// Whose a token is, by its claims.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Whose {
    /// A service account's own.
    Account(UniqueId),
    /// A service account's, for a person.
    Delegated {
        /// The account.
        account: UniqueId,
        /// The person.
        user: UserId,
        /// Their e-mail when the token was made.
        email: Email,
    },
    /// A service account's, for whoever became it.
    Impersonated {
        /// The account.
        account: UniqueId,
        /// Who became it, the last one first.
        by: Vec<Impersonator>,
    },
    /// An OAuth client's own.
    Client(ClientId),
    /// A person's, through an OAuth client.
    Person {
        /// The client.
        client: ClientId,
        /// The person.
        user: UserId,
        /// What they allowed.
        authorization: AuthorizationId,
        /// Who vouched for them, where they allowed nothing themselves.
        trust: Option<TrustedIssuerId>,
    },
    /// Somebody's whom a pool of workload identity let in.
    Federated {
        /// Who vouched; its name says in which pool.
        provider: ProviderName,
        /// The subject within the pool.
        subject: String,
        /// The sign-in in the browser that it hangs on, if it does.
        sign_in: Option<AuthorizationId>,
    },
    /// A client's that got it for another token.
    Exchanged {
        /// The client.
        client: ClientId,
        /// The clients that held what it was made of, but for the first.
        through: Vec<ClientId>,
        /// Whose the first token was.
        origin: Box<Self>,
    },
}

impl Whose {
    /// The authorization that it hangs on, where a person allowed it; or the sign-in, where a pool let somebody in by
    /// their browser.
    #[must_use]
    pub fn authorization(&self) -> Option<AuthorizationId> {
        match self {
            Self::Person { authorization, .. } => Some(*authorization),
            Self::Exchanged { origin, .. } => origin.authorization(),
            Self::Federated { sign_in, .. } => *sign_in,
            Self::Account(_)
            | Self::Delegated { .. }
            | Self::Impersonated { .. }
            | Self::Client(_) => None,
        }
    }

    /// The issuer elsewhere that vouched for the person.
    #[must_use]
    pub fn trust(&self) -> Option<TrustedIssuerId> {
        match self {
            Self::Person { trust, .. } => *trust,
            Self::Exchanged { origin, .. } => origin.trust(),
            Self::Account(_)
            | Self::Delegated { .. }
            | Self::Impersonated { .. }
            | Self::Client(_)
            | Self::Federated { .. } => None,
        }
    }

    /// The person that it is about.
    #[must_use]
    pub fn user(&self) -> Option<&UserId> {
        match self {
            Self::Person { user, .. } | Self::Delegated { user, .. } => Some(user),
            Self::Exchanged { origin, .. } => origin.user(),
            Self::Account(_)
            | Self::Impersonated { .. }
            | Self::Client(_)
            | Self::Federated { .. } => None,
        }
    }
}

/// `aud`: one name, or a list of them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Audiences<'a> {
    /// One.
    One(#[serde(borrow)] Cow<'a, str>),
    /// Several.
    Many(#[serde(borrow)] Vec<Cow<'a, str>>),
}

impl Audiences<'_> {
    /// Whether this is one of the names.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Many(many) => many.iter().any(|one| one == name),
        }
    }
}

impl<'a> AccessClaims<'a> {
    /// What a token for this grant says.
    #[must_use]
    pub fn of(grant: &'a AccessGrant, issuer: &'a str) -> Self {
        let said = Said::of(&grant.subject);
        let aud = match grant.audience.as_slice() {
            [one] => Audiences::One(one.as_str().into()),
            many => Audiences::Many(many.iter().map(|one| one.as_str().into()).collect()),
        };
        Self {
            iss: issuer.into(),
            sub: said.sub.into(),
            aud,
            client_id: said.client.into(),
            scope: grant.scope.as_str().into(),
            authorization_details: grant.details.clone(),
            email: said.email.map(Into::into),
            iat: grant.issued.0,
            exp: grant.expires.0,
            jti: grant.id.to_string().into(),
            act: said.act,
            azn: said.authorization.map(|id| id.to_string().into()),
            auth_time: said.authenticated.map(|at| at.0),
            may_act: said.may_act.map(|sub| MayAct { sub: sub.into() }),
            via: said.via.to_vec(),
            cnf: grant.binding.as_ref().map(confirmation),
            federated: said.federated,
            trust: said.trust.map(|id| id.to_string().into()),
            narrowed: None,
        }
    }

    /// Whether it was bought, it or one that it came from, with what a key signed that we hold for an account.
    #[must_use]
    pub fn is_of_system_key(&self) -> bool {
        self.act.as_ref().is_some_and(Actor::is_of_system_key)
    }

    /// Whose it is. None where claims stand together that we never write together.
    #[must_use]
    pub fn whose(&self) -> Option<Whose> {
        if self.federated.is_some() {
            return self.let_in();
        }
        let Some((first, rest)) = self.via.split_first() else {
            return self.first_held_by(&self.client_id, self.act.as_ref());
        };
        if self.via.len() > MOST_EXCHANGES {
            return None;
        }
        // Who acted from the beginning is the account that held the first token.
        let holder = first.client_id.as_ref();
        let acted = match &self.act {
            Some(act) if self.sub == holder && holder.parse::<ClientId>().is_err() => Some(act),
            act => act
                .as_ref()
                .map(Actor::first)
                .filter(|actor| actor.sub == holder),
        };
        let through = rest.iter().map(|step| step.client_id.parse());
        Some(Whose::Exchanged {
            client: self.client_id.parse().ok()?,
            through: through.collect::<Result<_, _>>().ok()?,
            origin: Box::new(self.first_held_by(holder, acted)?),
        })
    }

    /// Whom a pool let in: they act for nobody, hang on a sign-in at most, and were made of no other token.
    fn let_in(&self) -> Option<Whose> {
        let alone = self.via.is_empty() && self.act.is_none() && self.auth_time.is_none();
        let provider: ProviderName = self.client_id.parse().ok()?;
        let subject = subject_in(&self.sub, &provider.pool())?.to_owned();
        let sign_in = match &self.azn {
            None => None,
            Some(id) => Some(id.parse().ok()?),
        };
        alone.then_some(Whose::Federated {
            provider,
            subject,
            sign_in,
        })
    }

    fn first_held_by(&self, holder: &str, act: Option<&Actor<'_>>) -> Option<Whose> {
        let client = holder.parse::<ClientId>();
        match (client, act, &self.azn) {
            (Ok(client), None, None) if self.sub == holder => Some(Whose::Client(client)),
            (Ok(client), None, Some(authorization)) => Some(Whose::Person {
                client,
                user: self.sub.parse().ok()?,
                authorization: authorization.parse().ok()?,
                trust: match &self.trust {
                    None => None,
                    Some(id) => Some(id.parse().ok()?),
                },
            }),
            (Err(_), act, None) if self.sub == holder => {
                let account = holder.parse().ok()?;
                let by = act.map_or_else(|| Some(Vec::new()), impersonators)?;
                Some(if by.is_empty() {
                    Whose::Account(account)
                } else {
                    Whose::Impersonated { account, by }
                })
            }
            (Err(_), Some(actor), None) if actor.sub == holder => Some(Whose::Delegated {
                account: holder.parse().ok()?,
                user: self.sub.parse().ok()?,
                email: self.email.as_deref()?.parse().ok()?,
            }),
            _ => None,
        }
    }

    /// The same, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> AccessClaims<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        AccessClaims {
            iss: own(self.iss),
            sub: own(self.sub),
            aud: match self.aud {
                Audiences::One(one) => Audiences::One(own(one)),
                Audiences::Many(many) => Audiences::Many(many.into_iter().map(own).collect()),
            },
            client_id: own(self.client_id),
            scope: own(self.scope),
            authorization_details: self.authorization_details,
            email: self.email.map(own),
            iat: self.iat,
            exp: self.exp,
            jti: own(self.jti),
            act: self.act.map(Actor::into_owned),
            azn: self.azn.map(own),
            auth_time: self.auth_time,
            may_act: self.may_act.map(|may| MayAct { sub: own(may.sub) }),
            via: self.via.into_iter().map(Step::into_owned).collect(),
            cnf: self.cnf.map(Confirmation::into_owned),
            federated: self.federated.map(FederatedClaims::into_owned),
            trust: self.trust.map(own),
            narrowed: self.narrowed.map(|of| Box::new(of.into_owned())),
        }
    }
}

/// How a binding is told.
#[must_use]
pub fn confirmation(binding: &Binding) -> Confirmation<'_> {
    match binding {
        Binding::Key(thumbprint) => Confirmation::key(thumbprint),
        Binding::Certificate(digest) => Confirmation::certificate(digest),
    }
}

/// What the claims say of a subject.
#[derive(Default)]
struct Said<'a> {
    client: &'a str,
    sub: &'a str,
    email: Option<&'a str>,
    act: Option<Actor<'a>>,
    authorization: Option<AuthorizationId>,
    authenticated: Option<UnixTime>,
    may_act: Option<&'a str>,
    via: &'a [Step<'static>],
    federated: Option<FederatedClaims<'a>>,
    trust: Option<TrustedIssuerId>,
}

impl<'a> Said<'a> {
    fn of(subject: &'a Subject) -> Self {
        match subject {
            Subject::Account(account) => Self::of_account(account),
            Subject::Client(id) => Self {
                client: id.as_str(),
                sub: id.as_str(),
                ..Self::default()
            },
            Subject::Person(person) => Self::of_person(person),
            Subject::Exchanged(exchanged) => Self::of_exchanged(exchanged),
            Subject::Federated(who) => Self {
                client: who.provider.as_str(),
                sub: &who.principal,
                federated: Some(who.claims()),
                authorization: who.sign_in,
                ..Self::default()
            },
        }
    }

    fn of_account(account: &'a AccountSubject) -> Self {
        let client = account.id.as_str();
        let own = account.email.as_str();
        let (sub, email, act) = match &account.user {
            None => (client, own, account.acting.clone()),
            Some((id, email)) => {
                let actor = Actor {
                    provider: None,
                    sub: client.into(),
                    email: Some(own.into()),
                    act: account.acting.clone().map(Box::new),
                };
                (id.as_str(), email.as_str(), Some(actor))
            }
        };
        Self {
            client,
            sub,
            email: Some(email),
            act,
            ..Self::default()
        }
    }

    fn of_person(person: &'a PersonSubject) -> Self {
        Self {
            client: person.client.as_str(),
            sub: person.user.as_str(),
            email: person.email.as_ref().map(Email::as_str),
            authorization: Some(person.authorization),
            authenticated: person.authenticated,
            may_act: person.may_act.as_ref().map(ClientId::as_str),
            trust: person.trust,
            ..Self::default()
        }
    }

    fn of_exchanged(exchanged: &'a ExchangedSubject) -> Self {
        Self {
            client: exchanged.client.as_str(),
            sub: &exchanged.sub,
            email: exchanged.email.as_deref(),
            act: exchanged.act.clone(),
            authorization: exchanged.authorization,
            authenticated: exchanged.authenticated,
            may_act: exchanged.may_act.as_deref(),
            via: &exchanged.via,
            federated: None,
            trust: exchanged.trust,
        }
    }
}
