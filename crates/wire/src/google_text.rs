//! Google's own sentences, word for word.
//!
//! google-wire 2.4 and the seed's table of JWT error codes. Libraries, scripts and search engines
//! match on these texts, so they stand first in `error_description`, before our code and the
//! measured cause. They are the texts of the wire, not of the documentation: the double quote is
//! not legal there (RFC 6749 §5.2), which is why one of them says `&quot;`.

/// Before the value of a missing or unknown `grant_type`.
pub const INVALID_GRANT_TYPE: &str = "Invalid grant_type: ";

/// The request is not a request: an assertion is missing, or is not a JWT.
pub const BAD_REQUEST: &str = "Bad Request";

/// The signature does not hold, or the key is deleted, disabled or expired.
pub const INVALID_SIGNATURE: &str = "Invalid JWT Signature.";

/// `iss` is missing. Google says it also where `iss` names no account; we do not, as it would tell
/// who exists (ux 4.2).
pub const ACCOUNT_NOT_FOUND: &str = "Invalid grant: account not found";

/// `iss` has not the form of a service account's name.
pub const NOT_A_SERVICE_ACCOUNT: &str = "Invalid issuer: Not a service account";

/// A service identity's token is not about itself. Of these no text was recorded, so it is ours.
pub const NOT_FOR_ITSELF: &str = "Invalid JWT: sub is not iss.";

/// `iat` is not there.
pub const IAT_NOT_SET: &str = "Invalid JWT: iat (issued at) is not set.";

/// `exp` is not there.
pub const EXP_NOT_SET: &str = "Invalid JWT: exp (expiration time) is not set.";

/// The window between `iat` and `exp` is too long, or is not now.
pub const SHORT_LIVED: &str = "Invalid JWT: Token must be a short-lived token (60 minutes) and in \
     a reasonable timeframe. Check your iat and exp values and use a clock with skew to account \
     for clock differences between systems.";

/// No scope, an unknown one, or a bad `target_audience`.
pub const INVALID_SCOPE: &str = "Invalid OAuth scope or ID token audience provided.";

/// `aud` is not us.
pub const FAILED_AUDIENCE: &str = "Invalid JWT: Failed audience check.";

/// `sub` names no user.
pub const NOT_A_VALID_EMAIL: &str = "Not a valid email.";

/// Before the value of a `sub` that is not an e-mail address.
pub const INVALID_SUB: &str = "Invalid impersonation &quot;sub&quot; field: ";

/// The account has no delegation in the domain of the user.
pub const UNAUTHORIZED_CLIENT_OR_SCOPE: &str = "Unauthorized client or scope in request.";

/// The delegation was made for something else, or for none of these scopes.
pub const UNAUTHORIZED_METHOD: &str = "Client is unauthorized to retrieve access tokens using this \
     method, or client not authorized for any of the scopes requested.";

/// The delegation does not cover all of it.
pub const NOT_AUTHORIZED: &str = "Requested client not authorized.";

/// The user is suspended (google-wire 9.3).
pub const ACCOUNT_RESTRICTED: &str = "Account restricted";

/// The client's project serves only users of its organization.
pub const ORG_INTERNAL: &str = "This client is restricted to users within its organization.";

/// Client authentication failed.
pub const UNAUTHORIZED: &str = "Unauthorized";

/// The service account is disabled.
pub const CLIENT_DISABLED: &str = "The OAuth client was disabled.";

/// The service account is deleted.
pub const CLIENT_DELETED: &str = "The OAuth client was deleted.";

/// A token that tokeninfo or revoke cannot read (google-wire 4.2, 4.3).
pub const INVALID_VALUE: &str = "Invalid Value";

/// A token that userinfo does not take (google-wire 4.4).
pub const INVALID_CREDENTIALS: &str = "Invalid Credentials";

/// A token that revoke could read, but that is over (google-wire 4.3).
pub const EXPIRED_OR_REVOKED: &str = "Token expired or revoked";

/// The audience is not a provider's name (google-wire 6.1).
pub const STS_AUDIENCE: &str = "Invalid value for &quot;audience&quot;. This value should be the full \
     resource name of the Identity Provider. See \
     https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible \
     formats.";

/// There is no such provider, or it is off (google-wire 6.1).
pub const STS_TARGET: &str = "The target service indicated by the &quot;audience&quot; parameters is \
     invalid. This might either be because the pool or provider is disabled or deleted or because it \
     doesn't exist.";

/// The subject token cannot be read (google-wire 6.1).
pub const STS_MALFORMED: &str = "Unable to parse the ID Token.";

/// `iss` is not the provider's issuer (google-wire 6.1).
pub const STS_ISSUER: &str = "The issuer in ID Token does not match the expected ones.";

/// `aud` is not the provider (google-wire 6.1).
pub const STS_AUDIENCE_MISMATCH: &str =
    "The audience in ID Token does not match the expected audience.";

/// The subject token is over (google-wire 6.1).
pub const STS_STALE: &str = "ID Token is stale to sign-in.";

/// The issuer's keys cannot be had (google-wire 6.1).
pub const STS_ISSUER_UNREACHABLE: &str = "Error connecting to the given credential's issuer.";

/// The signature does not hold (google-wire 6.1).
pub const STS_SIGNATURE: &str = "Unable to verify the ID Token signature.";

/// The condition is not met (google-wire 6.1).
pub const STS_CONDITION: &str = "The given credential is rejected by the attribute condition.";

/// The mapping gives nothing that can be used (google-wire 6.1).
pub const STS_MAPPING: &str = "The mapped attributes of the given credential cannot be used.";

#[cfg(test)]
mod tests;
