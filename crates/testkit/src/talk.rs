//! HTTP/1.1 over a plain socket, for tests that must say what no client library would say, and that
//! must know whether an answer came back whole.
//!
//! An exchange that breaks off is an error and nothing is sent twice: what was not answered stays
//! in doubt.

use std::fmt::Write as _;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The longest body that is read.
const LONGEST_BODY: usize = 32 * 1024 * 1024;
/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);
/// The form type.
const FORM: &str = "application/x-www-form-urlencoded";

/// An answer that came back whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Status line and fields.
    pub head: String,
    /// The body, without its transfer coding.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` if it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// All values of a field, in their order.
    pub fn fields<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.head.lines().skip(1).filter_map(move |line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Whether it says that something was done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Somebody who asks one thing after the other on one connection.
#[derive(Debug)]
pub struct Caller {
    address: SocketAddr,
    authorization: Option<String>,
    patience: Duration,
    connection: Option<BufReader<TcpStream>>,
}

impl Caller {
    /// Somebody who asks this server.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self {
            address,
            authorization: None,
            patience: Duration::from_secs(30),
            connection: None,
        }
    }

    /// Shows this token with each request.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.authorization = Some(token.to_owned());
        self
    }

    /// Gives up after this time.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Asks for a page.
    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send("GET", path, "", &[])
    }

    /// Sends JSON.
    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.send(
            "POST",
            path,
            "application/json",
            body.to_string().as_bytes(),
        )
    }

    /// Sends a form; the names and values are encoded.
    pub fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        self.send("POST", path, FORM, encoded(fields).as_bytes())
    }

    /// Deletes a thing.
    pub fn delete(&mut self, path: &str) -> io::Result<Answer> {
        self.send("DELETE", path, "", &[])
    }

    /// Sends any request of the usual form. A connection that broke is not used again.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        kind: &str,
        body: &[u8],
    ) -> io::Result<Answer> {
        let host = self.address.to_string();
        let mut fields = vec![("Host", host.as_str())];
        if !kind.is_empty() {
            fields.push(("Content-Type", kind));
        }
        self.exchange(method, path, &fields, body)
    }

    /// Sends a request with these fields; the length of the body is told, and the token if there is one.
    pub fn exchange(
        &mut self,
        method: &str,
        path: &str,
        fields: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in fields {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if let Some(token) = &self.authorization {
            let _ = write!(head, "Authorization: Bearer {token}\r\n");
        }
        if !body.is_empty() || method != "GET" {
            let _ = write!(head, "Content-Length: {}\r\n", body.len());
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.address, self.patience)?,
        };
        // Who answers before it read everything may close; the answer is there all the same.
        let written = connection.get_mut().write_all(&bytes);
        let answer = read(&mut connection, method == "HEAD");
        let answer = answer.map_err(|fault| written.err().unwrap_or(fault))?;
        let closes = answer
            .field("connection")
            .is_some_and(|value| value.eq_ignore_ascii_case("close"));
        if !closes {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

/// Sends these bytes as they are, on a connection of their own, and reads one answer. Bytes that
/// the server does not want to read are no fault, if it answered.
pub fn raw(address: SocketAddr, bytes: &[u8], patience: Duration) -> io::Result<Answer> {
    let mut connection = connect(address, patience)?;
    let mut writer = connection.get_ref().try_clone()?;
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let _cut_off = writer.write_all(bytes);
        });
        read(&mut connection, bytes.starts_with(b"HEAD "))
    })
}

fn connect(address: SocketAddr, patience: Duration) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&address, CONNECT)?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

/// The next answer that is not an interim one.
fn read(reader: &mut BufReader<TcpStream>, without_body: bool) -> io::Result<Answer> {
    loop {
        let head = read_head(reader)?;
        let status = head
            .split_whitespace()
            .nth(1)
            .and_then(|word| word.parse().ok())
            .ok_or_else(|| io::Error::other(format!("no status line: {head:?}")))?;
        if (100..200).contains(&status) {
            continue;
        }
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        if !(without_body || status == 204 || status == 304) {
            answer.body = read_body(reader, &answer)?;
        }
        return Ok(answer);
    }
}

fn read_head(reader: &mut impl BufRead) -> io::Result<String> {
    let mut head = String::new();
    loop {
        let before = head.len();
        if reader.read_line(&mut head)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if head
            .get(before..)
            .is_some_and(|line| line.trim().is_empty())
        {
            return Ok(head);
        }
    }
}

fn read_body(reader: &mut impl BufRead, answer: &Answer) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if let Some(length) = answer.field("content-length") {
        let length: usize = length.parse().map_err(io::Error::other)?;
        exactly(reader, length, &mut body)?;
    } else if answer.field("transfer-encoding").is_some() {
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            exactly(reader, length, &mut body)?;
            reader.read_line(&mut line)?;
            if length == 0 {
                break;
            }
        }
    } else {
        reader.take(LONGEST_BODY as u64).read_to_end(&mut body)?;
    }
    Ok(body)
}

fn exactly(reader: &mut impl BufRead, length: usize, body: &mut Vec<u8>) -> io::Result<()> {
    if length > LONGEST_BODY {
        return Err(io::Error::other("a body without end"));
    }
    let begin = body.len();
    body.resize(begin + length, 0);
    reader.read_exact(body.get_mut(begin..).unwrap_or_default())
}

/// Names and values as the body of a form has them.
#[must_use]
pub fn encoded(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        if !body.is_empty() {
            body.push('&');
        }
        let _ = write!(body, "{}={}", percent(name), percent(value));
    }
    body
}

/// A value as a form or a path has it.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
