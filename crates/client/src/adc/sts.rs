//! Google's security token service: a token of somebody else for one of Google's, and a strong token
//! for a weaker one.
//!
//! RFC 8693; google-wire 6.1 and 6.5. The parameters stand in the order in which Google's libraries
//! write them. `options` is JSON, encoded once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_wire::token::NotATokenResponse;
use http::HeaderValue;
use http::Request;
use http::Response;
use http::header::AUTHORIZATION;
use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::error::Error;
use crate::jwt_bearer::form_request;
use crate::token::Secret;
use crate::token::Token;
use crate::tokens;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// An app at the service, as the files of workforce pools name one.
#[derive(Clone, Debug)]
pub(crate) struct StsClient {
    pub(crate) id: String,
    pub(crate) secret: Option<Secret>,
}

/// What is exchanged.
pub(crate) struct StsExchange<'a> {
    pub(crate) url: &'a Url,
    pub(crate) client: Option<&'a StsClient>,
    pub(crate) audience: Option<&'a str>,
    pub(crate) scope: &'a str,
    pub(crate) subject_token: &'a Secret,
    pub(crate) subject_token_type: &'a str,
    pub(crate) options: Option<Value>,
}

impl StsExchange<'_> {
    /// The request.
    pub(crate) fn request(&self) -> Result<Request<Vec<u8>>, Error> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", GRANT_TYPE);
        if let Some(audience) = self.audience {
            form.append_pair("audience", audience);
        }
        if !self.scope.is_empty() {
            form.append_pair("scope", self.scope);
        }
        form.append_pair("requested_token_type", ACCESS_TOKEN)
            .append_pair("subject_token", self.subject_token.reveal())
            .append_pair("subject_token_type", self.subject_token_type);
        if let Some(options) = &self.options {
            form.append_pair("options", &options.to_string());
        }
        authenticated(form_request(self.url, form.finish())?, self.client)
    }

    /// Judges the answer. Where it does not say how long the token lives, `unsaid` is when it ends.
    pub(crate) fn process(
        &self,
        response: &Response<Vec<u8>>,
        unsaid: Option<i64>,
        now: i64,
    ) -> Result<Token, Error> {
        let url = self.url.as_str();
        let answer = tokens::access_response(response, url)?;
        let unfit = |fault: NotATokenResponse| Error::answer(url, fault);
        let token = tokens::access(&answer, false, now).map_err(unfit)?;
        match (answer.expires_in, unsaid) {
            (None, Some(ends)) => Token::kept(&answer.access_token, ends)
                .ok_or_else(|| unfit(NotATokenResponse::NoToken)),
            _ => Ok(token),
        }
    }
}

/// The request with the proof of its sender. Google's service reads the pair as it is, without the
/// encoding of RFC 6749 §2.3.1.
pub(crate) fn authenticated(
    mut request: Request<Vec<u8>>,
    client: Option<&StsClient>,
) -> Result<Request<Vec<u8>>, Error> {
    if let Some(StsClient { id, secret }) = client {
        let secret = secret.as_ref().map_or("", Secret::reveal);
        let pair = STANDARD.encode(format!("{id}:{secret}"));
        let mut header = HeaderValue::try_from(format!("Basic {pair}"))
            .map_err(|_| Error::argument("the client's secret cannot be sent in a header"))?;
        header.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, header);
    }
    Ok(request)
}
