//! The store port in terms of statements, once for both engines.
//!
//! A list is read with one row too many, which tells whether there is another page. The key after
//! which a page begins is compared as it is kept, so an id is read back into its bytes first; what
//! is no key of that list comes after everything, and its page is empty.

mod accounts;
mod clients;
mod grants;
mod ledger;
mod people;
mod pools;
mod sessions;
mod tenants;
mod trusts;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use carnet_core::record::DeviceAuthorization;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Listing;
use carnet_core::store::Page;
use carnet_core::store::Reading;
use carnet_core::store::Store;
use carnet_core::store::Watcher;
use carnet_core::value::UnixTime;

use crate::engine::Engine;
use crate::engine::Work;
use crate::engine::Written;
use crate::row::Decode;
use crate::statement::Param;
use crate::statement::Question;
use crate::statement::Size;
use crate::statement::Statement;
use crate::statement::Step;
use crate::statement::params;
use crate::statements::authorization;
use crate::statements::device_authorization;
use crate::statements::liveness;
use crate::statements::pushed_request;
use crate::statements::registration;
use crate::statements::session;
use crate::statements::spent;
use crate::statements::system_key;
use crate::statements::workforce_sign_in;
use crate::steps;

/// A store on an engine.
pub(crate) struct Sql<E>(pub(crate) E);

impl<E> fmt::Debug for Sql<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sql")
    }
}

impl<E: Engine> Sql<E> {
    /// One row or none.
    fn one<T: Send + 'static>(
        &self,
        statement: &'static Statement,
        params: Vec<Param>,
        decode: Decode<T>,
    ) -> Reading<'_, Option<T>> {
        let question = Question {
            statement,
            params,
            size: Size::Point,
        };
        Box::pin(async move { Ok(self.0.read(question, decode).await?.pop()) })
    }

    /// All rows there are.
    fn all<T: Send + 'static>(&self, question: Question, decode: Decode<T>) -> Reading<'_, Vec<T>> {
        Box::pin(self.0.read(question, decode))
    }

    /// A page; its statement takes the limit as the last parameter.
    fn page<'a, T: Send + 'static>(
        &'a self,
        list: List<T>,
        page: &'a Page,
        key: fn(&T) -> String,
    ) -> Reading<'a, Listing<T>> {
        let List {
            statement,
            mut params,
            decode,
        } = list;
        params.push(Param::Int(i64::from(page.limit.clamp(1, Page::MOST)) + 1));
        let question = Question {
            statement,
            params,
            size: Size::List,
        };
        Box::pin(async move {
            let rows = self.0.read(question, decode).await?;
            Ok(Listing::cut(rows, page, key))
        })
    }

    async fn forget(
        &self,
        statement: &'static Statement,
        now: UnixTime,
        most: u64,
    ) -> Result<u64, Fault> {
        let params = params![now, i64::try_from(most).unwrap_or(i64::MAX)];
        let step = Step {
            statement,
            params,
            no_row: None,
            change: 0,
        };
        match self
            .0
            .write(Work {
                steps: vec![step],
                topics: Vec::new(),
            })
            .await?
        {
            Written::Yes(gone) => Ok(gone),
            Written::No(..) => Ok(0),
        }
    }
}

/// A list to be read by pages.
struct List<T> {
    statement: &'static Statement,
    params: Vec<Param>,
    decode: Decode<T>,
}

/// Where a page begins, in a list that is ordered by an id of ours.
fn after_id<T: FromStr + Into<Param>>(page: &Page) -> Param {
    match page.after.as_deref().map(str::parse::<T>) {
        None => Param::Bytes(Vec::new()),
        Some(Ok(id)) => id.into(),
        Some(Err(_)) => Param::Bytes(vec![0xFF; 17]),
    }
}

/// Where a page begins, in a list that is ordered by a text.
fn after_text(page: &Page) -> Param {
    // PostgreSQL knows no text with a zero byte in it, and neither does any of our keys.
    let text = page.after.as_deref().unwrap_or_default();
    Param::Text(if text.contains('\0') {
        "\u{10FFFF}".to_owned()
    } else {
        text.to_owned()
    })
}

impl<E: Engine> Store for Sql<E> {
    fn commit<'a>(&'a self, changes: &'a [Change]) -> Reading<'a, Committed> {
        Box::pin(async move {
            let steps = match steps::of(changes) {
                Ok(steps) if steps.is_empty() => return Ok(Committed::Yes),
                Ok(steps) => steps,
                Err((place, why)) => return Ok(Committed::No(place, why)),
            };
            let topics = changes.iter().flat_map(Change::topics).collect();
            Ok(match self.0.write(Work { steps, topics }).await? {
                Written::Yes(_) => Committed::Yes,
                Written::No(place, why) => Committed::No(place, why),
            })
        })
    }

    fn watch(&self, watcher: Arc<dyn Watcher>) {
        self.0.watch(watcher);
    }

    fn forget_expired(&self, now: UnixTime, most: u16) -> Reading<'_, u64> {
        Box::pin(async move {
            let most = u64::from(most);
            let mut gone = 0;
            let tables = [
                &session::FORGET,
                &authorization::FORGET,
                &pushed_request::FORGET,
                &workforce_sign_in::FORGET,
                &registration::FORGET,
                &system_key::FORGET,
            ];
            let tables = spent::FORGET.into_iter().chain(tables);
            let devices = (
                &device_authorization::FORGET,
                now - DeviceAuthorization::REMEMBERED,
            );
            for (statement, until) in tables.map(|table| (table, now)).chain([devices]) {
                let left = most.saturating_sub(gone);
                if left > 0 {
                    gone += self.forget(statement, until, left).await?;
                }
            }
            Ok(gone)
        })
    }

    fn check(&self) -> Reading<'_, ()> {
        Box::pin(async move {
            let statement = &liveness::BEAT;
            let step = Step {
                statement,
                params: params![],
                no_row: None,
                change: 0,
            };
            self.0
                .write(Work {
                    steps: vec![step],
                    topics: Vec::new(),
                })
                .await?;
            self.one(&liveness::READ, params![], liveness::read).await?;
            Ok(())
        })
    }
}
