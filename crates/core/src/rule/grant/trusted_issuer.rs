//! The jwt-bearer grant with an assertion of an issuer elsewhere (RFC 7523 section 2.1, RFC 7521 section 4.1).
//!
//! 1. [`find`]: the issuer and the audience that the assertion says name one trust, whoever's it is. Where there is
//!    none, the answer is that of an unknown service account, after as much work.
//! 2. [`crate::rule::assertion::foreign`]: the assertion is proved with the keys of the trust and judged, strictly.
//!    Until a signature holds, all that is wrong has that one answer ([`in_our_words`]).
//! 3. Where the assertion is bound to a key (`cnf`), the request proves that key, and the token is bound to it
//!    ([`crate::rule::possession::elsewhere`]). The trust is on, and so is the project that it belongs to.
//! 4. `sub` is one that it takes. It is the account that the trust names, or a user of the organization that trusts:
//!    nobody can vouch for an account or a user of others, whatever the assertion says.
//! 5. Where the trust names clients, or it is about users, one of them has authenticated. A user's token is the
//!    client's, hangs on an authorization that the user sees and can end, and is never good to administer anything. It
//!    says when the user authenticated (`auth_time`) where the assertion does, and nothing of how (`acr`, `amr`): those are
//!    the issuer's words, which nobody here judges.
//! 6. The scope is within that of the trust, and within the claim `scope` where the issuer writes one. The scopes
//!    exist, and the policies allow them.
//! 7. `jti` is spent with the token that it buys. There is no refresh token.

pub mod dry_run;
mod granted;
mod steps;

use std::sync::Arc;

use carnet_wire::crn::Crn;
use serde_json::Value;

use crate::record::Binding;
use crate::record::Client;
use crate::record::ClientAuthentication;
use crate::record::IssuerOwner;
use crate::record::Policy;
use crate::record::TrustedIssuer;
use crate::record::TrustedSubject;
use crate::record::User;
use crate::record::UserClaim;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::assertion::OwnAudiences;
use crate::rule::assertion::foreign::Foreign;
use crate::rule::assertion::foreign::Trust;
use crate::rule::assertion::foreign::Vouched;
use crate::rule::assertion::unproven;
use crate::rule::client::Authenticated;
use crate::rule::grant::jwt_bearer;
use crate::rule::possession::Possession;
use crate::rule::token::AccessGrant;
use crate::store::AccountSnapshot;
use crate::store::Catalog;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::Email;
use crate::value::Entropy;
use crate::value::UserId;

/// A trust that an assertion named.
#[derive(Clone, Debug)]
pub struct Named {
    /// The trust.
    pub issuer: Arc<TrustedIssuer>,
    audiences: Vec<String>,
}

/// Finds the trust that an assertion names.
pub async fn find(
    foreign: &Foreign<'_>,
    own: &OwnAudiences,
    snapshots: &dyn Snapshots,
) -> Result<Option<Named>, Fault> {
    let (Ok(issuer), Some(audience)) = (foreign.issuer().parse(), foreign.audience()) else {
        return Ok(None);
    };
    if own.has(&audience) {
        let found = snapshots.trusted_issuer_named(&issuer, None).await?;
        return Ok(found.map(|issuer| Named::of(issuer, own)));
    }
    let Ok(audience) = audience.parse() else {
        return Ok(None);
    };
    let found = snapshots
        .trusted_issuer_named(&issuer, Some(&audience))
        .await?;
    Ok(found.map(|issuer| Named::of(issuer, own)))
}

impl Named {
    /// This trust. `own` is what `aud` may be where it names no audience.
    #[must_use]
    pub fn of(issuer: Arc<TrustedIssuer>, own: &OwnAudiences) -> Self {
        let mut audiences: Vec<_> = match &issuer.audience {
            Some(audience) => vec![audience.to_string()],
            None => own.names().map(str::to_owned).collect(),
        };
        audiences.sort();
        Self { issuer, audiences }
    }

    /// What is held against the assertion.
    #[must_use]
    pub fn trust(&self) -> Trust<'_> {
        Trust {
            issuer: self.issuer.issuer.as_str(),
            audiences: &self.audiences,
            longest: self.issuer.longest,
        }
    }

    /// Adds what an owner wants to know of every refusal at a trust of theirs.
    #[must_use]
    pub fn tell(&self, refusal: Refusal) -> Refusal {
        let refusal = refusal
            .because("trusted_issuer", self.issuer.id.to_string())
            .because("issuer", self.issuer.issuer.to_string());
        match &self.issuer.owner {
            IssuerOwner::Project(id) => refusal.because("project", id.to_string()),
            IssuerOwner::Organization(id) => refusal.because("organization", id.to_string()),
        }
    }
}

/// What the strict engine refuses, as this endpoint says it: to whoever has not proved anything, what an unknown
/// service account is told.
#[must_use]
pub fn in_our_words(refusal: Refusal) -> Refusal {
    let cause = refusal.crn;
    let is = |codes: &[Crn]| codes.contains(&cause);
    let unproved = [
        Crn::FOREIGN_SIGNATURE,
        Crn::FOREIGN_KEYS,
        Crn::FOREIGN_ISSUER,
    ];
    if is(&unproved) {
        let mut no = unproven("the assertion of an issuer elsewhere is not proved")
            .because("cause", cause.to_string())
            .because("what", refusal.detail);
        no.story.extend(refusal.story);
        return no;
    }
    let Some(crn) = called_here(cause) else {
        return refusal;
    };
    let mut no = Refusal::new(crn, refusal.detail);
    no.story = refusal.story;
    no
}

/// What this endpoint calls a cause of the strict engine, of an assertion that is proved or cannot be.
fn called_here(cause: Crn) -> Option<Crn> {
    let names = [
        (Crn::FOREIGN_MALFORMED, Crn::TRUST_MALFORMED),
        (Crn::FOREIGN_AUDIENCE, Crn::TRUST_AUDIENCE),
        (Crn::FOREIGN_EXPIRED, Crn::TRUST_TIMES),
        (Crn::FOREIGN_TIMES, Crn::TRUST_TIMES),
        (Crn::FOREIGN_BOUND, Crn::TRUST_BOUND),
    ];
    let called = names.into_iter().find(|(there, _)| *there == cause);
    called.map(|(_, here)| here)
}

/// Whom an assertion is about, as far as they were found.
#[derive(Clone, Debug)]
enum Who {
    Account(Option<(Arc<AccountSnapshot>, Arc<ProjectSnapshot>)>),
    User(Option<Arc<User>>, Arc<Vec<Policy>>),
}

/// What the decision rests on beside the assertion.
#[derive(Clone, Debug)]
pub struct Facts {
    project: Option<Arc<ProjectSnapshot>>,
    who: Who,
    catalog: Arc<Catalog>,
}

/// Reads the facts. `claims` are those of the assertion.
pub async fn load(
    named: &Named,
    claims: &Value,
    snapshots: &dyn Snapshots,
) -> Result<Facts, Fault> {
    let project = match &named.issuer.owner {
        IssuerOwner::Project(id) => snapshots.project_facts(id).await?,
        IssuerOwner::Organization(_) => None,
    };
    let who = match &named.issuer.subject {
        TrustedSubject::Account(id) => Who::Account(match snapshots.account(id.as_str()).await? {
            None => None,
            Some(account) => {
                let project = snapshots.project_facts(&account.account.project).await?;
                project.map(|project| (account, project))
            }
        }),
        TrustedSubject::User(claim) => {
            let user = match user_named(*claim, claims) {
                None => None,
                Some(Name::Email(email)) => match snapshots.person(&email).await? {
                    None => None,
                    Some(person) => snapshots.user(&person.user.id).await?,
                },
                Some(Name::Id(id)) => snapshots.user(&id).await?,
            };
            let policies = match &named.issuer.owner {
                IssuerOwner::Organization(id) => snapshots.policies(*id).await?,
                IssuerOwner::Project(_) => Arc::default(),
            };
            Who::User(user, policies)
        }
    };
    Ok(Facts {
        project,
        who,
        catalog: snapshots.catalog().await?,
    })
}

enum Name {
    Email(Email),
    Id(UserId),
}

fn user_named(claim: UserClaim, claims: &Value) -> Option<Name> {
    let sub = || claims.get("sub")?.as_str();
    match claim {
        UserClaim::Email => {
            let verified = claims.get("email_verified")?.as_bool()?;
            let email = claims.get("email")?.as_str()?.parse().ok()?;
            verified.then_some(Name::Email(email))
        }
        UserClaim::SubjectEmail => Some(Name::Email(sub()?.parse().ok()?)),
        UserClaim::SubjectId => Some(Name::Id(sub()?.parse().ok()?)),
    }
}

/// What the request says beside the assertion.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// The parameter `scope`.
    pub scope: Option<&'a str>,
    /// What it shows of keys. None: it is not looked at, as nothing is given.
    pub shown: Option<&'a Possession>,
    /// The client that authenticated, if one did.
    pub client: Option<Bringer<'a>>,
    /// What we are called, for tokens that no API is for.
    pub us: &'a str,
    /// The identifier of the API by which this server is administered.
    pub own_api: &'a str,
}

/// A client that brings an assertion, or would.
#[derive(Clone, Copy, Debug)]
pub struct Bringer<'a> {
    /// The client.
    pub client: &'a Client,
    /// Its project, with the policies of its organization.
    pub project: &'a ProjectSnapshot,
    /// The key that it showed.
    pub binding: Option<&'a Binding>,
}

impl<'a> From<&'a Authenticated> for Bringer<'a> {
    fn from(client: &'a Authenticated) -> Self {
        Self {
            client: client.client(),
            project: client.project(),
            binding: client.binding(),
        }
    }
}

impl Bringer<'_> {
    fn is_confidential(self) -> bool {
        self.client.authentication != ClientAuthentication::None
    }

    fn tell(self, refusal: Refusal) -> Refusal {
        refusal.because("client_id", self.client.id.to_string())
    }
}

/// Decides. The first change of a yes is the `jti` that it spends.
#[must_use]
pub fn decide(
    (named, vouched): (&Named, &Vouched),
    beside: Beside<'_>,
    facts: &Facts,
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Verdict<AccessGrant> {
    match granted::granted((named, vouched), beside, facts, (context, entropy)) {
        Ok((grant, changes)) => Verdict::allow(grant, changes),
        Err(refusal) => Verdict::refuse(named.tell(refusal)),
    }
}

/// What a second redemption of the same `jti` is told.
#[must_use]
pub fn replayed(named: &Named) -> Refusal {
    named.tell(jwt_bearer::replayed())
}
