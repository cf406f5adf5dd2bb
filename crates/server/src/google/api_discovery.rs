//! Google's discovery documents of APIs, for those of Google's APIs that this server has (google-wire 10.1, 10.2):
//! `googleapiclient` builds a client from one.
//!
//! Each says that the API is at this server's own address. What Google's API has and this server has not is not in it.
//! Nobody signs in to read one: the libraries ask without a token.

mod methods;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_wire::google::SCOPE_CLOUD_PLATFORM;
use carnet_wire::google::SCOPE_IAM;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::answer;
use crate::parts::Parts;

/// An API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Api {
    /// `iamcredentials` v1 (google-wire 5.1).
    IamCredentials,
    /// `sts` v1 (google-wire 6.1).
    Sts,
    /// `oauth2` v2: tokeninfo and userinfo (google-wire 4.2, 4.4).
    Oauth2,
}

impl Api {
    const ALL: [Self; 3] = [Self::IamCredentials, Self::Sts, Self::Oauth2];

    const fn name(self) -> &'static str {
        match self {
            Self::IamCredentials => "iamcredentials",
            Self::Sts => "sts",
            Self::Oauth2 => "oauth2",
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::IamCredentials | Self::Sts => "v1",
            Self::Oauth2 => "v2",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::IamCredentials => "IAM Service Account Credentials API",
            Self::Sts => "Security Token Service API",
            Self::Oauth2 => "Google OAuth2 API",
        }
    }

    /// The scopes that its methods take; none where no token is needed, or any will do.
    const fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::IamCredentials => &[SCOPE_CLOUD_PLATFORM, SCOPE_IAM],
            Self::Sts => &[],
            Self::Oauth2 => &["openid", "email", "profile"],
        }
    }

    fn document(self, issuer: &str) -> Value {
        let scopes: Map<String, Value> = self
            .scopes()
            .iter()
            .map(|scope| ((*scope).to_owned(), json!({"description": scope})))
            .collect();
        let (methods, resources) = match self {
            Self::IamCredentials => (json!({}), methods::iam_credentials(self.scopes())),
            Self::Sts => (json!({}), methods::sts()),
            Self::Oauth2 => (methods::tokeninfo(), methods::userinfo(self.scopes())),
        };
        json!({
            "kind": "discovery#restDescription",
            "discoveryVersion": "v1",
            "id": format!("{}:{}", self.name(), self.version()),
            "name": self.name(),
            "version": self.version(),
            "title": self.title(),
            "protocol": "rest",
            "rootUrl": format!("{issuer}/"),
            "servicePath": "",
            "baseUrl": format!("{issuer}/"),
            "batchPath": "batch",
            "parameters": {"alt": {
                "type": "string", "location": "query", "default": "json", "enum": ["json"],
                "description": "The format of the answer."
            }},
            "auth": {"oauth2": {"scopes": scopes}},
            "schemas": methods::schemas(),
            "methods": methods,
            "resources": resources,
        })
    }

    fn listed(self, issuer: &str) -> Value {
        let (name, version) = (self.name(), self.version());
        json!({
            "kind": "discovery#directoryItem",
            "id": format!("{name}:{version}"),
            "name": name,
            "version": version,
            "title": self.title(),
            "discoveryRestUrl": format!("{issuer}/discovery/v1/apis/{name}/{version}/rest"),
            "preferred": true,
        })
    }
}

/// `GET /discovery/v1/apis`: which there are.
pub async fn list(State(parts): State<Arc<Parts>>) -> Response<Body> {
    let items = Api::ALL.map(|api| api.listed(&parts.issuer));
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
) -> Response<Body> {
    let found = Api::ALL
        .into_iter()
        .find(|api| api.name() == name && api.version() == version);
    if let Some(api) = found {
        answer::json(StatusCode::OK, api.document(&parts.issuer).to_string())
    } else {
        let no = json!({"error": {
            "code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND",
        }});
        answer::json(StatusCode::NOT_FOUND, no.to_string())
    }
}
