//! A person signs in with a browser, and the client gets a code for it.
//!
//! RFC 6749 §4.1, RFC 7636 (PKCE, always S256), RFC 9207 (`iss`), RFC 9126 (pushed requests),
//! RFC 9449 §10 (`dpop_jkt`), OpenID Connect Core §3.1.
//!
//! 1. [`Client::begin`] makes up a `state`, a verifier and (with the scope `openid`) a `nonce`, and
//!    writes the address to which the browser goes. Where the server wants it,
//!    [`Client::begin_pushed`] sends the request ahead and the address holds its name alone.
//! 2. The browser comes back to the redirect URI. [`Begun::answer`] believes what it carries only
//!    if `state` is ours and `iss` is the server that was asked (RFC 9207 §2.4).
//! 3. [`Client::redeem`] shows code and verifier, once. An ID token is looked at as
//!    [`id_token`] says.
//!
//! ```
//! use carnet_client::{Ask, Authentication, Client};
//! # use carnet_client::discovery;
//! # fn main() -> Result<(), carnet_client::Error> {
//! # let body = br#"{"issuer":"https://auth.example","authorization_endpoint":"https://auth.example/authorize","token_endpoint":"https://auth.example/token"}"#;
//! # let metadata = discovery::process(&http::Response::new(body.to_vec()), "https://auth.example")?;
//! let client = Client::new(metadata, "my-tool", Authentication::None)?;
//! let ask = Ask::for_scopes(&["invoices.read"])?;
//! let begun = client.begin("http://127.0.0.1:49152/callback", &ask)?;
//! assert!(begun.url().starts_with("https://auth.example/authorize?response_type=code&"));
//! // The browser comes back with an answer to somebody else's request: it is not believed.
//! assert!(begun.answer("code=abc&state=other").is_err());
//! # Ok(())
//! # }
//! ```

use std::borrow::Cow;
use std::fmt;

use carnet_jose::digest::constant_time_eq;
use carnet_jose::digest::sha256;
use carnet_wire::par::PushedAuthorizationResponse;
use carnet_wire::pkce::CodeVerifier;
use carnet_wire::scope::Scope;
use carnet_wire::token::ErrorResponse;
use http::Response;
use url::Url;
use url::form_urlencoded;

use crate::authentication::random;
use crate::client::Client;
use crate::client::Form;
use crate::dpop::DpopKey;
use crate::error::Error;
use crate::error::Kind;
use crate::error::Refused;
use crate::id_token;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::refusal;
use crate::retry::Tries;
use crate::token::Secret;
use crate::tokens;
use crate::tokens::Tokens;

/// The longest answer that a browser may carry, in bytes.
const LONGEST_ANSWER: usize = 8 * 1024;
/// The most parameters in it.
const MOST_PARAMETERS: usize = 32;

/// The parameters that this crate writes itself.
const OURS: [&str; 10] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "request_uri",
];

/// What is asked of a person.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    scope: Scope,
    more: Vec<(String, String)>,
}

impl Ask {
    /// Asks for these scopes. With `openid` among them, the answer says who the person is.
    pub fn for_scopes(scopes: &[&str]) -> Result<Self, Error> {
        let scope = Scope::parse(&scopes.join(" "))
            .map_err(|fault| Error::argument(format!("the scopes cannot be sent: {fault}")))?;
        let more = Vec::new();
        Ok(Self { scope, more })
    }

    /// With another parameter of the authorization request, such as `prompt`, `login_hint` or
    /// `resource`; one that may be repeated is given again. The parameters that protect the request
    /// are not among them.
    pub fn with(mut self, name: &str, value: &str) -> Result<Self, Error> {
        if OURS.contains(&name) {
            return Err(Error::argument(format!("{name} is written by this crate")));
        }
        self.more.push((name.to_owned(), value.to_owned()));
        Ok(self)
    }

    /// The parameters that say what is asked for.
    pub(crate) fn form(&self) -> Form<'_> {
        let scope = Some(self.scope.as_str()).filter(|scope| !scope.is_empty());
        let more = self.more.iter();
        let more = more.map(|(name, value)| (name.as_str(), value.as_str()));
        scope
            .map(|scope| ("scope", scope))
            .into_iter()
            .chain(more)
            .collect()
    }
}

/// An authorization request that is under way, and what its answer will be held against.
#[derive(Clone)]
pub struct Begun {
    url: String,
    redirect_uri: String,
    state: Secret,
    verifier: Secret,
    nonce: Option<Secret>,
    issuer: String,
    named: bool,
}

/// A code, from an answer that is believed.
#[derive(Clone, Debug)]
pub struct Code(Secret);

impl Begun {
    /// Where the browser goes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where it comes back to.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Judges what the browser brought: the query of the address that it came back with. A refusal
    /// of the server is an [`Error`] with its code, such as `access_denied`.
    pub fn answer(&self, query: &str) -> Result<Code, Error> {
        let not = |fault| Error::answer(&self.issuer, fault);
        let answer = Answer::read(query).map_err(not)?;
        let state = answer.state.as_deref().unwrap_or_default();
        if !constant_time_eq(state.as_bytes(), self.state.reveal().as_bytes()) {
            return Err(not(NotAnAnswer::OtherState));
        }
        match answer.issuer.as_deref() {
            Some(issuer) if issuer != self.issuer => return Err(not(NotAnAnswer::OtherIssuer)),
            None if self.named => return Err(not(NotAnAnswer::NoIssuer)),
            _ => {}
        }
        if let Some(error) = answer.error {
            let said = ErrorResponse {
                error,
                error_description: answer.description,
                error_uri: answer.uri,
                trace_id: None,
                timestamp: None,
            };
            return Err(Error::new(Kind::Refused(Refused::new(400, &said, None))));
        }
        match answer.code.as_deref() {
            None | Some("") => Err(not(NotAnAnswer::Empty)),
            Some(code) => Ok(Code(Secret::new(code))),
        }
    }

    /// Whether an answer carries the state of this request. Whoever waits for one keeps waiting
    /// where it does not: anybody can make a browser send something to this machine.
    pub(crate) fn is_ours(&self, query: &str) -> bool {
        let answer = Answer::read(query);
        let state = answer.ok().and_then(|answer| answer.state);
        state
            .is_some_and(|state| constant_time_eq(state.as_bytes(), self.state.reveal().as_bytes()))
    }
}

/// The parameters of an answer (RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2).
#[derive(Default)]
struct Answer<'a> {
    state: Option<Cow<'a, str>>,
    issuer: Option<Cow<'a, str>>,
    code: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    description: Option<Cow<'a, str>>,
    uri: Option<Cow<'a, str>>,
}

impl<'a> Answer<'a> {
    fn read(query: &'a str) -> Result<Self, NotAnAnswer> {
        if query.len() > LONGEST_ANSWER {
            return Err(NotAnAnswer::TooLong);
        }
        let mut answer = Self::default();
        for (at, (name, value)) in form_urlencoded::parse(query.as_bytes()).enumerate() {
            let place = match &*name {
                "state" => &mut answer.state,
                "iss" => &mut answer.issuer,
                "code" => &mut answer.code,
                "error" => &mut answer.error,
                "error_description" => &mut answer.description,
                "error_uri" => &mut answer.uri,
                _ if at < MOST_PARAMETERS => continue,
                _ => return Err(NotAnAnswer::TooLong),
            };
            // RFC 6749 §3.1: "parameters MUST NOT be included more than once".
            if place.replace(value).is_some() {
                return Err(NotAnAnswer::Repeated);
            }
        }
        Ok(answer)
    }
}

impl Client {
    /// Begins an authorization: what the browser is shown, and what its answer is held against.
    pub fn begin(&self, redirect_uri: &str, ask: &Ask) -> Result<Begun, Error> {
        let prepared = Prepared::new(self, redirect_uri, ask)?;
        let mut url = prepared.address.clone();
        let form = prepared.form(self);
        url.query_pairs_mut().extend_pairs(form);
        Ok(prepared.begun(self, &url))
    }

    /// The same, with the request pushed ahead (RFC 9126): the browser carries nothing but its name.
    pub async fn begin_pushed(&self, redirect_uri: &str, ask: &Ask) -> Result<Begun, Error> {
        let prepared = Prepared::new(self, redirect_uri, ask)?;
        let pushed = self.metadata().pushed_authorization_request_endpoint();
        let pushed = self.needs(pushed, "endpoint for pushed requests")?;
        let mut form = prepared.form(self);
        // It is among what proves the client.
        form.retain(|(name, _)| *name != "client_id");
        let judge = |answer: &Response<Vec<u8>>| {
            if !answer.status().is_success() {
                return Err(refusal(answer, pushed));
            }
            PushedAuthorizationResponse::parse(answer.body())
                .map(|answer| answer.request_uri.into_owned())
                .ok_or_else(|| Error::answer(pushed, NotAnAnswer::NotPushed))
        };
        let name = self.ask(pushed, &form, Tries::Three, judge).await?;
        let mut url = prepared.address.clone();
        url.query_pairs_mut()
            .append_pair("client_id", self.id())
            .append_pair("request_uri", &name);
        Ok(prepared.begun(self, &url))
    }

    /// Shows the code, and gets tokens for it. It is shown once: an answer that is lost on the way
    /// costs a new sign-in.
    pub async fn redeem(&self, begun: &Begun, code: &Code) -> Result<Tokens, Error> {
        let url = self.token_endpoint()?;
        let form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.0.reveal()),
            ("redirect_uri", &begun.redirect_uri),
            ("code_verifier", begun.verifier.reveal()),
        ];
        let bound = self.dpop().is_some();
        let judge = |answer: &_| tokens::process(answer, url, bound, self.now());
        let tokens = self.ask(url, &form, Tries::One, judge).await?;
        if let Some(nonce) = &begun.nonce {
            let id = tokens.id_token();
            let id = id.ok_or_else(|| Error::answer(url, NotAnAnswer::NoIdToken))?;
            id_token::check(self, id, Some(nonce)).await?;
        }
        Ok(tokens)
    }
}

/// An authorization request before it is sent.
struct Prepared<'a> {
    ask: &'a Ask,
    address: Url,
    redirect_uri: &'a str,
    state: String,
    verifier: String,
    challenge: String,
    nonce: Option<String>,
    thumbprint: Option<String>,
}

impl<'a> Prepared<'a> {
    fn new(client: &Client, redirect_uri: &'a str, ask: &'a Ask) -> Result<Self, Error> {
        let address = client.metadata().authorization_endpoint();
        let address = endpoint(client.needs(address, "authorization endpoint")?)?;
        let verifier = random::<32>()?;
        let challenge = CodeVerifier::parse(verifier.as_str())
            .map_err(|fault| Error::argument(fault.to_string()))?
            .s256(|bytes| sha256(bytes));
        let nonce = ask
            .scope
            .contains("openid")
            .then(random::<16>)
            .transpose()?;
        Ok(Self {
            ask,
            address,
            redirect_uri,
            state: random::<16>()?,
            verifier,
            challenge,
            nonce,
            thumbprint: client.dpop().map(DpopKey::thumbprint),
        })
    }

    fn form(&self, client: &'a Client) -> Form<'_> {
        let mut form = vec![
            ("response_type", "code"),
            ("client_id", client.id()),
            ("redirect_uri", self.redirect_uri),
            ("state", &self.state),
            ("code_challenge", &self.challenge),
            ("code_challenge_method", "S256"),
        ];
        form.extend(self.nonce.as_deref().map(|nonce| ("nonce", nonce)));
        form.extend(self.thumbprint.as_deref().map(|text| ("dpop_jkt", text)));
        form.extend(self.ask.form());
        form
    }

    fn begun(&self, client: &Client, url: &Url) -> Begun {
        Begun {
            url: url.as_str().to_owned(),
            redirect_uri: self.redirect_uri.to_owned(),
            state: Secret::new(&self.state),
            verifier: Secret::new(&self.verifier),
            nonce: self.nonce.as_deref().map(Secret::new),
            issuer: client.metadata().issuer().to_owned(),
            named: client.metadata().names_issuer_in_answers(),
        }
    }
}

/// Without state, verifier and nonce.
impl fmt::Debug for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Begun")
            .field("redirect_uri", &self.redirect_uri)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Why what a browser brought is not believed, or an endpoint answered something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum NotAnAnswer {
    #[error("the answer is longer than any answer")]
    TooLong,
    #[error("the answer has a parameter twice")]
    Repeated,
    #[error("the answer belongs to another request: its state is not the one that was sent")]
    OtherState,
    #[error("the answer comes from another server than the one that was asked (RFC 9207)")]
    OtherIssuer,
    #[error(
        "the answer does not say which server it comes from, although this one says that it does (RFC 9207)"
    )]
    NoIssuer,
    #[error("the answer holds neither a code nor an error")]
    Empty,
    #[error("the answer is not the JSON of RFC 9126")]
    NotPushed,
    #[error("an ID token was asked for, and there is none")]
    NoIdToken,
}

#[cfg(test)]
mod tests;
