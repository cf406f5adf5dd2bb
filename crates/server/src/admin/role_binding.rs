//! `role-bindings`: who may administer what.

use axum::http::Method;
use carnet_core::record::{self, Holder, Territory};
use carnet_core::rule::admin::No;
use carnet_core::rule::admin::access::{Place, Right};
use carnet_core::rule::admin::role::{
    self, NewRole, OwnersLeft, no_such_holder, no_such_territory, territory_text,
};
use carnet_core::rule::admin::service_account::is_deleted;
use carnet_core::store::Listing;
use carnet_core::value::BindingId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Answer, List};
use super::call::Call;
use super::people;
use super::problem::Problem;
use super::route::{Route, route};
use super::territory;
use crate::entropy::SystemEntropy;
use crate::standing::roles;
use crate::standing::{Leaving, owners_left};

/// One role, held by one holder, in one territory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleBinding {
    /// Its id.
    pub id: String,
    /// Who holds it.
    pub holder: RoleHolder,
    /// Which role.
    pub role: Role,
    /// Where it holds: `installation`, `organizations/ID` or `projects/ID`.
    #[schema(example = "projects/billing")]
    pub territory: String,
    /// Since when.
    #[schema(format = DateTime)]
    pub created: String,
}

/// Who holds a role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleHolder {
    /// `service_account` or `user`.
    pub kind: &'static str,
    /// The unique id of the account, or the id of the user.
    pub id: String,
    /// The e-mail.
    pub email: String,
}

/// What may be done. Each role contains those below it.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Manages everything, roles too.
    Owner,
    /// Manages everything but roles.
    Admin,
    /// Reads, and the audit log and traces.
    Auditor,
    /// Reads.
    Viewer,
}

/// A role to be given.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateRoleBinding {
    /// To whom: a service account or user, by id or e-mail; `serviceAccount:` or `user:` may stand
    /// before it.
    #[schema(max_length = 280, example = "user:dana@acme.example")]
    holder: String,
    /// Which role.
    role: Role,
    /// Where: `installation`, `organizations/ID` or `projects/ID`.
    #[schema(max_length = 60, example = "projects/billing")]
    territory: String,
}

/// Where role bindings answer.
pub(crate) fn routes() -> [Route; 4] {
    const ONE: &str = "role-bindings/{binding}";
    [
        route(
            Method::GET,
            "role-bindings",
            "Lists who has which role where, as far as you may see.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<RoleBinding>>()
        .with("holder", "Only the roles of this service account or user, by id or e-mail.")
        .with("territory", "Only the roles in exactly this territory.")
        .paged(),
        route(
            Method::POST,
            "role-bindings",
            "Gives a role. Only an owner of the territory may, and nobody gives more than they have.",
            |call| Box::pin(create(call)),
        )
        .takes::<CreateRoleBinding>()
        .creates::<RoleBinding>(),
        route(Method::GET, ONE, "Shows a role binding.", |call| {
            Box::pin(get(call))
        })
        .gives::<RoleBinding>(),
        route(
            Method::DELETE,
            ONE,
            "Takes a role away. The installation keeps at least one owner who can act.",
            |call| Box::pin(delete(call)),
        ),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let page = call.page()?;
    let store = call.desk.store();
    let of = match call.query.one("holder") {
        None => None,
        Some(text) => match holder(&call, text).await? {
            Some(holder) => Some(holder),
            // Nobody of that name has roles, whether or not there is somebody of that name.
            None => return Ok(call.listed(nothing(), |binding: RoleBinding| binding)),
        },
    };
    let wanted = match call.query.one("territory") {
        None => None,
        Some(text) => Some(parsed(text).ok_or_else(|| No::field("?territory", WHERE))?),
    };
    let listing = store.role_bindings(of.as_ref(), &page).await?;
    let mut items = Vec::new();
    for binding in listing.items {
        if wanted
            .as_ref()
            .is_some_and(|wanted| *wanted != binding.territory)
        {
            continue;
        }
        let place = territory::place(store, &binding.territory).await?;
        let own = binding.holder == call.caller.holder;
        if own || place.is_some_and(|place| call.permit(Right::Read, &place).is_ok()) {
            items.push(show(&call, binding).await?);
        }
    }
    let next = listing.next;
    Ok(call.listed(Listing { items, next }, |binding| binding))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let body: CreateRoleBinding = call.read()?;
    let store = call.desk.store();
    let role = record::Role::from(body.role);
    let territory = parsed(&body.territory).ok_or_else(|| No::field("/territory", WHERE))?;
    let place = territory::place(store, &territory).await?;
    let place = place.ok_or_else(no_such_territory)?;
    role::permit(&call.caller.powers, role, &place)?;
    let holder = holder(&call, &body.holder).await?;
    let holder = named(&call, holder, &place).await?;
    let held = roles(store, &holder).await?;
    let new = NewRole {
        holder,
        role,
        place,
    };
    let done = role::create(new, &held, &call.context(), &mut SystemEntropy)?;
    let made = call.commit(done).await?;
    let location = call.location(made.id);
    Ok(Answer::created(&show(&call, made).await?, location))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (binding, place) = found(&call).await?;
    if binding.holder != call.caller.holder {
        call.permit(Right::Read, &place)?;
    }
    Ok(Answer::ok(&show(&call, binding).await?))
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (binding, place) = found(&call).await?;
    role::permit(&call.caller.powers, binding.role, &place)?;
    let left: OwnersLeft = owners_left(call.desk.store(), Leaving::Binding(&binding)).await?;
    let done = role::remove(binding, left, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

/// The holder of a new role: not a deleted account, and not a person of an organization that the caller
/// may not know.
async fn named(call: &Call, holder: Option<Holder>, place: &Place) -> Result<Holder, Problem> {
    let store = call.desk.store();
    let known = match &holder {
        None => false,
        Some(Holder::ServiceAccount(id)) => {
            let account = store.service_account(id).await?;
            account.is_some_and(|account| !is_deleted(&account))
        }
        Some(Holder::User(id)) => store.user(id).await?.is_some_and(|user| {
            let own = matches!(place, Place::Project(_, Some(of)) if *of == user.organization);
            let home = Place::Organization(user.organization);
            own || call.permit(Right::Read, &home).is_ok()
        }),
    };
    Ok(holder.filter(|_| known).ok_or_else(no_such_holder)?)
}

const fn nothing() -> Listing<RoleBinding> {
    Listing {
        items: Vec::new(),
        next: None,
    }
}

/// The binding that the path names, and its place. A role in a territory that is gone is the
/// installation's to take away.
async fn found(call: &Call) -> Result<(record::RoleBinding, Place), Problem> {
    let id: BindingId = call.named("binding")?;
    let found = call.desk.store().role_binding(id).await?;
    let found = found.ok_or_else(No::hidden)?;
    let place = territory::place(call.desk.store(), &found.territory).await?;
    Ok((found, place.unwrap_or(Place::Installation)))
}

const WHERE: &str = "territory is installation, organizations/ID or projects/ID.";

fn parsed(text: &str) -> Option<Territory> {
    match text.split_once('/') {
        None if text == "installation" => Some(Territory::Installation),
        Some(("organizations", id)) => id.parse().ok().map(Territory::Organization),
        Some(("projects", id)) => id.parse().ok().map(Territory::Project),
        _ => None,
    }
}

/// The holder that a text names, if it exists.
async fn holder(call: &Call, text: &str) -> Result<Option<Holder>, Problem> {
    let store = call.desk.store();
    let (kind, name) = match text.split_once(':') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, text),
    };
    if matches!(kind, None | Some("serviceAccount"))
        && let Some(account) = territory::account(store, name).await?
    {
        return Ok(Some(Holder::ServiceAccount(account.unique_id)));
    }
    if matches!(kind, None | Some("user"))
        && let Some(user) = people::user(store, name).await?
    {
        return Ok(Some(Holder::User(user.id)));
    }
    Ok(None)
}

async fn show(call: &Call, binding: record::RoleBinding) -> Result<RoleBinding, Problem> {
    let store = call.desk.store();
    let (kind, id, email) = match &binding.holder {
        Holder::ServiceAccount(id) => {
            let account = store.service_account(id).await?;
            let email = account.map(|account| account.email.to_string());
            ("service_account", id.to_string(), email)
        }
        Holder::User(id) => {
            let email = store.user(id).await?.map(|user| user.email.to_string());
            ("user", id.to_string(), email)
        }
    };
    Ok(RoleBinding {
        id: binding.id.to_string(),
        holder: RoleHolder {
            kind,
            id,
            email: email.unwrap_or_default(),
        },
        role: binding.role.into(),
        territory: territory_text(&binding.territory),
        created: binding.created.rfc3339(),
    })
}

impl From<record::Role> for Role {
    fn from(role: record::Role) -> Self {
        match role {
            record::Role::Owner => Self::Owner,
            record::Role::Admin => Self::Admin,
            record::Role::Auditor => Self::Auditor,
            record::Role::Viewer => Self::Viewer,
        }
    }
}

impl From<Role> for record::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Owner => Self::Owner,
            Role::Admin => Self::Admin,
            Role::Auditor => Self::Auditor,
            Role::Viewer => Self::Viewer,
        }
    }
}
