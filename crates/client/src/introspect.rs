//! Asking the server what a token is.
//!
//! RFC 7662 §2. [`request`] builds, [`process`] judges. The caller shows an access token of its own
//! (§2.1: "the authorization server MUST require some form of authorization").

use carnet_wire::introspection::IntrospectionResponse;
use http::Request;
use http::Response;
use http::header::AUTHORIZATION;
use url::form_urlencoded::Serializer;

use crate::error::Error;
use crate::jwt_bearer::endpoint;
use crate::jwt_bearer::form_request;
use crate::jwt_bearer::refusal;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::service_account::ServiceAccount;
use crate::token::Token;

/// The answer, in the words of RFC 7662.
pub use carnet_wire::introspection as answer;

/// The scope that Carnet asks of those who introspect.
pub const SCOPE: &str = "carnet.introspect";

/// Builds the request.
pub fn request(url: &str, token: &str, caller: &Token) -> Result<Request<Vec<u8>>, Error> {
    asking(url, token, caller, false)
}

fn asking(
    url: &str,
    token: &str,
    caller: &Token,
    boundaries: bool,
) -> Result<Request<Vec<u8>>, Error> {
    let mut form = Serializer::new(String::new());
    form.append_pair("token", token)
        .append_pair("token_type_hint", "access_token");
    if boundaries {
        form.append_pair(answer::UNDERSTANDS, answer::ACCESS_BOUNDARY);
    }
    let form = form.finish();
    let mut request = form_request(&endpoint(url)?, form)?;
    request
        .headers_mut()
        .insert(AUTHORIZATION, caller.authorization());
    Ok(request)
}

/// Judges the answer. `url` is named in errors.
pub fn process<'a>(
    response: &'a Response<Vec<u8>>,
    url: &str,
) -> Result<IntrospectionResponse<'a>, Error> {
    if !response.status().is_success() {
        return Err(refusal(response, url));
    }
    IntrospectionResponse::parse(response.body()).ok_or_else(|| Error::answer(url, NotAnAnswer))
}

/// The body is not an answer of RFC 7662.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the answer is not the JSON of RFC 7662")]
struct NotAnAnswer;

/// Introspects with a service account's token.
///
/// The exchange is one try: whoever waits for it has a request of their own to answer. Only where
/// the server refuses the caller's token, which it may have called back, there is a second one with
/// a new token.
#[derive(Clone, Debug)]
pub struct Introspector {
    url: String,
    caller: ServiceAccount,
    outside: Outside,
    boundaries: bool,
}

impl Introspector {
    /// Asks at this address, as this account; its scope is set to [`SCOPE`].
    pub fn new(url: &str, caller: &ServiceAccount) -> Result<Self, Error> {
        endpoint(url)?;
        Ok(Self {
            url: url.to_owned(),
            caller: caller.scoped(&[SCOPE])?,
            outside: caller.outside(),
            boundaries: false,
        })
    }

    /// Also hears of tokens that have an access boundary, since whoever reads the answers looks at it
    /// ([`answer::ActiveToken::access_boundary`]). To others such a token is not active.
    #[must_use]
    pub fn understanding_boundaries(mut self) -> Self {
        self.boundaries = true;
        self
    }

    /// Asks about a token. The answer is one that [`process`] takes.
    pub async fn ask(&self, token: &str) -> Result<Response<Vec<u8>>, Error> {
        let caller = self.caller.token().await?;
        match self.once(token, &caller).await {
            Err(error) if error.status() == Some(401) => {
                self.caller.forget(&caller);
                let caller = self.caller.token().await?;
                self.once(token, &caller).await
            }
            done => done,
        }
    }

    /// The address that is asked.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn once(&self, token: &str, caller: &Token) -> Result<Response<Vec<u8>>, Error> {
        let request = asking(&self.url, token, caller, self.boundaries)?;
        let judge = |answer: &Response<Vec<u8>>| {
            process(answer, &self.url)?;
            Ok(answer.clone())
        };
        self.outside.ask(&request, Tries::One, judge).await
    }
}

#[cfg(test)]
mod tests;
