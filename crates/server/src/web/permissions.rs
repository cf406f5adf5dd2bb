//! What an app asks for, and who runs it, in words: for the consent page, the page of a device, and the list of
//! connected apps.

use std::collections::BTreeMap;

use carnet_core::record::Client;
use carnet_core::record::ClientSource;
use carnet_core::record::GrantType;
use carnet_core::record::Project;
use carnet_core::record::Risk;
use carnet_core::record::Trust;
use carnet_core::rule::authorization::OFFLINE_ACCESS;
use carnet_core::rule::authorize::Choice;
use carnet_core::rule::authorize::Permission;
use carnet_core::rule::authorize::Question;
use carnet_core::store::CatalogScope;
use carnet_core::store::Fault;
use carnet_core::value::Seconds;
use carnet_pages as pages;

use crate::parts::Parts;
use crate::web::session::SignedIn;

/// Who runs an app of this project, as far as the organization vouches for it. An app that registered itself has
/// said nothing about that: the project in which such apps land is not theirs.
pub(super) async fn publisher(
    parts: &Parts,
    client: &Client,
    project: Option<&Project>,
) -> Result<pages::Publisher, Fault> {
    if let Some(document) = client.id.document()
        && client.trust == Trust::Unknown
    {
        // All that is known of it is where it is.
        let name = document.host().to_owned();
        return Ok(pages::Publisher::Unverified { name });
    }
    if client.source == ClientSource::Registered && client.trust == Trust::Unknown {
        return Ok(pages::Publisher::Unknown);
    }
    let organization = match project.and_then(|project| project.organization) {
        Some(id) => parts.store.organization(id).await?,
        None => None,
    };
    let title = organization.map(|organization| organization.title.to_string());
    Ok(match (client.trust, title) {
        (Trust::Own, _) => pages::Publisher::Own,
        (Trust::Known, title) => {
            let project = || project.map(|project| project.title.to_string());
            let name = title.or_else(project).unwrap_or_default();
            pages::Publisher::Verified { name }
        }
        // The organization's administrators made it; the title of a project is nobody's name.
        (Trust::Unknown, Some(name)) => pages::Publisher::Unverified { name },
        (Trust::Unknown, None) => pages::Publisher::Unknown,
    })
}

/// Who decides where policy forbids that the person does.
pub(super) async fn admin(parts: &Parts, present: &SignedIn) -> Result<pages::AdminOnly, Fault> {
    let organization = parts.store.organization(present.user.organization).await?;
    Ok(pages::AdminOnly {
        organization: organization.map_or_else(String::new, |it| it.title.to_string()),
        contact: None,
    })
}

/// First what concerns the account, then one group for each API.
pub(super) fn groups(question: &Question) -> Vec<pages::PermissionGroup> {
    let mut own = Vec::new();
    let mut apis: BTreeMap<_, (String, Vec<pages::Permission>)> = BTreeMap::new();
    for permission in &question.permissions {
        let words = words(permission);
        match &permission.api {
            None => own.push(words),
            Some(known) => {
                let title = known.api.title.to_string();
                let group = apis.entry(known.api.id);
                group.or_insert((title, Vec::new())).1.push(words);
            }
        }
    }
    let account = (!own.is_empty()).then_some(pages::PermissionGroup {
        api: None,
        permissions: own,
    });
    let others = apis.into_values().map(|(title, permissions)| {
        let api = Some(title);
        pages::PermissionGroup { api, permissions }
    });
    account.into_iter().chain(others).collect()
}

fn words(permission: &Permission) -> pages::Permission {
    let risk = permission.api.as_ref().map(|known| known.scope.risk);
    pages::Permission {
        scope: permission.scope.to_string(),
        text: text(&permission.scope, permission.api.as_ref()),
        risk: match risk {
            None | Some(Risk::Read) => pages::Risk::Read,
            Some(Risk::Write) => pages::Risk::Write,
            Some(Risk::ActAs) => pages::Risk::ActAs,
            Some(Risk::Administer) => pages::Risk::Administer,
        },
        choice: match permission.choice {
            Choice::Required => pages::Choice::Required,
            Choice::Optional { ticked } => pages::Choice::Optional { ticked },
        },
        new: permission.new,
    }
}

/// What a scope means.
pub(super) fn text(scope: &str, known: Option<&CatalogScope>) -> pages::PermissionText {
    let Some(known) = known else {
        return match scope {
            "openid" => pages::PermissionText::Openid,
            "profile" => pages::PermissionText::Profile,
            "email" => pages::PermissionText::Email,
            OFFLINE_ACCESS => pages::PermissionText::OfflineAccess,
            _ => pages::PermissionText::Missing,
        };
    };
    let (title, detail) = (known.scope.title.as_str(), known.scope.detail.as_str());
    if title.is_empty() {
        return pages::PermissionText::Missing;
    }
    pages::PermissionText::Given {
        title: title.to_owned(),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        language: "en".to_owned(),
    }
}

/// How long what the app gets lasts, where it hangs on nothing else or on a session that lives for so long.
pub(super) fn lasts(client: &Client, session: Option<Seconds>) -> pages::Lasts {
    let count = |length: Seconds, unit: i64| {
        let whole = length.0.saturating_add(unit - 1) / unit;
        u32::try_from(whole.max(1)).unwrap_or(u32::MAX)
    };
    if !client.grants.contains(&GrantType::RefreshToken) {
        let minutes = count(client.lifetimes.access_token, 60);
        return pages::Lasts::Minutes { minutes };
    }
    match session {
        Some(left) => pages::Lasts::Days {
            days: count(left, 86_400),
        },
        None => pages::Lasts::Unused {
            days: count(client.lifetimes.refresh_idle, 86_400),
        },
    }
}
