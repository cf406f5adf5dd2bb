//! Samples of the pages of `carnet dev`, full and empty.

use super::code::code_links;
use super::{Sample, owned};
use crate::{
    ActiveFault, Demo, DemoScope, Dev, DevClient, DevClock, DevFaults, DevMail, DevRequest,
    DevRequests, DevServiceAccount, DevUser, Mail,
};

pub(super) fn samples() -> Vec<Sample> {
    vec![
        Sample::new("dev", "dev.html", &overview()),
        Sample::new("dev-empty", "dev.html", &empty_overview()),
        Sample::new("dev-requests", "dev_requests.html", &requests()),
        Sample::new("dev-requests-empty", "dev_requests.html", &no_requests()),
        Sample::new("dev-mail", "dev_mail.html", &mail()),
        Sample::new(
            "dev-mail-empty",
            "dev_mail.html",
            &DevMail { mails: vec![] },
        ),
        Sample::new("dev-clock", "dev_clock.html", &clock(0, None)),
        Sample::new("dev-clock-ahead", "dev_clock.html", &clock(3_900, None)),
        Sample::new(
            "dev-clock-problem",
            "dev_clock.html",
            &clock(-1, Some("tomorrow")),
        ),
        Sample::new("dev-faults", "dev_faults.html", &faults(None)),
        Sample::new("dev-faults-none", "dev_faults.html", &no_faults()),
        Sample::new(
            "dev-faults-problem",
            "dev_faults.html",
            &faults(Some("CRN-0000")),
        ),
        Sample::new("demo", "demo.html", &demo()),
    ]
    .into_iter()
    .map(Sample::in_sandbox)
    .collect()
}

fn overview() -> Dev {
    let user = |email: &str, password: Option<&str>| DevUser {
        email: email.to_owned(),
        password: password.map(str::to_owned),
    };
    Dev {
        organization: "example.com".to_owned(),
        project: "demo".to_owned(),
        try_it: owned(&[
            "carnet token --key ./carnet-dev/ci-key.json --scope invoices.read",
            "curl -s -H \"Authorization: Bearer $(carnet token --key ./carnet-dev/ci-key.json --scope invoices.read)\" \
             http://localhost:8080/demo/v1/invoices",
        ]),
        users: vec![
            user("alice@example.com", Some("alice")),
            user("bob@example.com", Some("bob")),
            user("carol@example.com", None),
        ],
        service_accounts: vec![
            DevServiceAccount {
                email: "ci@demo.iam.localhost".to_owned(),
                client_id: "104857291830027466113".to_owned(),
                key_file: Some("./carnet-dev/ci-key.json".to_owned()),
            },
            DevServiceAccount {
                email: "report-bot@demo.iam.localhost".to_owned(),
                client_id: "113572918300274660048".to_owned(),
                key_file: None,
            },
        ],
        clients: vec![
            DevClient {
                client_id: "demo-web".to_owned(),
                client_secret: Some("demo-secret".to_owned()),
                redirect_uris: owned(&["http://localhost/callback", "http://127.0.0.1/callback"]),
            },
            DevClient {
                client_id: "demo-spa".to_owned(),
                client_secret: None,
                redirect_uris: owned(&["http://localhost/callback"]),
            },
        ],
    }
}

fn empty_overview() -> Dev {
    Dev {
        try_it: vec![],
        users: vec![],
        service_accounts: vec![],
        clients: vec![],
        ..overview()
    }
}

fn requests() -> DevRequests {
    let request = |second: u8, request: (&str, &str), status: u16, code: Option<&str>| DevRequest {
        at: format!("2026-04-02T09:10:{second:02}Z"),
        method: request.0.to_owned(),
        path: request.1.to_owned(),
        status,
        code: code.map(str::to_owned),
        micros: 90 + u32::from(second) * 13,
        trace: format!("01JQ7VK3M0T{second:02}"),
        explain: code.map(|_| format!("/dev/requests/01JQ7VK3M0T{second:02}")),
    };
    DevRequests {
        requests: vec![
            request(58, ("POST", "/token"), 400, Some("CRN-2104")),
            request(41, ("GET", "/demo/v1/invoices"), 200, None),
            request(40, ("POST", "/token"), 200, None),
            request(
                12,
                (
                    "GET",
                    "/service_accounts/v1/metadata/x509/ci@demo.iam.localhost",
                ),
                200,
                None,
            ),
            request(3, ("POST", "/introspect"), 500, Some("CRN-5001")),
        ],
        kept: 200,
    }
}

fn no_requests() -> DevRequests {
    DevRequests {
        requests: vec![],
        kept: 1,
    }
}

fn mail() -> DevMail {
    DevMail {
        mails: vec![Mail {
            at: "2026-04-02T09:10:58Z".to_owned(),
            to: "alice@example.com".to_owned(),
            subject: "A key of ci expires in 6 days".to_owned(),
            text: "Key 7f3c0a5e91 of ci@demo.iam.localhost expires on 8 April 2026.\n\nRoll it before then."
                .to_owned(),
        }],
    }
}

fn clock(offset_seconds: i64, not_understood: Option<&str>) -> DevClock {
    DevClock {
        now: "2026-04-02T09:10:58Z".to_owned(),
        offset_seconds,
        not_understood: not_understood.map(str::to_owned),
    }
}

fn faults(not_understood: Option<&str>) -> DevFaults {
    DevFaults {
        active: vec![ActiveFault {
            code: "CRN-2104".to_owned(),
            title: "The assertion is from the future".to_owned(),
            left: 2,
        }],
        codes: code_links(),
        most: 100,
        not_understood: not_understood.map(str::to_owned),
    }
}

fn no_faults() -> DevFaults {
    DevFaults {
        active: vec![],
        ..faults(None)
    }
}

fn demo() -> Demo {
    Demo {
        url: "http://localhost:8080/demo/v1/invoices".to_owned(),
        discovery_url: "http://localhost:8080/demo/v1/discovery".to_owned(),
        scopes: vec![
            DemoScope {
                name: "invoices.read".to_owned(),
                opens: owned(&["GET /demo/v1/invoices"]),
            },
            DemoScope {
                name: "invoices.write".to_owned(),
                opens: owned(&["GET /demo/v1/invoices", "POST /demo/v1/invoices"]),
            },
        ],
        try_it: owned(&["carnet token --key ./carnet-dev/ci-key.json --scope invoices.read"]),
    }
}
