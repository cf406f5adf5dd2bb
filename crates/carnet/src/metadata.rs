//! `carnet metadata`: a metadata server on this machine, as on one of Google's cloud.
//!
//! 1. Who it signs in as: `--credentials` or `--key-file`, else what any other command would (`credential.rs`).
//! 2. Whose tokens it gives: that account's own, or those of `--service-account`, which it then stands in for by IAM
//!    Credentials of the same server (google-wire 5.1).
//! 3. It serves until it is told to stop. SIGHUP reads `--attributes` anew, and who waits for a change is told.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use carnet_client::adc::Impersonation;
use carnet_client::{Clock, Credentials};
use carnet_metadata::{Attached, Hosts, Instance, Metadata, Source};
use carnet_server::config::drain::Drain;
use carnet_server::config::log::Log;
use carnet_server::http::drain::Shutdown;
use carnet_server::http::log;
use carnet_server::http::signals::{Signals, Told};
use carnet_wire::crn::Crn;
use carnet_wire::google::SCOPE_CLOUD_PLATFORM;
use clap::Args;

use crate::credential::{self, Credential, Situation};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::machine::Machine;
use crate::output::Output;
use crate::refused;

/// The largest file of attributes that is read, in bytes.
const LARGEST: u64 = 512 * 1024;

/// Whose tokens are given out, and where.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  carnet metadata --key-file key.json\n  carnet metadata --service-account web@shop.iam.gserviceaccount.com --credentials workload.json\n\nThen, for programs with Google's libraries:\n  export GCE_METADATA_HOST=127.0.0.1:8170"
)]
pub(crate) struct Arguments {
    /// The service account, by e-mail. Unless given, the one that is signed in with.
    #[arg(long, value_name = "EMAIL")]
    service_account: Option<String>,
    /// Sign in with this key file.
    #[arg(long, value_name = "FILE", conflicts_with = "credentials")]
    key_file: Option<PathBuf>,
    /// Sign in with this file of credentials, of any kind that Google's libraries read.
    #[arg(long, value_name = "FILE")]
    credentials: Option<PathBuf>,
    /// Where to listen. Whoever reaches this address gets tokens.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8170")]
    listen: SocketAddr,
    /// One more name by which programs may call it (in a network of containers, say).
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    host: Vec<String>,
    /// The scopes of a token for which none are asked. Unless given, cloud-platform.
    #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
    scope: Vec<String>,
    /// The number of the project that it tells.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    project_number: u64,
    /// The name of the machine that it tells.
    #[arg(long, value_name = "NAME", default_value = "carnet")]
    name: String,
    /// The zone that it tells.
    #[arg(long, value_name = "ZONE", default_value = "local1-a")]
    zone: String,
    /// The attributes that it tells: a JSON object of texts. SIGHUP has it read anew.
    #[arg(long, value_name = "FILE")]
    attributes: Option<PathBuf>,
}

/// Serves until it is told to stop.
pub(crate) async fn run(
    arguments: &Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let (email, source) = source(arguments, global).await?;
    let instance = instance(arguments, global, &email)?;
    let bound = Machine::bind(arguments.listen)
        .map_err(|error| Failure::of(Crn::ADDRESS_NOT_AVAILABLE, error.to_string()))?;
    log::init(&Log::default()).map_err(anyhow::Error::from)?;
    let signals = Signals::new().map_err(anyhow::Error::from)?;
    let address = bound.local_addr().unwrap_or(arguments.listen);
    // Who is reached from elsewhere is called by its address.
    let own = (!address.ip().is_unspecified()).then(|| address.ip().to_string());
    let hosts = Hosts::default().with(arguments.host.iter().cloned().chain(own));
    let metadata = Metadata::new(&instance, source, Clock::system(), hosts);
    output.text(&format!("export GCE_METADATA_HOST={address}"))?;
    output.note(format!("tokens of {email}. Stop with Ctrl-C."));
    if !address.ip().is_loopback() {
        output.note(format!("whoever reaches {address} gets them"));
    }
    let shutdown = Shutdown::default();
    let reload = Reload {
        file: arguments.attributes.clone(),
        metadata: metadata.clone(),
        instance,
    };
    tokio::spawn(obey(signals, shutdown.clone(), reload));
    let machine = Machine { bound, metadata };
    machine
        .serve(Drain::AT_ONCE, shutdown)
        .await
        .map_err(anyhow::Error::from)?;
    Ok(Exit::Success)
}

/// What SIGHUP reads anew.
struct Reload {
    file: Option<PathBuf>,
    metadata: Metadata,
    instance: Instance,
}

async fn obey(mut signals: Signals, shutdown: Shutdown, mut reload: Reload) {
    loop {
        match signals.next().await {
            Told::Stop => shutdown.begin(),
            Told::Reload => match attributes(reload.file.as_deref()) {
                Ok(attributes) => {
                    reload.instance.attributes = attributes;
                    reload.metadata.change(&reload.instance);
                    tracing::info!("the attributes were read anew");
                }
                Err(failure) => {
                    tracing::error!(fault = %failure, "the old attributes stay");
                }
            },
        }
    }
}

/// The machine that it tells of.
fn instance(arguments: &Arguments, global: &Global, email: &str) -> Result<Instance, Failure> {
    let of_email = || {
        let (_, domain) = email.split_once('@')?;
        domain.strip_suffix(".iam.gserviceaccount.com")
    };
    let project = global.project.as_deref().or_else(of_email);
    let project = project.ok_or_else(|| {
        Failure::usage(format!("in which project is {email}?"))
            .fix("name it: carnet metadata --project ID")
    })?;
    let mut instance = Instance::named(&arguments.name, project, arguments.project_number);
    instance.zone.clone_from(&arguments.zone);
    instance.attributes = attributes(arguments.attributes.as_deref())?;
    let scopes = if arguments.scope.is_empty() {
        vec![SCOPE_CLOUD_PLATFORM.to_owned()]
    } else {
        arguments.scope.clone()
    };
    instance.account = Some(Attached {
        email: email.to_owned(),
        scopes,
    });
    Ok(instance)
}

fn attributes(file: Option<&Path>) -> Result<BTreeMap<String, String>, Failure> {
    let Some(path) = file else {
        return Ok(BTreeMap::new());
    };
    let unreadable = |why: &dyn std::fmt::Display| {
        let what = format!("{} cannot be read: {why}", path.display());
        Failure::of(Crn::FILE_NOT_READABLE, what)
    };
    let mut text = String::new();
    let opened = File::open(path).map_err(|error| unreadable(&error))?;
    opened
        .take(LARGEST)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    serde_json::from_str(&text).map_err(|error| unreadable(&error))
}

/// Whose tokens they are, and where they come from.
async fn source(
    arguments: &Arguments,
    global: &Global,
) -> Result<(String, Arc<dyn Source>), Failure> {
    let wanted = arguments.service_account.as_deref();
    let file = arguments
        .credentials
        .as_ref()
        .or(arguments.key_file.as_ref());
    if let Some(file) = file {
        let credentials = Credentials::from_file(file).map_err(|error| refused::of(&error))?;
        let own = credentials
            .email()
            .await
            .map_err(|error| refused::of(&error))?;
        let root = global.url.clone().or_else(|| root(credentials.endpoint()?));
        return of(credentials, own, (wanted, root.as_deref()));
    }
    let situation = Situation::of(global)?;
    if situation.credential.is_none() {
        return Err(credential::nothing());
    }
    let root = situation.url(global)?;
    match situation.credential {
        Some(Credential::Account(account)) => {
            let own = account.file.client_email;
            let credentials =
                Credentials::from_file(&account.path).map_err(|error| refused::of(&error))?;
            of(credentials, Some(own), (wanted, Some(&root)))
        }
        _ => Err(Failure::of(
            Crn::NO_CREDENTIAL,
            "a metadata server signs in again and again, and this credential cannot",
        )
        .fix("name a file: carnet metadata --credentials FILE")),
    }
}

/// The credentials themselves, or the account that they stand in for, at this server.
fn of(
    credentials: Credentials,
    own: Option<String>,
    (wanted, root): (Option<&str>, Option<&str>),
) -> Result<(String, Arc<dyn Source>), Failure> {
    match (wanted, own) {
        (None, Some(own)) => Ok((own, Arc::new(credentials))),
        (Some(wanted), Some(own)) if own == wanted => Ok((own, Arc::new(credentials))),
        (Some(wanted), _) => {
            let mut impersonation = Impersonation::of(wanted);
            if let Some(root) = root {
                impersonation = impersonation.at(root);
            }
            let standing_in = credentials
                .impersonating(&impersonation)
                .map_err(|error| refused::of(&error))?;
            Ok((wanted.to_owned(), Arc::new(standing_in)))
        }
        (None, None) => Err(Failure::usage("whose tokens?")
            .why("the credentials are of no service account")
            .fix("name one: carnet metadata --service-account EMAIL")),
    }
}

/// The server at whose token endpoint credentials are exchanged, where that is one server: its IAM Credentials are
/// there too. `None` is Google's.
fn root(endpoint: &str) -> Option<String> {
    let url = url::Url::parse(endpoint).ok()?;
    let google = url
        .host_str()
        .is_some_and(|host| host.ends_with("googleapis.com"));
    (!google).then(|| url.origin().ascii_serialization())
}
