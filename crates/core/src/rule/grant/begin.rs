//! What an app holds from now on: the end of every grant in which a person let it in, by a code in the
//! browser or by a device.
//!
//! How long it holds is the client's own (`lifetimes`); an app that may not refresh holds it for one access
//! token. The authorization and its entry in the audit log are written together.

use carnet_wire::authorization_details::AuthorizationDetails;
use carnet_wire::scope::Scope;
use serde_json::json;

use crate::record::AuditDraft;
use crate::record::Authorization;
use crate::record::Binding;
use crate::record::Client;
use crate::record::GrantType;
use crate::record::Obtained;
use crate::record::Outcome;
use crate::record::User;
use crate::rule::admin::Context;
use crate::rule::authorization;
use crate::rule::grant::access::Access;
use crate::rule::grant::refresh_token::RefreshToken;
use crate::rule::signing::LONGEST_SEALED;
use crate::store::Change;
use crate::store::Record;
use crate::value::ApiIdentifier;
use crate::value::AuthorizationId;
use crate::value::SessionId;
use crate::value::UnixTime;

/// A yes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Granted {
    /// The authorization as it is once the changes are made.
    pub authorization: Authorization,
    /// Whose it is.
    pub user: User,
    /// What the access token is good for.
    pub access: Access,
    /// The refresh token, if the client may use one.
    pub refresh: Option<RefreshToken>,
    /// What the ID token repeats.
    pub nonce: Option<Box<str>>,
}

/// What a person let an app have.
#[derive(Clone, Debug)]
pub(super) struct Allowed<'a> {
    /// The id of the authorization that this becomes.
    pub id: AuthorizationId,
    /// Which scopes.
    pub scope: &'a Scope,
    /// Which things in detail (RFC 9396).
    pub details: Option<&'a AuthorizationDetails>,
    /// Of which APIs.
    pub audience: &'a [ApiIdentifier],
    /// In which way.
    pub obtained: Obtained,
    /// When the person had proved who they are.
    pub authenticated: UnixTime,
    /// The session that it hangs on, if it does.
    pub session: Option<SessionId>,
    /// What the ID token repeats.
    pub nonce: Option<&'a str>,
    /// The key that what it gives stays bound to.
    pub binding: Option<Binding>,
}

/// The authorization that begins, and what is written for it.
pub(super) fn begin(
    allowed: &Allowed<'_>,
    client: &Client,
    (user, access): (User, Access),
    context: &Context<'_>,
) -> (Granted, [Change; 2]) {
    let now = context.now;
    // RFC 6749 section 4.2.2, RFC 7521 section 4.1: there is a new answer or assertion where there was one.
    let once = matches!(allowed.obtained, Obtained::Implicit | Obtained::Assertion);
    let refreshes = client.grants.contains(&GrantType::RefreshToken) && !once;
    let lives = client.lifetimes;
    let (idle, absolute) = if refreshes {
        (lives.refresh_idle, lives.refresh_absolute)
    } else {
        (lives.access_token, lives.access_token)
    };
    let authorization = Authorization {
        id: allowed.id,
        client: client.id.clone(),
        user: user.id.clone(),
        scope: allowed.scope.clone(),
        details: allowed.details.cloned(),
        audience: allowed.audience.to_vec(),
        obtained: allowed.obtained,
        authenticated: allowed.authenticated,
        session: allowed.session,
        binding: allowed.binding.clone(),
        created: now,
        ends: now + absolute.min(LONGEST_SEALED),
        idle,
        generation: 0,
        rotated: now,
        ended: None,
    };
    let changes = [
        Change::Insert(Record::Authorization(authorization.clone())),
        Change::Audited(entry(&authorization, context)),
    ];
    let granted = Granted {
        refresh: refreshes.then_some(RefreshToken {
            authorization: authorization.id,
            generation: 0,
        }),
        nonce: allowed.nonce.map(Into::into),
        authorization,
        user,
        access,
    };
    (granted, changes)
}

fn entry(authorization: &Authorization, context: &Context<'_>) -> AuditDraft {
    let detail = json!({
        "client_id": authorization.client,
        "scope": authorization.scope.as_str(),
        "until": authorization.ends,
        "offline": authorization::offline(authorization),
    });
    AuditDraft {
        at: context.now,
        actor: format!("user:{}", authorization.user),
        action: "authorization.begin".to_owned(),
        target: authorization.id.to_string(),
        outcome: Outcome::Done,
        address: context.address.to_owned(),
        trace: context.trace.to_owned(),
        detail: detail.to_string(),
    }
}
