//! HTTP as commands use it: bounded in time and size, no redirects (a token would follow them).

use std::error::Error as _;
use std::time::Duration;

use carnet_wire::crn::Crn;
use http::{HeaderMap, StatusCode, Version};
use reqwest::redirect::Policy;
use reqwest::tls::TlsInfo;
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::printable;

/// The largest answer that is read, in bytes.
const LARGEST: usize = 32 * 1024 * 1024;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// An answer.
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    /// The version of HTTP that it came in.
    pub(crate) version: Version,
    /// Its headers.
    pub(crate) headers: HeaderMap,
    /// The server's certificate in DER, where it came over TLS.
    pub(crate) certificate: Option<Vec<u8>>,
    /// Its body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The JSON of a success, or the failure that the answer is: in OAuth's words where it has them.
    pub(crate) fn json(&self, whom: &str) -> Result<Value, Failure> {
        let read: Result<Value, _> = serde_json::from_slice(&self.body);
        if self.status.is_success() {
            return read.map_err(|error| {
                Failure::of(
                    Crn::NOT_CARNET,
                    format!("{whom} answered something else: {error}"),
                )
            });
        }
        let said = read.unwrap_or_default();
        let text = |name: &str| said.get(name).and_then(Value::as_str).map(printable);
        let exit = Exit::of_status(self.status.as_u16());
        let Some(error) = text("error") else {
            let status = self.status.as_u16();
            let what = format!("{whom} answered {status} and no error code");
            return Err(Failure::of(Crn::NOT_CARNET, what).exit_with(exit));
        };
        let description = text("error_description").unwrap_or_default();
        let what = format!("the server said {error}: {description}");
        let code = description
            .split("CRN-")
            .nth(1)
            .and_then(|rest| rest.get(..4));
        let failure = match code.and_then(|number| number.parse().ok()) {
            Some(code) => Failure::of(code, what),
            None => Failure::new(exit, what),
        };
        Err(failure.exit_with(exit).traced(text("trace_id")))
    }
}

/// A client with these bounds. `HTTPS_PROXY`, `NO_PROXY` and `SSL_CERT_FILE` are honoured.
pub(crate) fn client(timeout: Duration) -> Result<reqwest::Client, Failure> {
    builder(timeout)
        .build()
        .map_err(|error| Failure::new(Exit::Failed, format!("TLS cannot be set up: {error}")))
}

/// The same, before something is added to it.
pub(crate) fn builder(timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .timeout(timeout)
        .redirect(Policy::none())
        .referer(false)
        .user_agent(concat!("carnet/", env!("CARGO_PKG_VERSION")))
        .tls_info(true)
}

/// Sends, and reads the whole answer. `whom` is told where no answer came.
pub(crate) async fn send(request: reqwest::RequestBuilder, whom: &str) -> Result<Answer, Failure> {
    let unreachable = |error: reqwest::Error| {
        Failure::of(
            Crn::NOT_REACHABLE,
            format!("{whom} gave no answer: {}", reason(&error)),
        )
    };
    let mut answer = request.send().await.map_err(unreachable)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Failure::of(
                Crn::NOT_CARNET,
                format!("{whom} answered with more than {LARGEST} bytes"),
            ));
        }
        body.extend_from_slice(&chunk);
    }
    let info = answer.extensions().get::<TlsInfo>();
    let certificate = info.and_then(|info| info.peer_certificate().map(<[u8]>::to_vec));
    Ok(Answer {
        status: answer.status(),
        version: answer.version(),
        headers: std::mem::take(answer.headers_mut()),
        certificate,
        body,
    })
}

/// What reqwest prints is that it could not send; the reason is at the end of its chain.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = cause.to_string();
        next = cause.source();
    }
    text
}
