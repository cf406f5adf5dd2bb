//! The catalogue: which codes there are, how one is found, and their texts, one file per range of codes.
//!
//! Rules for a text, which the tests beside [`crate::crn`] hold: plain ASCII, no "please", no
//! exclamation marks, one action per fix. A number that was once released is never given to another
//! cause.

mod access_boundary;
mod admin_api;
mod assertion_claims;
mod assertion_form;
mod authorization_details;
mod authorize;
mod captive;
mod client_authentication;
mod code_and_refresh;
mod command_line;
mod delegation;
mod device;
mod impersonation;
mod policy;
mod possession;
mod registration;
mod request_form;
mod request_object;
mod resource_server;
mod scope;
mod server;
mod service_account;
mod sign_in;
mod start;
mod sts;
mod token_exchange;
mod trusted_issuer;
mod workforce;

use std::str::FromStr;

use crate::crn::Answer;
use crate::crn::Crn;
use crate::crn::Proof;
use crate::crn::UnknownCrn;

/// All ranges, by number.
pub(crate) const RANGES: &[&[Crn]] = &[
    request_form::CODES,
    authorize::CODES,
    request_object::CODES,
    authorization_details::CODES,
    code_and_refresh::CODES,
    token_exchange::CODES,
    client_authentication::CODES,
    device::CODES,
    possession::CODES,
    registration::CODES,
    assertion_form::CODES,
    service_account::CODES,
    assertion_claims::CODES,
    delegation::CODES,
    scope::CODES,
    policy::CODES,
    impersonation::CODES,
    sts::CODES,
    workforce::CODES,
    access_boundary::CODES,
    trusted_issuer::CODES,
    sign_in::CODES,
    resource_server::CODES,
    server::CODES,
    captive::CODES,
    admin_api::CODES,
    command_line::CODES,
    start::CODES,
];

impl Crn {
    /// Every code, range by range.
    pub fn all() -> impl Iterator<Item = Self> {
        RANGES.iter().copied().flatten().copied()
    }

    /// The code with this number.
    pub fn find(number: u16) -> Option<Self> {
        Self::all().find(|crn| crn.number() == number)
    }

    /// The code that somebody with this proof is told: this one, or the vague one that stands for
    /// it.
    #[must_use]
    pub fn told_to(self, proof: Proof) -> Self {
        match self.answer() {
            Answer::Explain { instead } if proof < Proof::Owner => {
                Self::find(instead).unwrap_or(self)
            }
            _ => self,
        }
    }
}

/// Reads `CRN-2104`, in any case, or the number alone: people type it.
impl FromStr for Crn {
    type Err = UnknownCrn;

    fn from_str(text: &str) -> Result<Self, UnknownCrn> {
        let digits = match text.get(..4) {
            Some(prefix) if prefix.eq_ignore_ascii_case("CRN-") => text.get(4..),
            _ => Some(text),
        };
        digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|digits| digits.parse().ok())
            .and_then(Self::find)
            .ok_or(UnknownCrn)
    }
}
