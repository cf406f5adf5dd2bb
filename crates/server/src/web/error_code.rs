//! `/e/CRN-nnnn`: the page behind every `error_uri`, and the index of all codes.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_pages::CodeLink;
use carnet_pages::ErrorCode;
use carnet_pages::Fix;
use carnet_pages::Level;
use carnet_pages::Seen;
use carnet_pages::Snippet;
use carnet_pages::UnknownCode;
use carnet_wire::crn::Answer;
use carnet_wire::crn::Crn;
use carnet_wire::crn::Proof;
use carnet_wire::legal::Echo;

use crate::http::named::Named;
use crate::parts::Parts;
use crate::web::page;

/// How many codes are offered where one is unknown.
const NEAREST: usize = 5;

/// The page of one code.
pub async fn get(
    State(parts): State<Arc<Parts>>,
    Named(code): Named,
    asked: HeaderMap,
) -> Response<Body> {
    let frame = page::frame(&parts, &asked);
    if let Ok(crn) = code.parse::<Crn>() {
        let page = carnet_pages::error_code(&frame, &view(crn));
        return page::answer(StatusCode::OK, &frame, page);
    }
    let view = UnknownCode {
        asked: Echo::of(&code).to_string(),
        nearest: nearest(&code),
    };
    page::answer(
        StatusCode::NOT_FOUND,
        &frame,
        carnet_pages::unknown_code(&frame, &view),
    )
}

/// The index of all codes.
pub async fn index(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    let frame = page::frame(&parts, &asked);
    let codes: Vec<CodeLink> = Crn::all().map(link).collect();
    page::answer(
        StatusCode::OK,
        &frame,
        carnet_pages::error_index(&frame, &codes),
    )
}

fn link(crn: Crn) -> CodeLink {
    CodeLink {
        code: crn.to_string(),
        title: crn.entry().title.to_owned(),
    }
}

fn nearest(code: &str) -> Vec<CodeLink> {
    let digits: String = code.chars().filter(char::is_ascii_digit).take(5).collect();
    let wanted: u16 = digits.parse().unwrap_or(0);
    let mut codes: Vec<Crn> = Crn::all().collect();
    codes.sort_by_key(|crn| (crn.number().abs_diff(wanted), crn.number()));
    codes.into_iter().take(NEAREST).map(link).collect()
}

fn view(crn: Crn) -> ErrorCode {
    let entry = crn.entry();
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    ErrorCode {
        code: crn.to_string(),
        title: entry.title.to_owned(),
        seen: seen(crn),
        level: match entry.proof {
            Proof::Nothing => Level::Anyone,
            Proof::Credential => Level::Caller,
            Proof::Delegation => Level::Delegate,
            Proof::Owner => Level::Owner,
        },
        meaning: entry.meaning.to_owned(),
        causes: texts(entry.causes),
        fixes: entry.fixes.iter().map(fix).collect(),
        related: entry
            .related
            .iter()
            .copied()
            .filter_map(Crn::find)
            .map(link)
            .collect(),
        sections: texts(entry.sections),
    }
}

fn fix(fix: &carnet_wire::crn::Fix) -> Fix {
    let snippet = |snippet: &carnet_wire::crn::Snippet| Snippet {
        platform: snippet.label.to_owned(),
        code: snippet.code.to_owned(),
    };
    Fix {
        text: fix.action.to_owned(),
        snippets: fix.snippets.iter().map(snippet).collect(),
    }
}

fn seen(crn: Crn) -> Seen {
    let status = crn.status().unwrap_or(400);
    match crn.answer() {
        Answer::Token { error, says } => Seen::Token {
            status,
            error: error.to_string(),
            says: (!says.is_empty()).then(|| says.to_owned()),
        },
        Answer::Http { error, .. } => Seen::Token {
            status,
            error: error.to_string(),
            says: None,
        },
        // The browser carries it back in a redirect.
        Answer::Authorize(error) => Seen::Token {
            status: 302,
            error: error.to_string(),
            says: None,
        },
        Answer::Resource(error) => Seen::Resource {
            status,
            error: error.map(|error| error.as_str().to_owned()),
        },
        Answer::Api(status) => Seen::Token {
            status: status.http(),
            error: status.to_string(),
            says: None,
        },
        Answer::Admin { status } => Seen::Admin { status },
        Answer::Page { status } => Seen::Page { status },
        Answer::Explain { instead } => match Crn::find(instead) {
            Some(instead) => Seen::Instead(link(instead)),
            None => Seen::Start,
        },
        Answer::CommandLine { exit } => Seen::CommandLine { exit },
        Answer::Start => Seen::Start,
    }
}
