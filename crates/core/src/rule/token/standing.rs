//! Whether an access token of ours still stands: asked by introspection, by the admin API and by
//! every endpoint of ours that takes a token.
//!
//! A token stands while it has not expired, was not revoked, and everything it hangs on stands:
//! the account and its project, and, where it acts for somebody, the delegation and the person.
//! The state is that of this moment, so disabling an account stops its tokens at once and enabling
//! it brings them back (google-wire 5.3).

use std::sync::Arc;

use carnet_wire::scope::Scope;

use crate::rule::delegation;
use crate::rule::grant::jwt_bearer;
use crate::rule::token::AccessClaims;
use crate::store::AccountSnapshot;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::Email;
use crate::value::UniqueId;
use crate::value::UnixTime;

/// What a token hangs on.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    account: Option<Arc<AccountSnapshot>>,
    project: Option<Arc<ProjectSnapshot>>,
    delegation: Option<delegation::Facts>,
}

/// Reads the facts.
pub async fn load(claims: &AccessClaims<'_>, snapshots: &dyn Snapshots) -> Result<Standing, Fault> {
    let Some(account) = snapshots.account(&claims.client_id).await? else {
        return Ok(Standing::default());
    };
    let project = snapshots.project_facts(&account.account.project).await?;
    let person: Option<Email> = claims.act.as_ref().and_then(|_| claims.email.parse().ok());
    let client: &UniqueId = &account.account.unique_id;
    let delegation = match person {
        Some(email) => Some(delegation::load(email, client, snapshots).await?),
        None => None,
    };
    Ok(Standing {
        account: Some(account),
        project,
        delegation,
    })
}

/// Decides on them.
#[must_use]
pub fn stands(claims: &AccessClaims<'_>, facts: &Standing, revoked: bool, now: UnixTime) -> bool {
    if revoked || claims.exp <= now.0 {
        return false;
    }
    let (Some(account), Some(project)) = (&facts.account, &facts.project) else {
        return false;
    };
    if jwt_bearer::standing(&account.account, &project.project).is_err() {
        return false;
    }
    match (&claims.act, &facts.delegation) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(_), Some(acting)) => {
            let client = &account.account.unique_id;
            let Ok(scope) = Scope::parse(&claims.scope) else {
                return false;
            };
            delegation::decide(acting, client, &project.project, &scope, now)
                .is_ok_and(|person| person.user.id.as_str() == claims.sub)
        }
    }
}
