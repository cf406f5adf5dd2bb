//! From what a binding says to who that is, and back.
//!
//! 1. An address becomes the id of whoever has it now. Somebody who is not there cannot be bound: whoever had
//!    the address next would be.
//! 2. Back, whoever is still there is named by their address of now. Who is gone is `deleted:…?uid=ID`, as
//!    Google names them; that text is taken again, so that a policy can be written back as it was read.

use crate::record::AccountState;
use crate::store::Fault;
use crate::store::Store;
use crate::value::Member;
use crate::value::MemberName;

/// What stands for the address of somebody of whom nothing is left.
const UNKNOWN: &str = "unknown";

/// Nobody has this address.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("There is no {0}")]
pub struct NobodyThere(pub String);

/// Who that is.
pub async fn resolve(
    name: &MemberName,
    store: &dyn Store,
) -> Result<Result<Member, NobodyThere>, Fault> {
    let found = match name {
        MemberName::ServiceAccount(email) => {
            let found = store.service_account_by_email(email).await?;
            let there = found.filter(|one| !matches!(one.state, AccountState::Deleted { .. }));
            there.map(|account| Member::ServiceAccount(account.unique_id))
        }
        MemberName::User(email) => {
            let found = store.user_by_email(email).await?;
            found.map(|user| Member::User(user.id))
        }
        MemberName::Group(email) => {
            let found = store.group_by_email(email).await?;
            found.map(|group| Member::Group(group.id))
        }
        MemberName::Itself(member) | MemberName::Deleted { member, .. } => Some(member.clone()),
    };
    Ok(found.ok_or_else(|| NobodyThere(name.to_string())))
}

/// What they are called.
pub async fn name(member: &Member, store: &dyn Store) -> Result<MemberName, Fault> {
    let deleted = |email: Option<String>| MemberName::Deleted {
        member: member.clone(),
        email: email.unwrap_or_else(|| UNKNOWN.to_owned()),
    };
    Ok(match member {
        Member::ServiceAccount(id) => match store.service_account(id).await? {
            Some(account) if !matches!(account.state, AccountState::Deleted { .. }) => {
                MemberName::ServiceAccount(account.email)
            }
            gone => deleted(gone.map(|account| account.email.to_string())),
        },
        Member::User(id) => match store.user(id).await? {
            Some(user) => MemberName::User(user.email),
            None => deleted(None),
        },
        Member::Group(id) => match store.group(*id).await? {
            Some(group) => MemberName::Group(group.email),
            None => deleted(None),
        },
        Member::Domain(_) | Member::Pool(..) => MemberName::Itself(member.clone()),
    })
}
