//! The pages of the sandbox that only tell.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::Response;
use axum::http::StatusCode;
use carnet_pages::Dev;
use carnet_pages::DevMail;
use carnet_pages::DevServiceAccount;
use carnet_pages::DevUser;
use carnet_pages::Fault;
use carnet_pages::Frame;
use carnet_pages::Html;
use carnet_server::web;

use crate::dev::control::Control;
use crate::dev::demo;

/// What is ready-made.
pub(super) async fn overview(
    State(control): State<Arc<Control>>,
    asked: HeaderMap,
) -> Response<Body> {
    let grown = &control.grown;
    let key = grown
        .accounts
        .first()
        .map(|account| account.key_file.display().to_string());
    let issuer = &control.parts.issuer;
    let view = Dev {
        organization: grown.domain.clone(),
        project: grown.project.to_string(),
        try_it: key.map_or_else(Vec::new, |key| {
            vec![
                format!("carnet token --key {key} --scope {}", demo::READ),
                format!("curl -H \"$(carnet token header --key {key} --scope {})\" {issuer}/demo/v1/invoices", demo::READ),
            ]
        }),
        users: grown
            .users
            .iter()
            .map(|user| DevUser {
                email: user.email.to_string(),
                password: user.password.as_ref().map(|known| known.as_str().to_owned()),
            })
            .collect(),
        service_accounts: grown
            .accounts
            .iter()
            .map(|grown| DevServiceAccount {
                email: grown.account.email.to_string(),
                client_id: grown.account.unique_id.to_string(),
                key_file: Some(grown.key_file.display().to_string()),
            })
            .collect(),
        clients: Vec::new(),
    };
    answer(&control, &asked, |frame| carnet_pages::dev(frame, &view))
}

/// Which mail went out: none yet, since nothing in this version sends any.
pub(super) async fn mail(State(control): State<Arc<Control>>, asked: HeaderMap) -> Response<Body> {
    let view = DevMail { mails: Vec::new() };
    answer(&control, &asked, |frame| {
        carnet_pages::dev_mail(frame, &view)
    })
}

/// A page of the sandbox as an answer.
pub(super) fn answer(
    control: &Control,
    asked: &HeaderMap,
    print: impl FnOnce(&Frame) -> Result<Html, Fault>,
) -> Response<Body> {
    let frame = web::frame(&control.parts, asked);
    let page = print(&frame);
    web::answer(StatusCode::OK, &frame, page)
}
