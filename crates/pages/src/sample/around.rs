//! Samples of the pages around the protocol: start page, setup, errors, a trace.

use super::code::clock_fixes;
use super::{Sample, owned};
use crate::{
    Cause, CodeLink, Endpoint, ErrorPage, Explain, Fact, Field, FieldProblem, Home, Outcome,
    Problem, Purpose, RelatedTrace, SetupDone, SetupForm, SetupPage, WrongHost,
};

const AT: &str = "2026-04-02T09:10:58Z";
const TRACE: &str = "01JQ7VK3M0T6";

pub(super) fn samples() -> Vec<Sample> {
    let mut samples = vec![
        Sample::new("home", "home.html", &home()),
        Sample::new("wrong-host", "wrong_host.html", &wrong_host()),
        Sample::new("explain", "explain.html", &explain()),
        Sample::new("explain-sandbox", "explain.html", &explain()).in_sandbox(),
        Sample::new("explain-accepted", "explain.html", &accepted()),
        Sample::new("explain-fault", "explain.html", &failed()),
    ];
    samples.extend(errors());
    samples.extend(setups());
    samples
}

fn home() -> Home {
    let endpoint = |purpose, method, path: &str| Endpoint {
        purpose,
        method,
        url: format!("https://auth.acme.example{path}"),
    };
    Home {
        endpoints: vec![
            endpoint(
                Purpose::Discovery,
                "GET",
                "/.well-known/openid-configuration",
            ),
            endpoint(
                Purpose::AuthorizationServer,
                "GET",
                "/.well-known/oauth-authorization-server",
            ),
            endpoint(Purpose::Jwks, "GET", "/jwks"),
            endpoint(Purpose::GoogleCerts, "GET", "/oauth2/v3/certs"),
            endpoint(Purpose::Token, "POST", "/token"),
            endpoint(Purpose::Introspection, "POST", "/introspect"),
            endpoint(Purpose::Revocation, "POST", "/revoke"),
            endpoint(Purpose::TokenInfo, "POST", "/tokeninfo"),
            endpoint(Purpose::Admin, "POST", "/admin/v1"),
            endpoint(Purpose::OpenApi, "GET", "/admin/v1/openapi.json"),
            endpoint(Purpose::Demo, "GET", "/demo"),
        ],
    }
}

fn wrong_host() -> WrongHost {
    WrongHost {
        expected: "auth.acme.example".to_owned(),
        came_as: "10.0.9.5:8080".to_owned(),
        config_line: "issuer = \"http://10.0.9.5:8080\"".to_owned(),
        reference: TRACE.to_owned(),
        at: AT.to_owned(),
    }
}

fn error(cause: Cause, status: u16) -> ErrorPage {
    ErrorPage {
        status,
        cause,
        reference: TRACE.to_owned(),
        at: AT.to_owned(),
        code: None,
        detail: None,
        sent: vec![],
        retry: None,
    }
}

fn errors() -> Vec<Sample> {
    let page = |name, view: &ErrorPage| Sample::new(name, "error.html", view);
    let sent = Fact {
        name: "redirect_uri".to_owned(),
        value: "https://ledgerly.app/callback/".to_owned(),
        note: Some("is not registered for this app".to_owned()),
    };
    vec![
        page("error-not-found", &error(Cause::NotFound, 404)),
        page("error-bad-request", &error(Cause::BadRequest, 400)),
        page("error-method", &error(Cause::MethodNotAllowed, 405)),
        page("error-too-large", &error(Cause::TooLarge, 413)),
        page(
            "error-unsupported-type",
            &error(Cause::UnsupportedType, 415),
        ),
        page("error-not-signed-in", &error(Cause::NotSignedIn, 401)),
        page("error-forbidden", &error(Cause::Forbidden, 403)),
        page("error-conflict", &error(Cause::Conflict, 412)),
        page(
            "error-too-many",
            &error(Cause::TooMany { wait_seconds: 28 }, 429),
        ),
        page(
            "error-sign-in-link",
            &ErrorPage {
                code: Some("CRN-1203".to_owned()),
                detail: Some("`redirect_uri` is not registered for this app.".to_owned()),
                sent: vec![sent],
                ..error(Cause::SignInLink, 400)
            },
        ),
        page(
            "error-ours",
            &ErrorPage {
                retry: Some("/e/".to_owned()),
                ..error(Cause::Ours, 500)
            },
        ),
        page(
            "error-unavailable",
            &ErrorPage {
                retry: Some("/".to_owned()),
                ..error(Cause::Unavailable { wait_seconds: 1 }, 503)
            },
        ),
    ]
}

fn setup_form() -> SetupForm {
    SetupForm {
        action: "/setup".to_owned(),
        token: "crn_su_8fQ2".to_owned(),
        ..SetupForm::default()
    }
}

fn wrong_form() -> SetupForm {
    let wrong = |field, problem| FieldProblem { field, problem };
    SetupForm {
        organization: "Acme, the company with the longest name".to_owned(),
        domain: "https://acme.example".to_owned(),
        project: "billing".to_owned(),
        problems: vec![
            wrong(Field::Organization, Problem::TooLong { most: 30 }),
            wrong(Field::Domain, Problem::Malformed),
            wrong(Field::Project, Problem::Taken),
            wrong(Field::Email, Problem::Missing),
        ],
        ..setup_form()
    }
}

fn setup_done() -> SetupDone {
    let key = "{\n  \"type\": \"service_account\",\n  \"project_id\": \"billing\",\n  \
        \"private_key_id\": \"7f3c0a5e91\",\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIE<sample>\\n\
        -----END PRIVATE KEY-----\\n\",\n  \"client_email\": \"admin@billing.acme.example\"\n}\n";
    SetupDone {
        organization: "Acme".to_owned(),
        project: "billing".to_owned(),
        email: "dana@acme.example".to_owned(),
        service_account: "admin@billing.acme.example".to_owned(),
        key_file: "carnet-admin-key.json".to_owned(),
        key_json: key.to_owned(),
        next: owned(&[
            "export CARNET_URL=https://auth.acme.example",
            "carnet token --key carnet-admin-key.json",
        ]),
    }
}

fn setups() -> Vec<Sample> {
    let page = |name, view: &SetupPage| Sample::new(name, "setup.html", view);
    vec![
        page("setup", &SetupPage::Form(setup_form())),
        page("setup-problems", &SetupPage::Form(wrong_form())),
        page("setup-done", &SetupPage::Done(setup_done())),
        page("setup-used", &SetupPage::Used),
        page("setup-expired", &SetupPage::Expired),
    ]
}

fn explain() -> Explain {
    let fact = |name: &str, value: &str, note: Option<&str>| Fact {
        name: name.to_owned(),
        value: value.to_owned(),
        note: note.map(str::to_owned),
    };
    Explain {
        trace: TRACE.to_owned(),
        at: AT.to_owned(),
        method: "POST".to_owned(),
        path: "/token".to_owned(),
        status: 400,
        outcome: Outcome::Refused,
        error: Some("invalid_grant".to_owned()),
        code: Some(CodeLink {
            code: "CRN-2104".to_owned(),
            title: "The assertion is from the future".to_owned(),
        }),
        sentence: "`iat` is 443 s in the future; the limit is 300 s.".to_owned(),
        saw: vec![
            fact("iss", "invoice-sync@billing.acme.example", None),
            fact(
                "kid",
                "7f3c0a5e91d24b0aa6b1c0ffee5a11d0c0de1234",
                Some("an active key of this account"),
            ),
            fact(
                "iat",
                "2026-04-02T09:18:21Z",
                Some("443 s ahead of this server"),
            ),
            fact("address", "203.0.113.9", None),
        ],
        why: owned(&[
            "The signature is right, so the caller holds the key.",
            "`iat` may be 300 s ahead of the server at most.",
            "It is 443 s ahead, so the assertion was refused before anything else was looked at.",
        ]),
        related: vec![
            RelatedTrace {
                at: "2026-04-02T08:59:12Z".to_owned(),
                sentence: "The last success of this key, from the same address.".to_owned(),
                explain: Some("/dev/requests/01JQ7UZZ9Q2A".to_owned()),
            },
            RelatedTrace {
                at: "2026-04-02T09:04:40Z".to_owned(),
                sentence: "The first of 6 refusals like this one.".to_owned(),
                explain: None,
            },
        ],
        fixes: clock_fixes().into_iter().take(1).collect(),
    }
}

fn accepted() -> Explain {
    Explain {
        status: 200,
        outcome: Outcome::Accepted,
        error: None,
        code: None,
        sentence: "An access token with the scope `invoices.read` was issued to invoice-sync."
            .to_owned(),
        related: vec![],
        fixes: vec![],
        ..explain()
    }
}

fn failed() -> Explain {
    Explain {
        status: 500,
        outcome: Outcome::Fault,
        error: Some("server_error".to_owned()),
        code: None,
        sentence: "The database did not answer within 5 s. Nothing was written.".to_owned(),
        saw: vec![],
        why: vec![],
        related: vec![],
        fixes: vec![],
        ..explain()
    }
}
