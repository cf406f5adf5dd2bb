//! The keys of an issuer, kept at hand.
//!
//! RFC 7517 §5 (the document), RFC 9111 (how long it is kept). For whoever verifies tokens:
//!
//! 1. The document is kept as long as `Cache-Control: max-age` (less `Age`) says, but one minute at
//!    least and a day at most; five minutes where nothing is said. It is fetched again with its
//!    `ETag`.
//! 2. A token that names an unknown key makes the document be fetched again, as keys rotate; at
//!    most once in half a minute, however many such tokens come.
//! 3. While fetching fails, the old keys are used for four hours more, and fetching is tried once
//!    in half a minute. An unknown key is then not called unknown: nobody can say.
//! 4. Many callers make one request, and where there are keys already only one of them waits.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use carnet_jose::JwkSet;
use http::HeaderMap;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header::ACCEPT;
use http::header::AGE;
use http::header::CACHE_CONTROL;
use http::header::ETAG;
use http::header::IF_NONE_MATCH;

use crate::clock::Clock;
use crate::error::Error;
use crate::flight::Flight;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::refusal;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::transport::Transport;

/// The shortest time a document is kept, in seconds.
const SHORTEST: i64 = 60;
/// The longest.
const LONGEST: i64 = 24 * 3600;
/// How long one is kept of which nothing is said.
const UNSAID: i64 = 300;
/// For how much longer old keys are used while no new ones can be had.
const STALE: i64 = 4 * 3600;
/// How long there is no other fetch on a token's or a failure's account.
const PAUSE: i64 = 30;
/// The same where there are no keys at all: an API that starts before its issuer.
const COLD_PAUSE: i64 = 2;
/// The longest `ETag` that is sent back.
const LONGEST_ETAG: usize = 256;

/// The keys behind one address. Clones share them.
#[derive(Clone, Debug)]
pub struct Cache(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    url: String,
    terms: Terms,
    outside: Outside,
    flight: Flight<Arc<JwkSet>>,
    held: Mutex<Held>,
}

/// How a document is kept.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The longest time, in seconds, whatever the server says; a day at most.
    pub longest: i64,
    /// Whether "404 Not Found" means that there are no keys.
    pub missing_is_empty: bool,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            longest: LONGEST,
            missing_is_empty: false,
        }
    }
}

#[derive(Debug)]
struct Held {
    keys: Option<Arc<JwkSet>>,
    etag: Option<HeaderValue>,
    fresh_until: i64,
    tried: i64,
    /// Why the last try failed, if it did.
    failure: Option<Error>,
}

/// What came of a fetch.
enum Fetched {
    Keys(Arc<JwkSet>, Option<HeaderValue>),
    NotModified,
}

impl Cache {
    /// Keeps the keys behind this address. Nothing is fetched yet.
    pub fn new(url: &str) -> Result<Self, Error> {
        Self::with(url, Terms::default(), &Transport::new()?, &Clock::system())
    }

    /// The same on other terms, over a transport and by a clock of the caller's.
    pub fn with(
        url: &str,
        terms: Terms,
        transport: &Transport,
        clock: &Clock,
    ) -> Result<Self, Error> {
        endpoint(url)?;
        Ok(Self(Arc::new(Inner {
            url: url.to_owned(),
            terms,
            outside: Outside {
                transport: transport.clone(),
                clock: clock.clone(),
            },
            flight: Flight::new(),
            held: Mutex::new(Held {
                keys: None,
                etag: None,
                fresh_until: i64::MIN,
                tried: i64::MIN,
                failure: None,
            }),
        })))
    }

    /// The keys.
    pub async fn keys(&self) -> Result<Arc<JwkSet>, Error> {
        let inner = &*self.0;
        match inner.state() {
            State::Fresh(keys) => Ok(keys),
            State::Failed(error) => Err(error),
            State::Stale(keys) => {
                // One fetches; the others use what there is. So does the one, if it fails.
                let renewed = inner.flight.lead(inner.renew()).await;
                Ok(renewed.and_then(Result::ok).unwrap_or(keys))
            }
            State::Absent => inner.flight.join(inner.renew()).await,
        }
    }

    /// The keys for a token that names one of them (or none): where it is unknown, they are fetched
    /// again first, as far as rule 2 allows.
    pub async fn keys_for(&self, key_id: Option<&str>) -> Result<Arc<JwkSet>, Error> {
        let inner = &*self.0;
        let keys = self.keys().await?;
        if has(&keys, key_id) {
            return Ok(keys);
        }
        if let Some(last) = inner.last_word() {
            return last;
        }
        let fetch = async {
            match inner.last_word() {
                Some(last) => last,
                None => inner.fetch().await,
            }
        };
        inner.flight.join(fetch).await
    }
}

/// What the keys that are held are good for.
enum State {
    Fresh(Arc<JwkSet>),
    Stale(Arc<JwkSet>),
    Absent,
    Failed(Error),
}

impl Held {
    fn at(&self, now: i64) -> State {
        let age = now.saturating_sub(self.tried);
        match &self.keys {
            Some(keys) if now < self.fresh_until => State::Fresh(Arc::clone(keys)),
            Some(keys) if now < self.fresh_until + STALE => {
                if age < PAUSE {
                    State::Fresh(Arc::clone(keys))
                } else {
                    State::Stale(Arc::clone(keys))
                }
            }
            _ => match &self.failure {
                Some(error) if age < COLD_PAUSE => State::Failed(error.clone()),
                _ => State::Absent,
            },
        }
    }
}

impl Inner {
    /// Where the last fetch was a short while ago: what came of it, and it stays with that.
    fn last_word(&self) -> Option<Result<Arc<JwkSet>, Error>> {
        let now = self.outside.clock.now();
        let held = self.held();
        if now.saturating_sub(held.tried) >= PAUSE {
            return None;
        }
        match (&held.failure, &held.keys) {
            (Some(error), _) => Some(Err(error.clone())),
            (None, Some(keys)) => Some(Ok(Arc::clone(keys))),
            (None, None) => None,
        }
    }

    /// Fetches, unless somebody did between our look and our turn.
    async fn renew(&self) -> Result<Arc<JwkSet>, Error> {
        match self.state() {
            State::Fresh(keys) => Ok(keys),
            State::Failed(error) => Err(error),
            State::Stale(_) | State::Absent => self.fetch().await,
        }
    }

    async fn fetch(&self) -> Result<Arc<JwkSet>, Error> {
        let request = {
            let mut held = self.held();
            held.tried = self.outside.clock.now();
            self.request(held.etag.as_ref())?
        };
        let judge = |response: &Response<Vec<u8>>| {
            let lifetime = lifetime(response.headers(), self.terms.longest);
            self.judge(response).map(|fetched| (fetched, lifetime))
        };
        let fetched = self.outside.ask(&request, Tries::One, judge).await;
        let mut held = self.held();
        let (fetched, lifetime) = match fetched {
            Ok(fetched) => fetched,
            Err(error) => {
                held.failure = Some(error.clone());
                return Err(error);
            }
        };
        if let Fetched::Keys(keys, etag) = fetched {
            held.keys = Some(keys);
            held.etag = etag;
        }
        held.failure = None;
        held.fresh_until = self.outside.clock.now().saturating_add(lifetime);
        let keys = held.keys.clone();
        keys.ok_or_else(|| Error::answer(&self.url, NotModifiedWithoutKeys))
    }

    fn request(&self, etag: Option<&HeaderValue>) -> Result<Request<Vec<u8>>, Error> {
        let mut request = Request::get(&self.url)
            .header(ACCEPT, "application/json, application/jwk-set+json")
            .body(Vec::new())
            .map_err(|cause| Error::argument(format!("{} cannot be asked: {cause}", self.url)))?;
        if let Some(etag) = etag {
            request.headers_mut().insert(IF_NONE_MATCH, etag.clone());
        }
        Ok(request)
    }

    fn judge(&self, response: &Response<Vec<u8>>) -> Result<Fetched, Error> {
        match response.status() {
            StatusCode::NOT_MODIFIED => Ok(Fetched::NotModified),
            StatusCode::NOT_FOUND if self.terms.missing_is_empty => {
                Ok(Fetched::Keys(Arc::default(), None))
            }
            status if status.is_success() => {
                let keys = JwkSet::parse(response.body())
                    .map_err(|fault| Error::answer(&self.url, fault))?;
                let etag = response.headers().get(ETAG);
                let etag = etag.filter(|etag| etag.len() <= LONGEST_ETAG);
                Ok(Fetched::Keys(Arc::new(keys), etag.cloned()))
            }
            _ => Err(refusal(response, &self.url)),
        }
    }

    /// The lock is let go of before anything is awaited.
    fn state(&self) -> State {
        let now = self.outside.clock.now();
        self.held().at(now)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a token's key is there; a token that names none may be of any of them.
fn has(keys: &JwkSet, key_id: Option<&str>) -> bool {
    keys.candidates(key_id).next().is_some()
}

/// Rule 1. RFC 9111 §5.2.2: of directives that we do not know nothing follows.
fn lifetime(headers: &HeaderMap, longest: i64) -> i64 {
    let number = |text: &str| text.trim_matches(['"', ' ']).parse::<i64>().ok();
    let control = headers
        .get(CACHE_CONTROL)
        .and_then(|value| value.to_str().ok());
    let mut lifetime = UNSAID;
    for directive in control.unwrap_or_default().split(',') {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return SHORTEST,
            "max-age" => lifetime = number(value).unwrap_or(UNSAID),
            _ => {}
        }
    }
    let age = headers
        .get(AGE)
        .and_then(|value| value.to_str().ok())
        .and_then(number);
    lifetime
        .saturating_sub(age.unwrap_or_default().max(0))
        .clamp(SHORTEST, longest.clamp(SHORTEST, LONGEST))
}

/// "Not modified", although nothing was held.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the answer is 304 Not Modified, and there was nothing to modify")]
struct NotModifiedWithoutKeys;

#[cfg(test)]
mod tests;
