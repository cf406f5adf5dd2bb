//! Samples of consent: the ordinary one, changes, warnings, many and long scopes, hostile names.

use super::Sample;
use super::people::{app, hostile_app, long_app, long_person, native_app, person, rtl_person};
use crate::{
    AdminOnly, AskedDetail, Caution, Choice, Consent, Fact, FormPost, Lasts, Parameter, Permission,
    PermissionGroup, PermissionText, Publisher, Risk,
};

pub(super) fn samples() -> Vec<Sample> {
    let page = |name, view: &Consent| Sample::new(name, "consent.html", view);
    vec![
        page("consent", &first()),
        page("consent-details", &details()),
        page("consent-changed", &changed()),
        page("consent-unverified", &unverified()),
        page("consent-own", &own()),
        page("consent-many", &many()),
        page("consent-long", &long()),
        page("consent-rtl", &rtl()),
        page("consent-hostile", &hostile()),
        page("consent-admin", &admin(Some("it@acme.example"), first())),
        page("consent-admin-nobody", &admin(None, first())),
        Sample::new("form-post", "form_post.html", &form_post()),
    ]
}

fn required(scope: &str, text: PermissionText) -> Permission {
    Permission {
        scope: scope.to_owned(),
        text,
        risk: Risk::Read,
        choice: Choice::Required,
        new: false,
    }
}

fn optional(scope: &str, text: PermissionText, risk: Risk, ticked: bool) -> Permission {
    Permission {
        risk,
        choice: Choice::Optional { ticked },
        ..required(scope, text)
    }
}

fn given(title: &str, detail: Option<&str>, language: &str) -> PermissionText {
    PermissionText::Given {
        title: title.to_owned(),
        detail: detail.map(str::to_owned),
        language: language.to_owned(),
    }
}

pub(super) fn first() -> Consent {
    Consent {
        action: "/consent".to_owned(),
        request: "crn_ar_c2VhbGVkIHJlcXVlc3Q".to_owned(),
        csrf: "crn_cf_dG9rZW4".to_owned(),
        app: app(),
        publisher: Publisher::Verified {
            name: "Ledgerly Ltd".to_owned(),
        },
        person: person(),
        switch: "/login?other=1".to_owned(),
        groups: vec![
            PermissionGroup {
                api: None,
                permissions: vec![
                    required("openid", PermissionText::Openid),
                    required("email", PermissionText::Email),
                    optional(
                        "offline_access",
                        PermissionText::OfflineAccess,
                        Risk::Read,
                        false,
                    ),
                ],
            },
            PermissionGroup {
                api: Some("Acme Invoices".to_owned()),
                permissions: vec![
                    optional(
                        "invoices.read",
                        given(
                            "Read your invoices",
                            Some("View only. It cannot change or delete them."),
                            "en",
                        ),
                        Risk::Read,
                        false,
                    ),
                    optional(
                        "invoices.send",
                        given("Create and send invoices as you", None, "en"),
                        Risk::ActAs,
                        false,
                    ),
                ],
            },
        ],
        details: vec![],
        lasts: Lasts::Unused { days: 90 },
        cautions: vec![],
        admin: None,
    }
}

fn details() -> Consent {
    let fact = |name: &str, value: &str| Fact {
        name: name.to_owned(),
        value: value.to_owned(),
        note: None,
    };
    let payment = AskedDetail {
        api: "Acme Bank".to_owned(),
        title: "Start one payment".to_owned(),
        detail: Some("Only this one, and only today.".to_owned()),
        members: vec![
            fact("creditorName", "Merchant <b>A</b>"),
            fact("instructedAmount.amount", "123.50"),
            fact("instructedAmount.currency", "EUR"),
        ],
    };
    Consent {
        details: vec![payment],
        ..first()
    }
}

fn changed() -> Consent {
    let mut view = first();
    let mut permissions = view
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.permissions);
    for permission in &mut permissions {
        permission.new = permission.scope == "invoices.send";
        if matches!(permission.choice, Choice::Optional { .. }) && !permission.new {
            permission.choice = Choice::Optional { ticked: true };
        }
    }
    Consent {
        lasts: Lasts::Days { days: 30 },
        ..view
    }
}

fn unverified() -> Consent {
    Consent {
        app: native_app(),
        publisher: Publisher::Unverified {
            name: "Runboard".to_owned(),
        },
        groups: vec![PermissionGroup {
            api: None,
            permissions: vec![
                required("profile", PermissionText::Profile),
                required("address", PermissionText::Address),
                required("phone", PermissionText::Phone),
                required("runs:write", PermissionText::Missing),
            ],
        }],
        cautions: vec![
            Caution::ThisComputer,
            Caution::NativeApp,
            Caution::SelfRegistered,
        ],
        lasts: Lasts::Minutes { minutes: 60 },
        ..first()
    }
}

fn own() -> Consent {
    Consent {
        publisher: Publisher::Own,
        ..first()
    }
}

/// Thirty scopes of 60 characters, with and without words.
fn many() -> Consent {
    let permissions = (0..30).map(|number| {
        let scope = format!(
            "{:0<60}",
            format!("https://api.acme.example/auth/scope{number}/")
        );
        let text = match number % 3 {
            0 => PermissionText::Missing,
            _ => given("Read what the project has measured", None, "en"),
        };
        let risk = match number % 4 {
            0 => Risk::Read,
            1 => Risk::Write,
            2 => Risk::ActAs,
            _ => Risk::Administer,
        };
        optional(&scope, text, risk, number % 2 == 0)
    });
    Consent {
        groups: vec![PermissionGroup {
            api: Some("https://api.acme.example/".to_owned()),
            permissions: permissions.collect(),
        }],
        publisher: Publisher::Unknown,
        ..first()
    }
}

fn long() -> Consent {
    Consent {
        app: long_app(),
        person: long_person(),
        publisher: Publisher::Verified {
            name: long_app().name,
        },
        groups: vec![PermissionGroup {
            api: Some(
                "Rechnungszusammenführungsautomatisierungsschnittstellenverzeichnis".to_owned(),
            ),
            permissions: vec![optional(
                "rechnungen",
                given(
                    "Rechnungszusammenführungsautomatisierungseinstellungen aller Mandanten ansehen und ändern",
                    Some(
                        "Auch die Rechnungszusammenführungsautomatisierungseinstellungen von früher.",
                    ),
                    "de",
                ),
                Risk::Administer,
                false,
            )],
        }],
        ..first()
    }
}

fn rtl() -> Consent {
    let mut view = first();
    "دفتر الحسابات".clone_into(&mut view.app.name);
    view.person = rtl_person();
    view.publisher = Publisher::Verified {
        name: "شركة دفتر".to_owned(),
    };
    view.groups = vec![PermissionGroup {
        api: Some("الفواتير".to_owned()),
        permissions: vec![optional(
            "invoices.read",
            given("قراءة فواتيرك", Some("للعرض فقط."), "ar"),
            Risk::Read,
            false,
        )],
    }];
    view
}

fn hostile() -> Consent {
    Consent {
        app: hostile_app(),
        publisher: Publisher::Unverified {
            name: "Acme\u{202e}. It is safe <script>".to_owned(),
        },
        ..first()
    }
}

fn admin(contact: Option<&str>, view: Consent) -> Consent {
    Consent {
        admin: Some(AdminOnly {
            organization: "Acme".to_owned(),
            contact: contact.map(str::to_owned),
        }),
        ..view
    }
}

fn form_post() -> FormPost {
    let parameter = |name: &str, value: &str| Parameter {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    FormPost {
        action: "https://ledgerly.app/callback".to_owned(),
        app: app(),
        parameters: vec![
            parameter("code", "crn_ac_c2FtcGxl"),
            parameter("state", "af0ifjsldkj\"'><"),
            parameter("iss", "https://auth.acme.example"),
        ],
    }
}
