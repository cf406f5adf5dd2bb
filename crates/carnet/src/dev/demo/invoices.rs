//! The invoices: in memory, a few to begin with, at most a thousand.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::Request;
use axum::extract::State;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_resource::Caller;
use carnet_server::http::body;
use carnet_wire::google::ApiError;
use carnet_wire::google::ApiStatus;
use serde::Deserialize;
use serde::Serialize;
use serde_json::json;

use crate::dev::demo;

/// The most invoices, and the most bytes of one that is added.
const MOST: usize = 1_000;
const LONGEST: usize = 16 * 1024;

#[derive(Clone, Debug, Serialize)]
struct Invoice {
    id: String,
    customer: String,
    /// In the smallest unit of the currency.
    amount: i64,
    currency: String,
}

/// What is sent to add one.
#[derive(Deserialize)]
struct NewInvoice {
    customer: String,
    amount: i64,
    currency: String,
}

/// All invoices.
#[derive(Debug)]
pub(super) struct Invoices(Mutex<Vec<Invoice>>);

impl Default for Invoices {
    fn default() -> Self {
        let first = [
            ("Ledgerly Ltd", 129_900),
            ("Notable GmbH", 4_900),
            ("Runboard SA", 75_000),
        ];
        let invoices = first
            .iter()
            .enumerate()
            .map(|(place, (customer, amount))| Invoice {
                id: format!("inv-{}", place + 1),
                customer: (*customer).to_owned(),
                amount: *amount,
                currency: "EUR".to_owned(),
            });
        Self(Mutex::new(invoices.collect()))
    }
}

/// All of them, and for whom they were listed.
pub(super) async fn list(
    State(invoices): State<Arc<Invoices>>,
    Caller(caller): Caller,
) -> Response<Body> {
    let all = invoices
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let body = json!({
        "invoices": all,
        "listedFor": caller.email().unwrap_or_else(|| caller.subject()),
        "listedBy": caller.actor().map(|actor| actor.email().unwrap_or_else(|| actor.subject())),
    });
    demo::json(StatusCode::OK, &body)
}

/// One of them.
pub(super) async fn get(
    State(invoices): State<Arc<Invoices>>,
    Path(id): Path<String>,
) -> Response<Body> {
    let found = {
        let all = invoices.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|invoice| invoice.id == id).cloned()
    };
    match found {
        Some(invoice) => demo::json(StatusCode::OK, &json!(invoice)),
        None => refuse(ApiStatus::NotFound, "There is no such invoice."),
    }
}

/// One more.
pub(super) async fn insert(
    State(invoices): State<Arc<Invoices>>,
    request: Request,
) -> Response<Body> {
    let Ok(bytes) = body::read(request.into_body(), LONGEST).await else {
        return refuse(ApiStatus::InvalidArgument, "The body is too large.");
    };
    let Ok(new) = serde_json::from_slice::<NewInvoice>(&bytes) else {
        return refuse(
            ApiStatus::InvalidArgument,
            "An invoice has customer, amount and currency.",
        );
    };
    let mut all = invoices.0.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= MOST {
        return refuse(
            ApiStatus::ResourceExhausted,
            "There are a thousand invoices: enough for a demo.",
        );
    }
    let invoice = Invoice {
        id: format!("inv-{}", all.len() + 1),
        customer: new.customer,
        amount: new.amount,
        currency: new.currency,
    };
    all.push(invoice.clone());
    demo::json(StatusCode::OK, &json!(invoice))
}

fn refuse(status: ApiStatus, message: &'static str) -> Response<Body> {
    let code = StatusCode::from_u16(status.http()).unwrap_or(StatusCode::BAD_REQUEST);
    carnet_server::answer::json(code, ApiError::new(status, message).to_bytes())
}
