//! Who watches the requests of a listener.

use std::time::Duration;

use carnet_jose::entropy;
use carnet_server::http::metrics::Registry;
use carnet_server::http::metrics::Requests;
use carnet_server::http::metrics::Routes;
use carnet_server::http::observe::Observers;
use carnet_server::http::trace::TraceIds;

use crate::clock;

/// Counts, times and logs the requests of one listener.
pub(crate) fn observers<const N: usize>(
    registry: &Registry,
    patterns: [&'static str; N],
) -> Observers {
    let unix = u64::try_from(clock::now().0).unwrap_or(0);
    Observers {
        traces: TraceIds::new(
            |bytes| entropy::fill_random(bytes).is_ok(),
            Duration::from_secs(unix),
        ),
        requests: Requests::new(registry, Routes::new(patterns)),
    }
}
