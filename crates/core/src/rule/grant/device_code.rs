//! The device code grant (RFC 8628 section 3.4 and 3.5): a device asks whether its person has answered.
//!
//! 1. A device code is of the client that shows it, or it is not valid: nobody is told whose it is (lesson
//!    20 of `security.md`).
//! 2. What was redeemed is not valid any more; what was denied, or was not answered in time, says so.
//! 3. A device that polls sooner than it was told must wait five seconds more from then on (section 3.5).
//! 4. What a person allowed is looked at as it is now: the person, their password, the policies of both
//!    organizations.
//! 5. It is redeemed once: the change that spends the code is let through once by the store, and what begins
//!    with it is an authorization like any other.

use std::borrow::Cow;
use std::sync::Arc;

use carnet_wire::crn::Crn;

use crate::record::AllowedBy;
use crate::record::Binding;
use crate::record::Client;
use crate::record::DeviceAuthorization;
use crate::record::DeviceState;
use crate::record::Obtained;
use crate::record::Password;
use crate::record::Policy;
use crate::record::User;
use crate::record::UserState;
use crate::rule::Refusal;
use crate::rule::Verdict;
use crate::rule::admin::Context;
use crate::rule::device::LIFETIME;
use crate::rule::grant::access;
use crate::rule::grant::access::Access;
use crate::rule::grant::access::Held;
use crate::rule::grant::begin;
use crate::rule::grant::begin::Allowed;
use crate::rule::grant::begin::Granted;
use crate::rule::possession;
use crate::store::Catalog;
use crate::store::Change;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::store::Store;
use crate::value::AuthorizationId;
use crate::value::Entropy;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::UnixTime;

/// How much longer a device waits each time that it was hasty.
const SLOWER: Seconds = Seconds(5);

/// The longest that a hasty device has to wait.
const SLOWEST: Seconds = Seconds(60);

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The device that waits with this code.
    pub device: DeviceAuthorization,
    /// Who allowed it; none while nobody has, and none who is deleted.
    pub user: Option<User>,
    /// Their password, if they have one.
    pub password: Option<Password>,
    /// The policies in force of their organization.
    pub policies: Arc<Vec<Policy>>,
}

/// Reads the facts. None where no device waits with this code.
pub async fn load(
    digest: SecretDigest,
    (store, snapshots): (&dyn Store, &dyn Snapshots),
) -> Result<Option<Facts>, Fault> {
    let Some(device) = store.device(digest).await? else {
        return Ok(None);
    };
    let DeviceState::Allowed(by) = &device.state else {
        return Ok(Some(Facts {
            device,
            user: None,
            password: None,
            policies: Arc::default(),
        }));
    };
    let user = store.user(&by.user).await?;
    let policies = match &user {
        Some(user) => snapshots.policies(user.organization).await?,
        None => Arc::default(),
    };
    Ok(Some(Facts {
        password: store.password(&by.user).await?,
        user,
        policies,
        device,
    }))
}

/// What a poll says beside the code.
#[derive(Clone, Copy, Debug)]
pub struct Poll<'a> {
    /// For which of the APIs the access token shall be good.
    pub resource: &'a [Cow<'a, str>],
    /// The key that the device shows.
    pub binding: Option<&'a Binding>,
}

/// Decides on them.
#[must_use]
pub fn decide(
    facts: Option<&Facts>,
    poll: Poll<'_>,
    (client, project): (&Client, &ProjectSnapshot),
    catalog: &Catalog,
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Verdict<Granted> {
    let tell = |refusal: Refusal| refusal.because("client_id", client.id.to_string());
    let Some(facts) = facts else {
        return Verdict::refuse(tell(unknown()));
    };
    let device = &facts.device;
    if device.client != client.id {
        let of = device.client.to_string();
        return Verdict::refuse(tell(unknown()).because("of", of));
    }
    let by = match &device.state {
        DeviceState::Spent => {
            return Verdict::refuse(tell(unknown()).because("why", "redeemed before"));
        }
        DeviceState::Denied => {
            let detail = "The person denied it.";
            return Verdict::refuse(tell(Refusal::new(Crn::DEVICE_DENIED, detail)));
        }
        DeviceState::Pending | DeviceState::Allowed(_) if device.ends <= context.now => {
            let detail = format!("The code expired after {} s.", LIFETIME.0);
            return Verdict::refuse(tell(Refusal::new(Crn::DEVICE_CODE_EXPIRED, detail)));
        }
        DeviceState::Pending => return pending(device, context.now),
        DeviceState::Allowed(by) => by,
    };
    // What the client may ask for is looked at as it is now, too.
    let by = &AllowedBy {
        scope: by.scope.intersection(&client.scopes),
        ..by.clone()
    };
    let held = Held {
        scope: &by.scope,
        details: None,
        audience: &device.audience,
    };
    let granted = standing(by, facts).and_then(|user| {
        access::permitted(user, &facts.policies, project, &by.scope)?;
        let access = access::narrow(held, poll.resource, catalog)?;
        Ok((user.clone(), access))
    });
    match granted {
        Ok(granted) => {
            let lasting = possession::lasting(client, poll.binding);
            redeem((device, by), (client, lasting), granted, (context, entropy))
        }
        Err(refusal) => Verdict::refuse(tell(refusal).because("user", by.user.to_string())),
    }
}

fn pending(device: &DeviceAuthorization, now: UnixTime) -> Verdict<Granted> {
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
        outcome: Err(refusal.because("client_id", device.client.to_string())),
    }
}

/// The person, if everything that their yes hangs on stands at this moment. The session in which they gave it
/// does not count: a device stays signed in when the browser does not.
fn standing<'a>(by: &AllowedBy, facts: &'a Facts) -> Result<&'a User, Refusal> {
    let active = |user: &&User| user.state == UserState::Active;
    let Some(user) = facts.user.as_ref().filter(active) else {
        return Err(unknown().because("why", "the person is suspended or gone"));
    };
    let changed = facts.password.as_ref().map(|password| password.changed);
    if changed.is_some_and(|changed| changed > by.authenticated) {
        let detail = "The person has changed the password since. Ask for a new code.";
        let refusal = Refusal::new(Crn::DEVICE_CODE_UNKNOWN, detail);
        return Err(refusal.because("why", "password changed"));
    }
    if !user.counts_sign_in_at(by.authenticated) {
        let detail =
            "The person was suspended since, or has another password or none. Ask for a new code.";
        return Err(Refusal::new(Crn::DEVICE_CODE_UNKNOWN, detail));
    }
    if by.scope.is_empty() {
        let detail = "Nothing of what the person allowed is still this app's to ask for.";
        return Err(Refusal::new(Crn::DEVICE_CODE_UNKNOWN, detail));
    }
    Ok(user)
}

fn redeem(
    (device, by): (&DeviceAuthorization, &AllowedBy),
    (client, binding): (&Client, Option<Binding>),
    granted: (User, Access),
    (context, entropy): (&Context<'_>, &mut dyn Entropy),
) -> Verdict<Granted> {
    let allowed = Allowed {
        id: AuthorizationId::mint(context.now, entropy),
        scope: &by.scope,
        details: None,
        audience: &device.audience,
        obtained: Obtained::Device,
        authenticated: by.authenticated,
        // A device stays signed in when the browser does not.
        session: None,
        nonce: None,
        binding,
    };
    let (granted, begun) = begin::begin(&allowed, client, granted, context);
    let mut changes = vec![Change::DeviceSpent(device.digest)];
    changes.extend(begun);
    Verdict::allow(granted, changes)
}

/// The same for whatever is not a device code of this client.
#[must_use]
pub fn unknown() -> Refusal {
    Refusal::new(Crn::DEVICE_CODE_UNKNOWN, "The device code is not valid.")
}

#[cfg(test)]
mod tests;
