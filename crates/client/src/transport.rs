//! How a request leaves and an answer comes: the only part that touches a network.
//!
//! reqwest over rustls with AWS-LC. Bounded on purpose: five seconds to connect, fifteen for the
//! whole exchange, an answer of 1 MiB, no redirects. The certificates to trust are the system's
//! (`SSL_CERT_FILE` replaces them), and `HTTPS_PROXY` and `NO_PROXY` are honoured.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::OnceLock;
use std::time::Duration;

use http::Request;
use http::Response;
use reqwest::Certificate;
use reqwest::Identity;
use reqwest::redirect::Policy;
use tokio::sync::Semaphore;

use crate::error::Cause;
use crate::error::Error;
use crate::error::Kind;

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const WHOLE_TIMEOUT: Duration = Duration::from_secs(15);

/// What a transport gives back, later.
pub type Exchange = Pin<
    Box<dyn Future<Output = Result<Response<Vec<u8>>, Box<dyn StdError + Send + Sync>>> + Send>,
>;

/// Sends requests. Clones share their connections.
#[derive(Clone)]
pub struct Transport {
    send: Arc<dyn Fn(Request<Vec<u8>>) -> Exchange + Send + Sync>,
    /// How the usual one was made; where this is a program's own, nothing.
    usual: Option<Arc<Usual>>,
}

/// What the usual one has that is not usual.
#[derive(Clone, Default)]
struct Usual {
    identity: Option<Identity>,
    authorities: Option<Vec<Certificate>>,
    past_proxies: bool,
    /// The same past any proxy, made when it is needed.
    direct: Arc<OnceLock<Transport>>,
}

impl Transport {
    /// The usual one.
    pub fn new() -> Result<Self, Error> {
        Self::usual(Usual::default()).map_err(unusable)
    }

    fn usual(usual: Usual) -> reqwest::Result<Self> {
        // Where the program has chosen a provider already, that one stays.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(WHOLE_TIMEOUT)
            .redirect(Policy::none())
            .referer(false)
            .user_agent(concat!("carnet-client/", env!("CARGO_PKG_VERSION")));
        if let Some(identity) = &usual.identity {
            builder = builder.identity(identity.clone());
        }
        if let Some(authorities) = &usual.authorities {
            builder = builder.tls_certs_only(authorities.clone());
        }
        if usual.past_proxies {
            builder = builder.no_proxy();
        }
        let client = builder.build()?;
        Ok(Self {
            usual: Some(Arc::new(usual)),
            ..Self::from_fn(move |request| Box::pin(exchange(client.clone(), request)))
        })
    }

    /// The same with something that is not usual. A program's own stays as it is.
    fn with(&self, change: impl FnOnce(&mut Usual) -> reqwest::Result<()>) -> Result<Self, Error> {
        let Some(usual) = &self.usual else {
            return Ok(self.clone());
        };
        let mut usual = Usual {
            direct: Arc::default(),
            ..(**usual).clone()
        };
        let made = change(&mut usual).and_then(|()| Self::usual(usual));
        made.map_err(unusable)
    }

    /// The same past any proxy.
    pub(crate) fn direct(&self) -> Result<Self, Error> {
        let kept = self.usual.as_ref().map(|usual| &usual.direct);
        if let Some(direct) = kept.and_then(|kept| kept.get()) {
            return Ok(direct.clone());
        }
        let direct = self.with(|usual| {
            usual.past_proxies = true;
            Ok(())
        })?;
        Ok(kept.map_or(direct.clone(), |kept| kept.get_or_init(|| direct).clone()))
    }

    /// The same presenting a certificate to whoever asks (PEM: the key and the certificates).
    pub(crate) fn presenting(&self, pem: &[u8]) -> Result<Self, Error> {
        self.with(|usual| {
            usual.identity = Some(Identity::from_pem(pem)?);
            Ok(())
        })
    }

    /// The same trusting these authorities (PEM) and no others.
    pub(crate) fn trusting(&self, pem: &[u8]) -> Result<Self, Error> {
        self.with(|usual| {
            usual.authorities = Some(Certificate::from_pem_bundle(pem)?);
            Ok(())
        })
    }

    /// A transport of your own: another HTTP library, or answers for a test.
    ///
    /// ```
    /// use carnet_client::Transport;
    ///
    /// let transport = Transport::from_fn(|request| {
    ///     Box::pin(async move {
    ///         assert_eq!(request.method(), "POST");
    ///         Ok(http::Response::new(br#"{"access_token":"a","token_type":"Bearer"}"#.to_vec()))
    ///     })
    /// });
    /// # drop(transport);
    /// ```
    pub fn from_fn(send: impl Fn(Request<Vec<u8>>) -> Exchange + Send + Sync + 'static) -> Self {
        Self {
            send: Arc::new(send),
            usual: None,
        }
    }

    /// The same transport with at most so many requests under way; the others wait. For those who
    /// send on a stranger's word, as whoever verifies a stranger's token does.
    #[must_use]
    pub fn at_most(&self, requests: usize) -> Self {
        let send = Arc::clone(&self.send);
        let slots = Arc::new(Semaphore::new(requests));
        Self::from_fn(move |request| {
            let (send, slots) = (Arc::clone(&send), Arc::clone(&slots));
            Box::pin(async move {
                let _slot = slots.acquire().await?;
                send(request).await
            })
        })
    }

    /// Sends one request.
    pub(crate) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        let url = request.uri().to_string();
        (self.send)(request)
            .await
            .map_err(|cause| Error::new(Kind::Unreachable { url, cause }))
    }
}

async fn exchange(
    client: reqwest::Client,
    request: Request<Vec<u8>>,
) -> Result<Response<Vec<u8>>, Cause> {
    let request = reqwest::Request::try_from(request).map_err(deepest)?;
    let mut answer = client.execute(request).await.map_err(deepest)?;
    let mut response = Response::new(Vec::new());
    *response.status_mut() = answer.status();
    std::mem::swap(response.headers_mut(), answer.headers_mut());
    while let Some(chunk) = answer.chunk().await.map_err(deepest)? {
        if response.body().len() + chunk.len() > LARGEST_ANSWER {
            return Err(format!("the answer is larger than {LARGEST_ANSWER} bytes").into());
        }
        response.body_mut().extend_from_slice(&chunk);
    }
    Ok(response)
}

fn unusable(cause: reqwest::Error) -> Error {
    Error::argument(format!("TLS cannot be set up: {}", deepest(cause)))
}

/// What reqwest prints is "error sending request"; the reason is at the end of its chain.
fn deepest(error: reqwest::Error) -> Cause {
    if error.is_timeout() {
        return "it took too long".into();
    }
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        reason = cause.to_string();
        next = cause.source();
    }
    reason.into()
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Transport")
    }
}

#[cfg(test)]
mod tests;
