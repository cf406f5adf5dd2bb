//! The keys of clients that keep them elsewhere (`jwks_uri`, RFC 7591 section 2), fetched through the one guarded
//! client ([`crate::outbound`]).
//!
//! 1. A set is kept for as long as its answer says, between a minute and a day; an hour where it says nothing.
//! 2. Where what is kept does not prove a request, there may be newer keys: it is fetched anew, at most once
//!    a minute for one URL, whoever asks and however often. So a client can roll its keys at once, and
//!    nobody can make us fetch for them.
//! 3. What could not be fetched is not asked for again within that minute either.
//! 4. Where a fetch fails, the keys that were there go on for a day after they were fetched, and no longer: a
//!    client whose keys leaked takes them away by taking them off its page.
//! 5. Two who need the same set wait for one fetch.
//! 6. A URL that would never be fetched is refused where a client names it ([`may_be_at`]).
//! 7. A bounded number of sets is kept; the one that was not asked for the longest goes.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::PoisonError;
use std::time::Duration;

use carnet_core::record::ClientKeys;
use carnet_core::rule::authorize::is_request_signed_with;
use carnet_core::rule::client::Fetched;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::WebPage;
use carnet_jose::JwkSet;
use tokio::sync::Mutex;
use url::Url;

use crate::outbound::Freshness;
use crate::outbound::Outbound;
use crate::outbound::Wanted;

/// How many sets are kept.
const MOST: usize = 1_000;

/// The most keys of a set that are looked at.
const MOST_KEYS: usize = 20;

/// How long nobody asks again.
const PAUSE: Seconds = Seconds(60);

/// How long keys go on that cannot be fetched anew.
const LAST: Seconds = Seconds::days(1);

/// What is fetched.
const WANTED: Wanted = Wanted {
    types: &["application/json", "application/jwk-set+json"],
    most_bytes: 64 * 1024,
    freshness: Freshness {
        least: Duration::from_mins(1),
        most: Duration::from_hours(24),
        usual: Duration::from_hours(1),
    },
};

/// The sets that are kept.
#[derive(Debug, Default)]
pub struct ClientKeySets(std::sync::Mutex<HashMap<String, Kept>>);

#[derive(Clone, Debug)]
struct Kept {
    asked: UnixTime,
    place: Arc<Mutex<Place>>,
}

/// What is known of one URL.
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

impl ClientKeySets {
    /// The keys at this URL. `enough` says whether those that are kept will do; where they will not, newer ones
    /// are fetched if that may be.
    pub async fn at(
        &self,
        url: &WebPage,
        enough: impl Fn(&JwkSet) -> bool,
        now: UnixTime,
        outbound: &Outbound,
    ) -> Fetched {
        let place = self.place(url.as_str(), now);
        let mut place = place.lock().await;
        let good = |known: &Known| now < known.fresh_until && enough(&known.keys);
        let may_ask = place.tried.is_none_or(|tried| now - tried >= PAUSE);
        if may_ask && !place.keys.as_ref().is_some_and(good) {
            place.tried = Some(now);
            match fetch(url, now, outbound).await {
                Ok(known) => {
                    place.keys = Some(known);
                    place.fault = None;
                }
                Err(fault) => {
                    tracing::debug!(%url, %fault, "the keys of a client were not fetched");
                    place.fault = Some(fault);
                }
            }
        }
        place.told(now)
    }

    /// The keys by which a request object of a client is held (RFC 9101 section 6.2), wherever they are.
    pub async fn of_signer(
        &self,
        keys: Option<&ClientKeys>,
        object: &str,
        now: UnixTime,
        outbound: &Outbound,
    ) -> Fetched {
        let enough = |keys: &JwkSet| is_request_signed_with(object, keys);
        match keys {
            None => Fetched::default(),
            Some(ClientKeys::Inline(keys)) => Fetched {
                keys: Arc::new(keys.clone()),
                fault: None,
            },
            Some(ClientKeys::At(url)) => self.at(url, enough, now, outbound).await,
        }
    }

    fn place(&self, url: &str, now: UnixTime) -> Arc<Mutex<Place>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = all.get_mut(url) {
            kept.asked = now;
            return Arc::clone(&kept.place);
        }
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.asked);
            if let Some(oldest) = oldest.map(|(url, _)| url.clone()) {
                all.remove(&oldest);
            }
        }
        let place = Arc::default();
        let kept = Kept {
            asked: now,
            place: Arc::clone(&place),
        };
        all.insert(url.to_owned(), kept);
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

/// Whether the keys of a client may be at this URL, as far as it tells.
pub fn may_be_at(url: &str, outbound: &Outbound) -> Result<(), String> {
    let url: Url = url.parse().map_err(|_| "no URL".to_owned())?;
    outbound.may_fetch(&url).map_err(|fault| fault.told())
}

async fn fetch(url: &WebPage, now: UnixTime, outbound: &Outbound) -> Result<Known, String> {
    let url: Url = url.as_str().parse().map_err(|_| "no URL".to_owned())?;
    let document = outbound.fetch(&url, &WANTED).await;
    let document = document.map_err(|fault| fault.told())?;
    let mut set = JwkSet::parse(&document.body).map_err(|fault| fault.to_string())?;
    set.keys.truncate(MOST_KEYS);
    set.skipped = Vec::new();
    let seconds = i64::try_from(document.fresh_for.as_secs()).unwrap_or(i64::MAX);
    Ok(Known {
        keys: Arc::new(set),
        fetched: now,
        fresh_until: now + Seconds(seconds),
    })
}
