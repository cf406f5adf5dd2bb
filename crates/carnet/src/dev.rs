//! `carnet dev`: the whole server in memory, seeded, with its clock and faults under control. Every
//! key, token and refusal in it is real.

mod arguments;
mod banner;
mod control;
mod demo;
mod machine;
mod ready;
mod seed;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use carnet_core::rule::sign_in::SessionLength;
use carnet_core::store::Memory;
use carnet_core::store::Store;
use carnet_jose::entropy;
use carnet_server::aws::Witness;
use carnet_server::config::dpop::Dpop;
use carnet_server::config::drain::Drain;
use carnet_server::config::http::ClientCertificates;
use carnet_server::config::outbound;
use carnet_server::config::par::Par;
use carnet_server::config::rate::Rate;
use carnet_server::config::registration::Registration;
use carnet_server::http::listener::Bound;
use carnet_server::http::metrics::Registry;
use carnet_server::keyring::KeyEncryptionKey;
use carnet_server::outbound::Outbound;
use carnet_server::password::Hashing;
use carnet_server::routes;
use carnet_server::start;
use carnet_server::start::Ingredients;
use carnet_server::start::Started;
use carnet_store::Cached;
use carnet_store::Options;
use tokio::time::Instant;

use crate::captive::Captive;
use crate::clock::MovableClock;
use crate::dev::control::Control;
use crate::dev::ready::Places;
use crate::dev::ready::Ready;
use crate::dev::seed::Seed;
use crate::key_files;
use crate::machine::Machine;

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
    let mut listeners = arguments.listeners().context("CRN-8005")?;
    listeners.captive = arguments.captive().await?;
    let issuer = arguments.issuer(listeners.public.local_addr());
    let clock = MovableClock::default();
    let registry: Arc<Registry> = Arc::default();
    let started = start_parts(&issuer, &clock, &arguments, Arc::clone(&registry)).await?;
    let seed = Seed::read(arguments.seed.as_deref())?;
    let grown = seed::sow(&seed, &started.parts, &arguments.folder()).await?;
    let ops = listeners
        .ops
        .as_ref()
        .and_then(Bound::local_addr)
        .map(|at| format!("http://{at}"));
    let machine = Machine {
        bound: arguments.machine().context("CRN-8005")?,
        metadata: machine::metadata(&started.parts, &seed, &grown).await?,
    };
    let places = Places {
        issuer: issuer.clone(),
        ops,
        metadata: Machine::host(&machine.bound),
        google: listeners.captive.as_ref().map(Captive::told),
    };
    listeners.machine = Some(machine);
    let ready = Ready::new(&places, &grown, &started.parts).await?;
    banner::print(&places, &grown, arguments.data.as_deref(), began.elapsed());
    let control = Control::new(Arc::clone(&started.parts), clock, grown);
    let demo = demo::routes(&started.parts).await?;
    let server = routes::routes(Arc::clone(&started.parts)).merge(demo);
    let router = control::around(server, control);
    if let Some(file) = &arguments.ready_file {
        // The sockets are bound, so whoever reads the file can connect, and is answered soon.
        ready.write(file)?;
    }
    listeners
        .serve(router, started, registry, Drain::AT_ONCE)
        .await
}

async fn start_parts(
    issuer: &str,
    clock: &MovableClock,
    arguments: &Arguments,
    registry: Arc<Registry>,
) -> anyhow::Result<Started> {
    let (store, secret): (Arc<dyn Store>, [u8; 32]) = match arguments.data.as_deref() {
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
    let reaches = outbound::Outbound {
        ca_file: arguments.ca_file.clone(),
        aws_keys_file: arguments.aws_keys.clone(),
        ..outbound::Outbound::sandbox()
    };
    let started = start::start(Ingredients {
        issuer: issuer.to_owned(),
        universe: arguments.universe.clone(),
        name: "Carnet sandbox".to_owned(),
        sandbox: true,
        snapshots: Arc::new(Cached::new(Arc::clone(&store))),
        store,
        encryption: KeyEncryptionKey::new(secret)?,
        rate: Rate::off(),
        client_certificates: ClientCertificates::default(),
        aws: Witness::of(&reaches)?,
        outbound: Outbound::new(reaches)?,
        hashing: Hashing::default(),
        session: SessionLength::default(),
        par: Par::default(),
        dpop: Dpop::default(),
        registration: Registration::sandbox(),
        registry,
        clock: clock.clock(),
    });
    Ok(started.await?)
}
