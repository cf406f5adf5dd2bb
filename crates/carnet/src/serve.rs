//! `carnet serve`: the server, for real.
//!
//! 1. The configuration is read, the secret key too, the sockets are taken, the database is opened and
//!    brought up to date. Whatever is wrong with any of them is told at once, and nothing starts.
//! 2. A database that has a history and no keys is damaged: it never gets a fresh set of keys, since
//!    every token would end and nobody would know why.
//! 3. While nobody owns the installation, a setup link is printed at each start.
//! 4. SIGTERM drains, SIGHUP reads certificates and the log level anew.

mod notify;
mod prepare;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use carnet_server::config::http::Listen;
use carnet_server::config::log::Level;
use carnet_server::entropy::SystemEntropy;
use carnet_server::front::Front;
use carnet_server::http::listener::Bound;
use carnet_server::http::log::{self, Logging};
use carnet_server::http::metrics::Registry;
use carnet_server::keyring::KeyEncryptionKey;
use carnet_server::setup_link;
use carnet_server::start::{self, Ingredients, Started};
use carnet_store::Cached;
use clap::Args;

use crate::clock;
use crate::config::{self, Config};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::listening::Listeners;
use crate::serve::prepare::Prepared;

/// What the server is told on the command line; everything else is configuration.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  carnet serve --config /etc/carnet/carnet.toml\n  carnet init --issuer https://auth.example.com --yes && carnet serve\n  CARNET_ISSUER=https://auth.example.com DATABASE_URL=postgres://carnet@db/carnet CARNET_SECRET_KEY_FILE=/run/secrets/carnet carnet serve"
)]
pub(crate) struct Arguments {
    /// The TOML file, instead of the usual ones (CARNET_CONFIG, ./carnet.toml,
    /// /etc/carnet/carnet.toml).
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Runs until it is told to stop.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(anyhow::Error::from)?;
    runtime.block_on(serve(arguments))?;
    Ok(Exit::Success)
}

async fn serve(arguments: &Arguments) -> Result<(), Failure> {
    let unready = |faults: Vec<_>| config::failure("the server does not start", &faults);
    let config = config::read(arguments.config.as_deref()).map_err(unready)?;
    let logging = log::init(&config.log).map_err(anyhow::Error::from)?;
    let prepared = prepare::prepare(&config).await;
    let Prepared {
        store,
        secret,
        public,
        ops,
        captive,
        outbound,
        aws,
    } = prepared.map_err(unready)?;
    let registry: Arc<Registry> = Arc::default();
    let ingredients = Ingredients {
        issuer: config.issuer.clone(),
        universe: config.google.universe.clone(),
        name: config.name.clone(),
        sandbox: false,
        snapshots: Arc::new(Cached::new(Arc::clone(&store))),
        store,
        encryption: KeyEncryptionKey::new(secret).map_err(anyhow::Error::from)?,
        rate: config.rate,
        client_certificates: config.http.client_certificates.clone(),
        outbound,
        aws,
        hashing: config.password,
        session: config.session.0,
        par: config.par,
        dpop: config.dpop,
        registration: config.registration.clone(),
        registry: Arc::clone(&registry),
        clock: Arc::new(clock::now),
    };
    let started = start::start(ingredients).await;
    let started = started.map_err(anyhow::Error::from)?;
    tell(
        &config,
        (public.addresses(), ops.as_ref().map(Bound::addresses)),
    );
    offer_setup(&started).await?;
    let front = Front::new(Arc::clone(&started.parts));
    if let Some(captive) = &captive {
        captive.log();
    }
    let listeners = Listeners {
        public,
        ops,
        machine: None,
        captive,
        reload: Some(reload(config.file, config.log.level, logging)),
    };
    notify::ready();
    listeners
        .serve(front, started, registry, config.drain)
        .await?;
    notify::stopping();
    Ok(())
}

/// One line that says what runs where.
fn tell(config: &Config, (public, ops): (&[Listen], Option<&[Listen]>)) {
    let list = |addresses: &[Listen]| {
        let texts: Vec<_> = addresses.iter().map(ToString::to_string).collect();
        texts.join(", ")
    };
    let engine = config.database_url.split(':').next().unwrap_or_default();
    let file = config.file.as_ref().map(|file| file.display().to_string());
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        issuer = config.issuer,
        listen = list(public),
        ops = ops.map_or_else(|| "off".to_owned(), list),
        database = engine,
        config = file.as_deref().unwrap_or("environment"),
        "carnet serves"
    );
}

/// Prints a setup link where nobody owns the installation yet. To standard output: a secret is never
/// in the log.
async fn offer_setup(started: &Started) -> Result<(), Failure> {
    let parts = &started.parts;
    let made = setup_link::make(parts.store.as_ref(), parts.now(), &mut SystemEntropy).await;
    if let Some(secret) = made.map_err(anyhow::Error::from)? {
        println!(
            "This server has no administrator yet. Open this within {} minutes:\n\n  {}/setup?t={}\n",
            setup_link::GOOD.0 / 60,
            parts.issuer,
            secret.reveal()
        );
    }
    Ok(())
}

/// What SIGHUP reads anew besides certificates: the log level. What else changed is told to need a
/// start.
fn reload(file: Option<PathBuf>, level: Level, logging: Logging) -> Box<dyn Fn() + Send + Sync> {
    let current = Mutex::new(level);
    Box::new(move || match config::read(file.as_deref()) {
        Ok(config) => {
            let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
            logging.set_level(&config.log.level);
            let changed = *current != config.log.level;
            tracing::info!(
                log_level = config.log.level.as_str(),
                changed,
                "the configuration was read anew; keys other than log.level and http.tls need a start"
            );
            *current = config.log.level;
        }
        Err(faults) => {
            for fault in faults {
                tracing::error!(fault = %fault, "the configuration is wrong; the old one stays in force");
            }
        }
    })
}
