//! The browser comes back to a program on the same machine.
//!
//! RFC 8252 §7.3 and §8.3: a port of the program's own on 127.0.0.1, opened for one sign-in and
//! closed after it.
//!
//! 1. The port is one that the system chose. Nobody outside the machine reaches it.
//! 2. A request counts that asks for the path of the redirect URI and carries the state of this
//!    sign-in. To everything else a page says no, and waiting goes on: any page in the browser can
//!    send something here, and must not be able to end a sign-in.
//! 3. Connections are read side by side (browsers open some ahead and send nothing), at most eight
//!    at a time, 8 KiB and five seconds each; and no more than two hundred in all.
//! 4. The page that ends it holds nothing that came with the request, loads nothing, and is not kept.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use carnet_client::{Ask, Authentication, Client};
//!
//! # async fn example() -> Result<(), carnet_client::Error> {
//! let client = Client::discover("https://auth.example", "my-tool", Authentication::None).await?;
//! let ask = Ask::for_scopes(&["openid", "invoices.read"])?;
//! let show = |url: &str| println!("Sign in at {url}");
//! let tokens = client.sign_in(&ask, show, Duration::from_secs(300)).await?;
//! # drop(tokens);
//! # Ok(())
//! # }
//! ```

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::authorization_code::Ask;
use crate::authorization_code::Begun;
use crate::authorization_code::Code;
use crate::client::Client;
use crate::clock::Clock;
use crate::error::Error;
use crate::error::Kind;
use crate::tokens::Tokens;

/// The path of the redirect URI. A client is registered with `http://127.0.0.1/callback`; the port
/// does not count (RFC 8252 §7.3).
pub const PATH: &str = "/callback";

/// How many connections are read at the same time.
const AT_ONCE: usize = 8;
/// How many there may be in all.
const IN_ALL: usize = 200;
/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 8 * 1024;
/// How long a browser may take to send it, and to read the answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A port that waits for one answer.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    redirect_uri: String,
    host: String,
}

impl Loopback {
    /// Opens a port.
    pub async fn open() -> Result<Self, Error> {
        let opened = async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
            let port = listener.local_addr()?.port();
            io::Result::Ok((listener, port))
        };
        let (listener, port) = opened
            .await
            .map_err(|cause| Error::argument(format!("no port can be opened: {cause}")))?;
        let host = format!("127.0.0.1:{port}");
        Ok(Self {
            listener,
            redirect_uri: format!("http://{host}{PATH}"),
            host,
        })
    }

    /// The redirect URI of the request.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Waits for the answer to a request, and closes the port.
    pub async fn wait(
        self,
        begun: &Begun,
        longest: Duration,
        clock: &Clock,
    ) -> Result<Code, Error> {
        tokio::select! {
            answer = self.answer(begun) => answer,
            () = clock.sleep(longest) => Err(Error::new(Kind::NobodyAnswered)),
        }
    }

    async fn answer(&self, begun: &Begun) -> Result<Code, Error> {
        let mut reading = JoinSet::new();
        let mut left = IN_ALL;
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if left > 0 && reading.len() < AT_ONCE => {
                    left -= 1;
                    let Ok((connection, _)) = accepted else { continue };
                    reading.spawn(read(connection, self.host.clone()));
                }
                Some(read) = reading.join_next() => {
                    let Ok(Some((connection, query))) = read else { continue };
                    if !begun.is_ours(&query) {
                        reading.spawn(async { answer(connection, &Page::NOT_OURS).await; None });
                        continue;
                    }
                    let code = begun.answer(&query);
                    let page = if code.is_ok() { Page::DONE } else { Page::REFUSED };
                    answer(connection, &page).await;
                    return code;
                }
                else => return Err(Error::argument("too many connections, and none was the answer")),
            }
        }
    }
}

impl Client {
    /// Lets a person sign in with a browser on this machine, and waits for as long as is said.
    /// `show` is given the address to open. The client is registered with the redirect URI
    /// `http://127.0.0.1/callback`. Where the server wants requests pushed ahead, they are.
    pub async fn sign_in(
        &self,
        ask: &Ask,
        show: impl FnOnce(&str),
        longest: Duration,
    ) -> Result<Tokens, Error> {
        let loopback = Loopback::open().await?;
        let begun = if self.metadata().requires_pushed_authorization_requests() {
            self.begin_pushed(loopback.redirect_uri(), ask).await?
        } else {
            self.begin(loopback.redirect_uri(), ask)?
        };
        show(begun.url());
        let clock = &self.outside().clock;
        let code = loopback.wait(&begun, longest, clock).await?;
        self.redeem(&begun, &code).await
    }
}

/// Reads the head of a request. The query, where the request is one for the redirect URI; to all
/// others it says no.
async fn read(mut connection: TcpStream, host: String) -> Option<(TcpStream, String)> {
    let head = tokio::time::timeout(PATIENCE, head(&mut connection));
    let head = head.await.ok()??;
    let query = query(&head, &host);
    if query.is_none() {
        answer(connection, &Page::NOTHING).await;
        return None;
    }
    query.map(|query| (connection, query))
}

async fn head(connection: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut piece = [0; 1024];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = connection.read(&mut piece).await.ok()?;
        if read == 0 || head.len() + read > LARGEST_HEAD {
            return None;
        }
        head.extend_from_slice(piece.get(..read)?);
    }
    String::from_utf8(head).ok()
}

/// The query of `GET /callback?… HTTP/1.1` to this host.
fn query(head: &str, host: &str) -> Option<String> {
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let named = lines.any(|line| {
        let header = line.split_once(':');
        header
            .is_some_and(|(name, value)| name.eq_ignore_ascii_case("host") && value.trim() == host)
    });
    let query = target.strip_prefix(PATH)?.strip_prefix('?')?;
    (method == "GET" && named).then(|| query.to_owned())
}

/// What the browser is shown.
struct Page {
    status: &'static str,
    text: &'static str,
}

impl Page {
    const DONE: Self = Self {
        status: "200 OK",
        text: "Signed in. You can close this window and go back to the program.",
    };
    const REFUSED: Self = Self {
        status: "200 OK",
        text: "You are not signed in. The program that asked says why; you can close this window.",
    };
    const NOT_OURS: Self = Self {
        status: "400 Bad Request",
        text: "This is not the answer that a program here waits for.",
    };
    const NOTHING: Self = Self {
        status: "404 Not Found",
        text: "There is nothing here.",
    };

    fn to_bytes(&self) -> Vec<u8> {
        let Self { status, text } = self;
        let body = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" \
             content=\"width=device-width\"><title>Sign-in</title><p>{text}</p></html>\n"
        );
        let head = format!(
            "HTTP/1.1 {status}\r\n\
             Content-Type: text/html; charset=utf-8\r\n\
             Content-Length: {}\r\n\
             Cache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n\
             Referrer-Policy: no-referrer\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n",
            body.len()
        );
        (head + &body).into_bytes()
    }
}

/// Answers and closes. A browser that does not listen loses nothing but the page.
async fn answer(mut connection: TcpStream, page: &Page) {
    let bytes = page.to_bytes();
    let said = async {
        connection.write_all(&bytes).await?;
        connection.shutdown().await
    };
    let _ = tokio::time::timeout(PATIENCE, said).await;
}

#[cfg(test)]
mod tests;
