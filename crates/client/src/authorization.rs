//! What a person allowed a client to do, for as long as it holds: an access token whenever one is
//! needed, got with the refresh token.
//!
//! RFC 6749 §6, RFC 9700 §4.14: a server may give a new refresh token each time, and take the use of
//! an old one for theft. So a new one must never be lost, nor an old one used beside it:
//!
//! 1. One refresh at a time, and those who wait share what came of it.
//! 2. It is carried through even where the caller goes away (its future is dropped): the answer may
//!    be on its way already.
//! 3. A new refresh token is kept before the access token is given out: in memory first, then by the
//!    caller's `keep`. Where that fails the caller is told, and the next call keeps it before
//!    anything else.
//! 4. Where the server gives no new one, the old one stays good.
//!
//! ```no_run
//! use carnet_client::{Authorization, Client, Secret};
//!
//! # async fn example(client: Client, kept: &str) -> Result<(), carnet_client::Error> {
//! let authorization = Authorization::resume(&client, &Secret::new(kept)).kept_by(|tokens| {
//!     let Some(refresh_token) = tokens.refresh_token() else { return Ok(()) };
//!     std::fs::write("refresh-token", refresh_token.reveal())
//! });
//! let token = authorization.token().await?;
//! let header = token.authorization();
//! # drop(header);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use http::HeaderValue;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header::AUTHORIZATION;
use http::header::WWW_AUTHENTICATE;

use crate::client::Client;
use crate::dpop;
use crate::error::Error;
use crate::error::Kind;
use crate::retry::Tries;
use crate::token::Secret;
use crate::token::Token;
use crate::token_cache::TokenCache;
use crate::tokens;
use crate::tokens::Tokens;

/// Keeps tokens somewhere safe.
type Keep = Arc<dyn Fn(&Tokens) -> io::Result<()> + Send + Sync>;

/// What a client holds for a person. Clones share the tokens.
#[derive(Clone)]
pub struct Authorization {
    client: Client,
    cache: Arc<TokenCache>,
    held: Arc<tokio::sync::Mutex<Held>>,
    /// How many answers there were.
    count: Arc<AtomicU64>,
    keep: Option<Keep>,
}

struct Held {
    refresh_token: Option<Secret>,
    /// The newest answer, and whether it was kept.
    newest: Option<Newest>,
}

struct Newest {
    tokens: Tokens,
    kept: bool,
}

impl Authorization {
    /// Begins with what a sign-in gave.
    pub fn new(client: &Client, tokens: &Tokens) -> Self {
        let made = Self::of(client, tokens.refresh_token().cloned());
        made.cache.put(tokens.access(), client.now());
        made
    }

    /// Goes on with a refresh token that was kept.
    pub fn resume(client: &Client, refresh_token: &Secret) -> Self {
        Self::of(client, Some(refresh_token.clone()))
    }

    /// The same, with an access token that was kept too ([`Token::kept`]).
    #[must_use]
    pub fn with_token(self, token: &Token) -> Self {
        self.cache.put(token, self.client.now());
        self
    }

    /// The same, with something that keeps what a server gives: a file, a keychain. It is called
    /// before a new access token is given out.
    #[must_use]
    pub fn kept_by(
        mut self,
        keep: impl Fn(&Tokens) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.keep = Some(Arc::new(keep));
        self
    }

    fn of(client: &Client, refresh_token: Option<Secret>) -> Self {
        Self {
            client: client.clone(),
            cache: Arc::new(TokenCache::new()),
            held: Arc::new(tokio::sync::Mutex::new(Held {
                refresh_token,
                newest: None,
            })),
            count: Arc::default(),
            keep: None,
        }
    }

    /// The access token: the one that is held, or a new one. An error with the code `invalid_grant`
    /// means that the person must sign in again.
    pub async fn token(&self) -> Result<Token, Error> {
        let clock = &self.client.outside().clock;
        self.cache.token(clock, |tries| self.fetch(tries)).await
    }

    /// Tells that an API refused a token before its time. The next [`Authorization::token`] gets
    /// another, unless somebody fetched one meanwhile.
    pub fn forget(&self, refused: &Token) {
        self.cache.forget(refused);
    }

    /// Sends a request to an API with the token, and with a proof where the token is bound to a key
    /// (RFC 9449 §7). Where the API wants its nonce in the proof (§9), or refuses the token before
    /// its time, it is sent once more.
    pub async fn send(&self, request: &Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        let token = self.token().await?;
        let answer = self.once(request, &token).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        if wants_nonce(&answer) {
            return self.once(request, &token).await;
        }
        self.forget(&token);
        let token = self.token().await?;
        self.once(request, &token).await
    }

    async fn once(
        &self,
        request: &Request<Vec<u8>>,
        token: &Token,
    ) -> Result<Response<Vec<u8>>, Error> {
        let mut request = request.clone();
        let url = request.uri().to_string();
        let authorization = token.authorization();
        let bound = authorization.as_bytes().starts_with(b"DPoP ");
        request.headers_mut().insert(AUTHORIZATION, authorization);
        let key = self.client.dpop().filter(|_| bound);
        if let Some(key) = key {
            let method = request.method().as_str();
            let proof = key.proof(method, &url, Some(token), self.client.now())?;
            let proof = HeaderValue::try_from(proof.reveal())
                .map_err(|_| Error::argument("the proof cannot be sent in a header"))?;
            request.headers_mut().insert(dpop::PROOF, proof);
        }
        let answer = self.client.outside().transport.send(request).await?;
        if let Some(key) = key {
            key.learn(&url, answer.headers());
        }
        Ok(answer)
    }

    /// Rule 2: a task of its own, which nobody cancels.
    async fn fetch(&self, tries: Tries) -> Result<Token, Error> {
        let seen = self.count.load(Ordering::SeqCst);
        let own = self.clone();
        tokio::spawn(async move { own.refresh(seen, tries).await })
            .await
            .map_err(|cause| Error::argument(format!("the refresh was stopped: {cause}")))?
    }

    async fn refresh(&self, seen: u64, tries: Tries) -> Result<Token, Error> {
        let mut held = self.held.lock().await;
        if let Some(newest) = held.newest.as_mut() {
            let late = !newest.kept || self.count.load(Ordering::SeqCst) > seen;
            self.keep(newest)?;
            // Rule 3, or somebody's refresh went on after they went away.
            if late && newest.tokens.access().expires() > self.client.now() {
                return Ok(newest.tokens.access().clone());
            }
        }
        let former = held.refresh_token.clone();
        let former = former.ok_or_else(|| Error::new(Kind::NoRefreshToken))?;
        let tokens = self.client.refresh(&former, tries).await?;
        held.refresh_token = tokens.refresh_token().cloned();
        self.count.fetch_add(1, Ordering::SeqCst);
        let kept = false;
        let newest = held.newest.insert(Newest { tokens, kept });
        self.keep(newest)?;
        Ok(newest.tokens.access().clone())
    }

    fn keep(&self, newest: &mut Newest) -> Result<(), Error> {
        if let (Some(keep), false) = (&self.keep, newest.kept) {
            keep(&newest.tokens).map_err(|cause| Error::new(Kind::NotKept(cause)))?;
        }
        newest.kept = true;
        Ok(())
    }
}

impl Client {
    /// One refresh.
    pub(crate) async fn refresh(&self, former: &Secret, tries: Tries) -> Result<Tokens, Error> {
        let url = self.token_endpoint()?;
        let form = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", former.reveal()),
        ];
        let bound = self.dpop().is_some();
        let judge = |answer: &_| tokens::process(answer, url, bound, self.now());
        let tokens = self.ask(url, &form, tries, judge).await?;
        Ok(tokens.or_refreshed_by(former))
    }
}

/// Whether an API wants its nonce in the proof (RFC 9449 §9).
fn wants_nonce(answer: &Response<Vec<u8>>) -> bool {
    let mut challenges = answer.headers().get_all(WWW_AUTHENTICATE).iter();
    challenges.any(|challenge| {
        let text = challenge.to_str().unwrap_or_default();
        text.starts_with("DPoP") && text.contains(dpop::USE_NONCE)
    })
}

/// Without the tokens.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
