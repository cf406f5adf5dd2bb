//! Where a browser goes when its person has signed in.
//!
//! 1. It is a path of ours that begins a step of its own: `/authorize`, `/device`, or a page of the
//!    account, with its query. There is no other, so nobody is sent to a foreign place by us.
//! 2. It travels as `?r=` and in the hidden field `request`, sealed for this purpose: what was sealed for
//!    another one does not open here. Behind the path everything is judged again from its own parameters.
//! 3. It holds for an hour. After that the person is asked to begin again, which is one click.
//! 4. It knows when it was made, and by which session it was answered: so `prompt=login` and `max_age`
//!    can be judged when the browser comes back, and a sign-in answers one request only.

use carnet_core::record::Session;
use carnet_core::store::Fault;
use carnet_core::value::Seconds;
use carnet_core::value::SessionId;
use carnet_core::value::UnixTime;
use carnet_jose::base64url;
use carnet_jose::base64url::Padding;
use carnet_pages::Language;
use serde::Deserialize;
use serde::Serialize;

use crate::keyring::KeyEncryptionKey;

/// For what it is sealed.
const PLACE: &str = "onward 1";

/// How long it holds.
pub const HOLDS: Seconds = Seconds::minutes(60);

/// How long path and query may be, in bytes.
pub const LONGEST: usize = 16 * 1024;

/// How long the sealed text may be.
const LONGEST_TEXT: usize = 32 * 1024;

/// Where a browser goes.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Onward {
    #[serde(rename = "p")]
    path: String,
    #[serde(rename = "t")]
    asked: UnixTime,
    #[serde(rename = "n", default)]
    anew: bool,
    #[serde(rename = "s", default)]
    session: Option<SessionId>,
    #[serde(rename = "a", default)]
    app: Option<Waiting>,
    #[serde(rename = "h", default)]
    hint: String,
    #[serde(rename = "o", default)]
    opened: bool,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
}

/// The app that waits.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Waiting {
    /// Its name.
    pub name: String,
    /// The host that the person gets to.
    pub host: Option<String>,
    /// Where the form ends, for the policy of its page: the origin of the redirect URI, or its scheme.
    pub destination: String,
}

/// What a sealed text holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Opened {
    /// A way that is open.
    Good(Onward),
    /// One that was, until its hour was over.
    Expired(Onward),
}

/// The text was not sealed by us, or not for this.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not a way onward of ours")]
pub struct NotOurs;

impl Onward {
    /// To this path of ours, with its query. None where it is not one that somebody may be sent to.
    #[must_use]
    pub fn to(path: &str, asked: UnixTime) -> Option<Self> {
        is_ours(path).then(|| Self {
            path: path.to_owned(),
            asked,
            anew: false,
            session: None,
            app: None,
            hint: String::new(),
            opened: false,
            language: None,
        })
    }

    /// Whoever is signed in has to show again who they are (`prompt=login`, `max_age`).
    #[must_use]
    pub fn anew(mut self) -> Self {
        self.anew = true;
        self
    }

    /// For this app.
    #[must_use]
    pub fn for_app(mut self, app: Waiting) -> Self {
        self.app = Some(app);
        self
    }

    /// Who it probably is (`login_hint`).
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = hint.chars().take(254).collect();
        self
    }

    /// What was in a request object that was opened (RFC 9101).
    #[must_use]
    pub fn of_object(mut self, opened: bool) -> Self {
        self.opened = opened;
        self
    }

    /// The pages on the way are in this language, by the app's wish (`ui_locales`).
    #[must_use]
    pub fn speaking(mut self, language: Option<Language>) -> Self {
        self.language = language.map(|language| language.tag().to_owned());
        self
    }

    /// The language of the pages on the way, where the app has a wish.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref().and_then(Language::wished)
    }

    /// Whether it was in a request object.
    #[must_use]
    pub const fn is_of_object(&self) -> bool {
        self.opened
    }

    /// The path with its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The query of the path.
    #[must_use]
    pub fn query(&self) -> &str {
        self.path.split_once('?').map_or("", |(_, query)| query)
    }

    /// When it was asked for.
    #[must_use]
    pub const fn asked(&self) -> UnixTime {
        self.asked
    }

    /// Whether whoever is signed in has to show again who they are.
    #[must_use]
    pub const fn wants_anew(&self) -> bool {
        self.anew
    }

    /// The app that waits, if one does.
    #[must_use]
    pub const fn app(&self) -> Option<&Waiting> {
        self.app.as_ref()
    }

    /// Who it probably is.
    #[must_use]
    pub fn hinted(&self) -> &str {
        &self.hint
    }

    /// Whether somebody signed in for this request, and the session is the one that this made.
    #[must_use]
    pub fn is_answered_by(&self, session: &Session) -> bool {
        self.session == Some(session.id)
    }

    /// The address of the sign-in page that leads here.
    pub fn sign_in(&self, key: &KeyEncryptionKey) -> Result<String, Fault> {
        Ok(format!("/login?r={}", self.seal(key)?))
    }

    /// The address of this very request, as it is to be opened anew, in whatever browser.
    pub fn again(&self, key: &KeyEncryptionKey) -> Result<String, Fault> {
        Ok(format!("/authorize?r={}", self.seal(key)?))
    }

    /// Where the browser goes now that somebody has signed in for it. `/authorize` is told so; the other
    /// pages look at the session.
    pub fn next(mut self, session: &Session, key: &KeyEncryptionKey) -> Result<String, Fault> {
        if !self.path.starts_with("/authorize?") {
            return Ok(self.path);
        }
        self.session = Some(session.id);
        Ok(format!("/authorize?r={}", self.seal(key)?))
    }

    /// As it travels.
    pub fn seal(&self, key: &KeyEncryptionKey) -> Result<String, Fault> {
        let text = serde_json::to_vec(self).map_err(Fault::lasting)?;
        let sealed = key.seal(&text, PLACE).map_err(Fault::lasting)?;
        Ok(base64url::encode(sealed))
    }

    /// What came back.
    pub fn open(key: &KeyEncryptionKey, text: &str, now: UnixTime) -> Result<Opened, NotOurs> {
        let sealed = base64url::decode(text, Padding::Strict, LONGEST_TEXT).map_err(|_| NotOurs)?;
        let opened = key.open(&sealed, PLACE).map_err(|_| NotOurs)?;
        let onward: Self = serde_json::from_slice(&opened).map_err(|_| NotOurs)?;
        if now - onward.asked < HOLDS {
            Ok(Opened::Good(onward))
        } else {
            Ok(Opened::Expired(onward))
        }
    }
}

/// A path that begins a step of ours, written in the one way in which it can be read.
fn is_ours(path: &str) -> bool {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let known = match path.strip_prefix("/account") {
        Some(rest) => rest
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-' || byte == b'/'),
        None => matches!(path, "/authorize" | "/device"),
    };
    let separate =
        path == "/account" || !path.starts_with("/account") || path.starts_with("/account/");
    let plain = query
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>' | b'\\' | b'#'));
    known && separate && plain && path.len() + query.len() < LONGEST
}

#[cfg(test)]
mod tests;
