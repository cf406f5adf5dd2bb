//! Sets of keys that were fetched from elsewhere, and when they are fetched anew: those of clients
//! ([`crate::client_keys`]) and those of issuers ([`crate::issuer_keys`]).
//!
//! 1. A set is kept for as long as its answer says, within the bounds of whoever fetches it.
//! 2. Where what is kept does not prove a request, there may be newer keys: it is fetched anew, at most once
//!    a minute for one name, whoever asks and however often. So keys can be rolled at once, and nobody can
//!    make us fetch for them.
//! 3. What could not be fetched is not asked for again within that minute either.
//! 4. Where a fetch fails, the keys that were there go on for a day after they were fetched, and no longer: who
//!    takes a leaked key off their page has taken it away.
//! 5. Two who need the same set wait for one fetch.
//! 6. A bounded number of sets is kept; the one that was not asked for the longest goes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::PoisonError;

use carnet_core::rule::client::Fetched;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_jose::JwkSet;
use tokio::sync::Mutex;

/// How many sets are kept.
const MOST: usize = 1_000;

/// How long nobody asks again.
const PAUSE: Seconds = Seconds(60);

/// How long keys go on that cannot be fetched anew.
const LAST: Seconds = Seconds::days(1);

/// The sets that are kept, by whatever they are called.
#[derive(Debug, Default)]
pub struct KeySets(std::sync::Mutex<HashMap<String, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    asked: UnixTime,
    place: Arc<Mutex<Place>>,
}

/// What is known of one name.
#[derive(Debug, Default)]
struct Place {
    keys: Option<Known>,
    tried: Option<UnixTime>,
    fault: Option<String>,
}

#[derive(Clone, Debug)]
struct Known {
    keys: Arc<JwkSet>,
    fetched: UnixTime,
    fresh_until: UnixTime,
}

impl KeySets {
    /// The keys of this name. `enough` says whether those that are kept will do; where they will not, newer ones
    /// are fetched if that may be. `fetch` gives them, and for how long they are fresh.
    pub(crate) async fn find(
        &self,
        name: &str,
        enough: impl Fn(&JwkSet) -> bool,
        now: UnixTime,
        fetch: impl Future<Output = Result<(JwkSet, Seconds), String>>,
    ) -> Fetched {
        let place = self.place(name, now);
        let mut place = place.lock().await;
        let good = |known: &Known| now < known.fresh_until && enough(&known.keys);
        let may_ask = place.tried.is_none_or(|tried| now - tried >= PAUSE);
        if may_ask && !place.keys.as_ref().is_some_and(good) {
            place.tried = Some(now);
            match fetch.await {
                Ok((keys, fresh)) => {
                    place.keys = Some(Known {
                        keys: Arc::new(keys),
                        fetched: now,
                        fresh_until: now + fresh,
                    });
                    place.fault = None;
                }
                Err(fault) => {
                    tracing::debug!(name, %fault, "a set of keys was not fetched");
                    place.fault = Some(fault);
                }
            }
        }
        place.told(now)
    }

    fn place(&self, name: &str, now: UnixTime) -> Arc<Mutex<Place>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = all.get_mut(name) {
            kept.asked = now;
            return Arc::clone(&kept.place);
        }
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.asked);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                all.remove(&oldest);
            }
        }
        let place = Arc::default();
        let kept = Kept {
            asked: now,
            place: Arc::clone(&place),
        };
        all.insert(name.to_owned(), kept);
        place
    }
}

impl Place {
    fn told(&self, now: UnixTime) -> Fetched {
        let lasts = |known: &&Known| now < known.fresh_until || now - known.fetched < LAST;
        let known = self.keys.as_ref().filter(lasts);
        Fetched {
            keys: known
                .map(|known| Arc::clone(&known.keys))
                .unwrap_or_default(),
            fault: self.fault.clone(),
        }
    }
}
