//! A credential of somebody else is exchanged for a token of a principal (google-wire 6.1, 6.4).
//!
//! The way of a request, of which each step may be the last; what the owner may know of it goes along in the
//! refusal's story:
//!
//! 1. [`named`]: `audience` is the whole name of a provider.
//! 2. [`load`], [`Facts::takes`]: the provider exists, and neither it nor its pool nor the project is off. All of that
//!    has one answer, as nobody has proved anything yet.
//! 3. [`Facts::takes`]: the credential is of the kind that the provider takes, and no option asks for what
//!    would have to be dropped.
//! 4. [`crate::rule::assertion::foreign`]: the credential is proved with the keys of the provider's issuer and
//!    judged by what the provider takes. A token for one provider is none for another: each has its own name.
//! 5. [`principal`]: the condition is met, and the mapping says who it is.
//! 6. [`decide`]: the scopes exist for whom the pool belongs to, whose policies allow them. The token ends with
//!    the credential, and after the session of its pool at most.

use std::sync::Arc;

use carnet_wire::crn::Crn;
use carnet_wire::google::sts::Options;
use carnet_wire::google::sts::SubjectTokenType;
use carnet_wire::google_text;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::Api;
use crate::record::Policy;
use crate::record::PoolOwner;
use crate::record::ProviderKind;
use crate::record::Visibility;
use crate::record::WorkloadProvider;
use crate::rule::Refusal;
use crate::rule::assertion::foreign;
use crate::rule::assertion::foreign::Trust;
use crate::rule::assertion::foreign::Vouched;
use crate::rule::federation::is_open;
use crate::rule::federation::mapping::Came;
use crate::rule::federation::mapping::Mapped;
use crate::rule::federation::mapping::Mapping;
use crate::rule::federation::mapping::NotMapped;
use crate::rule::federation::mapping::Step;
use crate::rule::policy;
use crate::rule::scopes;
use crate::rule::token::AccessGrant;
use crate::rule::token::FederatedSubject;
use crate::rule::token::Subject;
use crate::store::Catalog;
use crate::store::CatalogScope;
use crate::store::Fault;
use crate::store::PoolSnapshot;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::Entropy;
use crate::value::OrganizationId;
use crate::value::ProviderName;
use crate::value::TokenId;
use crate::value::UnixTime;

/// What the decision rests on beside the credential.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The pool.
    pub pool: Arc<PoolSnapshot>,
    /// The provider.
    pub provider: Arc<WorkloadProvider>,
    /// What `aud` must be of: the names of the provider, or those that it lists instead.
    pub audiences: Vec<String>,
    owner: Owner,
}

/// To whom the pool belongs, with what they say.
#[derive(Clone, Debug)]
enum Owner {
    Project(Arc<ProjectSnapshot>),
    Organization(OrganizationId, Arc<Vec<Policy>>),
}

/// Which provider a request means.
pub fn named(audience: Option<&str>) -> Result<ProviderName, Refusal> {
    let Some(audience) = audience else {
        let detail = "audience is missing. Name the provider.";
        return Err(Refusal::new(Crn::STS_AUDIENCE, detail));
    };
    ProviderName::from_audience(audience).map_err(|_| {
        let sent = Echo::of(audience);
        let detail = format!("audience is '{sent}'. It must be the whole name of a provider.");
        Refusal::new(Crn::STS_AUDIENCE, detail)
    })
}

/// Reads the facts of an open provider; or the one answer for everything else.
pub async fn load(
    name: &ProviderName,
    snapshots: &dyn Snapshots,
) -> Result<Result<Facts, Refusal>, Fault> {
    let off = |why: &'static str| {
        let detail = "the provider does not exist, or lets nobody in.";
        let refusal = Refusal::new(Crn::STS_TARGET, detail);
        refusal
            .because("why", why)
            .because("provider", name.to_string())
    };
    let Some(pool) = snapshots.pool(&name.pool()).await? else {
        return Ok(Err(off("there is no such pool")));
    };
    let owner = match &pool.pool.owner {
        PoolOwner::Project(id) => match snapshots.project_facts(id).await? {
            Some(project) => Owner::Project(project),
            None => return Ok(Err(off("there is no such project"))),
        },
        PoolOwner::Organization(id) => Owner::Organization(*id, snapshots.policies(*id).await?),
    };
    let Some(provider) = pool.provider(name).cloned() else {
        let refusal = off("there is no such provider in the pool");
        return Ok(Err(owner.tell(refusal)));
    };
    let facts = Facts {
        audiences: audiences(&provider),
        pool,
        provider,
        owner,
    };
    Ok(match facts.why_off() {
        None => Ok(facts),
        Some(why) => Err(facts.owner.tell(off(why))),
    })
}

/// What `aud` must be of: a provider's own name, with `https:` before it or not; or what it lists instead. Where people
/// sign in in their browsers, what this server is called at the issuer too, as with Google.
#[must_use]
pub fn audiences(provider: &WorkloadProvider) -> Vec<String> {
    let mut all = listed(provider);
    if let ProviderKind::Oidc(oidc) = &provider.kind {
        let client = oidc.web.iter().map(|web| web.client_id.to_string());
        let client: Vec<_> = client.filter(|client| !all.contains(client)).collect();
        all.extend(client);
    }
    all
}

fn listed(provider: &WorkloadProvider) -> Vec<String> {
    match &provider.kind {
        ProviderKind::Oidc(oidc) if !oidc.audiences.is_empty() => {
            oidc.audiences.iter().map(ToString::to_string).collect()
        }
        _ => {
            let own = provider.name.audience();
            vec![format!("https:{own}"), own]
        }
    }
}

impl Owner {
    fn tell(&self, refusal: Refusal) -> Refusal {
        match self {
            Self::Project(project) => refusal.because("project", project.project.id.to_string()),
            Self::Organization(id, _) => refusal.because("organization", id.to_string()),
        }
    }

    fn policies(&self) -> &[Policy] {
        match self {
            Self::Project(project) => &project.policies,
            Self::Organization(_, policies) => policies,
        }
    }
}

impl Facts {
    fn why_off(&self) -> Option<&'static str> {
        let project = match &self.owner {
            Owner::Project(project) => Some(project.as_ref()),
            Owner::Organization(..) => None,
        };
        if is_open(&self.pool.pool, &self.provider, project) {
            return None;
        }
        let (pool, provider) = (&self.pool.pool, &self.provider);
        Some(if pool.deleted.is_some() {
            "the pool is deleted"
        } else if pool.disabled {
            "the pool is disabled"
        } else if provider.deleted.is_some() {
            "the provider is deleted"
        } else if provider.disabled {
            "the provider is disabled"
        } else {
            "the project is suspended"
        })
    }

    /// Whose tokens the provider takes, and for whom they must be.
    #[must_use]
    pub fn trust(&self) -> Trust<'_> {
        Trust {
            issuer: self.provider.kind.issuer(),
            audiences: &self.audiences,
            longest: foreign::LONGEST,
        }
    }

    /// The credential is of the kind that the provider takes, and nothing is asked for that it would not get.
    pub fn takes(&self, kind: SubjectTokenType, options: &Options) -> Result<(), Refusal> {
        let (taken, named): (&[SubjectTokenType], _) = match &self.provider.kind {
            ProviderKind::Oidc(_) => (&[SubjectTokenType::Jwt, SubjectTokenType::IdToken], "JWTs"),
            ProviderKind::Saml(_) => (&[SubjectTokenType::Saml2], "SAML 2.0 assertions"),
            ProviderKind::Aws(_) => (&[SubjectTokenType::Aws4Request], "requests signed for AWS"),
            ProviderKind::X509(_) => (&[SubjectTokenType::Mtls], "chains of certificates"),
        };
        if !taken.contains(&kind) {
            let kind = kind.as_str();
            let detail = format!("subject_token_type is {kind}; this provider takes {named}.");
            return Err(Refusal::new(Crn::STS_TOKEN_TYPE, detail));
        }
        let asked = [
            ("accessBoundary", options.access_boundary.is_some()),
            (
                "bindCertFingerprint",
                options.bind_cert_fingerprint.is_some(),
            ),
        ];
        match asked.into_iter().find(|(_, asked)| *asked) {
            None => Ok(()),
            Some((name, _)) => {
                let detail = format!("{name} cannot be had for this kind of subject_token.");
                Err(Refusal::new(Crn::STS_OPTIONS, detail))
            }
        }
    }

    /// Adds what an owner wants to know of every refusal at a provider of theirs.
    #[must_use]
    pub fn tell(&self, refusal: Refusal) -> Refusal {
        let refusal = refusal
            .because("provider", self.provider.name.to_string())
            .because("issuer", self.provider.kind.issuer());
        self.owner.tell(refusal)
    }
}

/// Who it is, in the provider's words. The refusal's story has each step, as the dry run has it.
pub fn principal(mapping: &Mapping, vouched: &Vouched) -> Result<Mapped, Refusal> {
    let no = match mapping.evaluate(vouched.claims()) {
        Ok(mapped) => return Ok(mapped),
        Err(no) => no,
    };
    let refusal = match &no {
        NotMapped::Attribute { which, .. } => {
            let detail = format!("the mapping of {which} gives nothing that can be used.");
            Refusal::new(Crn::FOREIGN_MAPPING, detail)
        }
        NotMapped::Condition(_) | NotMapped::NoCondition { .. } => {
            let detail = "the condition of the provider is not true for this token.";
            Refusal::new(Crn::FOREIGN_CONDITION, detail).says(google_text::STS_CONDITION)
        }
    };
    let trace = mapping.trace(vouched.claims());
    let steps: Vec<_> = trace.steps.iter().map(step).collect();
    Err(refusal
        .because("why", no.to_string())
        .because("steps", steps.join("; ")))
}

/// One step for the owner: what it gave, cut where it is long.
fn step(step: &Step) -> String {
    let came = match &step.came {
        Came::Text(text) => format!("'{}'", Echo::of(text)),
        Came::List(all) => format!("{} groups", all.len()),
        Came::True => "true".to_owned(),
        Came::False(term) => format!("false: {}", Echo::of(&term.to_string())),
        Came::Failed(why) => format!("failed: {}", Echo::of(why)),
    };
    format!("{} = {came}", step.which)
}

/// The token that a principal gets.
pub fn decide(
    facts: &Facts,
    (vouched, mapped): (&Vouched, Mapped),
    asked: Option<&Scope>,
    catalog: &Catalog,
    (now, entropy): (UnixTime, &mut dyn Entropy),
) -> Result<AccessGrant, Refusal> {
    let (scope, apis) = may_have(facts, asked, catalog)?;
    let name = facts.provider.name.clone();
    let who = FederatedSubject::new(name, &mapped.subject, mapped.groups, mapped.attributes);
    let id = TokenId::mint(now, entropy);
    let subject = Subject::Federated(Box::new(who));
    let mut grant = AccessGrant::new(id, subject, scope.clone(), &apis, now);
    let session = now + facts.pool.pool.session;
    grant.expires = grant.expires.min(session).min(vouched.expires());
    Ok(grant)
}

/// What is asked for, where whoever comes through this provider may have it, and the APIs that it is for.
pub fn may_have<'s>(
    facts: &Facts,
    asked: Option<&'s Scope>,
    catalog: &Catalog,
) -> Result<(&'s Scope, Vec<Arc<Api>>), Refusal> {
    let Some(scope) = asked.filter(|scope| !scope.is_empty()) else {
        let detail = "scope is empty. Say what the token shall be good for.";
        return Err(Refusal::new(Crn::SCOPE_EMPTY, detail));
    };
    let apis = resolved(scope, catalog, &facts.owner)?;
    policy::permits_scopes_to_app(facts.owner.policies(), scope)?;
    Ok((scope, apis))
}

/// The APIs of these scopes, as far as whom the pool belongs to may know of them.
fn resolved(scope: &Scope, catalog: &Catalog, owner: &Owner) -> Result<Vec<Arc<Api>>, Refusal> {
    let organization = match owner {
        Owner::Project(project) => return scopes::resolve(scope, catalog, &project.project),
        Owner::Organization(id, _) => *id,
    };
    let visible = |known: &CatalogScope| {
        known.scope.visibility == Visibility::Public || known.organization == Some(organization)
    };
    scopes::resolve_for(scope.iter(), catalog, &visible)
}

#[cfg(test)]
mod tests;
