//! Every URL that the public listener answers, on one screen.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::Response;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use axum::routing::get;
use axum::routing::post;

use crate::admin;
use crate::cors;
use crate::google::api_discovery;
use crate::google::iam_admin;
use crate::google::iam_credentials;
use crate::google::nothing_here as no_method;
use crate::google::service_account_documents;
use crate::google::service_account_methods;
use crate::google::sts;
use crate::google::tokeninfo;
use crate::google::userinfo as google_userinfo;
use crate::oauth::device_authorization;
use crate::oauth::introspect;
use crate::oauth::par;
use crate::oauth::register;
use crate::oauth::registration;
use crate::oauth::revoke;
use crate::oauth::token;
use crate::oauth::userinfo;
use crate::parts::Parts;
use crate::protected_resources::Own;
use crate::web;
use crate::web::account;

/// The routes that metrics tell apart; everything else is one series.
pub const PATTERNS: [&str; 20] = [
    "/token",
    "/v1/token",
    "/oauth2/v4/token",
    "/device_authorization",
    "/device",
    "/introspect",
    "/revoke",
    "/register",
    "/userinfo",
    "/tokeninfo",
    "/v1/projects/{project}/serviceAccounts/{account}",
    "/authorize",
    "/par",
    "/consent",
    "/login",
    "/logout",
    "/jwks",
    "/.well-known/openid-configuration",
    "/oauth2/v1/certs",
    "/oauth2/v3/certs",
];

/// The routes of the server. What `carnet dev` adds is merged by the binary.
pub fn routes(parts: Arc<Parts>) -> Router {
    described(&parts.issuer)
        // RFC 6749 section 3.2, and the names that Google's libraries have built in (google-wire 0.2)
        .route("/token", any(token::post))
        .route("/oauth2/v4/token", any(token::post))
        .route("/o/oauth2/token", any(token::post))
        // RFC 8628 section 3.1, google-wire 4.6
        .route("/device_authorization", any(device_authorization::post))
        .route("/device/code", any(device_authorization::post))
        .route("/o/oauth2/device/code", any(device_authorization::post))
        // OpenID Connect Core 1.0 section 5.3
        .route("/userinfo", get(userinfo::any).post(userinfo::any))
        // RFC 9126 section 2
        .route("/par", any(par::post))
        // RFC 7662, RFC 7009
        .route("/introspect", any(introspect::post))
        .route("/revoke", any(revoke::any))
        .route("/o/oauth2/revoke", any(revoke::any))
        // RFC 7591, RFC 7592
        .route("/register", any(register::post))
        .route("/register/{client}", any(registration::any))
        // RFC 8414, OpenID Connect Discovery, RFC 7517
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/.well-known/oauth-authorization-server", get(discovery))
        .route("/jwks", get(jwks))
        .route("/.well-known/jwks.json", get(jwks))
        .merge(of_google())
        .route("/assets/{name}", get(web::asset::get))
        .method_not_allowed_fallback(web::nothing_here::method)
        // the Fetch Standard's CORS protocol: for these, and for nothing below
        .layer(from_fn_with_state(Arc::clone(&parts), cors::around))
        .with_state(Arc::clone(&parts))
        .merge(pages(Arc::clone(&parts)))
        // the admin API has a table of its own
        .merge(admin::routes(parts))
}

/// The paths of Google's APIs (google-wire 0.2).
fn of_google() -> Router<Arc<Parts>> {
    Router::new()
        // google-wire 4.1, 3.3
        .route("/oauth2/v1/certs", get(certificates))
        .route("/oauth2/v3/certs", get(google_jwks))
        .route(
            "/service_accounts/v1/jwk/{email}",
            get(service_account_documents::jwk),
        )
        .route(
            "/service_accounts/v1/metadata/jwk/{email}",
            get(service_account_documents::jwk),
        )
        .route(
            "/service_accounts/v1/metadata/x509/{email}",
            get(service_account_documents::x509),
        )
        .route(
            "/robot/v1/metadata/x509/{email}",
            get(service_account_documents::x509),
        )
        .route(
            "/service_accounts/v1/metadata/raw/{email}",
            get(service_account_documents::raw),
        )
        // google-wire 5.1, 5.2
        .route(
            "/v1/projects/{project}/serviceAccounts/{account}",
            post(service_account_methods::post).fallback(iam_admin::any),
        )
        .merge(allowed_locations())
        // google-wire 10.1
        .route("/discovery/v1/apis", get(api_discovery::list))
        .route(
            "/discovery/v1/apis/{api}/{version}/rest",
            get(api_discovery::get),
        )
        .route("/$discovery/rest", get(api_discovery::own))
        // google-wire 4.4
        .route(
            "/oauth2/v3/userinfo",
            get(google_userinfo::any).post(google_userinfo::any),
        )
        .route(
            "/v1/userinfo",
            get(google_userinfo::any).post(google_userinfo::any),
        )
        .route("/oauth2/v1/userinfo", get(google_userinfo::older))
        .route("/oauth2/v2/userinfo", get(google_userinfo::older))
        .route("/userinfo/v2/me", get(google_userinfo::older))
        // google-wire 5.3
        .merge(administration())
        // google-wire 4.2
        .route("/tokeninfo", any(tokeninfo::any))
        .route("/oauth2/v3/tokeninfo", any(tokeninfo::any))
        .route("/oauth2/v1/tokeninfo", any(tokeninfo::older))
        .route("/oauth2/v2/tokeninfo", any(tokeninfo::older))
        .merge(token_service())
}

/// Where somebody's tokens may be used: anywhere (google-wire 5.2).
fn allowed_locations() -> Router<Arc<Parts>> {
    Router::new()
        .route(
            "/v1/projects/{project}/serviceAccounts/{account}/allowedLocations",
            get(iam_credentials::allowed_locations),
        )
        .route(
            "/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}/allowedLocations",
            get(iam_credentials::allowed_locations),
        )
        .route(
            "/v1/locations/global/workforcePools/{pool}/allowedLocations",
            get(iam_credentials::allowed_locations),
        )
}

/// The Security Token Service (google-wire 6.1, 6.2).
fn token_service() -> Router<Arc<Parts>> {
    Router::new()
        .route("/v1/token", any(sts::post))
        .route("/v1/introspect", any(sts::introspect::post))
        .route("/v1/oauthtoken", any(sts::oauth_token::post))
}

/// IAM Admin, and what of Resource Manager its clients ask for: what a path names is read there.
fn administration() -> Router<Arc<Parts>> {
    const PATHS: [&str; 29] = [
        "/v1/projects",
        "/v1/projects/{project}",
        "/v3/projects",
        "/v3/projects:search",
        "/v3/projects/{project}",
        "/v1/projects/{project}/serviceAccounts",
        "/v1/projects/{project}/serviceAccounts/{account}/keys",
        "/v1/projects/{project}/serviceAccounts/{account}/keys:upload",
        "/v1/projects/{project}/serviceAccounts/{account}/keys/{key}",
        "/v1/projects/{project}/locations/global/workloadIdentityPools",
        "/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}",
        "/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}/operations/{operation}",
        "/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}/providers",
        "/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}/providers/{provider}",
        "/v1/projects/{project}/locations/global/workloadIdentityPools/{pool}/providers/{provider}/operations/{operation}",
        "/v1/locations/global/workforcePools",
        "/v1/locations/global/workforcePools/{pool}",
        "/v1/locations/global/workforcePools/{pool}/operations/{operation}",
        "/v1/locations/global/workforcePools/{pool}/providers",
        "/v1/locations/global/workforcePools/{pool}/providers/{provider}",
        "/v1/locations/global/workforcePools/{pool}/providers/{provider}/operations/{operation}",
        "/v1/roles",
        "/v1/roles:queryGrantableRoles",
        "/v1/permissions:queryTestablePermissions",
        "/v1/roles/{role}",
        "/v1/projects/{project}/roles",
        "/v1/projects/{project}/roles/{role}",
        "/v1/organizations/{organization}/roles",
        "/v1/organizations/{organization}/roles/{role}",
    ];
    let router = Router::new();
    PATHS.into_iter().fold(router, |router, path| {
        router.route(path, any(iam_admin::any))
    })
}

/// RFC 9728 section 3: what our own APIs say about themselves, where their names lead.
fn described(issuer: &str) -> Router<Arc<Parts>> {
    let documents = [
        (Own::Userinfo.path(issuer), get(userinfo_described)),
        (Own::Admin.path(issuer), get(admin_described)),
    ];
    let mut router = Router::new();
    for (path, document) in documents {
        if let Some(path) = path {
            router = router.route(&path, document);
        }
    }
    router
}

async fn userinfo_described(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    parts.documents.load().userinfo.answer(&asked)
}

async fn admin_described(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    parts.documents.load().admin.answer(&asked)
}

/// What people see.
fn pages(parts: Arc<Parts>) -> Router {
    Router::new()
        .route("/", get(web::home::get))
        .route("/e/", get(web::error_code::index))
        .route("/e/{code}", get(web::error_code::get))
        .route("/setup", get(web::setup::get).post(web::setup::post))
        // RFC 6749 section 3.1
        .route(
            "/authorize",
            get(web::authorize::any).post(web::authorize::any),
        )
        // google-wire 0.2
        .route(
            "/o/oauth2/auth",
            get(web::authorize::any).post(web::authorize::any),
        )
        .route(
            "/o/oauth2/v2/auth",
            get(web::authorize::any).post(web::authorize::any),
        )
        .route("/consent", post(web::authorize::consent))
        // google-wire 6.2
        .route("/workforce/authorize", get(web::workforce::begin))
        .route(
            "/signin-callback/locations/global/workforcePools/{pool}/providers/{provider}",
            get(web::workforce::callback).post(web::workforce::callback),
        )
        // RFC 8628 section 3.3
        .route("/device", get(web::device::get).post(web::device::post))
        .route("/device/confirm", post(web::device::confirm))
        .route("/account", get(account::home::get))
        .route("/account/apps", get(account::apps::get))
        .route("/account/apps/remove", post(account::apps::remove))
        .route("/account/apps/undo", post(account::apps::undo))
        .route("/account/devices", get(account::devices::get))
        .route("/account/devices/end", post(account::devices::end))
        .route(
            "/account/devices/end-others",
            post(account::devices::end_others),
        )
        .route("/account/activity", get(account::activity::get))
        .route(
            "/account/password",
            get(account::password::get).post(account::password::post),
        )
        .route("/login", get(web::sign_in::get).post(web::sign_in::post))
        .route("/logout", get(web::sign_out::get).post(web::sign_out::post))
        .fallback(nothing)
        .method_not_allowed_fallback(web::nothing_here::method)
        .layer(from_fn_with_state(Arc::clone(&parts), web::around))
        .with_state(parts)
}

/// Nothing is at the path: said as whoever asks expects it.
async fn nothing(State(parts): State<Arc<Parts>>, request: Request<Body>) -> Response<Body> {
    if no_method::is_asked(&request) {
        return no_method::answer(&request, &parts);
    }
    web::nothing_here::any(State(parts), request).await
}

async fn discovery(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    parts.documents.load().discovery.answer(&asked)
}

async fn jwks(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    parts.documents.load().jwks.answer(&asked)
}

async fn certificates(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    parts.documents.load().certificates.answer(&asked)
}

async fn google_jwks(State(parts): State<Arc<Parts>>, asked: HeaderMap) -> Response<Body> {
    parts.documents.load().google_jwks.answer(&asked)
}
