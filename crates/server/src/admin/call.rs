//! One request to the admin API, once its route is found and its caller known.

use std::str::FromStr;
use std::sync::Arc;

use axum::http::HeaderMap;
use bytes::Bytes;
use carnet_core::rule::admin::{Context, Done, No, Wrong};
use carnet_core::rule::nearest::nearest;
use carnet_core::store::{Listing, Page};
use carnet_core::value::{UnixTime, Version};
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use serde::Serialize;

use super::answer::{Answer, List};
use super::caller::Caller;
use super::desk::Desk;
use super::etag::{self, Needed};
use super::paging;
use super::problem::{self, Problem};
use crate::system::ADMIN_PATH;

/// A request.
pub(crate) struct Call {
    /// What the admin API works with.
    pub desk: Arc<Desk>,
    /// Who calls.
    pub caller: Caller,
    /// The moment of the request.
    pub now: UnixTime,
    /// The trace id of the request.
    pub trace: String,
    /// The address of the caller, in text form.
    pub address: String,
    /// The path under `/admin/v1/`.
    pub path: String,
    /// What its segments stand for.
    pub captured: Vec<(&'static str, String)>,
    /// The parameters of the query.
    pub query: Query,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, empty where there is none.
    pub body: Bytes,
}

impl Call {
    /// When, who, from where: for decisions.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            actor: &self.caller.actor,
            address: &self.address,
            trace: &self.trace,
        }
    }

    /// What a segment of the path stands for. What cannot be a name of this kind names nothing.
    pub(crate) fn named<T: FromStr>(&self, segment: &str) -> Result<T, Problem> {
        self.text(segment)
            .parse()
            .map_err(|_| Problem::from(No::hidden()))
    }

    /// The same as text.
    pub(crate) fn text(&self, segment: &str) -> &str {
        self.captured
            .iter()
            .find(|(name, _)| *name == segment)
            .map_or("", |(_, value)| value)
    }

    /// The state is the one that the caller has seen.
    pub(crate) fn if_match(&self, version: Version, needed: Needed) -> Result<(), Problem> {
        etag::matches(&self.headers, version, needed)
    }

    /// Commits a decision, and gives the record as it is now.
    pub(crate) async fn commit<T>(&self, done: Done<T>) -> Result<T, Problem> {
        if !done.changes.is_empty() {
            problem::committed(self.desk.store().commit(&done.changes).await?)?;
        }
        Ok(done.record)
    }

    /// The answer to a reading: the record, or that the caller has it already.
    pub(crate) fn record(&self, body: &impl Serialize, version: Version) -> Answer {
        if etag::is_known(&self.headers, version) {
            Answer::known(version)
        } else {
            Answer::ok(body).tagged(version)
        }
    }

    /// Which page of the list is wanted.
    pub(crate) fn page(&self) -> Result<Page, Problem> {
        let Some(limit) = paging::size(self.query.one("page_size")) else {
            return Err(No::field("?page_size", "page_size is 1 to 1000.").into());
        };
        let after = match self.query.one("page_token") {
            None => None,
            Some(cursor) => {
                let key = self.desk.cursors.open(&self.list(), cursor);
                let refused = "The page_token was not given out by this list with these filters.";
                Some(key.ok_or_else(|| Problem::new(Crn::CURSOR_NOT_OURS, refused))?)
            }
        };
        Ok(Page { after, limit })
    }

    /// A page of the list as the answer.
    pub(crate) fn listed<T, U: Serialize>(
        &self,
        listing: Listing<T>,
        print: impl FnMut(T) -> U,
    ) -> Answer {
        let next = listing
            .next
            .map(|key| self.desk.cursors.seal(&self.list(), &key));
        Answer::ok(&List {
            items: listing.items.into_iter().map(print).collect(),
            next_page_token: next,
        })
    }

    /// What makes a list this list: its path and filters.
    fn list(&self) -> String {
        let mut filters: Vec<String> = self
            .query
            .0
            .iter()
            .filter(|(name, _)| name != "page_token" && name != "page_size")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        filters.sort_unstable();
        format!("{}?{}", self.path, filters.join("&"))
    }

    /// Where a new thing is found, in the collection that this call was made to.
    pub(crate) fn location(&self, id: impl std::fmt::Display) -> String {
        let collection = self.path.split(':').next().unwrap_or(&self.path);
        format!("{ADMIN_PATH}/{collection}/{id}")
    }
}

/// A parameter of the query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
}

/// The parameters of a query: each known, each once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads a query for a route that takes these parameters.
    pub(crate) fn parse(query: &str, known: &[Parameter]) -> Result<Self, Problem> {
        let mut found: Vec<(String, String)> = Vec::new();
        let mut wrongs = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(100) {
            let sent = Echo::of(&name);
            let pointer = format!("?{sent}");
            if !known.iter().any(|parameter| parameter.name == name) {
                let near = nearest(&name, known.iter().map(|parameter| parameter.name));
                wrongs.push(Wrong::new(pointer, unknown("parameter", &sent, near)));
            } else if found.iter().any(|(other, _)| *other == name) {
                wrongs.push(Wrong::new(
                    pointer,
                    format!("The parameter {sent} is repeated."),
                ));
            } else {
                found.push((name.into_owned(), value.into_owned()));
            }
        }
        if wrongs.is_empty() {
            Ok(Self(found))
        } else {
            Err(No::wrong(wrongs).into())
        }
    }

    /// The value of a parameter.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that is a name of this kind.
    pub(crate) fn parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem>
    where
        T::Err: std::fmt::Display,
    {
        match self.one(name).map(str::parse) {
            None => Ok(None),
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(error)) => Err(No::field(format!("?{name}"), error.to_string()).into()),
        }
    }

    /// Whether a switch is on.
    pub(crate) fn is_on(&self, name: &str) -> Result<bool, Problem> {
        match self.one(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => {
                Err(No::field(format!("?{name}"), format!("{name} is true or false.")).into())
            }
        }
    }
}

/// "There is no …", with the nearest that there is.
pub(crate) fn unknown(what: &str, sent: &Echo, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("There is no {what} {sent}. Did you mean {near}?"),
        None => format!("There is no {what} {sent}."),
    }
}
