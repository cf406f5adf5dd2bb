//! `carnet dev`: the whole server in memory, seeded, with its clock and faults under control. Every
//! key, token and refusal in it is real.

mod arguments;
mod banner;
mod control;
mod demo;
mod ready;
mod seed;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use carnet_core::store::Memory;
use carnet_core::store::Store;
use carnet_jose::entropy;
use carnet_server::config::drain::Drain;
use carnet_server::config::http::Http;
use carnet_server::config::http::Listen;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::listener::Bound;
use carnet_server::http::metrics::Registry;
use carnet_server::keyring::KeyEncryptionKey;
use carnet_server::routes;
use carnet_server::start;
use carnet_server::start::Ingredients;
use carnet_server::start::Started;
use carnet_store::Cached;
use carnet_store::Options;
use tokio::time::Instant;

use crate::clock::MovableClock;
use crate::dev::control::Control;
use crate::dev::ready::Ready;
use crate::dev::seed::Seed;
use crate::key_files;
use crate::listening;

pub(crate) use arguments::Arguments;

/// Runs until it is told to stop.
pub(crate) fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(serve(arguments))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(arguments: Arguments) -> anyhow::Result<()> {
    let began = Instant::now();
    let address = arguments.address();
    let bound = Bound::new(Http::on(Listen::Tcp(address))).context("CRN-8005")?;
    let issuer = arguments.issuer(bound.local_addr().unwrap_or(address));
    let clock = MovableClock::default();
    let started = start_parts(&issuer, &clock, arguments.data.as_deref()).await?;
    let seed = Seed::read(arguments.seed.as_deref())?;
    let grown = seed::sow(&seed, &started.parts, &arguments.folder()).await?;
    let ready = Ready::new(&issuer, None, &grown, &started.parts).await?;
    banner::print(&issuer, &grown, began.elapsed());
    let control = Control::new(Arc::clone(&started.parts), clock, grown);
    let router = control::around(routes::routes(Arc::clone(&started.parts)), control);
    if let Some(file) = &arguments.ready_file {
        // The socket is bound, so whoever reads the file can connect, and is answered soon.
        ready.write(file)?;
    }
    let shutdown = Shutdown::default();
    let stop = shutdown.clone();
    tokio::spawn(async move {
        told_to_stop().await;
        stop.begin();
    });
    bound
        .serve(
            router,
            listening::observers(&Registry::default()),
            Drain::AT_ONCE,
            shutdown,
        )
        .await?;
    started
        .finish()
        .await
        .context("what was collected could not be written")?;
    Ok(())
}

async fn start_parts(
    issuer: &str,
    clock: &MovableClock,
    data: Option<&Path>,
) -> anyhow::Result<Started> {
    let (store, secret): (Arc<dyn Store>, [u8; 32]) = match data {
        None => (
            Arc::new(Memory::new()),
            entropy::random().context("no random bytes")?,
        ),
        Some(folder) => {
            let secret = key_files::secret_key(&folder.join("secret_key"))?;
            let url = format!("sqlite:{}", folder.join("carnet.db").display());
            (carnet_store::open(&url, Options::default()).await?, secret)
        }
    };
    let started = start::start(Ingredients {
        issuer: issuer.to_owned(),
        name: "Carnet sandbox".to_owned(),
        sandbox: true,
        snapshots: Arc::new(Cached::new(Arc::clone(&store))),
        store,
        encryption: KeyEncryptionKey::new(secret)?,
        clock: clock.clock(),
    });
    Ok(started.await?)
}

async fn told_to_stop() {
    let mut terminate =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).ok();
    let terminated = async {
        match &mut terminate {
            Some(signal) => signal.recv().await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated => {}
    }
}
