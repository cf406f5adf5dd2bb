//! Samples of the catalogue: the index, a code in each place where codes show up, an unknown one.

use super::{Sample, owned};
use crate::error_code::index;
use crate::{CodeLink, ErrorCode, Fix, Level, Seen, Snippet, UnknownCode};

pub(super) fn samples() -> Vec<Sample> {
    let mut samples = vec![
        Sample::new("error-index", "error_index.html", &index(&code_links())),
        Sample::new("error-code", "error_code.html", &error_code()),
        Sample::new("unknown-code", "unknown_code.html", &unknown_code()),
    ];
    samples.extend(places());
    samples
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
        ("CRN-6006", "The ETag does not match"),
        ("CRN-7001", "A configuration key is unknown"),
        ("CRN-8001", "The database cannot be reached"),
        ("CRN-9901", "A code of a series to come"),
    ]
    .into_iter()
    .map(|(code, title)| CodeLink {
        code: code.to_owned(),
        title: title.to_owned(),
    })
    .collect()
}

pub(super) fn clock_fixes() -> Vec<Fix> {
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
        seen: Seen::Token {
            status: 400,
            error: "invalid_grant".to_owned(),
            says: Some("Invalid JWT: Token must be a short-lived token (60 minutes).".to_owned()),
        },
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
        sections: owned(&["RFC 7523 section 3", "RFC 7519 section 4.1.6", "Google: service accounts"]),
    }
}

fn short_code(level: Level, seen: Seen) -> ErrorCode {
    ErrorCode {
        code: "CRN-2008".to_owned(),
        title: "The signature was made with another private key".to_owned(),
        seen,
        level,
        meaning: "The key ID names a key of this account, but the signature does not fit it."
            .to_owned(),
        causes: vec![],
        fixes: vec![],
        related: vec![],
        sections: vec![],
    }
}

/// Every place where a code shows up, and every level.
fn places() -> Vec<Sample> {
    let page = |name, level, seen| Sample::new(name, "error_code.html", &short_code(level, seen));
    let link = CodeLink {
        code: "CRN-2005".to_owned(),
        title: "The signature does not match an active key".to_owned(),
    };
    let resource = |error| Seen::Resource { status: 401, error };
    vec![
        page("code-instead", Level::Owner, Seen::Instead(link)),
        page(
            "code-resource",
            Level::Caller,
            resource(Some("invalid_token".to_owned())),
        ),
        page("code-challenge", Level::Anyone, resource(None)),
        page("code-admin", Level::Delegate, Seen::Admin { status: 412 }),
        page(
            "code-command-line",
            Level::Anyone,
            Seen::CommandLine { exit: 2 },
        ),
        page("code-start", Level::Anyone, Seen::Start),
    ]
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
