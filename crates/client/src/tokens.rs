//! What a token endpoint answers to a client that acts for a person: up to three tokens at once.
//!
//! RFC 6749 §5.1, OpenID Connect Core §3.1.3.3, RFC 9449 §5.

use std::fmt;

use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::NotATokenResponse;
use carnet_wire::token::TokenResponse;
use carnet_wire::token::TokenType;
use http::Response;

use crate::error::Error;
use crate::jwt_bearer::refusal;
use crate::token::Secret;
use crate::token::Token;

/// What a client was given.
#[derive(Clone)]
pub struct Tokens {
    access: Token,
    refresh: Option<Secret>,
    id: Option<Secret>,
}

impl Tokens {
    /// Opens APIs.
    pub fn access(&self) -> &Token {
        &self.access
    }

    /// Gets the next access token. It is used by [`Authorization`](crate::Authorization), which
    /// takes care that a server may give a new one each time.
    pub fn refresh_token(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    /// Says who the person is.
    pub fn id_token(&self) -> Option<&Secret> {
        self.id.as_ref()
    }

    /// The same tokens with the refresh token that stays good where no new one was given
    /// (RFC 6749 §6).
    pub(crate) fn or_refreshed_by(mut self, former: &Secret) -> Self {
        self.refresh.get_or_insert_with(|| former.clone());
        self
    }
}

/// Without the tokens.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("access", &self.access)
            .field("refresh", &self.refresh)
            .field("id", &self.id)
            .finish()
    }
}

/// Judges the answer of a token endpoint. `bound` says whether a proof of a key went with the
/// request: then the token may be bound to it, and else it must not be (RFC 9449 §5: a server that
/// does not know proofs answers with a bearer token).
pub(crate) fn process(
    response: &Response<Vec<u8>>,
    url: &str,
    bound: bool,
    now: i64,
) -> Result<Tokens, Error> {
    let answer = access_response(response, url)?;
    let access = access(&answer, bound, now).map_err(|fault| Error::answer(url, fault))?;
    let secret = |text: Option<&str>| text.map(Secret::new);
    Ok(Tokens {
        access,
        refresh: secret(answer.refresh_token.as_deref()),
        id: secret(answer.id_token.as_deref()),
    })
}

/// The success with an access token in it.
pub(crate) fn access_response<'a>(
    response: &'a Response<Vec<u8>>,
    url: &str,
) -> Result<AccessTokenResponse<'a>, Error> {
    if !response.status().is_success() {
        return Err(refusal(response, url));
    }
    match TokenResponse::parse(response.body()) {
        Ok(TokenResponse::AccessToken(answer)) => Ok(answer),
        Ok(TokenResponse::IdToken(_)) => Err(Error::answer(url, NotATokenResponse::NoToken)),
        Err(fault) => Err(Error::answer(url, fault)),
    }
}

/// The access token of an answer.
pub(crate) fn access(
    answer: &AccessTokenResponse<'_>,
    bound: bool,
    now: i64,
) -> Result<Token, NotATokenResponse> {
    let token = Token::access(&answer.access_token, answer.expires_in, now);
    let token = match answer.token_type {
        TokenType::Bearer => token,
        TokenType::Dpop if bound => token.and_then(Token::bound),
        TokenType::Dpop | TokenType::NotApplicable => return Err(NotATokenResponse::OtherType),
    };
    let token = token.ok_or(NotATokenResponse::NoToken)?;
    Ok(token.with_scope(answer.scope.as_deref()))
}
