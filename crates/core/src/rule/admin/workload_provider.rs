//! Providers of pools: made, changed, disabled, deleted, and for 30 days brought back.
//!
//! google-wire 6.4.
//!
//! 1. A provider is made in a pool that is not deleted. Its name never changes, nor does its kind.
//! 2. Its issuer is https, or on this machine; whether it may be reached at all is the caller's to ask, who
//!    has the configuration. An issuer whose keys are given here is never reached.
//! 3. The expressions were compiled by the caller; here the mapping must say who
//!    the principal is.
//! 4. It has ten audiences at most, each once. None means its own name.
//! 5. People sign in at it in their browsers only where the pool is a workforce's, at an issuer that is https or on this
//!    machine. Its secret stays with the issuer and client it was given for.
//! 6. A disabled or deleted provider lets nobody in, and what it got its principals is refused at once.

use std::collections::BTreeMap;

use super::decision::changed;
use super::workload_pool::{not_deleted as pool_not_deleted, over, restorable, title_wrong};
use super::{Context, Decision, Done, No, Wrong};
use crate::record::{
    OidcProvider, ProviderKeys, ProviderKind, WebClaims, WebResponse, WebSignIn, WorkloadPool,
    WorkloadProvider, X509Provider,
};
use crate::store::{Change, Record, RecordKey};
use crate::value::{Description, IssuerUri, PoolKind, ProviderName, Title, Version};

/// What a mapping must say.
const SUBJECT: &str = "google.subject";

/// A provider to be made. Its expressions were compiled.
#[derive(Clone, Debug)]
pub struct NewProvider {
    /// The last part of its name.
    pub id: String,
    /// What people call it: 32 bytes at most.
    pub title: Title,
    /// What it is for.
    pub description: Description,
    /// How what it vouches for is verified.
    pub kind: ProviderKind,
    /// What of it becomes the principal.
    pub mapping: BTreeMap<String, String>,
    /// What must be true.
    pub condition: Option<String>,
    /// Whether it begins disabled.
    pub disabled: bool,
}

/// What may be changed of a provider. Absent: stays. The expressions were compiled.
#[derive(Clone, Debug, Default)]
pub struct ProviderPatch {
    /// What people call it.
    pub title: Option<Title>,
    /// What it is for.
    pub description: Option<Description>,
    /// How what it vouches for is verified; of the same kind as before. The secret of a client that is to stay was taken
    /// over ([`WebSignIn::keep_secret`]).
    pub kind: Option<ProviderKind>,
    /// What of it becomes the principal.
    pub mapping: Option<BTreeMap<String, String>>,
    /// What must be true: nothing any more, or this.
    pub condition: Option<Option<String>>,
    /// Whether it lets anybody in.
    pub disabled: Option<bool>,
}

/// What a provider of this pool will be called whose id is this.
pub fn name(pool: &WorkloadPool, id: &str) -> Result<ProviderName, No> {
    let rule =
        "An id has 4 to 32 lower-case letters, digits and hyphens, and does not begin with gcp-.";
    ProviderName::of(&pool.name, id).map_err(|_| No::field("/id", rule))
}

/// Makes a provider. `existing` is the one that has its name.
pub fn create(
    new: NewProvider,
    pool: &WorkloadPool,
    existing: Option<&WorkloadProvider>,
    context: &Context<'_>,
) -> Decision<WorkloadProvider> {
    pool_not_deleted(pool)?;
    let name = name(pool, &new.id)?;
    if let Some(existing) = existing {
        let deleted = match existing.deleted {
            Some(_) => " It is deleted and can be brought back.",
            None => "",
        };
        let detail = format!("Provider {name} exists already.{deleted}");
        return Err(No::taken(detail));
    }
    let provider = WorkloadProvider {
        name,
        title: new.title,
        description: new.description,
        kind: new.kind,
        mapping: new.mapping,
        condition: new.condition,
        disabled: new.disabled,
        deleted: None,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    sound(&provider)?;
    let action = "workload_provider.create";
    let audit = audited(context, action, &provider, &[]);
    let row = Record::WorkloadProvider(provider.clone());
    Ok(Done::inserted(provider, row, audit))
}

/// The answer where the pool has as many providers as it may have; only the store knows.
#[must_use]
pub fn full() -> No {
    let most = WorkloadProvider::MOST;
    No::state(format!(
        "A pool has {most} providers at most, deleted ones too for 30 days."
    ))
}

/// Changes a provider.
pub fn update(
    provider: WorkloadProvider,
    patch: ProviderPatch,
    context: &Context<'_>,
) -> Decision<WorkloadProvider> {
    not_deleted(&provider)?;
    let mut detail = Vec::new();
    let mut next = provider.clone();
    if let Some(title) = patch.title {
        changed(&mut detail, "display_name", &provider.title, &title);
        next.title = title;
    }
    if let Some(description) = patch.description {
        let before = &provider.description;
        changed(&mut detail, "description", before, &description);
        next.description = description;
    }
    if let Some(kind) = patch.kind {
        if !kind.is_like(&provider.kind) {
            let detail = "The kind of a provider stays what it was. Make another provider.";
            return Err(No::state(detail));
        }
        next.kind = kind;
    }
    if let Some(mapping) = patch.mapping {
        if mapping != provider.mapping {
            detail.push(("mapping", mapping_text(&mapping)));
        }
        next.mapping = mapping;
    }
    if let Some(condition) = patch.condition {
        if condition != provider.condition {
            detail.push(("condition", condition.clone().unwrap_or_default()));
        }
        next.condition = condition;
    }
    if let Some(disabled) = patch.disabled {
        changed(&mut detail, "disabled", &provider.disabled, &disabled);
        next.disabled = disabled;
    }
    sound(&next)?;
    let action = "workload_provider.update";
    Ok(written(provider, next, context, action, &detail))
}

/// Deletes a provider, for 30 days not for good.
pub fn delete(provider: WorkloadProvider, context: &Context<'_>) -> Decision<WorkloadProvider> {
    not_deleted(&provider)?;
    let mut next = provider.clone();
    next.deleted = Some(context.now);
    let action = "workload_provider.delete";
    Ok(written(provider, next, context, action, &[]))
}

/// Brings a deleted provider back, into a pool that is not deleted.
pub fn undelete(
    provider: WorkloadProvider,
    pool: &WorkloadPool,
    context: &Context<'_>,
) -> Decision<WorkloadProvider> {
    pool_not_deleted(pool)?;
    restorable("provider", provider.deleted, context.now)?;
    let mut next = provider.clone();
    next.deleted = None;
    let action = "workload_provider.undelete";
    Ok(written(provider, next, context, action, &[]))
}

/// Takes a provider away for good, once its 30 days are over.
pub fn purge(provider: WorkloadProvider, context: &Context<'_>) -> Decision<WorkloadProvider> {
    if !over(provider.deleted, context.now) {
        return Err(No::state("The provider can still be restored."));
    }
    let action = "workload_provider.purge";
    let audit = audited(context, action, &provider, &[]);
    let key = RecordKey::WorkloadProvider(provider.name.clone());
    let version = provider.version;
    Ok(Done::removed(provider, key, version, audit))
}

fn not_deleted(provider: &WorkloadProvider) -> Result<(), No> {
    match provider.deleted {
        None => Ok(()),
        Some(since) => Err(No::state(format!(
            "The provider was deleted on {} and can be restored until {}.",
            since.day(),
            (since + super::workload_pool::RESTORABLE).day()
        ))),
    }
}

fn sound(provider: &WorkloadProvider) -> Result<(), No> {
    let mut wrongs: Vec<_> = title_wrong(&provider.title).into_iter().collect();
    if !provider.mapping.contains_key(SUBJECT) {
        let detail = "The mapping must have google.subject, which says who the principal is.";
        wrongs.push(Wrong::new("/attribute_mapping", detail));
    }
    match &provider.kind {
        ProviderKind::Oidc(oidc) => {
            wrongs.extend(oidc_wrong(oidc));
            let kind = provider.name.pool().kind();
            wrongs.extend(
                oidc.web
                    .as_ref()
                    .and_then(|web| web_wrong(oidc, web, &kind)),
            );
        }
        // Its metadata was read by the caller: XML is none of the core's business.
        ProviderKind::Saml(_) => {}
        ProviderKind::Aws(aws) if aws.is_sound() => {}
        ProviderKind::Aws(_) => {
            let detail = "An account of AWS has twelve digits.";
            wrongs.push(Wrong::new("/aws/account_id", detail));
        }
        ProviderKind::X509(x509) => wrongs.extend(x509_wrong(x509)),
    }
    super::decision::all_right(wrongs)
}

fn oidc_wrong(oidc: &OidcProvider) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    if !is_https_or_here(&oidc.issuer) && oidc.keys == ProviderKeys::Discovery {
        let detail = "The issuer is an https:// URL, or http:// on this machine; else its keys must be given.";
        wrongs.push(Wrong::new("/oidc/issuer", detail));
    }
    if oidc.audiences.len() > OidcProvider::MOST_AUDIENCES {
        let detail = "There are 10 audiences at most.";
        wrongs.push(Wrong::new("/oidc/allowed_audiences", detail));
    }
    for (at, audience) in oidc.audiences.iter().enumerate() {
        if oidc
            .audiences
            .iter()
            .take(at)
            .any(|other| other == audience)
        {
            let pointer = format!("/oidc/allowed_audiences/{at}");
            wrongs.push(Wrong::new(pointer, "This audience is there twice."));
        }
    }
    if let ProviderKeys::Inline(set) = &oidc.keys
        && let Some(place) = set.keys.iter().position(|key| key.key_id.is_none())
    {
        let detail = "Each key must have a kid: a token without one is refused.";
        wrongs.push(Wrong::new(format!("/oidc/jwks/keys/{place}"), detail));
    }
    wrongs
}

fn web_wrong(oidc: &OidcProvider, web: &WebSignIn, pool: &PoolKind) -> Option<Wrong> {
    let most = WebSignIn::MOST_SCOPES;
    let wrong = |member: &str, detail: &str| {
        let pointer = format!("/oidc/web_sign_in{member}");
        Some(Wrong::new(pointer, detail.to_owned()))
    };
    if *pool != PoolKind::Workforce {
        return wrong("", "People sign in only at providers of a workforce pool.");
    }
    if !is_https_or_here(&oidc.issuer) {
        let detail =
            "The issuer is an https:// URL, or http:// on this machine: browsers are sent there.";
        return wrong("", detail);
    }
    if web.response == WebResponse::Code && web.client_secret.is_none() {
        let detail = "It is missing: a code is redeemed with it. It stays only with the issuer and client_id it was given for.";
        return wrong("/client_secret", detail);
    }
    if web.response == WebResponse::IdToken && web.claims == WebClaims::UserInfo {
        let detail = "The userinfo endpoint wants an access token, which comes with a code alone.";
        return wrong("/assertion_claims", detail);
    }
    if web.scopes.len() > most {
        return wrong("/additional_scopes", "There are 10 at most.");
    }
    None
}

fn x509_wrong(x509: &X509Provider) -> Option<Wrong> {
    if x509.anchors.is_empty() || x509.anchors.len() > X509Provider::MOST_ANCHORS {
        let detail = "There are 1 to 3 authorities.";
        return Some(Wrong::new("/x509/trust_anchors", detail));
    }
    if x509.intermediates.len() > X509Provider::MOST_INTERMEDIATES {
        let detail = "There are 10 certificates in between at most.";
        return Some(Wrong::new("/x509/intermediate_cas", detail));
    }
    None
}

pub(super) fn is_https_or_here(issuer: &IssuerUri) -> bool {
    let Some(rest) = issuer.as_str().strip_prefix("http://") else {
        return true;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

fn mapping_text(mapping: &BTreeMap<String, String>) -> String {
    let lines = mapping.iter().map(|(name, text)| format!("{name}={text}"));
    lines.collect::<Vec<_>>().join("; ")
}

fn written(
    before: WorkloadProvider,
    mut next: WorkloadProvider,
    context: &Context<'_>,
    action: &str,
    detail: &[(&'static str, String)],
) -> Done<WorkloadProvider> {
    if before == next {
        return Done::already(before);
    }
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited(context, action, &next, detail);
    let row = Record::WorkloadProvider(next.clone());
    Done::replaced(next, row, audit)
}

/// Who is believed is what an auditor looks for, so each entry says it.
fn audited(
    context: &Context<'_>,
    action: &str,
    provider: &WorkloadProvider,
    detail: &[(&'static str, String)],
) -> Change {
    let mut all = vec![("issuer", provider.kind.issuer().to_owned())];
    all.extend(believed(&provider.kind));
    all.extend_from_slice(detail);
    all.retain(|(_, value)| !value.is_empty());
    context.audited(action, &provider.name, &all)
}

fn believed(kind: &ProviderKind) -> Vec<(&'static str, String)> {
    match kind {
        ProviderKind::Oidc(oidc) => {
            let audiences: Vec<_> = oidc.audiences.iter().map(ToString::to_string).collect();
            let keys = match &oidc.keys {
                ProviderKeys::Discovery => "by discovery".to_owned(),
                ProviderKeys::Inline(set) => format!("{} given", set.keys.len()),
            };
            let web = oidc.web.as_ref();
            let web = web.map_or_else(String::new, |web| {
                let how = web.response.as_str();
                format!("{how} as {}", web.client_id)
            });
            vec![
                ("audiences", audiences.join(" ")),
                ("keys", keys),
                ("web_sign_in", web),
            ]
        }
        ProviderKind::Saml(saml) => {
            vec![("certificates", saml.certificates.len().to_string())]
        }
        ProviderKind::Aws(_) => Vec::new(),
        ProviderKind::X509(x509) => vec![(
            "trust_anchors",
            x509.anchors
                .iter()
                .map(sha256_text)
                .collect::<Vec<_>>()
                .join(" "),
        )],
    }
}

/// By which an auditor knows a certificate.
fn sha256_text(der: &Vec<u8>) -> String {
    carnet_jose::digest::hex(&carnet_jose::digest::sha256(der))
}

#[cfg(test)]
mod tests;
