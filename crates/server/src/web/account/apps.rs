//! `/account/apps`: the apps that may use the account, and the end of it.
//!
//! An app is shown where the person has said yes to it, and where it holds something of them, be it
//! without having been asked. Removing it ends both at once, and its tokens with them. For a minute the
//! page that comes next can bring it back as it was ([`own_account::UNDO`]): what was removed travels sealed
//! with that page, and is held against what is there now.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_core::record::Authorization;
use carnet_core::record::Client;
use carnet_core::record::Consent;
use carnet_core::rule::own_account;
use carnet_core::rule::own_account::Removed;
use carnet_core::store::Catalog;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Page;
use carnet_core::value::ClientId;
use carnet_core::value::UnixTime;
use carnet_pages::App;
use carnet_pages::AppChange;
use carnet_pages::ConnectedApp;
use carnet_pages::ConnectedApps;
use carnet_pages::GrantedPermission;

use super::Caller;
use super::removed_app;
use super::seconds;
use crate::parts::Parts;
use crate::web::failed;
use crate::web::page;
use crate::web::permissions;

const PATH: &str = "/account/apps";

/// What one app has of the person.
#[derive(Default)]
struct Held {
    scopes: BTreeSet<String>,
    since: Option<UnixTime>,
    used: Option<UnixTime>,
}

impl Held {
    fn add(&mut self, scopes: impl Iterator<Item = String>, since: UnixTime) {
        self.scopes.extend(scopes);
        self.since = Some(self.since.map_or(since, |before| before.min(since)));
    }
}

/// The page.
pub async fn get(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    match Caller::of(&parts, request, PATH).await {
        Ok(caller) => {
            let view = shown(&parts, &caller).await;
            caller.show(&parts, StatusCode::OK, view, carnet_pages::connected_apps)
        }
        Err(answer) => *answer,
    }
}

async fn shown(parts: &Parts, caller: &Caller) -> Result<ConnectedApps, Fault> {
    let apps = connected(parts, caller).await?;
    Ok(ConnectedApps {
        csrf: caller.csrf(parts),
        now: seconds(caller.visit.now),
        change: change(parts, caller, &apps).await?,
        apps,
    })
}

/// What became of the app that was removed just now.
async fn change(
    parts: &Parts,
    caller: &Caller,
    apps: &[ConnectedApp],
) -> Result<Option<AppChange>, Fault> {
    let Some(sealed) = caller.visit.query().take("removed") else {
        return Ok(None);
    };
    let user = &caller.present.user.id;
    let Some(removed) = removed_app::open(&sealed, user, &parts.encryption) else {
        return Ok(None);
    };
    let Some(client) = parts.store.client(&removed.client).await? else {
        return Ok(None);
    };
    let app = App {
        name: client.title.to_string(),
        host: None,
    };
    let left = removed.left(caller.visit.now);
    let is_back = apps.iter().any(|app| app.client == client.id.as_str());
    Ok(Some(match u32::try_from(left.0) {
        _ if is_back => AppChange::Restored { app },
        Ok(undo_seconds) if undo_seconds > 0 => AppChange::Removed {
            removed: sealed.into_owned(),
            app,
            undo_seconds,
        },
        _ => AppChange::TooLate { app },
    }))
}

/// Takes an app's access away.
pub async fn remove(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    let mut fields = match caller.fields(&parts, &form) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let client = fields.take("client").unwrap_or_default().parse().ok();
    match removed(&parts, &caller, client).await {
        Ok(sealed) => page::see(&after(sealed.as_deref())),
        Err(fault) => failed::ours(&parts, &caller.visit, &fault),
    }
}

/// Brings the app back that was removed just now.
pub async fn undo(State(parts): State<Arc<Parts>>, request: Request) -> Response<Body> {
    let (caller, form) = match Caller::posting(&parts, request, PATH).await {
        Ok(posting) => posting,
        Err(answer) => return *answer,
    };
    let mut fields = match caller.fields(&parts, &form) {
        Ok(fields) => fields,
        Err(answer) => return *answer,
    };
    let sealed = fields.take("removed").unwrap_or_default();
    match undone(&parts, &caller, &sealed).await {
        // What is there now says how it went.
        Ok(true) => page::see(&after(Some(&sealed))),
        Ok(false) => page::see(PATH),
        Err(fault) => failed::ours(&parts, &caller.visit, &fault),
    }
}

/// The page, with what was removed before it.
fn after(sealed: Option<&str>) -> String {
    match sealed {
        Some(sealed) => format!("{PATH}?removed={sealed}"),
        None => PATH.to_owned(),
    }
}

/// False where the text is not one of ours for this person.
async fn undone(parts: &Parts, caller: &Caller, sealed: &str) -> Result<bool, Fault> {
    let user = &caller.present.user.id;
    let Some(removed) = removed_app::open(sealed, user, &parts.encryption) else {
        return Ok(false);
    };
    let allowed = parts.store.consent(user, &removed.client).await?;
    let page = Page::first(Page::MOST);
    let held = parts.store.authorizations_of(user, &page).await?.items;
    let actor = caller.present.actor();
    let context = caller.visit.context(&actor);
    let changes = own_account::restore_app(&removed, allowed.as_ref(), &held, (user, &context));
    if let Some(changes) = changes {
        // Whoever was faster made something else of it; the page shows what.
        parts.store.commit(&changes).await?;
    }
    Ok(true)
}

/// Where somebody else was faster the page that comes next shows what is left.
async fn removed(
    parts: &Parts,
    caller: &Caller,
    client: Option<ClientId>,
) -> Result<Option<String>, Fault> {
    let Some(client) = client else {
        return Ok(None);
    };
    let user = &caller.present.user.id;
    let consent = parts.store.consent(user, &client).await?;
    let held = living(parts, caller).await?;
    if consent.is_none() && !held.iter().any(|held| held.client == client) {
        return Ok(None);
    }
    let actor = caller.present.actor();
    let context = caller.visit.context(&actor);
    let changes = own_account::remove_app(&client, consent.as_ref(), &held, (user, &context));
    if parts.store.commit(&changes).await? != Committed::Yes {
        return Ok(None);
    }
    let removed = Removed {
        client,
        at: caller.visit.now,
        consent,
    };
    removed_app::seal(&removed, user, &parts.encryption)
}

/// All apps, the last used first.
pub(super) async fn connected(parts: &Parts, caller: &Caller) -> Result<Vec<ConnectedApp>, Fault> {
    let user = &caller.present.user.id;
    let all = Page::first(Page::MOST);
    let consents = parts.store.consents_of(user, &all);
    let mut apps: BTreeMap<ClientId, Held> = BTreeMap::new();
    for Consent {
        client,
        scopes,
        created,
        ..
    } in consents.await?.items
    {
        let held = apps.entry(client).or_default();
        held.add(scopes.keys().map(ToString::to_string), created);
    }
    for authorization in living(parts, caller).await? {
        let held = apps.entry(authorization.client).or_default();
        let scopes = authorization.scope.iter().map(ToString::to_string);
        held.add(scopes, authorization.created);
        held.used = held.used.max(Some(authorization.rotated));
    }
    let catalog = parts.snapshots.catalog().await?;
    let mut shown = Vec::new();
    for (id, held) in apps {
        if let Some(client) = parts.store.client(&id).await? {
            shown.push(app(parts, &client, held, &catalog).await?);
        }
    }
    shown.sort_by_key(|app| Reverse(app.last_used));
    Ok(shown)
}

/// What apps hold of the person and has not ended.
async fn living(parts: &Parts, caller: &Caller) -> Result<Vec<Authorization>, Fault> {
    let user = &caller.present.user.id;
    let page = Page::first(Page::MOST);
    let mut held = parts.store.authorizations_of(user, &page).await?.items;
    let now = caller.visit.now;
    held.retain(|held| held.ended.is_none() && now < held.ends && now < held.idle_end());
    Ok(held)
}

async fn app(
    parts: &Parts,
    client: &Client,
    held: Held,
    catalog: &Catalog,
) -> Result<ConnectedApp, Fault> {
    let name = client.title.to_string();
    let permission = |scope: String| GrantedPermission {
        text: permissions::text(&scope, catalog.scope(&scope)),
        scope,
    };
    let project = parts.store.project(&client.project).await?;
    Ok(ConnectedApp {
        client: client.id.to_string(),
        app: App { name, host: None },
        publisher: permissions::publisher(parts, client, project.as_ref()).await?,
        since: held.since.map_or(0, seconds),
        last_used: held.used.map(seconds),
        permissions: held.scopes.into_iter().map(permission).collect(),
        managed: false,
    })
}
