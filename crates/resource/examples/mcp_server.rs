//! A protected MCP server in one file: notes, with a tool to read them and one to add them.
//!
//! ```text
//! cargo run -p carnet-resource --example mcp_server -- [ISSUER [ADDRESS]]
//! ```
//!
//! It speaks the Model Context Protocol over streamable HTTP at `http://ADDRESS/mcp`, which is also what it
//! is called at the issuer (RFC 8707), and is an OAuth resource server as the revision 2025-11-25 of the
//! protocol wants it (Basic, Authorization):
//!
//! 1. Its description says whose tokens it takes (RFC 9728), and every 401 names the place and the scope.
//! 2. Each request shows a token that was issued for this server. No other is good, and none goes further.
//! 3. Whoever has one may read. To add a note takes a second scope; who lacks it is answered 403 with
//!    `insufficient_scope` and everything that is needed, so that the client may ask for more.
//! 4. Nothing of all that is in the JSON: a tool finds out who calls, and no token.
//!
//! It keeps no sessions and sends no events, so a GET is answered 405 (Basic, Transports).

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use axum::Json;
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::post;
use carnet_resource::Caller;
use carnet_resource::Description;
use carnet_resource::Envelope;
use carnet_resource::Verified;
use carnet_resource::Verifier;
use serde_json::Value;
use serde_json::json;
use url::Url;

/// Reads notes: what every caller needs.
const READ: &str = "notes.read";
/// Adds notes.
const WRITE: &str = "notes.write";

/// The revisions of the protocol that are spoken, the newest first.
const REVISIONS: [&str; 2] = ["2025-11-25", "2025-06-18"];

/// The largest message, in bytes.
const LARGEST: usize = 64 * 1024;
/// How many people have notes here, how many each, and how long they are in bytes.
const MOST_PEOPLE: usize = 1_000;
const MOST_NOTES: usize = 100;
const LONGEST_NOTE: usize = 1_000;

type Error = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (issuer, address) = match words.as_slice() {
        [] => ("http://127.0.0.1:8080", "127.0.0.1:8090"),
        [issuer] => (*issuer, "127.0.0.1:8090"),
        [issuer, address, ..] => (*issuer, *address),
    };
    match serve(issuer, address).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(issuer: &str, address: &str) -> Result<(), Error> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let name = format!("http://{}/mcp", listener.local_addr()?);
    let verifier = Verifier::builder(issuer)
        .audience(&name)
        // What is enough to begin with; the rest is asked for where it is needed.
        .describe(Description::new().name("Notes").scopes(&[READ]))
        .envelope(Envelope::Plain)
        .realm("notes")
        .build()
        .await?;
    let desk = Arc::new(Desk {
        verifier: verifier.clone(),
        notes: Mutex::default(),
    });
    let app = Router::new()
        .route("/mcp", post(message))
        .route_layer(verifier.require(&[READ]))
        .layer(verifier.publish())
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(desk);
    println!("{name}");
    axum::serve(listener, app).await?;
    Ok(())
}

/// What the tools work with.
struct Desk {
    verifier: Verifier,
    /// The notes of everybody, by their subject at the issuer.
    notes: Mutex<HashMap<String, Vec<String>>>,
}

/// An answer that is no result: a code of JSON-RPC 2.0 with its reason.
struct Wrong(i32, &'static str);

/// What comes of a message.
enum Outcome {
    Result(Value),
    Wrong(Wrong),
    /// The token has too little.
    Refused(carnet_resource::Refusal),
}

/// One message of the client (Basic, Transports).
async fn message(
    State(desk): State<Arc<Desk>>,
    Caller(caller): Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !from_here(&headers) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let revision = headers.get("mcp-protocol-version");
    if revision.is_some_and(|sent| !REVISIONS.iter().any(|known| sent == known)) {
        return failed(&Value::Null, &Wrong(-32600, "this revision is not spoken"));
    }
    let Ok(Value::Object(message)) = serde_json::from_slice(&body) else {
        return failed(&Value::Null, &Wrong(-32700, "this is no message"));
    };
    let Some(method) = message.get("method").and_then(Value::as_str) else {
        return failed(&Value::Null, &Wrong(-32600, "there is no method"));
    };
    let Some(id) = message.get("id") else {
        // A notification. None of them changes anything here.
        return StatusCode::ACCEPTED.into_response();
    };
    let nothing = Value::Null;
    let parameters = message.get("params").unwrap_or(&nothing);
    let outcome = match method {
        "initialize" => Outcome::Result(hello(parameters)),
        "ping" => Outcome::Result(json!({})),
        "tools/list" => Outcome::Result(tools()),
        "tools/call" => desk.call(&caller, parameters),
        _ => Outcome::Wrong(Wrong(-32601, "this method is not known")),
    };
    match outcome {
        Outcome::Result(result) => {
            Json(json!({ "jsonrpc": "2.0", "id": id, "result": result })).into_response()
        }
        Outcome::Wrong(wrong) => failed(id, &wrong),
        Outcome::Refused(refusal) => desk.verifier.answer(&refusal).map(Into::into),
    }
}

/// Whether no web page of elsewhere sent this: one that found out the address of a server on somebody's
/// machine (Basic, Transports: DNS rebinding).
fn from_here(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    let url = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    matches!(
        url.as_ref().and_then(Url::host_str),
        Some("localhost" | "127.0.0.1" | "[::1]")
    )
}

fn failed(id: &Value, Wrong(code, message): &Wrong) -> Response {
    // What is no JSON-RPC at all is a bad request; a no to a good one is an answer.
    let status = if id.is_null() {
        StatusCode::BAD_REQUEST
    } else {
        StatusCode::OK
    };
    let error = json!({ "code": code, "message": message });
    let body = json!({ "jsonrpc": "2.0", "id": id, "error": error });
    (status, Json(body)).into_response()
}

/// Basic, Lifecycle: the revision that the client asks for, or else the newest.
fn hello(parameters: &Value) -> Value {
    let asked = parameters.get("protocolVersion").and_then(Value::as_str);
    let [newest, ..] = REVISIONS;
    let spoken = asked
        .filter(|asked| REVISIONS.contains(asked))
        .unwrap_or(newest);
    json!({
        "protocolVersion": spoken,
        "capabilities": { "tools": {} },
        "serverInfo": { "name": "notes", "title": "Notes", "version": "1.0.0" },
    })
}

fn tools() -> Value {
    let text = json!({ "type": "string", "description": "What to remember." });
    json!({ "tools": [
        {
            "name": "list_notes",
            "description": "All notes of the person who is signed in.",
            "inputSchema": { "type": "object" },
            "annotations": { "readOnlyHint": true },
        },
        {
            "name": "add_note",
            "description": "Adds a note.",
            "inputSchema": { "type": "object", "properties": { "text": text }, "required": ["text"] },
        },
    ] })
}

impl Desk {
    fn call(&self, caller: &Verified, parameters: &Value) -> Outcome {
        let text = parameters
            .pointer("/arguments/text")
            .and_then(Value::as_str);
        match parameters.get("name").and_then(Value::as_str) {
            Some("list_notes") => self.list(caller),
            // Both, so that nobody loses the one by asking for the other.
            Some("add_note") => match (caller.require(&[READ, WRITE]), text) {
                (Err(refusal), _) => Outcome::Refused(refusal),
                (Ok(()), Some(text)) => self.add(caller, text),
                (Ok(()), None) => Outcome::Wrong(Wrong(-32602, "text is missing")),
            },
            _ => Outcome::Wrong(Wrong(-32602, "this tool is not known")),
        }
    }

    fn list(&self, caller: &Verified) -> Outcome {
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let own = notes.get(caller.subject());
        said(&own.map(|notes| notes.join("\n")).unwrap_or_default())
    }

    fn add(&self, caller: &Verified, text: &str) -> Outcome {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let people = notes.len();
        let own = notes.get(caller.subject()).map_or(0, Vec::len);
        if text.len() > LONGEST_NOTE || own >= MOST_NOTES || own == 0 && people >= MOST_PEOPLE {
            return Outcome::Wrong(Wrong(-32602, "there is no room for this note"));
        }
        let own = notes.entry(caller.subject().to_owned()).or_default();
        own.push(text.to_owned());
        said(&format!("{} notes", own.len()))
    }
}

/// What a tool has to say.
fn said(text: &str) -> Outcome {
    Outcome::Result(json!({ "content": [{ "type": "text", "text": text }] }))
}
