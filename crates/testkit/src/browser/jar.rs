//! The cookies of a browser, by the rules of RFC 6265bis: host, path, `Secure`, `SameSite`, `Max-Age`, and
//! the promise of the prefix `__Host-`.

/// A cookie.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The path below which it is sent.
    pub path: String,
    /// Whether it is sent over TLS only.
    pub secure: bool,
    /// Whether scripts cannot read it.
    pub http_only: bool,
    /// `Lax`, `Strict`, or `None`.
    pub same_site: String,
    /// When it ends; without one when the browser is closed.
    pub expires: Option<i64>,
}

/// From where a request is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum From {
    /// A page of the same site, or the address line.
    Here,
    /// A link on another site: a top-level navigation.
    ForeignLink,
    /// A form that another site posts.
    ForeignForm,
}

/// All cookies for one host.
#[derive(Clone, Debug, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    refused: Vec<String>,
}

impl Jar {
    /// Takes a `Set-Cookie` field that a page over this scheme sent. One that breaks the rules is not kept.
    pub fn set(&mut self, field: &str, https: bool, now: i64) {
        let Some(cookie) = read(field, now).filter(|cookie| allowed(cookie, field, https)) else {
            self.refused.push(field.to_owned());
            return;
        };
        self.cookies
            .retain(|old| (&old.name, &old.path) != (&cookie.name, &cookie.path));
        if cookie.expires.is_none_or(|end| end > now) {
            self.cookies.push(cookie);
        }
    }

    /// The `Cookie` field of a request; none if there is nothing to send.
    #[must_use]
    pub fn field(&self, path: &str, https: bool, from: From, now: i64) -> Option<String> {
        let path = path.split('?').next().unwrap_or_default();
        let sent = |cookie: &&Cookie| {
            let site = match from {
                From::Here => true,
                From::ForeignLink => cookie.same_site != "Strict",
                From::ForeignForm => cookie.same_site == "None",
            };
            let alive = cookie.expires.is_none_or(|end| end > now);
            site && alive && (https || !cookie.secure) && below(path, &cookie.path)
        };
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .filter(sent)
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The cookie of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Cookie> {
        self.cookies.iter().find(|cookie| cookie.name == name)
    }

    /// Puts one in, as somebody would who can write to the browser.
    pub fn plant(&mut self, name: &str, value: &str) {
        self.cookies.retain(|cookie| cookie.name != name);
        self.cookies.push(Cookie {
            name: name.to_owned(),
            value: value.to_owned(),
            path: "/".to_owned(),
            secure: false,
            http_only: false,
            same_site: "Lax".to_owned(),
            expires: None,
        });
    }

    /// Takes one out.
    pub fn forget(&mut self, name: &str) {
        self.cookies.retain(|cookie| cookie.name != name);
    }

    /// The fields that broke the rules.
    #[must_use]
    pub fn refused(&self) -> &[String] {
        &self.refused
    }

    /// The browser is closed.
    pub fn close(&mut self) {
        self.cookies.retain(|cookie| cookie.expires.is_some());
    }
}

fn read(field: &str, now: i64) -> Option<Cookie> {
    let mut parts = field.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let mut cookie = Cookie {
        name: name.to_owned(),
        value: value.to_owned(),
        path: "/".to_owned(),
        secure: false,
        http_only: false,
        same_site: "Lax".to_owned(),
        expires: None,
    };
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match name.to_ascii_lowercase().as_str() {
            "path" => value.clone_into(&mut cookie.path),
            "secure" => cookie.secure = true,
            "httponly" => cookie.http_only = true,
            "samesite" => value.clone_into(&mut cookie.same_site),
            "max-age" => {
                cookie.expires = value.parse().ok().map(|age: i64| now.saturating_add(age));
            }
            // No cookie of ours is for another host than the one that sets it.
            _ => return None,
        }
    }
    Some(cookie)
}

fn allowed(cookie: &Cookie, field: &str, https: bool) -> bool {
    let host = !cookie.name.starts_with("__Host-")
        || (cookie.secure && cookie.path == "/" && field.to_ascii_lowercase().contains("path=/"));
    let cross = cookie.same_site != "None" || cookie.secure;
    host && cross && (https || !cookie.secure)
}

fn below(path: &str, of: &str) -> bool {
    path == of
        || path
            .strip_prefix(of)
            .is_some_and(|rest| of.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::From;
    use super::Jar;

    fn jar(field: &str, https: bool) -> Jar {
        let mut jar = Jar::default();
        jar.set(field, https, 100);
        jar
    }

    #[test]
    fn a_host_cookie_must_be_secure_and_for_every_path() {
        let good = jar("__Host-a=1; Path=/; Secure", true);
        assert_eq!(
            good.field("/x?y", true, From::Here, 100).unwrap(),
            "__Host-a=1"
        );
        for bad in [
            "__Host-a=1; Path=/",
            "__Host-a=1; Secure",
            "__Host-a=1; Path=/b; Secure",
            "__Host-a=1; Path=/; Secure; Domain=example",
        ] {
            let jar = jar(bad, true);
            assert_eq!(jar.field("/", true, From::Here, 100), None, "{bad}");
            assert_eq!(jar.refused(), [bad.to_owned()]);
        }
        assert!(
            jar("__Host-a=1; Path=/; Secure", false)
                .find("__Host-a")
                .is_none()
        );
    }

    #[test]
    fn another_sites_form_carries_no_lax_cookie_and_its_link_does() {
        let jar = jar("a=1; Path=/; SameSite=Lax", false);
        assert_eq!(jar.field("/", false, From::ForeignForm, 100), None);
        assert!(jar.field("/", false, From::ForeignLink, 100).is_some());
        let strict = self::jar("a=1; Path=/; SameSite=Strict", false);
        assert_eq!(strict.field("/", false, From::ForeignLink, 100), None);
    }

    #[test]
    fn a_cookie_has_an_end_a_path_and_a_successor() {
        let mut jar = jar("a=1; Path=/b; Max-Age=5", false);
        assert!(jar.field("/b/c", false, From::Here, 104).is_some());
        assert_eq!(jar.field("/b", false, From::Here, 105), None);
        assert_eq!(jar.field("/bc", false, From::Here, 100), None);
        jar.set("a=2; Path=/b", false, 100);
        assert_eq!(jar.field("/b", false, From::Here, 900).unwrap(), "a=2");
        jar.set("a=; Path=/b; Max-Age=0", false, 100);
        assert!(jar.find("a").is_none());
    }
}
