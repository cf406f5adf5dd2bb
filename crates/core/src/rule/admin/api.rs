//! APIs: resource servers with their scopes.
//!
//! 1. An identifier belongs to one API, and so does the name of a scope: the store guards both.
//! 2. Names that mean something to Carnet itself cannot be taken: identifiers under `urn:carnet:`, the
//!    issuer and what is under its address (tokens for it are Carnet's own, and whoever has an API by that
//!    name would be told of them), scopes under `carnet.`, and those of OpenID Connect.
//! 3. Tokens are signed with an algorithm for which there is a key.
//! 4. The whole of the record as it would be is held against these rules, at creation and at each
//!    change (Keycloak CVE-2026-15572).

use carnet_jose::Algorithm;
use carnet_wire::authorization_details::MAX_TYPE_BYTES;

use super::decision::{all_right, changed};
use super::{Context, Decision, Done, No, Wrong};
use crate::record::{Api, ApiScope, DetailField, DetailType, FieldKind, TokenFormat};
use crate::store::{Record, RecordKey};
use crate::value::{ApiId, ApiIdentifier, Entropy, ProjectId, Seconds, Title, Version};

/// The shortest life of an access token.
pub const SHORTEST: Seconds = Seconds(60);

/// The longest life of an access token.
pub const LONGEST: Seconds = Seconds(12 * 3_600);

/// How many scopes an API may have.
pub const MOST_SCOPES: usize = 200;

/// How many types of detail an API may have.
pub const MOST_DETAIL_TYPES: usize = 32;

/// How many members a type may have.
pub const MOST_FIELDS: usize = 32;

/// How many texts a member may be.
pub const MOST_VALUES: usize = 32;

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
    /// What may be asked for in detail.
    pub detail_types: Vec<DetailType>,
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
    /// All of its types of detail.
    pub detail_types: Option<Vec<DetailType>>,
}

/// Makes an API. `signable` are the algorithms for which a key signs; `issuer` is this server.
pub fn create(
    new: NewApi,
    (signable, issuer): (&[Algorithm], &str),
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
        detail_types: new.detail_types,
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
    };
    not_under(&api.identifier, issuer)?;
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
    if let Some(types) = patch.detail_types {
        let names = |types: &[DetailType]| -> String {
            let names: Vec<_> = types.iter().map(|kind| kind.name.as_str()).collect();
            names.join(" ")
        };
        changed(
            &mut detail,
            "detail_types",
            &names(&api.detail_types),
            &names(&types),
        );
        next.detail_types = types;
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

/// Whoever compares `aud` compares texts; hosts and schemes are written in any case.
fn not_under(identifier: &ApiIdentifier, issuer: &str) -> Result<(), No> {
    let (text, issuer) = (identifier.as_str(), issuer.trim_end_matches('/'));
    let begins = text.get(..issuer.len());
    let rest = text.get(issuer.len()..).unwrap_or_default();
    let is_under = begins.is_some_and(|begins| begins.eq_ignore_ascii_case(issuer))
        && (rest.is_empty() || rest.starts_with(['/', '?', '#']));
    if is_under {
        let detail = "The issuer, and what is under its address, is Carnet's own.";
        return Err(No::field("/identifier", detail));
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
    wrongs.extend(detail_types(&api.detail_types));
    all_right(wrongs)
}

/// What is wrong with the types of detail.
fn detail_types(types: &[DetailType]) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    if types.len() > MOST_DETAIL_TYPES {
        let detail = format!("An API has {MOST_DETAIL_TYPES} types of detail at most.");
        wrongs.push(Wrong::new("/detail_types", detail));
    }
    for (place, kind) in types.iter().enumerate().take(MOST_DETAIL_TYPES) {
        let pointer = format!("/detail_types/{place}");
        if kind.name.as_str().len() > MAX_TYPE_BYTES {
            let detail = format!("A type has {MAX_TYPE_BYTES} bytes at most.");
            wrongs.push(Wrong::new(format!("{pointer}/name"), detail));
        }
        let before = types.iter().take(place);
        if before.into_iter().any(|other| other.name == kind.name) {
            let detail = format!("The type {} is listed twice.", kind.name);
            wrongs.push(Wrong::new(format!("{pointer}/name"), detail));
        }
        wrongs.extend(fields(&pointer, kind.fields.as_deref().unwrap_or_default()));
    }
    wrongs
}

fn fields(pointer: &str, fields: &[DetailField]) -> Vec<Wrong> {
    let mut wrongs = Vec::new();
    if fields.len() > MOST_FIELDS {
        let detail = format!("A type has {MOST_FIELDS} members at most.");
        wrongs.push(Wrong::new(format!("{pointer}/fields"), detail));
    }
    for (place, field) in fields.iter().enumerate().take(MOST_FIELDS) {
        let pointer = format!("{pointer}/fields/{place}");
        let name = field.name.as_str();
        let before = fields.iter().take(place);
        if ["type", "locations"].contains(&name) {
            let detail = format!("Each type has the member {name}.");
            wrongs.push(Wrong::new(format!("{pointer}/name"), detail));
        } else if before.into_iter().any(|other| other.name == field.name) {
            let detail = format!("The member {name} is listed twice.");
            wrongs.push(Wrong::new(format!("{pointer}/name"), detail));
        }
        let texts = matches!(field.kind, FieldKind::Text | FieldKind::Texts);
        if field.values.len() > MOST_VALUES || (!texts && !field.values.is_empty()) {
            let detail =
                format!("Only a text, or a list of texts, has values: {MOST_VALUES} at most.");
            wrongs.push(Wrong::new(format!("{pointer}/values"), detail));
        }
    }
    wrongs
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
