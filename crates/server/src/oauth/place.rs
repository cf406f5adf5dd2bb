//! When and from where a request came: what a decision is told beside its facts.

use carnet_core::rule::admin::Context;
use carnet_core::value::UnixTime;

/// When, from where, in which request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// When. A request has one moment.
    pub now: UnixTime,
    /// From which address, as the audit log writes it.
    pub address: &'a str,
    /// The trace id.
    pub trace: &'a str,
}

impl<'a> Place<'a> {
    /// The same for somebody.
    pub(super) const fn context(self, actor: &'a str) -> Context<'a> {
        Context {
            now: self.now,
            actor,
            address: self.address,
            trace: self.trace,
        }
    }
}
