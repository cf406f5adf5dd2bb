//! What a person allowed an app: the file that `gcloud auth application-default login` writes.
//!
//! google-wire 8.2; RFC 6749 §6. The endpoint is the file's `token_uri`, else Google's. Where the server
//! gives a new refresh token, the old one is over; [`super::kept`] takes care of that.

use std::path::Path;

use carnet_wire::token::AccessTokenResponse;
use http::Request;
use http::Response;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::adc::kept::Kept;
use crate::adc::members::Members;
use crate::adc::members::secure_url;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CredentialKind;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::error::Error;
use crate::jwt_bearer::form_request;
use crate::token::Secret;
use crate::token::Token;
use crate::tokens;

/// A person.
#[derive(Debug)]
pub(crate) struct AuthorizedUser {
    client_id: String,
    client_secret: Option<Secret>,
    refresh_token: Kept,
    token_url: Url,
    facts: Facts,
}

impl AuthorizedUser {
    /// Reads the file, which is at a path or nowhere.
    pub(crate) fn read(file: &Members, path: Option<&Path>) -> Result<Self, Error> {
        let mut facts = Facts::of(file)?;
        let token_url = match file.url("token_uri")? {
            Some(url) => url,
            None => secure_url(&format!("{}/token", facts.service("oauth2")))
                .map_err(|because| file.fault("universe_domain", because))?,
        };
        facts.email = file.text("account")?;
        facts.endpoint = Some(token_url.to_string());
        let refresh_token = file.needed_secret("refresh_token")?;
        Ok(Self {
            client_id: file.needed("client_id")?,
            client_secret: file.secret("client_secret")?,
            refresh_token: Kept::new(refresh_token, path),
            token_url,
            facts,
        })
    }

    fn request(&self, scope: &str) -> Result<Request<Vec<u8>>, Error> {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "refresh_token")
            .append_pair("client_id", &self.client_id);
        if let Some(secret) = &self.client_secret {
            form.append_pair("client_secret", secret.reveal());
        }
        form.append_pair("refresh_token", self.refresh_token.token().reveal());
        if !scope.is_empty() {
            form.append_pair("scope", scope);
        }
        form_request(&self.token_url, form.finish())
    }

    /// Reads the answer, and keeps the refresh token that is in it.
    fn answer<'a>(
        &self,
        response: &'a Response<Vec<u8>>,
    ) -> Result<AccessTokenResponse<'a>, Error> {
        let answer = tokens::access_response(response, self.token_url.as_str())?;
        if let Some(next) = &answer.refresh_token {
            self.refresh_token.renew(next);
        }
        Ok(answer)
    }
}

impl Source for AuthorizedUser {
    fn kind(&self) -> CredentialKind {
        CredentialKind::AuthorizedUser
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let judge = |response: &_| {
                let answer = self.answer(response)?;
                tokens::access(&answer, false, asking.now())
                    .map_err(|fault| Error::answer(self.token_url.as_str(), fault))
            };
            let request = || self.request(asking.scope);
            asking.outside.ask_anew(request, asking.tries, judge).await
        })
    }

    /// A person's ID token is for the app that they let in, and for nobody else.
    fn identity<'a>(&'a self, audience: &'a str, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            if audience != self.client_id {
                return Err(Error::argument(format!(
                    "a person's ID token is for the app {} alone: ask for that audience, or let \
                     the credential impersonate a service account",
                    self.client_id
                )));
            }
            let judge = |response: &_| {
                let answer = self.answer(response)?;
                let token = answer.id_token.as_deref();
                let token = token.and_then(|token| Token::id(token, asking.now()));
                token.ok_or_else(|| {
                    let because = "there is no ID token in it: the person did not allow openid";
                    Error::answer(self.token_url.as_str(), because)
                })
            };
            let request = || self.request("");
            asking.outside.ask_anew(request, asking.tries, judge).await
        })
    }

    fn audience(&self) -> Option<&str> {
        Some(&self.client_id)
    }
}
