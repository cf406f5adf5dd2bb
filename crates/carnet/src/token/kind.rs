//! What a token is, by its looks alone.

use carnet_jose::jwt::{self, is_typ};
use carnet_jose::{Limits, Prefixed, Unverified};
use serde_json::{Map, Value};

/// What it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// An access token as of RFC 9068.
    AccessToken,
    /// An ID token.
    IdToken,
    /// What a service account signs to get a token (RFC 7523).
    Assertion,
    /// What a service account signs to call an API without getting a token.
    SelfSigned,
    /// Another JWT.
    Jwt,
    /// A sealed or random token of ours, with a checksum.
    Opaque(Prefixed),
    /// One of ours that was cut off or mistyped: the checksum is wrong.
    Damaged(Prefixed),
    /// One of Google's.
    Google,
    /// Not known here.
    Unknown,
}

impl Kind {
    /// What it looks like.
    pub(super) fn of(text: &str) -> Self {
        if let Some(kind) = Prefixed::ALL
            .into_iter()
            .find(|kind| text.starts_with(kind.prefix()))
        {
            return if kind.decode(text).is_ok() {
                Self::Opaque(kind)
            } else {
                Self::Damaged(kind)
            };
        }
        if text.starts_with("ya29.") || text.starts_with("1//") {
            return Self::Google;
        }
        let Ok(jwt) = Unverified::parse(text, Limits::LENIENT) else {
            // Taken apart by eye: three segments are meant to be a JWT.
            return if text.matches('.').count() == 2 {
                Self::Jwt
            } else {
                Self::Unknown
            };
        };
        if jwt
            .header()
            .typ
            .as_deref()
            .is_some_and(|typ| is_typ(typ, jwt::TYP_ACCESS_TOKEN))
        {
            return Self::AccessToken;
        }
        let claims: Map<String, Value> =
            serde_json::from_slice(jwt.claims_unverified_for_lookup()).unwrap_or_default();
        Self::of_claims(&claims)
    }

    fn of_claims(claims: &Map<String, Value>) -> Self {
        let text = |name| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        let iss = text("iss");
        let by_account =
            iss.contains('@') || (!iss.is_empty() && iss.bytes().all(|byte| byte.is_ascii_digit()));
        let own = text("sub") == iss && !text("aud").ends_with("/token");
        let asks = ["scope", "target_audience", "scopes"]
            .iter()
            .any(|name| claims.contains_key(*name));
        let to_endpoint = text("aud").ends_with("/token");
        if by_account && (to_endpoint || (asks && !own)) {
            Self::Assertion
        } else if by_account && own {
            Self::SelfSigned
        } else if !by_account
            && claims.contains_key("aud")
            && claims.contains_key("sub")
            && iss.starts_with("http")
        {
            Self::IdToken
        } else if asks {
            Self::Assertion
        } else {
            Self::Jwt
        }
    }

    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::AccessToken => "access token (at+jwt)",
            Self::IdToken => "ID token",
            Self::Assertion => "assertion of a service account",
            Self::SelfSigned => "self-signed token of a service account",
            Self::Jwt => "JWT",
            Self::Opaque(Prefixed::AccessToken) => "opaque access token",
            Self::Opaque(Prefixed::ClientSecret) => "client secret",
            Self::Opaque(Prefixed::RefreshToken) => "refresh token",
            Self::Opaque(Prefixed::AuthorizationCode) => "authorization code",
            Self::Opaque(Prefixed::DeviceCode) => "device code",
            Self::Opaque(Prefixed::PersonalAccessToken) => "personal access token",
            Self::Opaque(Prefixed::Session) => "secret of a session",
            Self::Opaque(Prefixed::InitialAccess) => "initial access token",
            Self::Opaque(Prefixed::RegistrationAccess) => "registration access token",
            Self::Opaque(Prefixed::PushedRequest) => "reference of a pushed request",
            Self::Damaged(_) => "token of Carnet, cut off or mistyped",
            Self::Google => "token of Google",
            Self::Unknown => "nothing that is known here",
        }
    }
}

#[cfg(test)]
mod tests {
    use carnet_jose::{Prefixed, base64url};
    use serde_json::json;

    use super::Kind;

    fn jwt(header: &serde_json::Value, claims: &serde_json::Value) -> String {
        let part = |value: &serde_json::Value| base64url::encode(value.to_string().as_bytes());
        format!(
            "{}.{}.{}",
            part(header),
            part(claims),
            base64url::encode([0; 256])
        )
    }

    #[test]
    fn a_token_is_known_by_its_looks() {
        let plain = json!({"alg": "RS256", "typ": "JWT"});
        let account = "a@p.iam.gserviceaccount.com";
        let cases = [
            (
                jwt(
                    &json!({"alg": "ES256", "typ": "at+jwt"}),
                    &json!({"iss": "https://a"}),
                ),
                Kind::AccessToken,
            ),
            (
                jwt(&plain, &json!({"iss": "https://a", "sub": "1", "aud": "x"})),
                Kind::IdToken,
            ),
            (
                jwt(
                    &plain,
                    &json!({"iss": account, "scope": "x", "aud": "https://a/token"}),
                ),
                Kind::Assertion,
            ),
            (
                jwt(
                    &plain,
                    &json!({"iss": account, "sub": account, "aud": "https://api/"}),
                ),
                Kind::SelfSigned,
            ),
            (jwt(&plain, &json!({"x": 1})), Kind::Jwt),
            ("ya29.abc".to_owned(), Kind::Google),
            ("hello".to_owned(), Kind::Unknown),
        ];
        for (text, kind) in cases {
            assert_eq!(Kind::of(&text), kind, "{text}");
        }
        let ours = Prefixed::AccessToken.encode(&[7; 40]);
        assert_eq!(Kind::of(&ours), Kind::Opaque(Prefixed::AccessToken));
        assert_eq!(
            Kind::of(&ours[..ours.len() - 1]),
            Kind::Damaged(Prefixed::AccessToken)
        );
    }
}
