//! What a refusal must say, by the seed's table.

/// Google's sentence, and our code behind it.
pub struct Expected {
    pub error: &'static str,
    pub sentence: &'static str,
    pub crn: u16,
}

const fn row(error: &'static str, sentence: &'static str, crn: u16) -> Expected {
    Expected {
        error,
        sentence,
        crn,
    }
}

const INVALID_SIGNATURE: &str = "Invalid JWT Signature.";
const INVALID_SCOPE: &str = "Invalid OAuth scope or ID token audience provided.";
const NOT_A_VALID_EMAIL: &str = "Not a valid email.";
const UNAUTHORIZED_CLIENT: &str = "Unauthorized client or scope in request.";
const UNAUTHORIZED: &str = "Client is unauthorized to retrieve access tokens using this method, or client not \
                            authorized for any of the scopes requested.";

pub const BAD_SIGNATURE: Expected = row("invalid_grant", INVALID_SIGNATURE, 2005);
pub const DISABLED_KEY: Expected = row("invalid_grant", INVALID_SIGNATURE, 2011);
pub const DISABLED_ACCOUNT: Expected =
    row("disabled_client", "The OAuth client was disabled.", 2012);
pub const UNKNOWN_SCOPE: Expected = row("invalid_scope", INVALID_SCOPE, 2217);
pub const EMPTY_SCOPE: Expected = row("invalid_scope", INVALID_SCOPE, 2214);
pub const COMMAS: Expected = row("invalid_scope", INVALID_SCOPE, 2215);
pub const NO_DELEGATION: Expected = row("unauthorized_client", UNAUTHORIZED, 2206);
pub const DELEGATION_FOR_NONE: Expected = row("unauthorized_client", UNAUTHORIZED, 2205);
pub const DELEGATION_FOR_SOME: Expected =
    row("access_denied", "Requested client not authorized.", 2207);
pub const DELEGATED_ELSEWHERE: Expected = row("unauthorized_client", UNAUTHORIZED_CLIENT, 2201);
pub const DELEGATION_ENDED: Expected = row("unauthorized_client", UNAUTHORIZED_CLIENT, 2202);
pub const DELEGATION_SUSPENDED: Expected = row("unauthorized_client", UNAUTHORIZED_CLIENT, 2203);
pub const USER_OUTSIDE: Expected = row("access_denied", "Requested client not authorized.", 2208);
/// Google has no fixed sentence for it.
pub const POLICY: Expected = row("admin_policy_enforced", "", 2301);
pub const ORG_INTERNAL: Expected = row(
    "org_internal",
    "This client is restricted to users within its organization.",
    2304,
);
pub const UNKNOWN_USER: Expected = row("invalid_grant", NOT_A_VALID_EMAIL, 2210);
pub const SUSPENDED_USER: Expected = row("access_denied", "Account restricted", 2211);
pub const WRONG_AUDIENCE: Expected =
    row("invalid_grant", "Invalid JWT: Failed audience check.", 2004);

impl Expected {
    /// Fails unless the refusal is this one.
    #[track_caller]
    pub fn hold(&self, error: &str, description: &str) {
        assert_eq!(error, self.error, "{description}");
        let begin = format!("{} CRN-{}: ", self.sentence, self.crn);
        let begin = begin.trim_start();
        assert!(
            description.starts_with(begin),
            "{description}\nexpected\n{begin}"
        );
    }
}
