//! A person whom another issuer knows, who signed in with a browser at a workforce pool.
//!
//! google-wire 6.2 and 6.3: `type` is `external_account_authorized_user`. The refresh token is redeemed at
//! `token_url` (`/v1/oauthtoken`), where the app shows its secret in the header.

use std::sync::Mutex;
use std::sync::PoisonError;

use http::Request;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::adc::members::Members;
use crate::adc::members::secure_url;
use crate::adc::source::Answer;
use crate::adc::source::Asking;
use crate::adc::source::CredentialKind;
use crate::adc::source::Facts;
use crate::adc::source::Source;
use crate::adc::sts::StsClient;
use crate::adc::sts::authenticated;
use crate::error::Error;
use crate::jwt_bearer::form_request;
use crate::token::Secret;
use crate::token::Token;
use crate::tokens;

/// A person.
#[derive(Debug)]
pub(crate) struct ExternalUser {
    client: StsClient,
    refresh_token: Mutex<Secret>,
    token_url: Url,
    facts: Facts,
}

impl ExternalUser {
    /// Reads the file.
    pub(crate) fn read(file: &Members) -> Result<Self, Error> {
        let mut facts = Facts::of(file)?;
        let token_url = match file.url("token_url")? {
            Some(url) => url,
            None => secure_url(&format!("{}/v1/oauthtoken", facts.service("sts")))
                .map_err(|because| file.fault("universe_domain", because))?,
        };
        facts.endpoint = Some(token_url.to_string());
        Ok(Self {
            client: StsClient {
                id: file.needed("client_id")?,
                secret: Some(file.needed_secret("client_secret")?),
            },
            refresh_token: Mutex::new(file.needed_secret("refresh_token")?),
            token_url,
            facts,
        })
    }

    fn request(&self) -> Result<Request<Vec<u8>>, Error> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", self.lock().reveal())
            .finish();
        authenticated(form_request(&self.token_url, form)?, Some(&self.client))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Secret> {
        self.refresh_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for ExternalUser {
    fn kind(&self) -> CredentialKind {
        CredentialKind::ExternalAccountAuthorizedUser
    }

    fn facts(&self) -> &Facts {
        &self.facts
    }

    fn access<'a>(&'a self, asking: Asking<'a>) -> Answer<'a, Token> {
        Box::pin(async move {
            let url = self.token_url.as_str();
            let judge = |response: &_| {
                let answer = tokens::access_response(response, url)?;
                if let Some(next) = &answer.refresh_token {
                    *self.lock() = Secret::new(next);
                }
                tokens::access(&answer, false, asking.now())
                    .map_err(|fault| Error::answer(url, fault))
            };
            let request = || self.request();
            asking.outside.ask_anew(request, asking.tries, judge).await
        })
    }
}
