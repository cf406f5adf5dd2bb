//! Users and groups by id or e-mail.

use std::str::FromStr;

use carnet_core::record::{Group, User};
use carnet_core::store::{Fault, Store};
use carnet_core::value::{Email, GroupId, UserId};

/// A user by id or e-mail.
pub(crate) async fn user(store: &dyn Store, text: &str) -> Result<Option<User>, Fault> {
    if let Ok(id) = UserId::from_str(text) {
        store.user(&id).await
    } else if let Ok(email) = Email::from_str(text) {
        store.user_by_email(&email).await
    } else {
        Ok(None)
    }
}

/// A group by id or e-mail.
pub(crate) async fn group(store: &dyn Store, text: &str) -> Result<Option<Group>, Fault> {
    if let Ok(id) = GroupId::from_str(text) {
        store.group(id).await
    } else if let Ok(email) = Email::from_str(text) {
        store.group_by_email(&email).await
    } else {
        Ok(None)
    }
}
