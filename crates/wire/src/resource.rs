//! The parameter `resource`: for which API a token shall be good.
//!
//! RFC 8707 §2: an absolute URI without a fragment; it may come more than once.

use std::borrow::Cow;
use std::fmt;

use url::Url;

use crate::legal::Echo;
use crate::params::Params;

/// How long a resource may be, in bytes.
pub const MAX_BYTES: usize = 2048;

/// Takes all of them out, in the order in which they came.
pub fn take<'a>(params: &mut Params<'a>) -> Result<Vec<Cow<'a, str>>, ResourceError> {
    let resources = params.take_all("resource");
    resources.iter().try_for_each(|resource| check(resource))?;
    Ok(resources)
}

/// Whether the text is a resource. Nothing else is said of it: it is compared as it is written.
pub fn check(text: &str) -> Result<(), ResourceError> {
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && !text.contains('#');
    if text.len() <= MAX_BYTES && plain && Url::parse(text).is_ok() {
        Ok(())
    } else {
        Err(ResourceError(Echo::of(text)))
    }
}

/// A `resource` that is not an absolute URI, has a fragment, or is too long; what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceError(pub Echo);

impl fmt::Display for ResourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "resource '{}' is not an absolute URI without a fragment",
            self.0
        )
    }
}

impl std::error::Error for ResourceError {}
