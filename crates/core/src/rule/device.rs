//! A device without a browser asks to be let in (RFC 8628), and a person answers with another one.
//!
//! 1. [`ask`]: the device's client asks for two codes. It may ask for what it could ask for at the
//!    authorization endpoint, and not for more.
//! 2. [`waiting`] finds the device by the code that a person typed. A link that carries the code only fills
//!    the field (section 5.4): nothing is allowed by it.
//! 3. [`question`] is what the person is asked, each time: that they agreed before says nothing about whether
//!    this device is theirs. [`answer`] is what they said.
//! 4. How the device learns of it stands in [`crate::rule::grant::device_code`].

mod ask;
mod person;

use crate::value::Seconds;

pub use ask::{Asked, ask};
pub use person::{Ended, Waiting, answer, question, waiting};

/// How long both codes are good.
pub const LIFETIME: Seconds = Seconds(900);

/// How long a device waits between two polls at first.
pub const INTERVAL: Seconds = Seconds(5);

#[cfg(test)]
mod tests;
