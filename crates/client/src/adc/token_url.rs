//! A subject token from an address on this machine or in its cloud, as Azure and GitHub offer it.
//!
//! google-wire 6.3. It is a GET with the headers that the file names. What is plain http goes past no
//! proxy.

use carnet_wire::google::ApiError;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Request;
use http::Response;
use url::Url;

use crate::adc::members::Members;
use crate::adc::source::Asking;
use crate::adc::token_file::Format;
use crate::error::Error;
use crate::jwt_bearer;
use crate::token::Secret;
use crate::transport::Transport;

/// An address.
pub(crate) struct TokenUrl {
    url: Url,
    headers: HeaderMap,
    format: Format,
}

impl TokenUrl {
    /// Reads the `credential_source`.
    pub(crate) fn read(source: &Members) -> Result<Self, Error> {
        let url = source
            .local_url("url")?
            .ok_or_else(|| source.fault("url", "it is missing"))?;
        let mut headers = HeaderMap::new();
        if let Some(named) = source.object("headers")? {
            for (name, value) in named.pairs()? {
                let fault = || named.fault(&name, "it cannot be sent as a header");
                let key = HeaderName::try_from(&name).map_err(|_| fault())?;
                let mut value = HeaderValue::try_from(&value).map_err(|_| fault())?;
                value.set_sensitive(true);
                headers.insert(key, value);
            }
        }
        Ok(Self {
            url,
            headers,
            format: Format::read(source)?,
        })
    }

    /// The token.
    pub(crate) async fn token(&self, asking: Asking<'_>) -> Result<Secret, Error> {
        let mut request = get(&self.url)?;
        request.headers_mut().extend(self.headers.clone());
        let mut outside = asking.outside.clone();
        outside.transport = way_to(&self.url, &outside.transport)?;
        let judge = |response: &_| {
            let text = body(response, self.url.as_str())?;
            self.format.token(text, self.url.as_str())
        };
        outside.ask(&request, asking.tries, judge).await
    }
}

/// Without what the headers say.
impl std::fmt::Debug for TokenUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokenUrl")
            .field("url", &self.url.as_str())
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// A GET.
pub(crate) fn get(url: &Url) -> Result<Request<Vec<u8>>, Error> {
    Request::get(url.as_str())
        .body(Vec::new())
        .map_err(|cause| Error::argument(format!("{url} cannot be asked: {cause}")))
}

/// A secret that travels in the clear may only reach the host that is named.
pub(crate) fn way_to(url: &Url, usual: &Transport) -> Result<Transport, Error> {
    match url.scheme() {
        "https" => Ok(usual.clone()),
        _ => usual.direct(),
    }
}

/// The text of a success.
pub(crate) fn body<'a>(response: &'a Response<Vec<u8>>, url: &str) -> Result<&'a str, Error> {
    if !response.status().is_success() {
        return Err(match ApiError::message_of(response.body()) {
            Some(_) => crate::adc::iam_credentials::refusal(response, url),
            None => jwt_bearer::refusal(response, url),
        });
    }
    std::str::from_utf8(response.body()).map_err(|_| Error::answer(url, "it is not text"))
}
