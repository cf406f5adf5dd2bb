//! `projects/{project}/serviceAccounts`: accounts, and who may use them.

use axum::http::Method;
use carnet_core::record::AccountState;
use carnet_core::record::Holder;
use carnet_core::record::ServiceAccount;
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::role::OwnersLeft;
use carnet_core::rule::admin::service_account as rule;
use carnet_core::rule::admin::service_account::AccountPatch;
use carnet_core::rule::admin::service_account::NewAccount;
use carnet_core::rule::iam::Permission;
use carnet_core::value::ServiceAccountEmail;
use carnet_wire::google::iam_admin as wire;
use carnet_wire::google::iam_admin::Given;
use carnet_wire::google::iam_admin::Mask;

use super::Answered;
use super::Named;
use super::account::etag;
use super::account::name;
use super::account::there;
use super::call::Call;
use super::halt::Halt;
use super::halt::wrong;
use super::policies;
use crate::entropy::SystemEntropy;
use crate::standing::Leaving;
use crate::standing::owners_left;

/// How many accounts a page has, unless asked otherwise and at most.
const PAGE: (u16, u16) = (20, 100);

/// What can be written of an account.
const WRITABLE: [&str; 2] = ["displayName", "description"];

/// Answers what this noun has.
pub(super) async fn answer(call: &Call<'_>, asked: Named<'_>) -> Option<Answered> {
    let (method, &["v1", "projects", project, "serviceAccounts", ref rest @ ..], word) = asked
    else {
        return None;
    };
    let account = match rest {
        [] => {
            return match (method, word) {
                (&Method::GET, "") => Some(list(call, project).await),
                (&Method::POST, "") => Some(create(call, project).await),
                _ => None,
            };
        }
        [account] => (project, *account),
        _ => return None,
    };
    Some(match (method, word) {
        (&Method::GET, "") => get(call, account).await,
        (&Method::PATCH, "") => patch(call, account).await,
        (&Method::PUT, "") => put(call, account).await,
        (&Method::DELETE, "") => delete(call, account).await,
        (&Method::POST, "enable") => enable(call, account).await,
        (&Method::POST, "disable") => disable(call, account).await,
        (&Method::POST, "undelete") => undelete(call, account).await,
        (&Method::POST, "getIamPolicy") => policies::get(call, account).await,
        (&Method::POST, "setIamPolicy") => policies::set(call, account).await,
        (&Method::POST, "testIamPermissions") => policies::test(call, account).await,
        _ => return None,
    })
}

async fn list(call: &Call<'_>, project: &str) -> Answered {
    let needed = (Permission::List.name(), Right::Read);
    let project = call.project(project, needed).await?;
    let list = format!("{}/serviceAccounts", project.id);
    let page = call.page(&list, PAGE)?;
    let listing = call.store().service_accounts(&project.id, &page).await?;
    let next_page_token = call.next(&list, &listing);
    let there = listing.items.iter().filter(|one| !rule::is_deleted(one));
    Ok(wire::print(&wire::AccountList {
        accounts: there.map(shown).collect(),
        next_page_token,
    }))
}

async fn create(call: &Call<'_>, project: &str) -> Answered {
    let needed = (Permission::Create.name(), Right::Write);
    let project = call.project(project, needed).await?;
    let body: wire::CreateAccount = call.read()?;
    let account_id = body.account_id.unwrap_or_default();
    let account_id = account_id
        .parse()
        .map_err(|why| wrong("account_id", format!("It is {why}.")))?;
    let given = body.service_account.unwrap_or_default();
    let patch = given.read(&Mask::parse(None, &WRITABLE)?)?;
    let email = ServiceAccountEmail::of(&account_id, &project.id);
    let held = call.store().service_account_by_email(&email).await?;
    if held.as_ref().is_some_and(|held| !rule::is_deleted(held)) {
        let of = &project.id;
        let message =
            format!("Service account {account_id} already exists within project projects/{of}.");
        return Err(carnet_core::rule::admin::No::taken(message).into());
    }
    let new = NewAccount {
        account_id,
        title: patch.title.map_or_else(|| "".parse(), Ok).map_err(text)?,
        description: patch
            .description
            .map_or_else(|| "".parse(), Ok)
            .map_err(text)?,
    };
    let context = call.context();
    let done = rule::create(new, &project, held.as_ref(), &context, &mut SystemEntropy)?;
    Ok(wire::print(&shown(&call.commit(done).await?)))
}

fn text(why: carnet_core::value::NotAText) -> Halt {
    wrong("service_account", format!("It is {why}."))
}

async fn get(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = there(call, named, Permission::Get).await?;
    Ok(wire::print(&shown(&account)))
}

async fn patch(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let body: wire::PatchAccount = call.read()?;
    let mask = body.update_mask.as_deref();
    let mask = Mask::parse(mask.or_else(|| call.query.one("updateMask")), &WRITABLE)?;
    written(call, named, body.service_account.unwrap_or_default(), &mask).await
}

async fn put(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let given: Given = call.read()?;
    written(call, named, given, &Mask::parse(None, &WRITABLE)?).await
}

async fn written(call: &Call<'_>, named: (&str, &str), given: Given, mask: &Mask) -> Answered {
    let (account, _) = there(call, named, Permission::Update).await?;
    let seen = given.etag.as_deref().filter(|etag| !etag.is_empty());
    if seen.is_some_and(|seen| seen != etag(account.version)) {
        let detail = "The account was changed after you had read it: read it again.";
        let crn = carnet_wire::crn::Crn::ETAG_MISMATCH;
        return Err(carnet_core::rule::admin::No::new(crn, detail).into());
    }
    let done = rule::update(account, given.read(mask)?, &call.context())?;
    Ok(wire::print(&shown(&call.commit(done).await?)))
}

async fn enable(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = there(call, named, Permission::Enable).await?;
    call.covered(&account).await?;
    let done = rule::enable(account, &call.context())?;
    call.commit(done).await?;
    Ok(b"{}".to_vec())
}

async fn disable(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, left) = leaving(call, named, Permission::Disable).await?;
    let reason = "".parse().map_err(text)?;
    let done = rule::disable(account, reason, &call.context())?;
    call.commit(left.guard(done)?).await?;
    Ok(b"{}".to_vec())
}

async fn delete(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, left) = leaving(call, named, Permission::Delete).await?;
    let done = rule::delete(account, &call.context())?;
    call.commit(left.guard(done)?).await?;
    Ok(b"{}".to_vec())
}

async fn undelete(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = call.account(named, Permission::Undelete).await?;
    call.covered(&account).await?;
    let held = call
        .store()
        .service_account_by_email(&account.email)
        .await?;
    let done = rule::undelete(account, held.as_ref(), &call.context())?;
    let restored_account = shown(&call.commit(done).await?);
    Ok(wire::print(&wire::Restored { restored_account }))
}

/// The account that is about to be taken out of service, if the installation can do without it.
async fn leaving(
    call: &Call<'_>,
    named: (&str, &str),
    permission: Permission,
) -> Result<(ServiceAccount, OwnersLeft), Halt> {
    let (account, _) = there(call, named, permission).await?;
    call.covered(&account).await?;
    let holder = Holder::ServiceAccount(account.unique_id.clone());
    let left = owners_left(call.store(), Leaving::Holder(&holder)).await?;
    left.suffice()?;
    Ok((account, left))
}

/// What a request says, as values.
trait Read {
    fn read(self, mask: &Mask) -> Result<AccountPatch, Halt>;
}

impl Read for Given {
    fn read(self, mask: &Mask) -> Result<AccountPatch, Halt> {
        let title = mask.of("displayName", self.display_name);
        let title = title.map(|text| text.parse()).transpose();
        let description = mask.of("description", self.description);
        let description = description.map(|text| text.parse()).transpose();
        Ok(AccountPatch {
            title: title
                .map_err(|why| wrong("service_account/display_name", format!("It is {why}.")))?,
            description: description
                .map_err(|why| wrong("service_account/description", format!("It is {why}.")))?,
        })
    }
}

/// An account, as it is shown.
fn shown(account: &ServiceAccount) -> wire::ServiceAccount {
    wire::ServiceAccount {
        name: name(account),
        project_id: account.project.to_string(),
        unique_id: account.unique_id.to_string(),
        email: account.email.to_string(),
        display_name: account.title.to_string(),
        etag: etag(account.version),
        description: account.description.to_string(),
        oauth2_client_id: account.unique_id.to_string(),
        disabled: matches!(account.state, AccountState::Disabled { .. }),
    }
}
