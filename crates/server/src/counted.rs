//! What the endpoints count, with handles that are found once and not per request.

use std::sync::Arc;

use carnet_core::rule::Refusal;
use carnet_core::rule::token::Issue;
use carnet_wire::token::JWT_BEARER;
use carnet_wire::token::TokenResponse;

use crate::http::metrics::Carnet;
use crate::http::metrics::Counter;
use crate::http::metrics::Registry;

/// Counters of this server.
#[derive(Debug)]
pub struct Counted {
    families: Carnet,
    access_tokens: Arc<Counter>,
    id_tokens: Arc<Counter>,
}

impl Counted {
    /// Counts into this registry.
    #[must_use]
    pub fn into(registry: &Registry) -> Self {
        let families = Carnet::new(registry);
        Self {
            access_tokens: families.tokens_issued.with([JWT_BEARER, "access_token"]),
            id_tokens: families.tokens_issued.with([JWT_BEARER, "id_token"]),
            families,
        }
    }

    /// A token was handed out.
    pub fn issued(&self, issue: &Issue) {
        match issue {
            Issue::Access(_) => self.access_tokens.add_one(),
            Issue::Id(_) => self.id_tokens.add_one(),
        }
    }

    /// A token of an account was handed out to somebody else.
    pub fn impersonated(&self, issue: &Issue) {
        let kind = match issue {
            Issue::Access(_) => "access_token",
            Issue::Id(_) => "id_token",
        };
        self.families
            .tokens_issued
            .with(["impersonation", kind])
            .add_one();
    }

    /// Tokens were handed out for a grant of people's apps. Grants are a closed list.
    pub fn given(&self, grant: &'static str, response: &TokenResponse<'_>) {
        let TokenResponse::AccessToken(given) = response else {
            return;
        };
        let kinds = [
            (true, "access_token"),
            (given.id_token.is_some(), "id_token"),
            (given.refresh_token.is_some(), "refresh_token"),
        ];
        for (_, kind) in kinds.into_iter().filter(|(given, _)| *given) {
            self.families.tokens_issued.with([grant, kind]).add_one();
        }
    }

    /// A token of this kind was handed out in the answer of the authorization endpoint.
    pub fn in_browser(&self, kind: &'static str) {
        self.families
            .tokens_issued
            .with(["implicit", kind])
            .add_one();
    }

    /// The token endpoint refused. Code and cause are of closed lists, so the labels are bounded.
    pub fn refused(&self, refusal: &Refusal) {
        let code = refusal.crn.to_string();
        self.families
            .token_errors
            .with([refusal.error().as_str(), &code])
            .add_one();
    }

    /// A request was turned away unread. The names of limits are a closed list.
    pub fn turned_away(&self, limit: &'static str) {
        self.families.rate_limited.with([limit]).add_one();
    }
}
