//! The device grant (RFC 8628): what a poll is told, and what a person may decide.
//!
//! 1. A device code is of the client that shows it, or it is not valid.
//! 2. A device that polls sooner than it was told must wait five seconds more from then on
//!    (section 3.5).
//! 3. What a person allowed is redeemed once, and becomes an authorization like any other.
//! 4. The person must have typed the code: a link that carries it only fills the field (section 5.4).

use carnet_wire::crn::Crn;
use carnet_wire::scope::Scope;

use crate::record::AllowedBy;
use crate::record::Authorization;
use crate::record::Client;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::Obtained;
use crate::record::Session;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::store::Change;
use crate::store::Record;
use crate::value::AuthorizationId;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How long both codes are good.
pub const LIFETIME: Seconds = Seconds(900);

/// How long a device waits between two polls at first.
pub const INTERVAL: Seconds = Seconds(5);

/// How much longer it waits each time that it was hasty.
const SLOWER: Seconds = Seconds(5);

/// The longest that a hasty device has to wait.
const SLOWEST: Seconds = Seconds(60);

/// How long an authorization lasts that a device was given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lasts {
    /// In any case.
    pub absolute: Seconds,
    /// Without a refresh.
    pub idle: Seconds,
}

/// What a poll is told.
#[must_use]
pub fn poll(
    device: Option<&DeviceAuthorization>,
    client: &Client,
    lasts: Lasts,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Verdict<Authorization> {
    let Some(device) = device.filter(|device| device.client == client.id) else {
        return Verdict::refuse(unknown());
    };
    match &device.state {
        DeviceState::Spent => Verdict::refuse(unknown().because("why", "redeemed before")),
        DeviceState::Denied => {
            let detail = "The person denied it.";
            Verdict::refuse(Refusal::new(Crn::DEVICE_DENIED, detail))
        }
        DeviceState::Pending | DeviceState::Allowed(_) if device.ends <= now => {
            let detail = format!("The code expired after {} s.", LIFETIME.0);
            Verdict::refuse(Refusal::new(Crn::DEVICE_CODE_EXPIRED, detail))
        }
        DeviceState::Pending => pending(device, now),
        DeviceState::Allowed(by) => redeem(device, by, lasts, now, entropy),
    }
}

fn pending(device: &DeviceAuthorization, now: UnixTime) -> Verdict<Authorization> {
    let hasty = device
        .polled
        .is_some_and(|polled| now - polled < device.interval);
    let interval = if hasty {
        Seconds((device.interval.0 + SLOWER.0).min(SLOWEST.0))
    } else {
        device.interval
    };
    let refusal = if hasty {
        let detail = format!("Poll every {} s from now on.", interval.0);
        Refusal::new(Crn::DEVICE_HASTY, detail)
    } else {
        let detail = "Nobody has answered yet. Poll again.";
        Refusal::new(Crn::DEVICE_PENDING, detail)
    };
    Verdict {
        changes: vec![Change::DevicePolled(device.digest, now, interval)],
        outcome: Err(refusal),
    }
}

fn redeem(
    device: &DeviceAuthorization,
    by: &AllowedBy,
    lasts: Lasts,
    now: UnixTime,
    entropy: &mut dyn Entropy,
) -> Verdict<Authorization> {
    let authorization = Authorization {
        id: AuthorizationId::mint(now, entropy),
        client: device.client.clone(),
        user: by.user.clone(),
        scope: by.scope.clone(),
        details: None,
        audience: device.audience.clone(),
        obtained: Obtained::Device,
        authenticated: by.authenticated,
        // A device stays signed in when the browser does not (ux.md, "devices").
        session: None,
        binding: None,
        created: now,
        ends: now + lasts.absolute,
        idle: lasts.idle,
        generation: 0,
        rotated: now,
        ended: None,
    };
    let changes = vec![
        Change::DeviceSpent(device.digest),
        Change::Insert(Record::Authorization(authorization.clone())),
    ];
    Verdict::allow(authorization, changes)
}

/// What a person decides about a device.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// It may have this.
    Allow(Scope),
    /// It may not.
    Deny,
}

/// The change that a decision of the person in this session makes. What is allowed and was not asked
/// for does not count.
#[must_use]
pub fn decide(
    device: &DeviceAuthorization,
    decision: Decision,
    session: &Session,
    now: UnixTime,
) -> Change {
    let state = match decision {
        Decision::Deny => DeviceState::Denied,
        Decision::Allow(scope) => {
            let asked = |name: &&str| device.scope.iter().any(|asked| asked == *name);
            let within = Scope::from_tokens(scope.iter().filter(asked)).unwrap_or_default();
            DeviceState::Allowed(AllowedBy {
                user: session.user.clone(),
                session: session.id,
                authenticated: session.created,
                scope: within,
            })
        }
    };
    Change::DeviceDecided(device.digest, state, now)
}

/// Whether a code that a person typed may still be decided about. Wrong, expired and used ones are told
/// apart for nobody.
#[must_use]
pub fn open(device: Option<DeviceAuthorization>, now: UnixTime) -> Option<DeviceAuthorization> {
    device.filter(|device| device.state == DeviceState::Pending && device.ends > now)
}

/// The same for whatever is not a device code of this client.
#[must_use]
pub fn unknown() -> Refusal {
    Refusal::new(Crn::DEVICE_CODE_UNKNOWN, "The device code is not valid.")
}

#[cfg(test)]
mod tests;
