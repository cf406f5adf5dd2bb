//! `carnet healthcheck`: asks the second listener whether the server is ready. For the `HEALTHCHECK` of
//! a container, which has no curl.

use std::path::PathBuf;
use std::time::Duration;

use carnet_server::config::http::Listen;
use carnet_wire::crn::Crn;
use clap::Args;

use crate::config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;
use crate::web;

/// Whom to ask.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The TOML file in which ops.listen stands, instead of the usual ones.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address of the second listener, instead of the configured one: http://127.0.0.1:9090
    #[arg(long, value_name = "URL")]
    ops: Option<String>,
}

/// Asks. Ready: 0. Not ready: 8. No answer: 7.
pub(crate) async fn run(
    arguments: &Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let base = match &arguments.ops {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => configured(arguments)?,
    };
    let client = web::client(Duration::from_secs(global.timeout.clamp(1, 10)))?;
    let answer = web::send(client.get(format!("{base}/readyz?verbose")), &base).await?;
    let text = String::from_utf8_lossy(&answer.body);
    output.note(crate::output::printable(text.trim()).replace(" [", "\n["));
    Ok(if answer.status.is_success() {
        Exit::Success
    } else {
        Exit::ChecksFailed
    })
}

fn configured(arguments: &Arguments) -> Result<String, Failure> {
    let config = config::read(arguments.config.as_deref())
        .map_err(|faults| config::failure("the configuration cannot be read", &faults))?;
    match config.ops.listen {
        Some(Listen::Tcp(mut address)) => {
            if address.ip().is_unspecified() {
                address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
            }
            Ok(format!("http://{address}"))
        }
        Some(Listen::Unix(_)) | None => Err(Failure::of(
            Crn::CONFIG_VALUE,
            "ops.listen names no address and port that could be asked",
        )
        .fix("name it: carnet healthcheck --ops http://127.0.0.1:9090")),
    }
}
