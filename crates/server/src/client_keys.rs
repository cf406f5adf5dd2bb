//! The keys of clients that keep them elsewhere (`jwks_uri`, RFC 7591 section 2), fetched through the one guarded
//! client ([`crate::outbound`]).
//!
//! 1. A set is kept for as long as its answer says, between a minute and a day; an hour where it says nothing.
//!    How else it is kept, and when it is fetched anew, is said in [`crate::key_sets`].
//! 2. A URL that would never be fetched is refused where a client names it ([`may_be_at`]).

use std::sync::Arc;
use std::time::Duration;

use carnet_core::record::ClientKeys;
use carnet_core::rule::authorize::is_request_signed_with;
use carnet_core::rule::client::Fetched;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::WebPage;
use carnet_jose::JwkSet;
use url::Url;

use crate::key_sets::KeySets;
use crate::outbound::Freshness;
use crate::outbound::NamedBy;
use crate::outbound::Outbound;
use crate::outbound::Wanted;

/// The most keys of a set that are looked at.
const MOST_KEYS: usize = 20;

/// What is fetched.
const WANTED: Wanted = Wanted {
    types: &["application/json", "application/jwk-set+json"],
    most_bytes: 64 * 1024,
    freshness: Freshness {
        least: Duration::from_mins(1),
        most: Duration::from_hours(24),
        usual: Duration::from_hours(1),
    },
    named_by: NamedBy::Record,
};

/// The sets that are kept, by their URLs.
#[derive(Debug, Default)]
pub struct ClientKeySets(KeySets);

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
        let fetch = fetch(url, outbound);
        self.0.find(url.as_str(), enough, now, fetch).await
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
}

/// Whether the keys of a client may be at this URL, as far as it tells.
pub fn may_be_at(url: &str, outbound: &Outbound) -> Result<(), String> {
    let url: Url = url.parse().map_err(|_| "no URL".to_owned())?;
    outbound.may_fetch(&url).map_err(|fault| fault.told())
}

async fn fetch(url: &WebPage, outbound: &Outbound) -> Result<(JwkSet, Seconds), String> {
    let url: Url = url.as_str().parse().map_err(|_| "no URL".to_owned())?;
    let document = outbound.fetch(&url, &WANTED).await;
    let document = document.map_err(|fault| fault.told())?;
    let mut set = JwkSet::parse(&document.body).map_err(|fault| fault.to_string())?;
    set.keys.truncate(MOST_KEYS);
    set.skipped = Vec::new();
    let seconds = i64::try_from(document.fresh_for.as_secs()).unwrap_or(i64::MAX);
    Ok((set, Seconds(seconds)))
}
