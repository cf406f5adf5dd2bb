//! One request to IAM Admin, once its caller is known: what it may, and what its path names.
//!
//! 1. A project is named by its id or its number, an account by its e-mail or its number, and the project of an
//!    account may be `-`.
//! 2. Whoever may not is told that, whether there is such a thing or not. That there is none is told to those who
//!    may look into the project; with `-` there is no project to look into, so it is told to nobody.
//! 3. An account that acts for a person may what both may.

use std::net::IpAddr;

use bytes::Bytes;
use carnet_core::record::Holder;
use carnet_core::record::Project;
use carnet_core::record::ServiceAccount;
use carnet_core::rule::Refusal;
use carnet_core::rule::admin;
use carnet_core::rule::admin::Context;
use carnet_core::rule::admin::Done;
use carnet_core::rule::admin::access::Place;
use carnet_core::rule::admin::access::Powers;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::iam::Permission;
use carnet_core::rule::iam::may;
use carnet_core::store::Bound;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Store;
use carnet_core::value::Principal;
use carnet_core::value::ProjectId;
use carnet_core::value::ProjectNumber;
use carnet_wire::crn::Crn;
use carnet_wire::google::iam_admin;
use serde::Deserialize;

use super::halt::Halt;
use super::halt::not_committed;
use super::halt::unknown;
use super::halt::wrong;
use crate::answer::Told;
use crate::cursors::Cursors;
use crate::google::caller::Caller;
use crate::google::envelope::No;
use crate::parts::Parts;
use crate::place;
use crate::standing;

/// The place of a project's name that stands for whichever project the account is in.
pub(super) const ANY: &str = "-";

/// What page tokens are authenticated with: the same on every node.
const CURSORS: &str = "carnet iam cursors 1";

/// The most parameters of a query that are looked at.
const MOST_PARAMETERS: usize = 100;

/// A request.
pub(super) struct Call<'a> {
    /// The parts of the server.
    pub parts: &'a Parts,
    /// Who calls.
    caller: Caller,
    /// Each who must be permitted what is asked, with their roles.
    all: Vec<(Principal, Powers)>,
    /// The roles of them all together.
    powers: Powers,
    /// When, and in which request.
    pub told: Told<'a>,
    address: String,
    /// The parameters.
    pub query: Query,
    body: Bytes,
}

impl<'a> Call<'a> {
    /// With the roles of the caller.
    pub(super) async fn new(
        parts: &'a Parts,
        (caller, told): (Caller, Told<'a>),
        address: Option<IpAddr>,
        (query, body): (Query, Bytes),
    ) -> Result<Self, Fault> {
        let mut all = Vec::new();
        for who in caller.all() {
            let subject = match holder(who) {
                Some(holder) => standing::roles(parts.store.as_ref(), &holder).await?,
                None => Vec::new(),
            };
            let powers = Powers {
                subject,
                actor: None,
                reach: caller.reach.clone(),
            };
            all.push((who.clone(), powers));
        }
        let mut roles = all.iter().map(|(_, powers)| powers.subject.clone());
        let powers = Powers {
            subject: roles.next().unwrap_or_default(),
            actor: roles.next(),
            reach: caller.reach.clone(),
        };
        Ok(Self {
            parts,
            caller,
            all,
            powers,
            told,
            address: address.map_or_else(String::new, |address| address.to_string()),
            query,
            body,
        })
    }

    /// When, who, from where: for decisions.
    pub(super) fn context(&self) -> Context<'_> {
        Context {
            now: self.told.now,
            actor: &self.caller.name,
            address: &self.address,
            trace: self.told.trace,
        }
    }

    /// What remembers.
    pub(super) fn store(&self) -> &'a dyn Store {
        self.parts.store.as_ref()
    }

    /// The body as a message.
    pub(super) fn read<T: for<'de> Deserialize<'de>>(&self) -> Result<T, Halt> {
        Ok(iam_admin::read(&self.body)?)
    }

    /// Commits a decision, and gives the record as it is now.
    pub(super) async fn commit<T>(&self, done: Done<T>) -> Result<T, Halt> {
        self.commit_into(done, admin::service_account_key::full)
            .await
    }

    /// The same, where the place may be full of something else than keys.
    pub(super) async fn commit_into<T>(
        &self,
        done: Done<T>,
        full: fn() -> admin::No,
    ) -> Result<T, Halt> {
        if !done.changes.is_empty()
            && let Committed::No(_, why) = self.store().commit(&done.changes).await?
        {
            return Err(not_committed(why, full));
        }
        Ok(done.record)
    }

    /// Whether the caller has a role here that means this right.
    pub(super) fn has(&self, right: Right, at: &Place) -> bool {
        self.powers
            .role(at)
            .is_some_and(|held| held >= right.role())
    }

    /// The project of this id or number, if the caller may do this in it.
    pub(super) async fn project(
        &self,
        text: &str,
        (permission, right): (&'static str, Right),
    ) -> Result<Project, Halt> {
        let found = find_project(self.store(), text).await?;
        let found = found.filter(|found| self.has(right, &place::of(found)));
        Ok(found.ok_or_else(|| denied(permission))?)
    }

    /// The account that is named, and its project, if the caller may do this with it.
    pub(super) async fn account(
        &self,
        (project, account): (&str, &str),
        permission: Permission,
    ) -> Result<(ServiceAccount, Project), Halt> {
        let store = self.store();
        let found = match place::account(store, account).await? {
            Some(found) => store.project(&found.project).await?.map(|of| (found, of)),
            None => None,
        };
        let there = found.filter(|(_, of)| {
            matches!(project, ANY) || *of.id.as_str() == *project || *of.number.as_str() == *project
        });
        let Some((found, of)) = there else {
            return Err(self.missing((project, account), permission).await?);
        };
        let bound = self.parts.snapshots.bound(&found.unique_id).await?;
        if !self.may(permission, &bound, &place::of(&of)) {
            return Err(denied(permission.name()).into());
        }
        Ok((found, of))
    }

    /// Everybody who must may do this.
    pub(super) fn may(&self, permission: Permission, bound: &Bound, at: &Place) -> bool {
        self.all
            .iter()
            .all(|(who, powers)| may(who, permission, (bound, self.told.now), powers.role(at)))
    }

    /// There is no such account: said to those who may look into the project.
    async fn missing(
        &self,
        (project, account): (&str, &str),
        permission: Permission,
    ) -> Result<Halt, Fault> {
        let looks = match find_project(self.store(), project).await? {
            Some(found) => self.has(Right::Read, &place::of(&found)),
            None => false,
        };
        if !looks {
            return Ok(denied(permission.name()).into());
        }
        let name = format!("projects/{project}/serviceAccounts/{account}");
        Ok(unknown(format!("Service account {name} does not exist.")))
    }

    /// Whoever changes what an account with roles can do must have those roles too.
    pub(super) async fn covered(&self, account: &ServiceAccount) -> Result<(), Halt> {
        let holder = Holder::ServiceAccount(account.unique_id.clone());
        let roles = standing::held(self.store(), &holder).await?;
        Ok(self.powers.cover(&roles)?)
    }

    /// Whether a parameter is set. gcloud writes `True`.
    pub(super) fn flag(&self, name: &'static str) -> Result<bool, Halt> {
        let text = self.query.one(name).unwrap_or_default();
        match text.to_ascii_lowercase().as_str() {
            "" | "false" | "0" => Ok(false),
            "true" | "1" => Ok(true),
            _ => Err(wrong(name, "It is true or false.")),
        }
    }

    /// Which page of a list is wanted.
    pub(super) fn page(&self, list: &str, (usual, most): (u16, u16)) -> Result<Page, Halt> {
        let asked = self.query.one("pageSize").filter(|size| *size != "0");
        let limit = match asked {
            None => usual,
            Some(text) => text
                .parse::<u32>()
                .map(|size| u16::try_from(size).unwrap_or(most).min(most))
                .map_err(|_| wrong("pageSize", "It is not a number of items."))?,
        };
        let after = match self
            .query
            .one("pageToken")
            .filter(|token| !token.is_empty())
        {
            None => None,
            Some(token) => {
                let cursors = Cursors::derived(&self.parts.encryption, CURSORS);
                let key = cursors.open(list, token);
                let why = "It was not given out by this list.";
                Some(key.ok_or_else(|| wrong("pageToken", why))?)
            }
        };
        Ok(Page { after, limit })
    }

    /// Where the next page of a list begins.
    pub(super) fn next<T>(&self, list: &str, listing: &Listing<T>) -> Option<String> {
        let next = listing.next.as_ref()?;
        Some(Cursors::derived(&self.parts.encryption, CURSORS).seal(list, next))
    }
}

/// Who may not is told no more than that.
pub(super) fn denied(permission: &'static str) -> No {
    let detail = format!("It takes the permission {permission}.");
    No::permission(permission, Refusal::new(Crn::IAM_PERMISSION_DENIED, detail))
}

/// A project by id or number.
async fn find_project(store: &dyn Store, text: &str) -> Result<Option<Project>, Fault> {
    if let Ok(number) = text.parse::<ProjectNumber>() {
        return store.project_by_number(&number).await;
    }
    match text.parse::<ProjectId>() {
        Ok(id) => store.project(&id).await,
        Err(_) => Ok(None),
    }
}

fn holder(who: &Principal) -> Option<Holder> {
    match who {
        Principal::ServiceAccount { id, .. } => Some(Holder::ServiceAccount(id.clone())),
        Principal::Person { id, .. } => Some(Holder::User(id.clone())),
        Principal::Federated(_) => None,
    }
}

/// The parameters of a query. Unknown ones are for somebody else: `alt`, `prettyPrint`, `fields`, `key`.
#[derive(Clone, Debug, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads it.
    pub(super) fn parse(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes()).take(MOST_PARAMETERS);
        let owned = pairs.map(|(name, value)| (name.into_owned(), value.into_owned()));
        Self(owned.collect())
    }

    /// The value of a parameter.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(one, _)| one == name);
        named.next().map(|(_, value)| value.as_str())
    }

    /// All values of a parameter.
    pub(super) fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        let named = self.0.iter().filter(move |(one, _)| one == name);
        named.map(|(_, value)| value.as_str())
    }
}
