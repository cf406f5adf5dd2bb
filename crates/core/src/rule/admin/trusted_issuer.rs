//! Issuers elsewhere whose assertions are grants: made, changed, disabled, deleted (RFC 7523 section 2.1).
//!
//! 1. The issuer is a URL, https or on this machine where its keys are fetched, and never this server itself: our own
//!    tokens are no grants. A service account signs for itself and is no issuer.
//! 2. An issuer and an audience name one trust in the whole installation. Who comes second gives an audience of its
//!    own, which is then also what its assertions are for, and for nobody else.
//! 3. A project trusts for its own service accounts, an organization for those of its projects or for its users.
//!    Which account it is stands here, and which subjects may become it must be said.
//! 4. For users, the clients are named that may bring assertions; each proves itself, and is of the organization.
//!    Scopes that administer something are never a user's so.
//! 5. A disabled or deleted trust gets nobody a token, and what it got is refused at once.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::decision::all_right;
use super::workload_provider::is_https_or_here;
use super::{Context, Decision, Done, No, Wrong};
use crate::record::{
    Client, ClientAuthentication, IssuerOwner, Project, Risk, ServiceAccount, TrustedIssuer,
    TrustedKeys, TrustedSubject,
};
use crate::store::{Catalog, Change, Record, RecordKey};
use crate::value::{Seconds, Version};

/// The shortest that an assertion may be allowed to live.
pub const SHORTEST_LIFETIME: Seconds = Seconds(60);

/// The longest.
pub const LONGEST_LIFETIME: Seconds = Seconds::days(1);

/// What a trust refers to, as it is now.
#[derive(Clone, Debug)]
pub struct Around {
    /// The account that it names, with its project.
    pub account: Option<(ServiceAccount, Project)>,
    /// The clients that it names, in their order, each with its project.
    pub clients: Vec<Option<(Client, Project)>>,
    /// Every scope that there is.
    pub catalog: Arc<Catalog>,
    /// What this server calls itself.
    pub us: String,
    /// The identifier of the API by which this server is administered.
    pub own_api: String,
}

/// Makes a trust. Its version, and when it was made, are written here.
pub fn create(
    issuer: TrustedIssuer,
    around: &Around,
    context: &Context<'_>,
) -> Decision<TrustedIssuer> {
    sound(&issuer, around)?;
    let issuer = TrustedIssuer {
        created: context.now,
        changed: context.now,
        version: Version::FIRST,
        ..issuer
    };
    let audit = audited(context, "trusted_issuer.create", &issuer);
    let row = Record::TrustedIssuer(issuer.clone());
    Ok(Done::inserted(issuer, row, audit))
}

/// The answer where another trust has this issuer and audience; only the store knows.
#[must_use]
pub fn taken() -> No {
    No::taken(
        "There is a trust in this issuer with this audience already. Give it an audience of its own, and ask the \
         issuer for assertions with that.",
    )
}

/// Changes a trust into another one. Whose it is, its issuer and its audience stay.
pub fn update(
    before: TrustedIssuer,
    next: TrustedIssuer,
    around: &Around,
    context: &Context<'_>,
) -> Decision<TrustedIssuer> {
    let mut next = TrustedIssuer {
        id: before.id,
        owner: before.owner.clone(),
        issuer: before.issuer.clone(),
        audience: before.audience.clone(),
        created: before.created,
        changed: before.changed,
        version: before.version,
        ..next
    };
    if next == before {
        return Ok(Done::already(before));
    }
    sound(&next, around)?;
    next.changed = context.now;
    next.version = before.version.next();
    let audit = audited(context, "trusted_issuer.update", &next);
    let row = Record::TrustedIssuer(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Switches a trust on or off, whatever became of what it refers to.
pub fn switch(
    before: TrustedIssuer,
    disabled: bool,
    context: &Context<'_>,
) -> Decision<TrustedIssuer> {
    if before.disabled == disabled {
        return Ok(Done::already(before));
    }
    let next = TrustedIssuer {
        disabled,
        changed: context.now,
        version: before.version.next(),
        ..before
    };
    let action = if disabled {
        "trusted_issuer.disable"
    } else {
        "trusted_issuer.enable"
    };
    let audit = audited(context, action, &next);
    let row = Record::TrustedIssuer(next.clone());
    Ok(Done::replaced(next, row, audit))
}

/// Deletes a trust.
pub fn delete(issuer: TrustedIssuer, context: &Context<'_>) -> Decision<TrustedIssuer> {
    let audit = audited(context, "trusted_issuer.delete", &issuer);
    let (key, version) = (RecordKey::TrustedIssuer(issuer.id), issuer.version);
    Ok(Done::removed(issuer, key, version, audit))
}

fn sound(issuer: &TrustedIssuer, around: &Around) -> Result<(), No> {
    let mut wrongs = Wrongs(Vec::new());
    if issuer.title.as_str().is_empty() {
        wrongs.note("/title", "A trust has a name.");
    }
    wrongs.issuer(issuer, &around.us);
    wrongs.subject(issuer, around);
    wrongs.subjects(issuer);
    wrongs.clients(issuer, around);
    wrongs.scopes(issuer, around);
    if !(SHORTEST_LIFETIME..=LONGEST_LIFETIME).contains(&issuer.longest) {
        let (least, most) = (SHORTEST_LIFETIME.0, LONGEST_LIFETIME.0);
        let detail = format!("It is {least} to {most} seconds.");
        wrongs.note("/max_lifetime_seconds", detail);
    }
    all_right(wrongs.0)
}

struct Wrongs(Vec<Wrong>);

impl Wrongs {
    fn note(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Wrong::new(pointer, detail));
    }

    fn issuer(&mut self, issuer: &TrustedIssuer, us: &str) {
        let url = issuer.issuer.as_str();
        if url.trim_end_matches('/') == us.trim_end_matches('/') {
            self.note("/issuer", "This server's own tokens are no grants.");
        }
        if !is_https_or_here(&issuer.issuer) && issuer.keys == TrustedKeys::Discovery {
            let detail = "The issuer is an https:// URL, or http:// on this machine; else its keys must be given.";
            self.note("/issuer", detail);
        }
        if let TrustedKeys::Inline(set) = &issuer.keys
            && let Some(place) = set.keys.iter().position(|key| key.key_id.is_none())
        {
            let detail = "Each key must have a kid: an assertion without one is refused.";
            self.note(format!("/jwks/keys/{place}"), detail);
        }
    }

    fn subject(&mut self, issuer: &TrustedIssuer, around: &Around) {
        match (&issuer.subject, &issuer.owner) {
            (TrustedSubject::User(_), IssuerOwner::Project(_)) => self.note(
                "/user_claim",
                "Only an organization trusts an issuer for its users: make it there.",
            ),
            (TrustedSubject::User(_), IssuerOwner::Organization(_)) => {}
            (TrustedSubject::Account(_), owner) => {
                let account = around.account.as_ref();
                if !account.is_some_and(|(_, project)| owner.has(project)) {
                    let detail =
                        "There is no such service account in this project or organization.";
                    self.note("/account", detail);
                }
            }
        }
    }

    fn subjects(&mut self, issuer: &TrustedIssuer) {
        if issuer.account().is_some() && issuer.subjects.is_empty() {
            self.note(
                "/subjects",
                "Say which subjects of the issuer may become the account; * is everybody whom it signs for.",
            );
        }
        self.each_once("/subjects", &issuer.subjects, TrustedIssuer::MOST_SUBJECTS);
    }

    fn clients(&mut self, issuer: &TrustedIssuer, around: &Around) {
        if issuer.account().is_none() && issuer.clients.is_empty() {
            let detail = "Name the clients that may get tokens of users so.";
            self.note("/clients", detail);
        }
        self.each_once("/clients", &issuer.clients, TrustedIssuer::MOST_CLIENTS);
        for (place, found) in around.clients.iter().enumerate() {
            let pointer = format!("/clients/{place}");
            match found {
                Some((_, project)) if !issuer.owner.has(project) => {
                    self.note(
                        pointer,
                        "There is no such app in this project or organization.",
                    );
                }
                None => {
                    self.note(
                        pointer,
                        "There is no such app in this project or organization.",
                    );
                }
                Some((client, _)) if client.authentication == ClientAuthentication::None => {
                    self.note(
                        pointer,
                        "A public app proves nothing, so naming it keeps nobody out.",
                    );
                }
                Some(_) => {}
            }
        }
    }

    fn scopes(&mut self, issuer: &TrustedIssuer, around: &Around) {
        if issuer.scopes.is_empty() {
            self.note("/scopes", "At least one scope is needed.");
        }
        if issuer.account().is_some() {
            return;
        }
        for name in issuer.scopes.iter() {
            let known = around.catalog.scope(name);
            let administers = known.is_none_or(|known| {
                known.scope.risk == Risk::Administer
                    || known.api.identifier.as_str() == around.own_api
            });
            if administers {
                let detail =
                    format!("{name} is not one that is given of a user whom nobody asked.");
                self.note("/scopes", detail);
            }
        }
    }

    fn each_once<T: Ord + fmt::Display>(&mut self, pointer: &str, all: &[T], most: usize) {
        if all.len() > most {
            self.note(pointer, format!("There are {most} at most."));
        }
        let mut seen = BTreeSet::new();
        for (place, one) in all.iter().enumerate() {
            if !seen.insert(one) {
                self.note(
                    format!("{pointer}/{place}"),
                    format!("{one} is there twice."),
                );
            }
        }
    }
}

/// Who is believed, and how far, is what an auditor looks for, so each entry says it.
fn audited(context: &Context<'_>, action: &str, issuer: &TrustedIssuer) -> Change {
    let joined = |all: Vec<String>| all.join(" ");
    let texts = |pattern: &crate::value::SubjectPattern| pattern.to_string();
    let mut all = vec![
        ("title", issuer.title.to_string()),
        ("issuer", issuer.issuer.to_string()),
        (
            "audience",
            issuer
                .audience
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
        ),
        (
            "keys",
            match &issuer.keys {
                TrustedKeys::Discovery => "by discovery".to_owned(),
                TrustedKeys::At(url) => url.to_string(),
                TrustedKeys::Inline(set) => format!("{} given", set.keys.len()),
            },
        ),
        (
            "for",
            match &issuer.subject {
                TrustedSubject::Account(id) => format!("serviceAccount:{id}"),
                TrustedSubject::User(claim) => format!("users by {claim:?}"),
            },
        ),
        (
            "subjects",
            joined(issuer.subjects.iter().map(texts).collect()),
        ),
        ("scopes", issuer.scopes.to_string()),
        (
            "clients",
            joined(issuer.clients.iter().map(ToString::to_string).collect()),
        ),
        ("max_lifetime_seconds", issuer.longest.0.to_string()),
        ("disabled", issuer.disabled.to_string()),
    ];
    match &issuer.owner {
        IssuerOwner::Project(id) => all.push(("project", id.to_string())),
        IssuerOwner::Organization(id) => all.push(("organization", id.to_string())),
    }
    all.retain(|(_, value)| !value.is_empty());
    context.audited(action, issuer.id, &all)
}

#[cfg(test)]
mod tests;
