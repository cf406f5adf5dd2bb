//! Tokens that a service account signed for this API itself.
//!
//! google-wire 3.1 and 3.3. No token endpoint was asked, so no policy of the issuer was either. The
//! API says what such a token may do here: which accounts, and which scopes at most. The signature
//! holds already; then:
//!
//! 1. `iss` is the account, and `sub` is the same, null or absent: nobody delegates to a token that
//!    is self-signed.
//! 2. There is `aud` or there is `scope`, and no `target_audience`. With both, it is the assertion
//!    for the token endpoint, sent to the wrong place. Null and empty count as absent: the official
//!    Rust client writes `"aud": null` beside a scope, the Go client `"aud": ""`.
//! 3. `aud` is the root address of this API, with or without the slash, with or without the port
//!    (`ServiceAccountCredentials` of Java leaves it out), or an address beneath it: that of the
//!    request (`ServiceAccountJwtAccessCredentials` of Java, `OnDemandCredentials` of Python).
//!    Such a token has all the scopes that accounts may have here.
//! 4. With `scope`, it has those that are named and that accounts may have here.
//! 5. It lives 3600 s at most, and 20 more as the official Rust client writes; `iat` is at most ten
//!    minutes ahead, `exp` is not past.

use carnet_jose::jws;
use carnet_jose::jwt::Audience;
use carnet_jose::jwt::LenientDate;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde::de::IgnoredAny;
use url::Url;

use crate::access_token;
use crate::error::Error;
use crate::refusal::Refusal;
use crate::verified::Facts;
use crate::verified::TokenKind;

/// Rule 5.
const LONGEST_LIFE: i64 = 3620;
const AHEAD: i64 = 600;

/// The longest address of an account (RFC 5321 §4.5.3.1).
const LONGEST_EMAIL: usize = 254;

/// What self-signed tokens may do at this API.
///
/// Nothing is allowed until it is said: no account, no scope.
///
/// ```
/// use carnet_resource::SelfSigned;
///
/// # fn main() -> Result<(), carnet_resource::Error> {
/// let allowed = SelfSigned::at("https://api.example/")?
///     .from("invoice-sync@billing.sa.example")
///     .from("@reports.sa.example")
///     .granting(&["invoices.read"])?;
/// # drop(allowed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SelfSigned {
    root: Url,
    accounts: Vec<String>,
    any_account: bool,
    scope: Scope,
}

impl SelfSigned {
    /// The root address of this API, as callers know it.
    pub fn at(root: &str) -> Result<Self, Error> {
        Ok(Self {
            root: root_address(root)
                .ok_or_else(|| Error::argument(format!("'{root}' is not the root of an API")))?,
            accounts: Vec::new(),
            any_account: false,
            scope: Scope::default(),
        })
    }

    /// Also takes tokens of an account, or (`@project.sa.example`) of all accounts of a project.
    #[must_use]
    pub fn from(mut self, account: &str) -> Self {
        self.accounts.push(account.to_owned());
        self
    }

    /// Takes tokens of every account that the issuer has, of whatever project. Right where the
    /// caller's address is looked at later, or in a sandbox.
    #[must_use]
    pub fn from_every_account(mut self) -> Self {
        self.any_account = true;
        self
    }

    /// What such tokens may do at most.
    pub fn granting(mut self, scopes: &[&str]) -> Result<Self, Error> {
        self.scope = Scope::parse(&scopes.join(" "))
            .map_err(|fault| Error::argument(format!("self-signed tokens: {fault}")))?;
        Ok(self)
    }

    /// Whether tokens of this account are taken.
    pub(crate) fn trusts(&self, email: &str) -> bool {
        let fits = |pattern: &String| match pattern.strip_prefix('@') {
            Some(domain) => email
                .split_once('@')
                .is_some_and(|(_, theirs)| theirs == domain),
            None => pattern == email,
        };
        self.any_account || self.accounts.iter().any(fits)
    }

    /// Judges a token whose signature holds under a key of `email`.
    pub(crate) fn judge(
        &self,
        token: &jws::Verified<'_>,
        email: &str,
        now: i64,
    ) -> Result<Facts, Refusal> {
        let malformed = |detail: String| Refusal::new(Crn::TOKEN_MALFORMED, detail);
        let claims: Claims = token
            .claims()
            .map_err(|fault| malformed(format!("the claims: {fault}")))?;
        let other_subject = claims.sub.filter(|sub| !sub.is_empty() && sub != email);
        if claims.iss != email || other_subject.is_some() {
            let detail = "iss and sub of a self-signed token are the account itself";
            return Err(Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail));
        }
        let audience = claims.aud.filter(|aud| !is_blank(aud));
        let asked = claims.scope.filter(|scope| !scope.is_empty());
        let scope = match (audience, asked) {
            _ if claims.target_audience.is_some() => return Err(an_assertion()),
            (Some(_), Some(_)) => return Err(an_assertion()),
            (None, None) => return Err(malformed("there is neither aud nor scope".to_owned())),
            (Some(audience), None) => {
                self.check_audience(&audience)?;
                self.scope.clone()
            }
            (None, Some(asked)) => access_token::scope(Some(&asked))?.intersection(&self.scope),
        };
        check_life(claims.iat.0, claims.exp.0, now)?;
        Ok(Facts {
            kind: TokenKind::SelfSigned,
            subject: email.to_owned(),
            client_id: None,
            email: Some(email.to_owned()),
            scope,
            actor: None,
            expires: claims.exp.0,
            bound: None,
            boundary: None,
        })
    }

    /// Rule 3. A list of one is a list of one; one with others in it could be shown to them too.
    fn check_audience(&self, audience: &Audience) -> Result<(), Refusal> {
        let said = match audience.values() {
            [only] => only.as_str(),
            _ => "several audiences",
        };
        let ours = |url: Url| {
            url.scheme() == self.root.scheme()
                && url.host() == self.root.host()
                && (url.port().is_none()
                    || url.port_or_known_default() == self.root.port_or_known_default())
        };
        if address(said).is_some_and(ours) {
            return Ok(());
        }
        let detail = format!(
            "the token is for {}; this API is {}",
            Echo::of(said),
            self.root
        );
        Err(Refusal::new(Crn::TOKEN_FOR_ANOTHER_AUDIENCE, detail))
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: Option<String>,
    aud: Option<Audience>,
    scope: Option<String>,
    target_audience: Option<IgnoredAny>,
    iat: LenientDate,
    exp: LenientDate,
}

/// Rule 2.
fn an_assertion() -> Refusal {
    let detail = "this is the assertion for the token endpoint; send it there and get a token";
    Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail)
}

/// Rule 5.
fn check_life(begins: i64, ends: i64, now: i64) -> Result<(), Refusal> {
    let life = ends.saturating_sub(begins);
    if life <= 0 {
        return Err(Refusal::new(Crn::TOKEN_MALFORMED, "exp is not after iat"));
    }
    if life > LONGEST_LIFE {
        let detail = format!("the lifetime is {life} s (exp minus iat); the limit is 3600 s");
        return Err(Refusal::new(Crn::SELF_SIGNED_TOO_LONG, detail));
    }
    if begins > now.saturating_add(AHEAD) {
        let detail = format!("iat is {} s in the future (limit {AHEAD} s)", begins - now);
        return Err(Refusal::new(Crn::TOKEN_NOT_YET_VALID, detail));
    }
    access_token::check_time(None, ends, now)
}

/// What counts as no `aud`.
fn is_blank(audience: &Audience) -> bool {
    matches!(audience.values(), [only] if only.is_empty())
}

/// An address with a host and nothing behind it.
fn root_address(text: &str) -> Option<Url> {
    let bare = |url: &Url| url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    address(text).filter(bare)
}

/// An address with a host, and without a name and password before it.
fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "https" | "http")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    plain.then_some(url)
}

/// Whether a text has the form of an account's address. The rule is narrow on purpose: the address
/// becomes a part of a URL.
pub(crate) fn is_account(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && part
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_'))
    };
    text.len() <= LONGEST_EMAIL
        && text
            .split_once('@')
            .is_some_and(|(name, domain)| part(name) && part(domain))
}

#[cfg(test)]
mod tests;
