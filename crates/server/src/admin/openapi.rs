//! The OpenAPI 3.1 document, made of the very table that routes requests: a path that answers is in
//! it, and a path in it answers.

use std::sync::LazyLock;

use serde_json::Value;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    HttpMethod, InfoBuilder, OpenApiBuilder, Paths, Ref, RefOr, Required, Response,
    ResponseBuilder, Schema,
};
use utoipa::{PartialSchema, ToSchema};

use super::problem::ProblemDetails;
use super::route::{Documented, Route};
use super::table;
use crate::system::ADMIN_PATH;

const ABOUT: &str = "Administration of Carnet: organizations, directories, projects, APIs, service \
accounts and their keys, delegations, policies, roles, signing keys, and the audit log.\n\n\
Callers show an access token of this server with the scope `carnet.admin` (or `carnet.admin.read`, for \
GET) for the audience `urn:carnet:admin`; their roles say what they may do where. Times are RFC 3339 in \
UTC. Lists come in pages. A PATCH merges (RFC 7396) and needs `If-Match`. Every error is a problem \
(RFC 9457) whose `code` never changes its meaning.";

/// The document as JSON.
pub(crate) static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(document()).unwrap_or_default());

/// The document as text, with a line end: what `docs/openapi.json` holds.
#[must_use]
pub fn openapi() -> String {
    let mut text = serde_json::to_string_pretty(&*DOCUMENT).unwrap_or_default();
    text.push('\n');
    text
}

fn document() -> utoipa::openapi::OpenApi {
    let routes = table::routes();
    let mut paths = Paths::new();
    for route in &routes {
        let path = format!("{ADMIN_PATH}/{}", route.path);
        let method = http_method(route);
        paths.add_path_operation(path, vec![method], operation(route));
    }
    let components = schemas(&routes)
        .into_iter()
        .fold(ComponentsBuilder::new(), |components, (name, schema)| {
            components.schema(name, schema)
        })
        .security_scheme("bearer", bearer())
        .response("Problem", problem_response());
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Carnet admin API")
                .version("1")
                .description(Some(ABOUT)),
        )
        .paths(paths)
        .components(Some(components.build()))
        .security(Some([SecurityRequirement::new::<_, [&str; 0], &str>(
            "bearer",
            [],
        )]))
        .build()
}

/// Every type that a call reads or gives, and those of which it is made. One name is one type.
pub(super) fn schemas(routes: &[Route]) -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = Vec::new();
    collect::<ProblemDetails>(&mut schemas);
    for used in routes
        .iter()
        .flat_map(|route| route.body.iter().chain(&route.gives))
    {
        (used.parts)(&mut schemas);
        schemas.push(((used.name)().into_owned(), (used.schema)()));
    }
    schemas
}

fn collect<T: ToSchema + PartialSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
}

fn bearer() -> SecurityScheme {
    SecurityScheme::Http(
        HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "An access token for `urn:carnet:admin` with `carnet.admin` or `carnet.admin.read`.",
            ))
            .build(),
    )
}

fn problem_response() -> Response {
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name(ProblemDetails::name())))
        .build();
    ResponseBuilder::new()
        .description("It was not done; `code` and `detail` say why.")
        .content("application/problem+json", content)
        .build()
}

fn operation(route: &Route) -> utoipa::openapi::path::Operation {
    let mut operation = OperationBuilder::new()
        .summary(Some(route.summary))
        .operation_id(Some(operation_id(route)))
        .tag(tag(route));
    for name in names(route.path) {
        operation = operation.parameter(parameter(name, ParameterIn::Path, path_about(name)));
    }
    for query in &route.query {
        operation = operation.parameter(parameter(query.name, ParameterIn::Query, query.about));
    }
    if route.needs_if_match() {
        let about = "The ETag of the state that is changed, or `*`. Required.";
        operation = operation.parameter(parameter("If-Match", ParameterIn::Header, about));
    }
    if let Some(body) = &route.body {
        let required = if route.body_optional {
            Required::False
        } else {
            Required::True
        };
        let body = RequestBodyBuilder::new()
            .content("application/json", content(body))
            .required(Some(required));
        operation = operation.request_body(Some(body.build()));
    }
    operation
        .response(route.status.to_string(), success(route))
        .response("default", RefOr::Ref(Ref::from_response_name("Problem")))
        .build()
}

fn success(route: &Route) -> Response {
    let about = match route.status {
        201 => "It was made.",
        204 => "It is gone.",
        _ => "Done.",
    };
    let mut response = ResponseBuilder::new().description(about);
    if let Some(gives) = &route.gives {
        response = response.content("application/json", content(gives));
    }
    if route.status == 201 {
        response = response.header("Location", text_header("Where it is found."));
    }
    response.build()
}

fn content(of: &Documented) -> utoipa::openapi::Content {
    ContentBuilder::new()
        .schema(Some(Ref::from_schema_name((of.name)())))
        .build()
}

fn text_header(about: &str) -> utoipa::openapi::header::Header {
    let text = ObjectBuilder::new().schema_type(Type::String);
    HeaderBuilder::new()
        .schema(Some(Schema::from(text)))
        .description(Some(about))
        .build()
}

fn parameter(name: &str, place: ParameterIn, about: &str) -> utoipa::openapi::path::Parameter {
    let kind = if name == "page_size" {
        Type::Integer
    } else {
        Type::String
    };
    let required = matches!(place, ParameterIn::Path | ParameterIn::Header);
    ParameterBuilder::new()
        .name(name)
        .required(if required {
            Required::True
        } else {
            Required::False
        })
        .parameter_in(place)
        .description(Some(about))
        .schema(Some(Schema::from(ObjectBuilder::new().schema_type(kind))))
        .build()
}

fn http_method(route: &Route) -> HttpMethod {
    match route.method.as_str() {
        "POST" => HttpMethod::Post,
        "PATCH" => HttpMethod::Patch,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// The names in braces.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split(['/', ':'])
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// The noun: the last segment that is not a name.
fn tag(route: &Route) -> &'static str {
    let noun = |segment: &&&'static str| !segment.starts_with('{');
    let segments: Vec<&'static str> = route.path.split('/').collect();
    let last = segments.iter().rev().find(noun).copied().unwrap_or("");
    last.split(':').next().unwrap_or(last)
}

/// A name for programs: the method and the path in words.
fn operation_id(route: &Route) -> String {
    let words: Vec<&str> = route
        .path
        .split(['/', ':', '-'])
        .map(|word| word.trim_matches(['{', '}']))
        .collect();
    format!(
        "{}_{}",
        route.method.as_str().to_ascii_lowercase(),
        words.join("_")
    )
}

fn path_about(name: &str) -> &'static str {
    match name {
        "project" => "The id of the project. For one service account it may be `-`.",
        "account" => "The e-mail or the 21-digit unique id of the service account.",
        "key" => "The id of the key: 40 hexadecimal digits.",
        "user" => "The id or the e-mail of the user.",
        "group" => "The id or the e-mail of the group.",
        "domain" => "The domain name.",
        "trace" => "The trace id of a request.",
        _ => "The id.",
    }
}
