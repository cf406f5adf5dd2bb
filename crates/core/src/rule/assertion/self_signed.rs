//! A JWT with which a service account calls an API itself (google-wire 3.1, 3.3), where the API is ours.
//!
//! The signature holds already ([`Proven`]). Then:
//!
//! 1. `sub` is the account, null or absent: nobody delegates to a token that is self-signed.
//! 2. There is `aud` or there is `scope`, and no `target_audience`. With both, it is the assertion for the
//!    token endpoint. Null and empty count as absent: the official Rust client writes `"aud": null`.
//! 3. `aud` is one of the roots of the API, with or without the slash, with or without the port (Java leaves
//!    it out), or an address beneath it. Such a token has no scope: it may all that the account may.
//!    A key that was uploaded may sign for Google's real APIs too, and what was meant for those is nothing here:
//!    it has to name this server, where the project does not say otherwise (architecture.md 4).
//! 4. It lives 3600 s at most, and 20 more as the official Rust client writes; `iat` is at most ten minutes
//!    ahead, `exp` is not past.
//!
//! The library for protected APIs has the same rules for APIs that are not ours (`carnet-resource`, which does
//! not know this crate).

use carnet_wire::assertion::AudienceClaim;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::scope::Scope;

use crate::record::KeyOrigin;
use crate::rule::Refusal;
use crate::rule::assertion::Proven;
use crate::value::UnixTime;

/// Rule 4.
const LONGEST_LIFE: i64 = 3_620;
const AHEAD: i64 = 600;

/// The addresses of an API, without a slash at their ends.
#[derive(Clone, Copy, Debug)]
pub struct Roots<'a> {
    /// Ours.
    pub own: &'a str,
    /// Google's, under which it is asked for here.
    pub google: &'a [String],
}

impl Roots<'_> {
    /// Whether an address is one of them, or beneath one.
    #[must_use]
    pub fn contain(&self, address: &str) -> bool {
        is_beneath(address, self.own) || self.is_google(address)
    }

    fn is_google(&self, address: &str) -> bool {
        self.google.iter().any(|root| is_beneath(address, root))
    }
}

/// Judges such a token. The scope that it names; none where it has an `aud`. `google_for_uploaded` says whether
/// a token that does not name this server is accepted from a key that was uploaded.
pub fn self_signed(
    proven: &Proven<'_>,
    roots: Roots<'_>,
    google_for_uploaded: bool,
    now: UnixTime,
) -> Result<Option<Scope>, Refusal> {
    let claims = proven.claims();
    let google = google_for_uploaded || proven.key().origin == KeyOrigin::Made;
    let malformed = |detail: &str| Refusal::new(Crn::TOKEN_MALFORMED, detail);
    let own = proven.snapshot().account.email.as_str();
    let other = claims
        .delegated_user()
        .map_err(|fault| malformed(&fault.to_string()))?;
    if other.is_some_and(|other| other != own) {
        let detail = "sub of a self-signed token is the account itself";
        return Err(Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail));
    }
    let audience = match &claims.aud {
        AudienceClaim::WrongType(_) => return Err(malformed("aud is not a text")),
        aud => aud.iter().filter(|one| !one.is_empty()).collect::<Vec<_>>(),
    };
    let scope = match (audience.as_slice(), claims.scope.text()) {
        _ if claims.target_audience.text().is_some() => return Err(an_assertion()),
        ([], None) => return Err(malformed("there is neither aud nor scope")),
        ([], Some(_)) if !google => return Err(nowhere()),
        ([], Some(scope)) => {
            Some(Scope::parse(scope).map_err(|fault| malformed(&fault.to_string()))?)
        }
        (_, Some(_)) => return Err(an_assertion()),
        ([only], None) if is_beneath(only, roots.own) => None,
        ([only], None) if google && roots.is_google(only) => None,
        (many, None) => return Err(elsewhere(many)),
    };
    life(proven, now)?;
    Ok(scope)
}

fn an_assertion() -> Refusal {
    let detail = "this is the assertion for the token endpoint; send it there and get a token";
    Refusal::new(Crn::TOKEN_OF_ANOTHER_KIND, detail)
}

fn elsewhere(named: &[&str]) -> Refusal {
    let detail = match named {
        [only] => format!("the token is for {}, which is not here", Echo::of(only)),
        _ => "the token is for several audiences".to_owned(),
    };
    Refusal::new(Crn::TOKEN_FOR_ANOTHER_AUDIENCE, detail)
}

fn nowhere() -> Refusal {
    let detail = "the key was uploaded, so that the token has to name this server in aud";
    Refusal::new(Crn::TOKEN_FOR_ANOTHER_AUDIENCE, detail)
}

fn life(proven: &Proven<'_>, now: UnixTime) -> Result<(), Refusal> {
    let claims = proven.claims();
    let (Some(begins), Some(ends)) = (claims.iat.seconds(), claims.exp.seconds()) else {
        let detail = "iat and exp are numbers of seconds";
        return Err(Refusal::new(Crn::TOKEN_MALFORMED, detail));
    };
    let length = ends.saturating_sub(begins);
    if length <= 0 {
        return Err(Refusal::new(Crn::TOKEN_MALFORMED, "exp is not after iat"));
    }
    if length > LONGEST_LIFE {
        let detail = format!("the lifetime is {length} s (exp minus iat); the limit is 3600 s");
        return Err(Refusal::new(Crn::SELF_SIGNED_TOO_LONG, detail));
    }
    if begins > now.0.saturating_add(AHEAD) {
        let detail = format!(
            "iat is {} s in the future (limit {AHEAD} s)",
            begins - now.0
        );
        return Err(Refusal::new(Crn::TOKEN_NOT_YET_VALID, detail));
    }
    if ends <= now.0 {
        let detail = format!("the token ended {} s ago", now.0 - ends);
        return Err(Refusal::new(Crn::TOKEN_EXPIRED, detail));
    }
    Ok(())
}

/// Whether an address is this root or beneath it, as rule 3 has it.
fn is_beneath(address: &str, root: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else {
        return false;
    };
    let Some((root_scheme, root)) = root.split_once("://") else {
        return false;
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let default = match root_scheme {
        "http" => "80",
        _ => "443",
    };
    let (host, port) = split_port(authority);
    let (root_host, root_port) = split_port(root);
    let root_port = root_port.unwrap_or(default);
    scheme == root_scheme
        && host.eq_ignore_ascii_case(root_host)
        && port.is_none_or(|port| port == root_port)
}

/// The host and the port of an authority. An address of IPv6 has colons of its own, within brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::is_beneath;

    #[test]
    fn google_wire_3_3_an_audience_is_the_root_or_beneath_it() {
        let root = "https://iamcredentials.googleapis.com";
        for address in [
            "https://iamcredentials.googleapis.com",
            "https://iamcredentials.googleapis.com/",
            "https://IAMCredentials.googleapis.com:443/v1/projects/-/x",
            "https://iamcredentials.googleapis.com?x=1",
        ] {
            assert!(is_beneath(address, root), "{address}");
        }
        for address in [
            "",
            "iamcredentials.googleapis.com",
            "http://iamcredentials.googleapis.com/",
            "https://iamcredentials.googleapis.com.evil.example/",
            "https://iamcredentials.googleapis.com@evil.example/",
            "https://evil.example/https://iamcredentials.googleapis.com/",
            "https://iamcredentials.googleapis.com:8443/",
            "https://iamcredentials.googleapis.com\\@evil.example/",
        ] {
            assert!(!is_beneath(address, root), "{address}");
        }
        assert!(is_beneath("http://localhost/", "http://localhost:8080"));
        assert!(is_beneath("http://[::1]:8080/x", "http://[::1]:8080"));
        assert!(!is_beneath("http://[::1]:9090/x", "http://[::1]:8080"));
    }
}
