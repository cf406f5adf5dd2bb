//! A device asks to be let in: it shows a code, and a person types it elsewhere (RFC 8628).
//!
//! `Pending` becomes `Allowed` or `Denied` once, by the person; `Allowed` becomes `Spent` once, by the
//! device. For an hour after its end it is still known, so that the device hears that it was late.

use carnet_wire::device::UserCode;
use carnet_wire::scope::Scope;

use crate::value::ApiIdentifier;
use crate::value::ClientId;
use crate::value::Seconds;
use crate::value::SecretDigest;
use crate::value::SessionId;
use crate::value::UnixTime;
use crate::value::UserId;

/// A device that waits, or has waited.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceAuthorization {
    /// The digest of the device code.
    pub digest: SecretDigest,
    /// What the person types. One device has it at a time.
    pub user_code: UserCode,
    /// The client that runs on the device.
    pub client: ClientId,
    /// What it asks for.
    pub scope: Scope,
    /// The APIs of that scope.
    pub audience: Vec<ApiIdentifier>,
    /// The address that the device asked from: shown to the person, who knows where the device is.
    pub address: String,
    /// How far it is.
    pub state: DeviceState,
    /// How long the device must wait between two polls.
    pub interval: Seconds,
    /// When it last polled.
    pub polled: Option<UnixTime>,
    /// Since when.
    pub created: UnixTime,
    /// Until when the codes are good.
    pub ends: UnixTime,
}

impl DeviceAuthorization {
    /// How long it is known after its codes have expired.
    pub const REMEMBERED: Seconds = Seconds(3_600);
}

/// How far it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum DeviceState {
    /// Nobody has decided.
    Pending,
    /// A person allowed it.
    Allowed(AllowedBy),
    /// A person denied it.
    Denied,
    /// The device has its tokens.
    Spent,
}

/// Who allowed a device what.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AllowedBy {
    /// The person.
    pub user: UserId,
    /// In which session.
    pub session: SessionId,
    /// When the person had proved who they are.
    pub authenticated: UnixTime,
    /// What was allowed: at most what was asked for.
    pub scope: Scope,
}
