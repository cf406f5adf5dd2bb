//! How many requests were turned away unread, by limit and address: one entry a minute for each, since
//! one for each request would let a flood fill the log that shall tell about it.

use std::collections::HashMap;
use std::net::IpAddr;

use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_wire::crn::Crn;

/// How long it is counted before it is written.
const EVERY: Seconds = Seconds(60);

/// How many addresses are told apart in that time.
const MOST: usize = 256;

/// Who was turned away, since when.
#[derive(Debug, Default)]
pub(super) struct TurnedAway {
    since: Option<UnixTime>,
    counts: HashMap<(Option<IpAddr>, Crn, &'static str), u64>,
}

impl TurnedAway {
    /// One more.
    pub(super) fn note(
        &mut self,
        address: Option<IpAddr>,
        crn: Crn,
        limit: &'static str,
        now: UnixTime,
    ) {
        self.since.get_or_insert(now);
        let key = (address, crn, limit);
        let known = self.counts.len() < MOST || self.counts.contains_key(&key);
        let key = if known { key } else { (None, crn, limit) };
        let count = self.counts.entry(key).or_default();
        *count = count.saturating_add(1);
    }

    /// What is due, or everything.
    pub(super) fn take(&mut self, now: UnixTime, everything: bool) -> Vec<AuditDraft> {
        let due = self.since.is_some_and(|since| now >= since + EVERY);
        if !due && !everything {
            return Vec::new();
        }
        self.since = None;
        let counts = self.counts.drain();
        counts
            .map(|((address, crn, limit), count)| AuditDraft {
                at: now,
                actor: "anonymous".to_owned(),
                action: "request.turn_away".to_owned(),
                target: limit.to_owned(),
                outcome: Outcome::Refused(crn),
                address: address.map_or_else(String::new, |address| address.to_string()),
                trace: String::new(),
                detail: format!("{{\"count\":{count}}}"),
            })
            .collect()
    }
}
