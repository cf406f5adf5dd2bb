//! A person in front of a browser: keeps cookies, follows redirects one at a time, fills in forms by the
//! names of their fields. Everything goes over a socket.
//!
//! The browser believes that it speaks with the issuer: over TLS where that is `https`, as it would with a
//! proxy in front. It runs no script.

pub mod html;
pub mod jar;

use std::io;
use std::net::SocketAddr;

use crate::browser::html::Form;
use crate::browser::jar::From;
use crate::browser::jar::Jar;
use crate::talk::Answer;
use crate::talk::Caller;
use crate::talk::encoded;

/// The most redirects that are followed in a row.
const MOST_HOPS: usize = 10;

const FORM: &str = "application/x-www-form-urlencoded";

/// A browser.
#[derive(Debug)]
pub struct Browser {
    caller: Caller,
    host: String,
    https: bool,
    agent: String,
    language: String,
    now: i64,
    /// Its cookies.
    pub jar: Jar,
}

/// What it shows.
#[derive(Clone, Debug)]
pub struct Page {
    /// The path that was asked for, with its query.
    pub path: String,
    /// What was answered.
    pub answer: Answer,
}

impl Page {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.answer.status
    }

    /// The HTML.
    #[must_use]
    pub fn text(&self) -> String {
        self.answer.text()
    }

    /// Whether the HTML has this text in it.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        html::unescaped(&self.text()).contains(text)
    }

    /// Where the browser is sent.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.answer.field("location")
    }

    /// The form that goes to this path.
    pub fn form(&self, action: &str) -> io::Result<Form> {
        let forms = html::forms(&self.text());
        let found = forms.into_iter().find(|form| form.action == action);
        found.ok_or_else(|| {
            let (path, status) = (&self.path, self.status());
            io::Error::other(format!(
                "no form to {action} at {path} ({status}):\n{}",
                self.text()
            ))
        })
    }

    /// Where its links go.
    #[must_use]
    pub fn links(&self) -> Vec<String> {
        html::links(&self.text())
    }
}

impl Browser {
    /// One that reaches the issuer at this address.
    #[must_use]
    pub fn new(address: SocketAddr, issuer: &str) -> Self {
        let host = issuer.split_once("://").map_or(issuer, |(_, host)| host);
        Self {
            caller: Caller::new(address),
            host: host.to_owned(),
            https: issuer.starts_with("https://"),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
                .to_owned(),
            language: "en".to_owned(),
            now: 0,
            jar: Jar::default(),
        }
    }

    /// Another `User-Agent`.
    #[must_use]
    pub fn called(mut self, agent: &str) -> Self {
        agent.clone_into(&mut self.agent);
        self
    }

    /// Its clock goes on; cookies may end.
    pub fn wait(&mut self, seconds: i64) {
        self.now = self.now.saturating_add(seconds);
    }

    /// Fetches one page, and follows nothing.
    pub fn get(&mut self, path: &str) -> io::Result<Page> {
        self.request("GET", path, From::Here, &[])
    }

    /// Fetches a page by a link on another site.
    pub fn follow_foreign_link(&mut self, path: &str) -> io::Result<Page> {
        self.request("GET", path, From::ForeignLink, &[])
    }

    /// Fetches a page, and goes where it is sent, as long as that is here.
    pub fn open(&mut self, path: &str) -> io::Result<Page> {
        let page = self.get(path)?;
        self.arrive(page)
    }

    /// Goes where a page sends it, as long as that is here. A redirect to elsewhere is the last page.
    pub fn arrive(&mut self, page: Page) -> io::Result<Page> {
        let mut page = page;
        for _ in 0..MOST_HOPS {
            let Some(next) = page.location().and_then(|target| self.here(target)) else {
                return Ok(page);
            };
            page = self.get(&next)?;
        }
        Err(io::Error::other(format!(
            "redirected for ever, at last to {}",
            page.path
        )))
    }

    /// Sends a form with these fields filled in, and follows nothing.
    pub fn submit(&mut self, form: &Form, filled: &[(&str, &str)]) -> io::Result<Page> {
        let mut fields: Vec<(&str, &str)> = Vec::new();
        for (name, value) in &form.fields {
            let typed = filled.iter().find(|(known, _)| known == name);
            fields.push((name, typed.map_or(value.as_str(), |(_, value)| value)));
        }
        for (name, value) in filled {
            if !form.has(name) {
                fields.push((name, value));
            }
        }
        self.post(&form.action, &fields)
    }

    /// Posts these fields, as a form of ours would.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Page> {
        self.request("POST", path, From::Here, encoded(fields).as_bytes())
    }

    /// Posts these fields from a page of another site.
    pub fn post_from_elsewhere(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Page> {
        self.request("POST", path, From::ForeignForm, encoded(fields).as_bytes())
    }

    /// Signs in by the form of a page, and follows nothing.
    pub fn sign_in(&mut self, page: &Page, email: &str, password: &str) -> io::Result<Page> {
        let form = page.form("/login")?;
        self.submit(&form, &[("email", email), ("password", password)])
    }

    /// Any request, with the cookies that belong to it.
    pub fn request(
        &mut self,
        method: &str,
        path: &str,
        from: From,
        body: &[u8],
    ) -> io::Result<Page> {
        let cookies = self.jar.field(path, self.https, from, self.now);
        let host = self.host.clone();
        let (agent, language) = (self.agent.clone(), self.language.clone());
        let mut fields = vec![
            ("Host", host.as_str()),
            ("User-Agent", agent.as_str()),
            ("Accept", "text/html,application/xhtml+xml"),
            ("Accept-Language", language.as_str()),
            (
                "Sec-Fetch-Site",
                if from == From::Here {
                    "same-origin"
                } else {
                    "cross-site"
                },
            ),
        ];
        if let Some(cookies) = &cookies {
            fields.push(("Cookie", cookies.as_str()));
        }
        if method == "POST" {
            fields.push(("Content-Type", FORM));
        }
        let answer = self.caller.exchange(method, path, &fields, body)?;
        for field in answer.fields("set-cookie") {
            self.jar.set(field, self.https, self.now);
        }
        Ok(Page {
            path: path.to_owned(),
            answer,
        })
    }

    /// The path, if an address is one of this host.
    fn here(&self, target: &str) -> Option<String> {
        let scheme = if self.https { "https" } else { "http" };
        let own = format!("{scheme}://{}", self.host);
        let path = target.strip_prefix(&own).unwrap_or(target);
        (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
    }
}
