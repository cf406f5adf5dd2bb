//! What the dry run of a trusted issuer found, as the admin API shows it.

use carnet_core::rule::grant::trusted_issuer::dry_run;
use carnet_core::rule::grant::trusted_issuer::dry_run::Found;
use carnet_core::rule::grant::trusted_issuer::dry_run::Whose;
use serde::Deserialize;
use serde::Serialize;
use utoipa::ToSchema;

use super::check_step::CheckStep;

/// An assertion to be checked.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CheckAssertion {
    /// The token, as it would be the `assertion`. It is neither kept nor logged, and can be used afterwards.
    #[schema(min_length = 1, max_length = 65536)]
    pub token: String,
    /// The scope that would be asked for beside it. Absent: none.
    #[schema(max_length = 8192)]
    pub scope: Option<String>,
    /// The client that would bring it. Absent: the first that the trust names, if it names any.
    #[schema(max_length = 64)]
    pub client: Option<String>,
}

/// Whether an assertion would buy a token, step by step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IssuerCheck {
    /// Whether it would.
    pub accepted: bool,
    /// Every step, in the order in which they are taken: `trust`, `token`, `issuer`, `keys`, `signature`, `audience`, `times`,
    /// `possession` where it is bound to a key, `subject`, `jti`, `client`, `scope`, `account` or `user`, `grant`.
    pub steps: Vec<CheckStep>,
    /// What it would buy, if it came in. Absent where it would buy nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<GivenShown>,
}

/// What an assertion would buy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GivenShown {
    /// The number of the service account whose token it would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub account: Option<String>,
    /// The id of the user whose token it would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub user: Option<String>,
    /// The e-mail of either.
    pub email: String,
    /// The scopes of the token.
    pub scopes: Vec<String>,
    /// The APIs that it would be for.
    pub audience: Vec<String>,
}

impl IssuerCheck {
    /// As it is shown.
    pub(crate) fn of(found: Found) -> Self {
        Self {
            accepted: found.is_accepted(),
            steps: found.steps.into_iter().map(CheckStep::of).collect(),
            given: found.given.map(GivenShown::of),
        }
    }
}

impl GivenShown {
    fn of(given: dry_run::Given) -> Self {
        let (account, user, email) = match given.subject {
            Whose::Account(id, email) => (Some(id.to_string()), None, email),
            Whose::User(id, email) => (None, Some(id.to_string()), email.to_string()),
        };
        Self {
            account,
            user,
            email,
            scopes: given.scope.iter().map(str::to_owned).collect(),
            audience: given.audience,
        }
    }
}
