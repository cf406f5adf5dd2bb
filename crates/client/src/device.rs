//! A person signs in on another device: for programs without a browser.
//!
//! RFC 8628.
//!
//! 1. [`Client::ask_device`] gets a code for the program and a short one for the person (§3.1, §3.2).
//! 2. The person is told address and code, and answers with a browser wherever there is one (§3.3).
//! 3. [`Client::poll_device`] asks until there is an answer (§3.4, §3.5): at the server's interval,
//!    five seconds slower each time it says `slow_down`, twice as slow where it does not answer at
//!    all; and not beyond the end of the codes.
//!
//! ```no_run
//! use carnet_client::{Ask, Authentication, Client};
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let client = Client::discover("https://auth.example", "my-tool", Authentication::None).await?;
//! let device = client.ask_device(&Ask::for_scopes(&["invoices.read"])?).await?;
//! println!("Open {} and type {}", device.verification_uri(), device.user_code());
//! let tokens = client.poll_device(&device).await?;
//! # drop(tokens);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::time::Duration;

use carnet_wire::device::DeviceAuthorizationResponse;
use http::Response;

use crate::authorization_code::Ask;
use crate::client::Client;
use crate::error::Error;
use crate::error::Kind;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::refusal;
use crate::retry::Tries;
use crate::token::Secret;
use crate::tokens;
use crate::tokens::Tokens;

/// §3.4.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// §3.5: "the interval MUST be increased by 5 seconds".
const PENALTY: u64 = 5;
/// The shortest and the longest wait between two polls, in seconds.
const INTERVALS: std::ops::RangeInclusive<u64> = 1..=60;
/// The longest life of a code that is believed, in seconds.
const LONGEST_LIFE: u64 = 24 * 3600;

/// A sign-in that waits for a person on another device.
#[derive(Clone)]
pub struct Device {
    code: Secret,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: Option<String>,
    ends: i64,
    interval: u64,
}

impl Device {
    /// What the person types.
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// Where.
    pub fn verification_uri(&self) -> &str {
        &self.verification_uri
    }

    /// Where, with the code in the address. A person who follows it still compares the code
    /// (RFC 8628 §3.3.1).
    pub fn verification_uri_complete(&self) -> Option<&str> {
        self.verification_uri_complete.as_deref()
    }

    /// Until when there can be an answer, in seconds since 1970.
    pub fn ends(&self) -> i64 {
        self.ends
    }

    fn read(answer: &Response<Vec<u8>>, url: &str, now: i64) -> Result<Self, Error> {
        if !answer.status().is_success() {
            return Err(refusal(answer, url));
        }
        let not = || Error::answer(url, NotCodes);
        let read = DeviceAuthorizationResponse::parse(answer.body()).ok_or_else(not)?;
        // What is printed for a person is a plain word and an address of the web.
        let plain = |text: &str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let page = |text: &str| endpoint(text).map(String::from).map_err(|_| not());
        if read.device_code.is_empty() || !plain(&read.user_code) {
            return Err(not());
        }
        let complete = read.verification_uri_complete.as_deref();
        let life = i64::try_from(read.expires_in.min(LONGEST_LIFE)).unwrap_or_default();
        Ok(Self {
            code: Secret::new(&read.device_code),
            user_code: read.user_code.into_owned(),
            verification_uri: page(&read.verification_uri)?,
            verification_uri_complete: complete.map(page).transpose()?,
            ends: now.saturating_add(life),
            interval: read.interval.clamp(*INTERVALS.start(), *INTERVALS.end()),
        })
    }
}

impl Client {
    /// Asks for the codes.
    pub async fn ask_device(&self, ask: &Ask) -> Result<Device, Error> {
        let url = self.metadata().device_authorization_endpoint();
        let url = self.needs(url, "endpoint for devices")?;
        let form = ask.form();
        let judge = |answer: &_| Device::read(answer, url, self.now());
        self.ask(url, &form, Tries::Three, judge).await
    }

    /// Waits for the person's answer. An error with the code `access_denied` is a no, one with
    /// `expired_token` means that nobody answered.
    pub async fn poll_device(&self, device: &Device) -> Result<Tokens, Error> {
        let url = self.token_endpoint()?;
        let form = vec![
            ("grant_type", GRANT_TYPE),
            ("device_code", device.code.reveal()),
        ];
        let bound = self.dpop().is_some();
        let judge = |answer: &_| tokens::process(answer, url, bound, self.now());
        let mut interval = device.interval;
        loop {
            let clock = &self.outside().clock;
            clock.sleep(Duration::from_secs(interval)).await;
            let error = match self.ask(url, &form, Tries::One, judge).await {
                Ok(tokens) => return Ok(tokens),
                Err(error) => error,
            };
            interval = match error.code() {
                Some("authorization_pending") => interval,
                Some("slow_down") => interval + PENALTY,
                _ if error.is_temporary() => interval.saturating_mul(2),
                _ => return Err(error),
            };
            interval = interval.min(*INTERVALS.end());
            if self.now() >= device.ends {
                return Err(Error::new(Kind::NobodyAnswered));
            }
        }
    }
}

/// Without the device's code.
impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device")
            .field("verification_uri", &self.verification_uri)
            .field("ends", &self.ends)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

/// The answer is not that of RFC 8628.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the answer does not hold the codes and addresses of RFC 8628")]
struct NotCodes;

#[cfg(test)]
mod tests;
