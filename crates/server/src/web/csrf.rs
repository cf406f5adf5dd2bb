//! What binds a form to the browser that it was made for.
//!
//! A form's `csrf` is a MAC over what the browser holds in a cookie, for this one form. Another site can
//! post a form of ours, but can neither read nor set the cookie, and so cannot make the token. Before
//! somebody is signed in the cookie is one that the sign-in page sets (without it, another site could
//! sign somebody in as the attacker); afterwards it is the session.

use carnet_core::record::Session;
use carnet_jose::base64url;

use crate::parts::Parts;

/// To what a form is bound.
#[derive(Clone, Copy, Debug)]
pub enum Bound<'a> {
    /// A browser in which nobody needs to be signed in: the value of its cookie.
    Browser(&'a str),
    /// A session.
    Session(&'a Session),
}

/// The token for a form. `form` tells the forms of one browser apart: `login`, `account`.
#[must_use]
pub fn token(parts: &Parts, form: &'static str, bound: Bound<'_>) -> String {
    base64url::encode(parts.forms.digest(&message(form, bound)))
}

/// Whether a form came from the page that was made for this browser. In constant time.
#[must_use]
pub fn is_ours(parts: &Parts, form: &'static str, bound: Bound<'_>, sent: &str) -> bool {
    let Ok(tag) = base64url::decode_array::<32>(sent) else {
        return false;
    };
    parts.forms.holds(&message(form, bound), &tag)
}

/// The name of a form has no zero in it, so that no two messages are the same.
fn message(form: &'static str, bound: Bound<'_>) -> Vec<u8> {
    let mut message = Vec::from(form);
    match bound {
        Bound::Browser(cookie) => {
            message.extend_from_slice(b"\0browser\0");
            message.extend_from_slice(cookie.as_bytes());
        }
        Bound::Session(session) => {
            message.extend_from_slice(b"\0session\0");
            message.extend_from_slice(session.digest.as_bytes());
        }
    }
    message
}
