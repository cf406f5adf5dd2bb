//! What a form or a JSON object of one level says, for endpoints that take either.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header;
use carnet_server::http::body;
use carnet_wire::media::ContentType;
use carnet_wire::params::Params;
use serde_json::Value;

/// The most bytes that such a request has.
const LONGEST: usize = 8 * 1024;

/// The members as texts; and whether a page is wanted as the answer.
pub(super) struct Said {
    pub(super) texts: HashMap<String, String>,
    pub(super) html: bool,
}

/// Reads it. A form from another site's page is refused: the sandbox has no sign-in.
pub(super) async fn read(request: Request<Body>) -> Result<Said, StatusCode> {
    let (head, body) = request.into_parts();
    let site = head
        .headers
        .get("sec-fetch-site")
        .and_then(|value| value.to_str().ok());
    if site.is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(StatusCode::FORBIDDEN);
    }
    let kind = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let bytes = body::read(body, LONGEST)
        .await
        .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    match ContentType::parse(kind.unwrap_or_default()) {
        ContentType::Form => {
            let mut params = Params::parse(&bytes).map_err(|_| StatusCode::BAD_REQUEST)?;
            let names: Vec<String> = params.names().map(str::to_owned).collect();
            let texts = names
                .into_iter()
                .filter_map(|name| params.take(&name).map(|value| (name, value.into_owned())));
            Ok(Said {
                texts: texts.collect(),
                html: true,
            })
        }
        ContentType::Json => {
            let members: HashMap<String, Value> =
                serde_json::from_slice(&bytes).map_err(|_| StatusCode::BAD_REQUEST)?;
            let text = |value: Value| match value {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let texts = members.into_iter().map(|(name, value)| (name, text(value)));
            Ok(Said {
                texts: texts.collect(),
                html: false,
            })
        }
        ContentType::Other => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
    }
}
