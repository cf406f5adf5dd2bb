//! What the documents say of methods: where they are, what they take, what they answer.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

/// The methods of IAM Credentials, below `projects.serviceAccounts`.
pub(super) fn iam_credentials(scopes: &[&str]) -> Value {
    let named = [
        ("generateAccessToken", "GenerateAccessToken"),
        ("generateIdToken", "GenerateIdToken"),
        ("signBlob", "SignBlob"),
        ("signJwt", "SignJwt"),
    ];
    let mut methods = Map::new();
    for (name, schema) in named {
        let method = json!({
            "id": format!("iamcredentials.projects.serviceAccounts.{name}"),
            "path": format!("v1/{{+name}}:{name}"),
            "flatPath": format!("v1/projects/{{projectsId}}/serviceAccounts/{{serviceAccountsId}}:{name}"),
            "httpMethod": "POST",
            "parameters": account(),
            "parameterOrder": ["name"],
            "request": {"$ref": format!("{schema}Request")},
            "response": {"$ref": format!("{schema}Response")},
            "scopes": scopes,
        });
        methods.insert(name.to_owned(), method);
    }
    let locations = json!({
        "id": "iamcredentials.projects.serviceAccounts.getAllowedLocations",
        "path": "v1/{+name}/allowedLocations",
        "flatPath": "v1/projects/{projectsId}/serviceAccounts/{serviceAccountsId}/allowedLocations",
        "httpMethod": "GET",
        "parameters": account(),
        "parameterOrder": ["name"],
        "response": {"$ref": "AllowedLocations"},
        "scopes": scopes,
    });
    methods.insert("getAllowedLocations".to_owned(), locations);
    json!({"projects": {"resources": {"serviceAccounts": {"methods": methods}}}})
}

fn account() -> Value {
    json!({"name": {
        "type": "string", "required": true, "location": "path",
        "pattern": "^projects/[^/]+/serviceAccounts/[^/]+$",
        "description": "projects/-/serviceAccounts/{e-mail or number}",
    }})
}

/// The methods of STS, below `v1`.
pub(super) fn sts() -> Value {
    let method = |name: &str, schema: &str| {
        json!({
            "id": format!("sts.{name}"),
            "path": format!("v1/{name}"),
            "flatPath": format!("v1/{name}"),
            "httpMethod": "POST",
            "parameters": {},
            "parameterOrder": [],
            "request": {"$ref": format!("{schema}Request")},
            "response": {"$ref": format!("{schema}Response")},
        })
    };
    json!({"v1": {"methods": {
        "token": method("token", "ExchangeToken"),
        "introspect": method("introspect", "IntrospectToken"),
    }}})
}

/// `oauth2.tokeninfo`.
pub(super) fn tokeninfo() -> Value {
    let token = json!({"type": "string", "location": "query"});
    json!({"tokeninfo": {
        "id": "oauth2.tokeninfo",
        "path": "oauth2/v2/tokeninfo",
        "httpMethod": "POST",
        "parameters": {"access_token": token, "id_token": token},
        "response": {"$ref": "Tokeninfo"},
    }})
}

/// `oauth2.userinfo.get`, and the same at its other address.
pub(super) fn userinfo(scopes: &[&str]) -> Value {
    let method = |id: &str, path: &str| {
        json!({
            "id": id,
            "path": path,
            "httpMethod": "GET",
            "parameters": {},
            "response": {"$ref": "Userinfo"},
            "scopes": scopes,
        })
    };
    json!({"userinfo": {
        "methods": {"get": method("oauth2.userinfo.get", "oauth2/v2/userinfo")},
        "resources": {"v2": {"resources": {"me": {"methods": {
            "get": method("oauth2.userinfo.v2.me.get", "userinfo/v2/me"),
        }}}}},
    }})
}

/// The form of a member that is not a text.
#[derive(Clone, Copy)]
enum Form {
    Texts,
    Number,
    Yes,
    Bytes,
}

impl Form {
    fn schema(self) -> Value {
        match self {
            Self::Texts => json!({"type": "array", "items": {"type": "string"}}),
            Self::Number => json!({"type": "integer", "format": "int32"}),
            Self::Yes => json!({"type": "boolean"}),
            Self::Bytes => json!({"type": "string", "format": "byte"}),
        }
    }
}

/// What is sent or answered: its name, its members that are texts, and the others.
struct Schema(
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, Form)],
);

const SCHEMAS: &[Schema] = &[
    Schema(
        "GenerateAccessTokenRequest",
        &["lifetime"],
        &[("delegates", Form::Texts), ("scope", Form::Texts)],
    ),
    Schema(
        "GenerateAccessTokenResponse",
        &["accessToken", "expireTime"],
        &[],
    ),
    Schema(
        "GenerateIdTokenRequest",
        &["audience"],
        &[("delegates", Form::Texts), ("includeEmail", Form::Yes)],
    ),
    Schema("GenerateIdTokenResponse", &["token"], &[]),
    Schema(
        "SignBlobRequest",
        &[],
        &[("delegates", Form::Texts), ("payload", Form::Bytes)],
    ),
    Schema(
        "SignBlobResponse",
        &["keyId"],
        &[("signedBlob", Form::Bytes)],
    ),
    Schema(
        "SignJwtRequest",
        &["payload"],
        &[("delegates", Form::Texts)],
    ),
    Schema("SignJwtResponse", &["keyId", "signedJwt"], &[]),
    Schema(
        "AllowedLocations",
        &["encodedLocations"],
        &[("locations", Form::Texts)],
    ),
    Schema(
        "ExchangeTokenRequest",
        &[
            "audience",
            "grantType",
            "options",
            "requestedTokenType",
            "scope",
            "subjectToken",
            "subjectTokenType",
        ],
        &[],
    ),
    Schema(
        "ExchangeTokenResponse",
        &["access_token", "issued_token_type", "token_type"],
        &[("expires_in", Form::Number)],
    ),
    Schema("IntrospectTokenRequest", &["token", "tokenTypeHint"], &[]),
    Schema(
        "IntrospectTokenResponse",
        &["client_id", "exp", "iat", "iss", "scope", "sub", "username"],
        &[("active", Form::Yes)],
    ),
    Schema(
        "Tokeninfo",
        &["audience", "email", "issued_to", "scope", "user_id"],
        &[("expires_in", Form::Number), ("verified_email", Form::Yes)],
    ),
    Schema(
        "Userinfo",
        &[
            "email",
            "family_name",
            "given_name",
            "hd",
            "id",
            "locale",
            "name",
            "picture",
        ],
        &[("verified_email", Form::Yes)],
    ),
];

/// What is sent and answered. The members that have a form of their own say it; the others are texts.
pub(super) fn schemas() -> Value {
    let all = SCHEMAS.iter().map(|Schema(name, plain, others)| {
        let plain = plain
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "string"})));
        let others = others
            .iter()
            .map(|(name, form)| ((*name).to_owned(), form.schema()));
        let members: Map<String, Value> = plain.chain(others).collect();
        let schema = json!({"id": name, "type": "object", "properties": members});
        ((*name).to_owned(), schema)
    });
    Value::Object(all.collect())
}
