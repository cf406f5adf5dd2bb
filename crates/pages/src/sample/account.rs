//! Samples of a person's own pages.

use super::Sample;
use super::people::{app, hostile_app, long_app, long_person, native_app, person};
use crate::{
    AccountEvent, AccountHome, Activity, ActivityPage, Agent, App, AppChange, ConnectedApp,
    ConnectedApps, Devices, GrantedPermission, PasswordForm, PasswordProblem, PermissionText,
    Publisher, Session,
};

/// 2026-04-02T09:10:58Z
const NOW: u64 = 1_775_121_058;
const DAY: u64 = 86_400;
const CSRF: &str = "crn_cf_dG9rZW4";

pub(super) fn samples() -> Vec<Sample> {
    let mut samples = homes();
    samples.extend(apps());
    samples.extend(sessions());
    samples.extend(passwords());
    samples
}

fn connected(app: App, last_used: Option<u64>) -> ConnectedApp {
    let granted = |scope: &str, text| GrantedPermission {
        scope: scope.to_owned(),
        text,
    };
    let invoices = PermissionText::Given {
        title: "Read your invoices".to_owned(),
        detail: None,
        language: "en".to_owned(),
    };
    ConnectedApp {
        client: "ledgerly-web-7Q2F".to_owned(),
        app,
        publisher: Publisher::Verified {
            name: "Ledgerly Ltd".to_owned(),
        },
        since: NOW - 30 * DAY,
        last_used,
        permissions: vec![
            granted("email", PermissionText::Email),
            granted("invoices.read", invoices),
            granted("offline_access", PermissionText::OfflineAccess),
            granted("runs:write", PermissionText::Missing),
        ],
        managed: false,
    }
}

fn all_apps() -> Vec<ConnectedApp> {
    vec![
        connected(app(), Some(NOW - 20)),
        ConnectedApp {
            publisher: Publisher::Own,
            managed: true,
            ..connected(native_app(), Some(NOW - 3 * DAY))
        },
        ConnectedApp {
            publisher: Publisher::Unknown,
            ..connected(long_app(), Some(NOW - 94 * DAY))
        },
        connected(hostile_app(), None),
    ]
}

fn agent(browser: Option<&str>, system: Option<&str>) -> Agent {
    Agent {
        browser: browser.map(str::to_owned),
        system: system.map(str::to_owned),
    }
}

fn events() -> Vec<Activity> {
    let events = [
        AccountEvent::SignedIn,
        AccountEvent::AppAllowed { app: app() },
        AccountEvent::SignInFailed,
        AccountEvent::TokenReused { app: app() },
        AccountEvent::DeviceAllowed { app: native_app() },
        AccountEvent::AppRemoved { app: long_app() },
        AccountEvent::PasswordChanged,
        AccountEvent::SessionEnded,
        AccountEvent::SignedOut,
    ];
    let ages = [
        20,
        240,
        7_200,
        DAY,
        2 * DAY,
        13 * DAY,
        40 * DAY,
        95 * DAY,
        400 * DAY,
    ];
    let agents = [
        Some(agent(Some("Firefox"), Some("Linux"))),
        Some(agent(None, Some("Android"))),
        Some(agent(Some("curl"), None)),
        Some(Agent::default()),
        None,
    ];
    events
        .into_iter()
        .zip(ages)
        .zip(agents.iter().cycle())
        .map(|((event, age), agent)| Activity {
            at: NOW - age,
            event,
            agent: agent.clone(),
            address: agent.as_ref().map(|_| "203.0.113.9".to_owned()),
        })
        .collect()
}

fn homes() -> Vec<Sample> {
    let home = AccountHome {
        person: person(),
        csrf: CSRF.to_owned(),
        now: NOW,
        apps: all_apps().into_iter().take(3).collect(),
        app_count: 4,
        session_count: 3,
        password_changed: Some(NOW - 200 * DAY),
        activity: events().into_iter().take(3).collect(),
    };
    let new = AccountHome {
        apps: vec![],
        app_count: 0,
        session_count: 1,
        password_changed: None,
        activity: vec![],
        ..home.clone()
    };
    let long = AccountHome {
        person: long_person(),
        apps: vec![connected(long_app(), None)],
        app_count: 1,
        ..home.clone()
    };
    let activity = |events, older: Option<&str>| ActivityPage {
        now: NOW,
        events,
        older: older.map(str::to_owned),
    };
    vec![
        Sample::new("account", "account.html", &home),
        Sample::new("account-new", "account.html", &new),
        Sample::new("account-long", "account.html", &long),
        Sample::new(
            "activity",
            "activity.html",
            &activity(events(), Some("/account/activity?before=7")),
        ),
        Sample::new("activity-empty", "activity.html", &activity(vec![], None)),
    ]
}

fn apps() -> Vec<Sample> {
    let page = |name, change, apps| {
        let view = ConnectedApps {
            csrf: CSRF.to_owned(),
            now: NOW,
            change,
            apps,
        };
        Sample::new(name, "connected_apps.html", &view)
    };
    let removed = AppChange::Removed {
        removed: "c2VhbGVk".to_owned(),
        app: app(),
        undo_seconds: 60,
    };
    let failed = AppChange::Failed {
        app: app(),
        reference: "01JQ7VK3M0T6".to_owned(),
    };
    let restored = AppChange::Restored { app: app() };
    let late = AppChange::TooLate { app: app() };
    vec![
        page("apps", None, all_apps()),
        page("apps-empty", None, vec![]),
        page(
            "apps-removed",
            Some(removed),
            all_apps().into_iter().skip(1).collect(),
        ),
        page("apps-restored", Some(restored), all_apps()),
        page("apps-too-late", Some(late), vec![]),
        page("apps-failed", Some(failed), all_apps()),
    ]
}

fn sessions() -> Vec<Sample> {
    let session = |id: &str, agent, age: u64, this| Session {
        id: id.to_owned(),
        agent,
        address: "2001:db8:85a3::8a2e:370:7334".to_owned(),
        created: NOW - age - DAY,
        last_seen: NOW - age,
        this,
    };
    let this = session("1", agent(Some("Firefox"), Some("Linux")), 4, true);
    let all = vec![
        this.clone(),
        session("2", agent(Some("Safari"), Some("iPhone")), 7_300, false),
        session("3", Agent::default(), 120 * DAY, false),
    ];
    let page = |name, sessions, ended| {
        let view = Devices {
            csrf: CSRF.to_owned(),
            now: NOW,
            ended,
            sessions,
        };
        Sample::new(name, "devices.html", &view)
    };
    vec![
        page("devices", all, None),
        page("devices-ended", vec![this], Some(2)),
    ]
}

fn passwords() -> Vec<Sample> {
    let form = PasswordForm {
        csrf: CSRF.to_owned(),
        email: "dana@acme.example".to_owned(),
        has_password: true,
        least: 8,
        problems: vec![],
        changed: false,
    };
    let wrong = |problems| PasswordForm {
        problems,
        ..form.clone()
    };
    let first = PasswordForm {
        has_password: false,
        ..form.clone()
    };
    let changed = PasswordForm {
        changed: true,
        ..form.clone()
    };
    let page = |name, view: &PasswordForm| Sample::new(name, "password.html", view);
    vec![
        page("password", &form),
        page("password-first", &first),
        page("password-changed", &changed),
        page(
            "password-problems",
            &wrong(vec![
                PasswordProblem::Wrong,
                PasswordProblem::TooShort { least: 8 },
                PasswordProblem::Guessable,
            ]),
        ),
        page(
            "password-more-problems",
            &wrong(vec![
                PasswordProblem::SlowDown { wait_seconds: 28 },
                PasswordProblem::TooLong { most: 1_024 },
                PasswordProblem::Same,
                PasswordProblem::Stale,
            ]),
        ),
    ]
}
