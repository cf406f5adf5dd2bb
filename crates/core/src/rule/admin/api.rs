//! APIs: resource servers with their scopes.
//!
//! 1. An identifier belongs to one API, and so does the name of a scope: the store guards both.
//! 2. Names that mean something to Carnet itself cannot be taken: identifiers under `urn:carnet:`,
//!    scopes under `carnet.`, and those of OpenID Connect.
//! 3. Tokens are signed with an algorithm for which there is a key.
//! 4. The whole of the record as it would be is held against these rules, at creation and at each
//!    change (Keycloak CVE-2026-15572).

use carnet_jose::Algorithm;

use super::decision::{all_right, changed};
use super::{Context, Decision, Done, No, Wrong};
use crate::record::{Api, ApiScope, TokenFormat};
use crate::store::{Record, RecordKey};
use crate::value::{ApiId, ApiIdentifier, Entropy, ProjectId, Seconds, Title, Version};

/// The shortest life of an access token.
pub const SHORTEST: Seconds = Seconds(60);

/// The longest life of an access token.
pub const LONGEST: Seconds = Seconds(12 * 3_600);

/// How many scopes an API may have.
pub const MOST_SCOPES: usize = 200;

/// What identifiers of Carnet's own APIs begin with.
pub const OWN_IDENTIFIERS: &str = "urn:carnet:";

/// What scopes of Carnet's own APIs begin with.
pub const OWN_SCOPES: &str = "carnet.";

/// Scopes of OpenID Connect, which belong to no API.
const OPENID_SCOPES: [&str; 6] = [
    "openid",
    "email",
    "profile",
    "address",
    "phone",
    "offline_access",
];

/// An API to be made.
#[derive(Clone, Debug)]
pub struct NewApi {
    /// Whose it is.
    pub project: ProjectId,
    /// What `aud` says for it.
    pub identifier: ApiIdentifier,
    /// What people call it.
    pub title: Title,
    /// How its tokens are made.
    pub tokens: TokenFormat,
    /// With which algorithm they are signed.
    pub algorithm: Algorithm,
    /// How long they live.
    pub lifetime: Seconds,
    /// Its scopes.
    pub scopes: Vec<ApiScope>,
}

/// What may be changed of an API. Absent: stays. Its identifier stands in tokens and configurations,
/// and stays.
#[derive(Clone, Debug, Default)]
pub struct ApiPatch {
    /// What people call it.
    pub title: Option<Title>,
    /// How its tokens are made.
    pub tokens: Option<TokenFormat>,
    /// With which algorithm they are signed.
    pub algorithm: Option<Algorithm>,
    /// How long they live.
    pub lifetime: Option<Seconds>,
    /// All of its scopes.
    pub scopes: Option<Vec<ApiScope>>,
}

/// Makes an API. `signable` are the algorithms for which a key signs.
pub fn create(
    new: NewApi,
    signable: &[Algorithm],
    context: &Context<'_>,
    entropy: &mut dyn Entropy,
) -> Decision<Api> {
    let api = Api {
        id: ApiId::mint(context.now, entropy),
        project: new.project,
        identifier: new.identifier,
        title: new.title,
        tokens: new.tokens,
        algorithm: new.algorithm,
        lifetime: new.lifetime,
        scopes: new.scopes,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    sound(&api, signable)?;
    let detail = [
        ("identifier", api.identifier.to_string()),
        ("project", api.project.to_string()),
        ("scopes", names(&api.scopes)),
    ];
    let audit = context.audited("api.create", api.id, &detail);
    let row = Record::Api(api.clone());
    Ok(Done::inserted(api, row, audit))
}

/// Changes an API.
pub fn update(
    api: Api,
    patch: ApiPatch,
    signable: &[Algorithm],
    context: &Context<'_>,
) -> Decision<Api> {
    not_own(&api)?;
    let mut detail = vec![("identifier", api.identifier.to_string())];
    let mut next = api.clone();
    if let Some(title) = patch.title {
        changed(&mut detail, "title", &api.title, &title);
        next.title = title;
    }
    if let Some(tokens) = patch.tokens {
        changed(
            &mut detail,
            "tokens",
            &format_text(api.tokens),
            &format_text(tokens),
        );
        next.tokens = tokens;
    }
    if let Some(algorithm) = patch.algorithm {
        changed(&mut detail, "algorithm", &api.algorithm, &algorithm);
        next.algorithm = algorithm;
    }
    if let Some(lifetime) = patch.lifetime {
        changed(&mut detail, "lifetime", &api.lifetime, &lifetime);
        next.lifetime = lifetime;
    }
    if let Some(scopes) = patch.scopes {
        changed(&mut detail, "scopes", &names(&api.scopes), &names(&scopes));
        next.scopes = scopes;
    }
    if next == api {
        return Ok(Done::already(api));
    }
    sound(&next, signable)?;
    next.changed = context.now;
    next.version = api.version.next();
    let audit = context.audited("api.update", next.id, &detail);
    let row = Record::Api(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Takes an API away, with its scopes: nobody gets a token for it any more.
pub fn delete(api: Api, context: &Context<'_>) -> Decision<Api> {
    not_own(&api)?;
    let detail = [
        ("identifier", api.identifier.to_string()),
        ("project", api.project.to_string()),
    ];
    let audit = context.audited("api.delete", api.id, &detail);
    let key = RecordKey::Api(api.id);
    let version = api.version;
    Ok(Done::removed(api, key, version, audit))
}

fn not_own(api: &Api) -> Result<(), No> {
    if api.identifier.as_str().starts_with(OWN_IDENTIFIERS) {
        return Err(No::state("This API is Carnet's own and cannot be changed."));
    }
    Ok(())
}

fn sound(api: &Api, signable: &[Algorithm]) -> Result<(), No> {
    let mut wrongs = Vec::new();
    let mut wrong = |pointer: String, detail: String| wrongs.push(Wrong::new(pointer, detail));
    if api.identifier.as_str().starts_with(OWN_IDENTIFIERS) {
        wrong(
            "/identifier".to_owned(),
            format!("Identifiers under {OWN_IDENTIFIERS} are Carnet's own."),
        );
    }
    if api.lifetime < SHORTEST || api.lifetime > LONGEST {
        let (shortest, longest) = (SHORTEST.0, LONGEST.0);
        wrong(
            "/lifetime_seconds".to_owned(),
            format!("lifetime_seconds is {shortest} to {longest}."),
        );
    }
    if api.tokens == TokenFormat::Jwt && !signable.contains(&api.algorithm) {
        wrong(
            "/algorithm".to_owned(),
            format!(
                "No signing key for {} is active; create and activate one first.",
                api.algorithm
            ),
        );
    }
    if api.scopes.len() > MOST_SCOPES {
        wrong(
            "/scopes".to_owned(),
            format!("An API has {MOST_SCOPES} scopes at most."),
        );
    }
    for (place, scope) in api.scopes.iter().enumerate().take(MOST_SCOPES) {
        let name = scope.name.as_str();
        let pointer = format!("/scopes/{place}/name");
        if name.starts_with(OWN_SCOPES) || OPENID_SCOPES.contains(&name) {
            wrong(
                pointer,
                format!("The scope {name} is Carnet's own or OpenID Connect's."),
            );
        } else if name.contains(',') {
            wrong(pointer, "A scope cannot contain a comma.".to_owned());
        } else if api
            .scopes
            .iter()
            .take(place)
            .any(|other| other.name == scope.name)
        {
            wrong(pointer, format!("The scope {name} is listed twice."));
        }
    }
    all_right(wrongs)
}

fn names(scopes: &[ApiScope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|scope| scope.name.as_str()).collect();
    names.join(" ")
}

const fn format_text(format: TokenFormat) -> &'static str {
    match format {
        TokenFormat::Jwt => "jwt",
        TokenFormat::Opaque => "opaque",
    }
}

#[cfg(test)]
mod tests;
