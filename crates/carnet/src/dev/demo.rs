//! The protected API of the sandbox: invoices, with a scope to read them and one to add them.
//!
//! It is guarded by `carnet-resource`, as any API outside would be: it fetches the issuer's keys over
//! HTTP and knows nothing of the server beside it. Access tokens are taken, bound to a key or not, and JWTs that a service
//! account signed itself; a key that was disabled is out within five minutes, since that long its
//! document is kept.

mod description;
mod invoices;
mod readable;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::get;
use axum::routing::post;
use carnet_client::Clock;
use carnet_resource::Description;
use carnet_resource::Proofs;
use carnet_resource::SelfSigned;
use carnet_resource::Verifier;
use carnet_server::answer;
use carnet_server::parts::Parts;
use serde_json::Value;

use crate::dev::demo::invoices::Invoices;

/// Reads invoices.
pub(super) const READ: &str = "https://demo.carnet.dev/auth/invoices.read";

/// Adds invoices.
pub(super) const WRITE: &str = "https://demo.carnet.dev/auth/invoices.write";

/// What the API is called in `aud`.
const AUDIENCE: &str = "https://demo.carnet.dev";

/// Where the API describes itself (RFC 9728).
const DESCRIBED: &str = "/.well-known/oauth-protected-resource/demo";

/// The routes of the API. It lives by the sandbox's clock, and is reached at the issuer's address.
pub(super) async fn routes(parts: &Arc<Parts>) -> anyhow::Result<Router> {
    let issuer = &parts.issuer;
    let hand = Arc::clone(parts);
    let verifier = Verifier::builder(issuer)
        .audience(AUDIENCE)
        .jwks_url(&format!("{issuer}/jwks"))
        .proofs(Proofs::at(issuer))
        .describe(
            Description::new()
                .name("Invoices")
                .scopes(&[READ, WRITE])
                // It is reached at the sandbox, not under its name.
                .at(&format!("{issuer}{DESCRIBED}")),
        )
        .self_signed(
            SelfSigned::at(issuer)?
                .from_every_account()
                .granting(&[READ, WRITE])?,
        )
        .clock(Clock::told_by(move || hand.now().0))
        .build()
        .await?;
    let invoices = Arc::new(Invoices::default());
    let read = Router::new()
        .route("/demo/v1/invoices", get(invoices::list))
        .route("/demo/v1/invoices/{id}", get(invoices::get))
        .route_layer(verifier.require_any(&[READ, WRITE]));
    let write = Router::new()
        .route("/demo/v1/invoices", post(invoices::insert))
        .route_layer(verifier.require(&[WRITE]));
    // The layer answers before the route does.
    let described = Router::new()
        .route(DESCRIBED, get(StatusCode::NOT_FOUND))
        .layer(verifier.publish());
    let issuer = issuer.clone();
    let description = get(async move || json(StatusCode::OK, &description::of(&issuer)));
    Ok(read
        .merge(write)
        .with_state(invoices)
        .layer(from_fn(readable::by_pages))
        .merge(described)
        .route("/demo/$discovery/rest", description))
}

fn json(status: StatusCode, body: &Value) -> Response<Body> {
    answer::json(status, body.to_string())
}
