//! Cookies (RFC 6265): the session, what stands in for it before there is one, and what shows that
//! somebody has signed in here before.
//!
//! On https their names begin with `__Host-`, so that no other host and no plain page can set them. On
//! a plain-http loopback issuer they cannot be `Secure` and have plain names.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header;
use carnet_core::value::Seconds;

/// The longest value that is looked at.
const LONGEST: usize = 512;

/// The same, of what a browser takes along: browsers keep 4096 bytes with the name.
const LONGEST_WORKFORCE: usize = 3_900;

/// Which cookie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Cookie {
    /// The secret of a session.
    Session,
    /// A secret that binds the sign-in form to the browser that asked for it. It goes when the browser
    /// is closed.
    Form,
    /// Who has signed in with this browser, sealed. Kept for a year.
    Known,
    /// What a browser takes along to the issuer of a workforce, sealed.
    Workforce,
}

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "carnet",
            Self::Form => "carnet-form",
            Self::Known => "carnet-known",
            Self::Workforce => "carnet-workforce",
        }
    }

    /// The longest value that is looked at.
    const fn longest(self) -> usize {
        match self {
            Self::Workforce => LONGEST_WORKFORCE,
            Self::Session | Self::Form | Self::Known => LONGEST,
        }
    }

    /// What the browser sent. Of two with the same name neither is believed.
    #[must_use]
    pub(super) fn read(self, asked: &HeaderMap, issuer: &str) -> Option<String> {
        let name = self.full_name(issuer);
        let mut found = asked
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(known, _)| *known == name)
            .map(|(_, value)| value);
        let value = found.next().filter(|value| value.len() <= self.longest())?;
        found.next().is_none().then(|| value.to_owned())
    }

    /// The field that sets it, for so long; without a length until the browser is closed.
    #[must_use]
    pub(super) fn set(
        self,
        value: &str,
        life: impl Into<Option<Seconds>>,
        issuer: &str,
    ) -> Option<HeaderValue> {
        self.set_for("Lax", value, life, issuer)
    }

    /// The field that sets it for a while so that a form of another site brings it too. On plain http that is so for
    /// other servers of this machine alone.
    #[must_use]
    pub(super) fn set_across(
        self,
        value: &str,
        life: Seconds,
        issuer: &str,
    ) -> Option<HeaderValue> {
        let site = if is_https(issuer) { "None" } else { "Lax" };
        self.set_for(site, value, life, issuer)
    }

    fn set_for(
        self,
        site: &str,
        value: &str,
        life: impl Into<Option<Seconds>>,
        issuer: &str,
    ) -> Option<HeaderValue> {
        let secure = if is_https(issuer) { "; Secure" } else { "" };
        let life = life
            .into()
            .map_or_else(String::new, |life| format!("; Max-Age={}", life.0.max(0)));
        let name = self.full_name(issuer);
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite={site}{secure}{life}");
        HeaderValue::from_str(&text).ok()
    }

    /// The field that takes it away.
    #[must_use]
    pub(super) fn clear(self, issuer: &str) -> Option<HeaderValue> {
        self.set("", Seconds(0), issuer)
    }

    fn full_name(self, issuer: &str) -> String {
        let prefix = if is_https(issuer) { "__Host-" } else { "" };
        format!("{prefix}{}", self.name())
    }
}

fn is_https(issuer: &str) -> bool {
    issuer.starts_with("https://")
}

#[cfg(test)]
mod tests;
