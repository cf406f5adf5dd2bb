//! The keys of issuers elsewhere, found by discovery (OpenID Connect Discovery 1.0 section 4, google-wire 6.4) and
//! fetched through the one guarded client ([`crate::outbound`]).
//!
//! 1. `/.well-known/openid-configuration` behind the issuer is fetched. It must name exactly that issuer (section
//!    4.3), and where the keys are.
//! 2. The keys are fetched from there. Both are bounded, and nothing is followed.
//! 3. A set is kept for as long as both answers say, between a minute and a day; an hour where they say nothing.
//!    How else it is kept, and when it is fetched anew, is said in [`crate::key_sets`].
//!
//! The issuers are those that administrators named in providers. A caller chooses among them, and cannot add one.

use std::time::Duration;

use carnet_core::rule::client::Fetched;
use carnet_core::value::IssuerUri;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_jose::JwkSet;
use serde::Deserialize;
use url::Url;

use crate::key_sets::KeySets;
use crate::outbound::Freshness;
use crate::outbound::NamedBy;
use crate::outbound::Outbound;
use crate::outbound::Wanted;

/// Where an issuer tells about itself.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

const FRESHNESS: Freshness = Freshness {
    least: Duration::from_mins(1),
    most: Duration::from_hours(24),
    usual: Duration::from_hours(1),
};

const DOCUMENT: Wanted = Wanted {
    types: &["application/json"],
    most_bytes: 64 * 1024,
    freshness: FRESHNESS,
    named_by: NamedBy::Record,
};

const KEYS: Wanted = Wanted {
    types: &["application/json", "application/jwk-set+json"],
    most_bytes: carnet_jose::jwks::LONGEST,
    freshness: FRESHNESS,
    named_by: NamedBy::Record,
};

/// The sets that are kept, by their issuers.
#[derive(Debug, Default)]
pub struct IssuerKeys(KeySets);

/// What is read of the document.
#[derive(Deserialize)]
struct Document {
    issuer: String,
    jwks_uri: String,
}

impl IssuerKeys {
    /// The keys of this issuer. `enough` says whether those that are kept will do; where they will not, newer ones
    /// are fetched if that may be.
    pub async fn of(
        &self,
        issuer: &IssuerUri,
        enough: impl Fn(&JwkSet) -> bool,
        now: UnixTime,
        outbound: &Outbound,
    ) -> Fetched {
        let fetch = fetch(issuer, outbound);
        self.0.find(issuer.as_str(), enough, now, fetch).await
    }
}

fn document_url(issuer: &IssuerUri) -> Result<Url, String> {
    let issuer = issuer.as_str().trim_end_matches('/');
    let url = format!("{issuer}{WELL_KNOWN}");
    url.parse().map_err(|_| "the issuer is no URL".to_owned())
}

async fn fetch(issuer: &IssuerUri, outbound: &Outbound) -> Result<(JwkSet, Seconds), String> {
    let url = document_url(issuer)?;
    let found = outbound.fetch(&url, &DOCUMENT).await;
    let found = found.map_err(|fault| format!("the discovery document: {}", fault.told()))?;
    let document: Document = serde_json::from_slice(&found.body)
        .map_err(|_| "the discovery document names no issuer and jwks_uri".to_owned())?;
    if document.issuer != issuer.as_str() {
        return Err("the discovery document names another issuer".to_owned());
    }
    let url: Url = document
        .jwks_uri
        .parse()
        .map_err(|_| "jwks_uri is no URL".to_owned())?;
    let keys = outbound.fetch(&url, &KEYS).await;
    let keys = keys.map_err(|fault| format!("the keys: {}", fault.told()))?;
    let mut set = JwkSet::parse(&keys.body).map_err(|fault| fault.to_string())?;
    set.skipped = Vec::new();
    let fresh = found.fresh_for.min(keys.fresh_for).as_secs();
    Ok((set, Seconds(i64::try_from(fresh).unwrap_or(i64::MAX))))
}
