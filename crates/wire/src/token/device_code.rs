//! The device code grant: a device asks whether its user has answered.
//!
//! RFC 8628 §3.4, RFC 8707 §2.2. Google's older libraries call the grant [`LEGACY_GRANT_TYPE`] and the
//! parameter `code` (google-wire 4.6).

use std::borrow::Cow;
use std::fmt;

use super::TokenRequestError;
use crate::params::{MissingParameter, Params};
use crate::resource;

/// The `grant_type` of the draft that became RFC 8628.
pub(super) const LEGACY_GRANT_TYPE: &str = "http://oauth.net/grant_type/device/1.0";

/// A poll of a device.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceCodeRequest<'a> {
    /// The device code.
    pub device_code: Cow<'a, str>,
    /// For which of the APIs the token shall be good (RFC 8707 §2.2); at most eight.
    pub resource: Vec<Cow<'a, str>>,
}

impl<'a> DeviceCodeRequest<'a> {
    pub(super) fn parse(params: &mut Params<'a>) -> Result<Self, TokenRequestError> {
        let device_code = params.take("device_code").or_else(|| params.take("code"));
        Ok(Self {
            device_code: device_code.ok_or(MissingParameter("device_code"))?,
            resource: resource::take(params)?,
        })
    }
}

/// Without the secrets.
impl fmt::Debug for DeviceCodeRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCodeRequest")
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}
