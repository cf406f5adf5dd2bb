//! A person's browser and an app, on one connection that is kept open: cookies, redirects, forms.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use anyhow::Context as _;
use anyhow::bail;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::page::Form;
use super::seed;
use crate::load::Reader;

/// How many pages a sign-in may have.
const PAGES: usize = 12;

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: String,
}

/// One connection with its cookies.
pub(super) struct Visitor {
    stream: TcpStream,
    reader: Reader,
    host: String,
    jar: BTreeMap<String, String>,
    email: String,
}

impl Visitor {
    /// The browser of one of the people.
    pub(super) async fn new(server: SocketAddr, number: usize) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            reader: Reader::default(),
            host: server.to_string(),
            jar: BTreeMap::new(),
            email: seed::email(number),
        })
    }

    /// Signed out: the browser forgets everything.
    pub(super) fn forget(&mut self) {
        self.jar.clear();
    }

    pub(super) async fn get(&mut self, path: &str) -> anyhow::Result<Reply> {
        let cookies = self.cookies();
        self.send(format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{cookies}Accept: text/html\r\n\r\n",
            self.host
        ))
        .await
    }

    /// Sends a form as the browser.
    pub(super) async fn submit(&mut self, path: &str, form: &str) -> anyhow::Result<Reply> {
        let cookies = self.cookies();
        let origin = format!("Origin: http://{}\r\n", self.host);
        self.post(path, form, &format!("{origin}{cookies}")).await
    }

    /// Sends a form with these lines in its head.
    pub(super) async fn post(
        &mut self,
        path: &str,
        form: &str,
        lines: &str,
    ) -> anyhow::Result<Reply> {
        self.send(format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{lines}Accept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            self.host,
            form.len()
        ))
        .await
    }

    /// Goes from an authorization request to the redirect URI, and says with what code it comes there.
    pub(super) async fn authorize(&mut self, path: &str) -> anyhow::Result<String> {
        let email = self.email.clone();
        let says = [
            ("email", email.as_str()),
            ("login", email.as_str()),
            ("password", seed::PASSWORD),
            ("decision", "allow"),
        ];
        let mut reply = self.get(path).await?;
        for _ in 0..PAGES {
            if let Some(location) = reply.location.take() {
                if location.starts_with(seed::REDIRECT) {
                    return code(&location).map(str::to_owned);
                }
                let path = self.path(&location).to_owned();
                reply = self.get(&path).await?;
                continue;
            }
            let form = Form::find(&reply.body, &says);
            let form = form.with_context(|| format!("{}: {}", reply.status, reply.body))?;
            let path = self.path(&form.action).to_owned();
            reply = self.submit(&path, &form.encoded()).await?;
        }
        bail!("more than {PAGES} pages to sign in")
    }

    fn path<'a>(&self, location: &'a str) -> &'a str {
        let own = location.strip_prefix("http://");
        own.and_then(|rest| rest.strip_prefix(self.host.as_str()))
            .unwrap_or(location)
    }

    fn cookies(&self) -> String {
        if self.jar.is_empty() {
            return String::new();
        }
        let pairs = self
            .jar
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        format!("Cookie: {}\r\n", pairs.collect::<Vec<_>>().join("; "))
    }

    async fn send(&mut self, request: String) -> anyhow::Result<Reply> {
        self.stream.write_all(request.as_bytes()).await?;
        let answer = self.reader.read(&mut self.stream).await?;
        let mut location = None;
        for line in answer.head.lines() {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            if name.eq_ignore_ascii_case("location") {
                location = Some(value.to_owned());
            } else if name.eq_ignore_ascii_case("set-cookie") {
                keep(&mut self.jar, value);
            }
        }
        Ok(Reply {
            status: answer.status,
            location,
            body: String::from_utf8_lossy(answer.body).into_owned(),
        })
    }
}

/// Takes a cookie; an empty one is taken back.
fn keep(jar: &mut BTreeMap<String, String>, cookie: &str) {
    let pair = cookie.split(';').next().unwrap_or_default();
    let Some((name, value)) = pair.split_once('=') else {
        return;
    };
    if value.is_empty() {
        jar.remove(name);
    } else {
        jar.insert(name.to_owned(), value.to_owned());
    }
}

fn code(location: &str) -> anyhow::Result<&str> {
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let code = query.split('&').find_map(|pair| pair.strip_prefix("code="));
    code.with_context(|| format!("no code in {location}"))
}
