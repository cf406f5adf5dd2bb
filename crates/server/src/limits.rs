//! What keeps one client from using up the server: how often somebody may be refused, how often they
//! may ask at all, and how much work runs at a time.
//!
//! 1. Refusals count: failed authentication and malformed requests at the endpoints for programs, the setup page
//!    and the admin API, by the address of the client.
//!    Who is refused too often is answered 429 there, before anything is read. A program that works is never
//!    limited, however often it asks.
//!    The pages on which a request of an app ends count too, by themselves and with the same quota: a broken
//!    program in an office keeps nobody there from signing in, and a broken link only from following it.
//! 2. At the token endpoint refusals count once more by the account that an assertion names *and* the
//!    address that it came from. The name alone would be a weapon: whoever knows it could be refused in
//!    its name until the real account is locked out. Both together stop a broken program behind a shared
//!    address before its neighbours feel it, and an assertion from elsewhere goes through.
//! 3. Codes for devices are given to whoever knows the name of a public client, and each is remembered for a
//!    while: so every request for one counts, by its address.
//! 4. Whoever is signed in asks for their own pages and answers there as that person, so it counts by the
//!    person, from wherever they come: a script in somebody's browser keeps nobody else waiting.
//! 5. An operator may limit all requests of an address too. By default nobody does.
//! 6. Work that verifies, signs or writes passes a gate ([`crate::http::shed`]).
//!
//! Where nobody has used up anything, a request costs one look at one number. Requests whose address is
//! not known (a Unix socket without a proxy that says it) are not counted by address.

use std::net::IpAddr;

use axum::http::Extensions;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use carnet_core::rule::Refusal;
use carnet_core::value::UserId;
use carnet_wire::crn::Crn;
use tokio::time::Instant;

use crate::config;
use crate::http::client_address::ClientAddress;
use crate::http::rate;
use crate::http::rate::Key;
use crate::http::rate::Rate;
use crate::http::rate::TooMany;
use crate::http::shed::Gate;
use crate::http::shed::Overloaded;
use crate::http::shed::Permit;

/// A request that is not even looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TurnedAway {
    /// It came too often. The name is that of the limit.
    Often(TooMany, &'static str),
    /// There is too much to do.
    Busy(Overloaded),
}

impl TurnedAway {
    /// The name of the limit.
    #[must_use]
    pub const fn limit(self) -> &'static str {
        match self {
            Self::Often(_, limit) => limit,
            Self::Busy(_) => "work",
        }
    }

    /// After how many seconds it is worth trying again: at least one.
    #[must_use]
    pub fn seconds(self) -> u64 {
        let wait = match self {
            Self::Often(often, _) => often.wait,
            Self::Busy(busy) => busy.wait,
        };
        rate::seconds(wait)
    }

    /// What a caller is told: when to come again, and nothing about how much would be allowed.
    #[must_use]
    pub fn refusal(self) -> Refusal {
        let crn = match self {
            Self::Often(..) => Crn::TOO_MANY_REQUESTS,
            Self::Busy(_) => Crn::UNAVAILABLE,
        };
        Refusal::new(crn, format!("Try again in {} s.", self.seconds()))
    }

    /// The headers that say the same.
    pub fn tell(self, headers: &mut HeaderMap) {
        match self {
            Self::Often(often, limit) => often.tell(headers, limit),
            Self::Busy(busy) => busy.tell(headers),
        }
    }
}

/// As what the refusals of an endpoint count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Counts {
    /// With those of all programs at the address.
    Refusals,
    /// With the pages on which requests of apps end.
    Pages,
}

/// The limits of a server.
#[derive(Debug)]
pub struct Limits {
    requests: Option<Rate>,
    refusals: Rate,
    pages: Rate,
    named: Rate,
    devices: Rate,
    people: Rate,
    registrations: Rate,
    gate: Gate,
}

impl Limits {
    /// As configured, and with how many clients an address may register in an hour.
    #[must_use]
    pub fn new(config: config::rate::Rate, registrations: Option<u32>, now: Instant) -> Self {
        let rate = |quota| Rate::new(quota, config.remembered, now);
        Self {
            requests: config.requests.map(|quota| rate(Some(quota))),
            refusals: rate(config.refusals),
            pages: rate(config.refusals),
            named: rate(config.named),
            devices: rate(config.devices),
            people: rate(config.people),
            registrations: Rate::hourly(registrations, config.remembered, now),
            gate: Gate::new(config.work, config.waiting, config.patience),
        }
    }

    /// Whether a request may come in. `counts` says whether it is for an endpoint at which refusals
    /// count, and as which: only there they have consequences, so that what explains them stays readable.
    pub fn admit(
        &self,
        extensions: &Extensions,
        counts: impl FnOnce() -> Option<Counts>,
    ) -> Result<(), TurnedAway> {
        if let Some(requests) = &self.requests
            && let Some(address) = ClientAddress::of(extensions)
        {
            let taken = requests.take(Key::address(address), Instant::now());
            taken.map_err(|often| TurnedAway::Often(often, "requests"))?;
        }
        if !self.refusals.is_spent() && !self.pages.is_spent() {
            return Ok(());
        }
        let (rate, name) = match counts() {
            None => return Ok(()),
            Some(Counts::Refusals) => (&self.refusals, "refusals"),
            Some(Counts::Pages) => (&self.pages, "pages"),
        };
        let Some(address) = ClientAddress::of(extensions) else {
            return Ok(());
        };
        let left = rate.check(|| Key::address(address), Instant::now());
        left.map_err(|often| TurnedAway::Often(often, name))
    }

    /// A request that this address brought ended on a page.
    pub fn refused_page(&self, address: Option<IpAddr>) {
        if let Some(address) = address {
            let _spent = self.pages.take(Key::address(address), Instant::now());
        }
    }

    /// A request of this address was refused.
    pub fn refused(&self, address: Option<IpAddr>) {
        if let Some(address) = address {
            // Who has nothing left is told so at the next request.
            let _spent = self.refusals.take(Key::address(address), Instant::now());
        }
    }

    /// Whether an assertion that names this account may be looked at.
    pub fn may_name(&self, name: &str, address: Option<IpAddr>) -> Result<(), TurnedAway> {
        let Some(address) = address.filter(|_| self.named.is_spent()) else {
            return Ok(());
        };
        let left = self
            .named
            .check(|| Key::name_from(name, address), Instant::now());
        left.map_err(|often| TurnedAway::Often(often, "named"))
    }

    /// An assertion that names this account was refused.
    pub fn refused_name(&self, name: &str, address: Option<IpAddr>) {
        if let Some(address) = address {
            let _spent = self
                .named
                .take(Key::name_from(name, address), Instant::now());
        }
    }

    /// Whether this address may have another code for a device.
    pub fn device(&self, address: Option<IpAddr>) -> Result<(), TurnedAway> {
        let Some(address) = address else {
            return Ok(());
        };
        let taken = self.devices.take(Key::address(address), Instant::now());
        taken.map_err(|often| TurnedAway::Often(often, "devices"))
    }

    /// Whether this person, who is signed in, may ask for another page of their own, or answer on one.
    pub fn person(&self, user: &UserId) -> Result<(), TurnedAway> {
        let taken = self.people.take(Key::proven(user.as_str()), Instant::now());
        taken.map_err(|often| TurnedAway::Often(often, "people"))
    }

    /// Whether this address may register another client.
    pub fn may_register(&self, address: Option<IpAddr>) -> Result<(), TurnedAway> {
        let Some(address) = address else {
            return Ok(());
        };
        let taken = self
            .registrations
            .take(Key::address(address), Instant::now());
        taken.map_err(|often| TurnedAway::Often(often, "registrations"))
    }

    /// The right to work, now or soon.
    pub async fn work(&self) -> Result<Permit<'_>, TurnedAway> {
        self.gate.enter().await.map_err(TurnedAway::Busy)
    }
}

/// Whether an answer of this status is a failed authentication or a malformed request. What was not
/// found, or was changed by somebody else meanwhile, happens to programs that work.
#[must_use]
pub fn is_counted(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::UNAUTHORIZED
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
    )
}
