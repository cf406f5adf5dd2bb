//! A protected API in one file: invoices, for those who may read them.
//!
//! ```text
//! cargo run -p carnet-resource --example protected_api -- ISSUER AUDIENCE SCOPE [KEY_FILE]
//! ```
//!
//! It takes JWT access tokens, tokens that service accounts sign themselves and, with the key file
//! of an account that may introspect, opaque ones.

use std::process::ExitCode;

use axum::Router;
use axum::routing::get;
use carnet_client::ServiceAccount;
use carnet_resource::Caller;
use carnet_resource::SelfSigned;
use carnet_resource::Verifier;

type Error = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        [issuer, audience, scope] => serve(issuer, audience, scope, None).await,
        [issuer, audience, scope, key] => serve(issuer, audience, scope, Some(key)).await,
        _ => Err("usage: protected_api ISSUER AUDIENCE SCOPE [KEY_FILE]".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(issuer: &str, audience: &str, scope: &str, key: Option<&str>) -> Result<(), Error> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let root = format!("http://{}/", listener.local_addr()?);
    let allowed = SelfSigned::at(&root)?
        .from_every_account()
        .granting(&[scope])?;
    let mut builder = Verifier::builder(issuer)
        .audience(audience)
        .self_signed(allowed);
    if let Some(key) = key {
        builder = builder.introspect_as(ServiceAccount::from_file(key)?);
    }
    let verifier = builder.build().await?;
    let app = Router::new()
        .route("/v1/invoices", get(list))
        .layer(verifier.require(&[scope]));
    println!("{root}v1/invoices");
    axum::serve(listener, app).await?;
    Ok(())
}

async fn list(Caller(caller): Caller) -> String {
    let whose = caller.email().unwrap_or(caller.subject());
    format!(
        "invoices of {whose}, by a token of the kind {:?}\n",
        caller.kind()
    )
}
