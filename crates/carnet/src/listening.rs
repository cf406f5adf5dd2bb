//! What a listener of this program is given to name, count and time its requests.

use std::time::Duration;

use carnet_jose::entropy;
use carnet_server::http::metrics::Registry;
use carnet_server::http::metrics::Requests;
use carnet_server::http::metrics::Routes;
use carnet_server::http::observe::Observers;
use carnet_server::http::trace::TraceIds;

use crate::clock;

/// The routes that are told apart in the metrics; everything else is one series.
const ROUTES: [&str; 8] = [
    "/token",
    "/oauth2/v4/token",
    "/introspect",
    "/revoke",
    "/tokeninfo",
    "/jwks",
    "/.well-known/openid-configuration",
    "/oauth2/v1/certs",
];

/// Observers that count into this registry.
pub(crate) fn observers(registry: &Registry) -> Observers {
    let unix = u64::try_from(clock::now().0).unwrap_or(0);
    Observers {
        traces: TraceIds::new(
            |bytes| entropy::fill_random(bytes).is_ok(),
            Duration::from_secs(unix),
        ),
        requests: Requests::new(registry, Routes::new(ROUTES)),
    }
}
