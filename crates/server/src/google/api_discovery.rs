//! Google's discovery documents of APIs, for those of Google's APIs that this server has (google-wire 10.1, 10.2):
//! `googleapiclient` builds a client from one.
//!
//! 1. Each says that the API is at this server's own address. Who came under one of Google's names that are held
//!    ([`Awaited`]) is told the API's name there: `https://iam.googleapis.com/`, or the same in a universe domain.
//! 2. What Google's API has and this server has not is not in it.
//! 3. Under its own name an API has one document for each version, at `/$discovery/rest`.
//!
//! Nobody signs in to read one: the libraries ask without a token.

mod describe;
mod tables;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::State;
use axum::http::Request;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_wire::google::SCOPE_CLOUD_PLATFORM;
use carnet_wire::google::SCOPE_IAM;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use url::form_urlencoded;

use crate::answer;
use crate::captive::names;
use crate::http::host;
use crate::http::host::Awaited;
use crate::parts::Parts;

/// An API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Api {
    /// `iam` v1 (google-wire 5.3).
    Iam,
    /// `iamcredentials` v1 (google-wire 5.1).
    IamCredentials,
    /// `sts` v1 (google-wire 6.1).
    Sts,
    /// `oauth2` v2: tokeninfo and userinfo (google-wire 4.2, 4.4).
    Oauth2,
}

impl Api {
    const ALL: [Self; 4] = [Self::Iam, Self::IamCredentials, Self::Sts, Self::Oauth2];

    fn named(name: &str, version: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|api| api.name() == name && api.version() == version)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Iam => "iam",
            Self::IamCredentials => "iamcredentials",
            Self::Sts => "sts",
            Self::Oauth2 => "oauth2",
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::Iam | Self::IamCredentials | Self::Sts => "v1",
            Self::Oauth2 => "v2",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Iam => "Identity and Access Management (IAM) API",
            Self::IamCredentials => "IAM Service Account Credentials API",
            Self::Sts => "Security Token Service API",
            Self::Oauth2 => "Google OAuth2 API",
        }
    }

    /// The scopes that its methods take; none where no token is needed, or any will do.
    const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Iam | Self::IamCredentials => &[SCOPE_CLOUD_PLATFORM, SCOPE_IAM],
            Self::Sts => &[],
            Self::Oauth2 => &["openid", "email", "profile"],
        }
    }

    /// Its methods and its schemas.
    const fn tables(self) -> (&'static str, &'static str) {
        match self {
            Self::Iam => (tables::IAM, tables::IAM_SCHEMAS),
            Self::IamCredentials => (tables::IAM_CREDENTIALS, tables::IAM_CREDENTIALS_SCHEMAS),
            Self::Sts => (tables::STS, tables::STS_SCHEMAS),
            Self::Oauth2 => (tables::OAUTH2, tables::OAUTH2_SCHEMAS),
        }
    }

    fn document(self, place: &Place<'_>) -> Value {
        let scopes: Map<String, Value> = self
            .scopes()
            .iter()
            .map(|scope| ((*scope).to_owned(), json!({"description": scope})))
            .collect();
        let (methods, schemas) = self.tables();
        let methods = describe::methods(methods, self.name(), self.scopes());
        let root = place.root(self.name());
        let mut document = json!({
            "kind": "discovery#restDescription",
            "discoveryVersion": "v1",
            "id": format!("{}:{}", self.name(), self.version()),
            "name": self.name(),
            "version": self.version(),
            "title": self.title(),
            "protocol": "rest",
            "rootUrl": root,
            "servicePath": "",
            "baseUrl": root,
            "batchPath": "batch",
            "parameters": {"alt": {
                "type": "string", "location": "query", "default": "json", "enum": ["json"],
                "description": "The format of the answer."
            }},
            "auth": {"oauth2": {"scopes": scopes}},
            "schemas": describe::schemas(schemas),
        });
        if let Value::Object(members) = &mut document {
            members.extend(methods);
        }
        document
    }

    fn listed(self, place: &Place<'_>) -> Value {
        let (name, version) = (self.name(), self.version());
        let root = place.root("www");
        json!({
            "kind": "discovery#directoryItem",
            "id": format!("{name}:{version}"),
            "name": name,
            "version": version,
            "title": self.title(),
            "discoveryRestUrl": format!("{root}discovery/v1/apis/{name}/{version}/rest"),
            "preferred": true,
        })
    }
}

/// Under which name the reader came.
enum Place<'a> {
    /// Our own.
    Issuer(&'a str),
    /// One of an API of Google's: its first label, and the domain behind it.
    Held(&'a str, &'a str),
}

impl<'a> Place<'a> {
    fn of(request: &'a Request<Body>, parts: &'a Parts) -> Self {
        let held = request.extensions().get::<Awaited>();
        let host = held.and_then(|_| host::named(request));
        match host.and_then(names::of_an_api) {
            Some((api, domain)) => Self::Held(api, domain),
            None => Self::Issuer(&parts.issuer),
        }
    }

    /// Where an API is.
    fn root(&self, api: &str) -> String {
        match self {
            Self::Issuer(issuer) => format!("{issuer}/"),
            Self::Held(_, domain) => format!("https://{api}.{domain}/"),
        }
    }
}

/// `GET /discovery/v1/apis`: which there are.
pub async fn list(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let place = Place::of(&request, &parts);
    let items = Api::ALL.map(|api| api.listed(&place));
    let list = json!({
        "kind": "discovery#directoryList",
        "discoveryVersion": "v1",
        "items": items,
    });
    answer::json(StatusCode::OK, list.to_string())
}

/// `GET /discovery/v1/apis/{api}/{version}/rest`: one of them. For another one the libraries look elsewhere after 404.
pub async fn get(
    State(parts): State<Arc<Parts>>,
    Path((name, version)): Path<(String, String)>,
    request: Request<Body>,
) -> Response<Body> {
    shown(Api::named(&name, &version), &Place::of(&request, &parts))
}

/// `GET /$discovery/rest?version=v1` under the name of an API.
pub async fn own(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    let place = Place::of(&request, &parts);
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let version = pairs.find_map(|(name, value)| (name == "version").then_some(value));
    let api = match (&place, version) {
        (Place::Held(first, _), Some(version)) => Api::named(first, &version),
        _ => None,
    };
    shown(api, &place)
}

fn shown(api: Option<Api>, place: &Place<'_>) -> Response<Body> {
    if let Some(api) = api {
        return answer::json(StatusCode::OK, api.document(place).to_string());
    }
    let no = json!({"error": {
        "code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND",
    }});
    answer::json(StatusCode::NOT_FOUND, no.to_string())
}
