//! `whoami`: who the caller is to the admin API.

use axum::http::Method;
use carnet_core::record::{Holder, Role, RoleBinding, Territory};
use carnet_core::rule::admin::access::{Most, name};
use carnet_core::rule::admin::role::territory_text;
use carnet_core::value::UnixTime;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::Answer;
use super::call::Call;
use super::problem::Problem;
use super::route::{Route, route};

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Whoami {
    /// `service_account` or `user`.
    pub kind: &'static str,
    /// The unique id of the account, or the id of the user.
    pub id: String,
    /// The e-mail.
    pub email: String,
    /// The account that acts for the subject, where one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// The scope of the token.
    pub scope: String,
    /// Until when the token lives.
    #[schema(format = DateTime)]
    pub expires: String,
    /// The roles. Where an account acts for somebody, only what both may do is allowed.
    pub roles: Vec<HeldRole>,
    /// Where somebody became the account by a binding: the roles count in all of these together and nowhere else. They
    /// are the projects of the accounts on the way, the organizations of people, the territories of pools. Absent where
    /// nobody did.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["projects/billing"]))]
    pub within: Vec<String>,
    /// As what the roles count at most, where somebody became the account: `admin`, or `nothing` where a key that the
    /// server holds for the account signed for them (`signJwt`). Absent where they count as they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "admin")]
    pub at_most: Option<&'static str>,
}

/// The account that acts for the subject.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Actor {
    /// Its unique id.
    pub id: String,
    /// Its e-mail.
    pub email: String,
    /// Its roles.
    pub roles: Vec<HeldRole>,
}

/// A role, and where it holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HeldRole {
    /// `owner`, `admin`, `auditor` or `viewer`.
    pub role: &'static str,
    /// `installation`, `organizations/ID` or `projects/ID`.
    #[schema(example = "projects/billing")]
    pub territory: String,
}

/// Where it answers.
pub(crate) fn routes() -> [Route; 1] {
    [route(
        Method::GET,
        "whoami",
        "Says who you are, and your roles.",
        |call| Box::pin(async move { whoami(&call).await }),
    )
    .gives::<Whoami>()]
}

async fn whoami(call: &Call) -> Result<Answer, Problem> {
    let claims = &call.caller.claims;
    let (kind, id) = match &call.caller.holder {
        Holder::ServiceAccount(id) => ("service_account", id.to_string()),
        Holder::User(id) => ("user", id.to_string()),
    };
    let actor = claims.act.as_ref().map(|actor| Actor {
        id: actor.sub.to_string(),
        email: actor.email.as_deref().unwrap_or_default().to_owned(),
        roles: roles(call.caller.powers.actor.as_deref().unwrap_or_default()),
    });
    let email = match (&claims.email, &call.caller.holder) {
        (Some(email), _) => email.to_string(),
        // The scope does not tell the client; whoever administers this server may know who they are.
        (None, Holder::User(id)) => {
            let user = call.desk.parts.snapshots.user(id).await?;
            user.map_or_else(String::new, |user| user.email.to_string())
        }
        (None, Holder::ServiceAccount(_)) => String::new(),
    };
    Ok(Answer::ok(&Whoami {
        kind,
        id,
        email,
        actor,
        scope: claims.scope.to_string(),
        expires: UnixTime(claims.exp).rfc3339(),
        roles: roles(&call.caller.powers.subject),
        within: within(&call.caller.powers.reach.within),
        at_most: match call.caller.powers.reach.most {
            Most::AsHeld => None,
            Most::Admin => Some(name(Role::Admin)),
            Most::Nothing => Some("nothing"),
        },
    }))
}

/// Each once: a chain may have come through one pool, or two of one project.
fn within(territories: &[Territory]) -> Vec<String> {
    let mut told: Vec<_> = territories.iter().map(territory_text).collect();
    told.sort_unstable();
    told.dedup();
    told
}

fn roles(bindings: &[RoleBinding]) -> Vec<HeldRole> {
    let held = bindings.iter().map(|binding| HeldRole {
        role: name(binding.role),
        territory: territory_text(&binding.territory),
    });
    held.collect()
}
