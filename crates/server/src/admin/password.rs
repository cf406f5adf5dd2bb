//! `organizations/{organization}/users/{user}/password`: the password of a user, set by an
//! administrator.
//!
//! 1. A password comes in the body, is held against the rules of
//!    [`carnet_core::rule::password`], and is hashed by the pool; nothing else keeps it.
//! 2. A hash of another system is taken from owners of the installation only.
//! 3. What is kept is never given out: only since when, and in which form.

use axum::http::Method;
use axum::http::header::{IF_MATCH, RETRY_AFTER};
use carnet_core::record::{self, Holder};
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::password::{self, NewPassword};
use carnet_core::rule::password::{Demand, fit};
use carnet_wire::crn::Crn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::answer::Answer;
use super::call::Call;
use super::etag::{self, Needed};
use super::problem::Problem;
use super::route::{Route, route};
use super::user;
use crate::password::Busy;
use crate::password::form;
use crate::standing::held;

/// That a user has a password.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Password {
    /// The id of the user.
    pub user: String,
    /// When it was set.
    #[schema(format = DateTime)]
    pub changed: String,
    /// How it is hashed: `argon2id` as here, or as another system did, until the first sign-in.
    #[schema(example = "argon2id")]
    pub form: String,
    /// Its ETag.
    pub etag: String,
}

/// A password for a user: one of the two.
#[derive(Deserialize, ToSchema)]
pub(crate) struct SetPassword {
    /// The password: at least 8 characters and at most 1024 bytes.
    #[serde(default)]
    #[schema(max_length = 1024, format = Password, write_only)]
    password: Option<String>,
    /// A hash that another system made: PHC strings of argon2, scrypt and pbkdf2, bcrypt, Django's,
    /// sha256-crypt and sha512-crypt, LDAP's `{SSHA}`, `$fbscrypt$` of Firebase, the JSON of a
    /// Keycloak credential. Takes an owner of the installation.
    #[serde(default)]
    #[schema(max_length = 4096, format = Password, write_only)]
    password_hash: Option<String>,
}

/// Where passwords answer.
pub(crate) fn routes() -> [Route; 3] {
    const ONE: &str = "organizations/{organization}/users/{user}/password";
    [
        route(
            Method::GET,
            ONE,
            "Shows since when a user has a password, and in which form it is kept.",
            |call| Box::pin(get(call)),
        )
        .gives::<Password>(),
        route(
            Method::PUT,
            ONE,
            "Sets the password of a user, and ends their sessions.",
            |call| Box::pin(set(call)),
        )
        .takes::<SetPassword>()
        .gives::<Password>(),
        route(
            Method::DELETE,
            ONE,
            "Takes the password of a user away, and ends their sessions.",
            |call| Box::pin(remove(call)),
        ),
    ]
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let user = user::found(&call, Right::Read).await?;
    let kept = call.desk.store().password(&user.id).await?;
    let kept = kept.ok_or_else(No::hidden)?;
    let version = kept.version;
    Ok(call.record(&Password::from(&kept), version))
}

async fn set(call: Call) -> Result<Answer, Problem> {
    let (user, kept) = in_hand(&call).await?;
    let body: SetPassword = call.read()?;
    match &kept {
        Some(kept) => call.if_match(kept.version, Needed::No)?,
        // RFC 9110 §13.1.1: no tag is that of something that is not there.
        None if call.headers.contains_key(IF_MATCH) => {
            let detail = "The user has no password.";
            return Err(Problem::new(Crn::ETAG_MISMATCH, detail));
        }
        None => {}
    }
    let password = body.password.map(Zeroizing::new);
    let hash = body.password_hash.map(Zeroizing::new);
    let new = match (password, hash) {
        (Some(password), None) => hashed(&call, &user, password).await?,
        (None, Some(hash)) => user::imported(&call, "/password_hash", &hash)?,
        _ => {
            let detail = "Give either password or password_hash.";
            return Err(No::field("/password", detail).into());
        }
    };
    let done = password::set(&user, kept.as_ref(), new, &call.context())?;
    let now = call.commit(done).await?;
    Ok(Answer::ok(&Password::from(&now)).tagged(now.version))
}

async fn remove(call: Call) -> Result<Answer, Problem> {
    let (user, kept) = in_hand(&call).await?;
    if let Some(kept) = &kept {
        call.if_match(kept.version, Needed::No)?;
    }
    let done = password::remove(&user, kept, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

/// The user, and their password. Whoever sets it could be the user, so must have the user's roles.
async fn in_hand(call: &Call) -> Result<(record::User, Option<record::Password>), Problem> {
    let user = user::found(call, Right::Write).await?;
    let store = call.desk.store();
    let holder = Holder::User(user.id.clone());
    call.caller.powers.cover(&held(store, &holder).await?)?;
    let kept = store.password(&user.id).await?;
    Ok((user, kept))
}

async fn hashed(
    call: &Call,
    user: &record::User,
    password: Zeroizing<String>,
) -> Result<NewPassword, Problem> {
    let parts = &call.desk.parts;
    fit(&password, &user.email, Demand::of(parts.sandbox))
        .map_err(|unfit| No::field("/password", unfit.to_string()))?;
    let hash = parts.passwords.hash(password).await.map_err(busy)?;
    Ok(NewPassword {
        form: form(&hash),
        hash,
        imported: false,
    })
}

fn busy(busy: Busy) -> Problem {
    let detail = format!("Nothing was changed: {busy}.");
    Problem::new(Crn::UNAVAILABLE, detail).with_header(RETRY_AFTER, "1")
}

impl From<&record::Password> for Password {
    fn from(kept: &record::Password) -> Self {
        Self {
            user: kept.user.to_string(),
            changed: kept.changed.rfc3339(),
            form: form(&kept.hash).to_owned(),
            etag: etag::of(kept.version),
        }
    }
}
