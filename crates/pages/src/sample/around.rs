//! Samples of the pages around the protocol: start page, setup, errors, codes, a trace.

use super::{Sample, owned};
use crate::error_code::index;
use crate::{
    Cause, CodeLink, Endpoint, ErrorCode, ErrorPage, Explain, Fact, Field, FieldProblem, Fix, Home,
    Level, Outcome, Problem, Purpose, Reference, RelatedTrace, SetupDone, SetupForm, SetupPage,
    Snippet, UnknownCode, WrongHost,
};

const AT: &str = "2026-04-02T09:10:58Z";
const TRACE: &str = "01JQ7VK3M0T6";

pub(super) fn samples() -> Vec<Sample> {
    let mut samples = vec![
        Sample::new("home", "home.html", &home()),
        Sample::new("error-index", "error_index.html", &index(&code_links())),
        Sample::new("error-code", "error_code.html", &error_code()),
        Sample::new("error-code-short", "error_code.html", &short_code()),
        Sample::new("unknown-code", "unknown_code.html", &unknown_code()),
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

pub(super) fn code_links() -> Vec<CodeLink> {
    [
        ("CRN-1001", "A parameter is missing"),
        ("CRN-1002", "A parameter is repeated"),
        ("CRN-1003", "The body has the wrong content type"),
        ("CRN-1203", "The redirect URI is not registered"),
        ("CRN-1301", "The code verifier does not match"),
        ("CRN-1401", "Client authentication failed"),
        ("CRN-1501", "The user has not answered yet"),
        ("CRN-1601", "A DPoP nonce is needed"),
        ("CRN-1701", "A redirect URI cannot be registered"),
        ("CRN-2004", "The audience is not this server"),
        ("CRN-2104", "The assertion is from the future"),
        ("CRN-2105", "The assertion has expired"),
        ("CRN-2205", "None of the scopes is approved for delegation"),
        ("CRN-2301", "An organization policy blocks the scope"),
        ("CRN-3001", "Password and account do not match"),
        ("CRN-4001", "The access token has expired"),
        ("CRN-5001", "The server failed"),
        ("CRN-9901", "A code of a series to come"),
    ]
    .into_iter()
    .map(|(code, title)| CodeLink {
        code: code.to_owned(),
        title: title.to_owned(),
    })
    .collect()
}

fn clock_fixes() -> Vec<Fix> {
    let snippet = |platform: &str, code: &str| Snippet {
        platform: platform.to_owned(),
        code: code.to_owned(),
    };
    vec![
        Fix {
            text: "Synchronize the clock of the machine that signs.".to_owned(),
            snippets: vec![
                snippet("Linux", "sudo timedatectl set-ntp true\ntimedatectl status"),
                snippet("macOS", "sudo sntp -sS time.apple.com"),
                snippet("Windows", "w32tm /resync"),
            ],
        },
        Fix {
            text: "Take the time when the assertion is made, not when the program starts, and write `iat` in seconds."
                .to_owned(),
            snippets: vec![snippet(
                "JavaScript",
                "const iat = Math.floor(Date.now() / 1000);\nconst exp = iat + 3600;",
            )],
        },
        Fix { text: "In a virtual machine, let the host set the clock after each resume.".to_owned(), snippets: vec![] },
    ]
}

fn error_code() -> ErrorCode {
    ErrorCode {
        code: "CRN-2104".to_owned(),
        title: "The assertion is from the future".to_owned(),
        error: Some("invalid_grant".to_owned()),
        level: Level::Anyone,
        meaning: "The claim `iat` lies further ahead of this server's clock than the tolerance of 300 seconds allows."
            .to_owned(),
        causes: owned(&[
            "The clock of the machine that signs is ahead.",
            "`iat` was set in local time instead of UTC.",
            "A suspended virtual machine or container woke up with a wrong clock.",
        ]),
        fixes: clock_fixes(),
        related: code_links().into_iter().filter(|link| link.code == "CRN-2105").collect(),
        reference: Some(Reference {
            label: "RFC 7523 section 3, item 6".to_owned(),
            url: "https://www.rfc-editor.org/rfc/rfc7523#section-3".to_owned(),
        }),
    }
}

fn short_code() -> ErrorCode {
    ErrorCode {
        code: "CRN-3001".to_owned(),
        title: "Password and account do not match".to_owned(),
        error: None,
        level: Level::EndUser,
        meaning: "The pair of account and password that was entered is not one this server knows."
            .to_owned(),
        causes: vec![],
        fixes: vec![],
        related: vec![],
        reference: None,
    }
}

fn unknown_code() -> UnknownCode {
    UnknownCode {
        asked: "CRN-2140".to_owned(),
        nearest: code_links()
            .into_iter()
            .filter(|link| link.code.starts_with("CRN-21"))
            .collect(),
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
