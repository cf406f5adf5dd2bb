//! `carnet google env`: what each language's libraries must be told to reach Google's names here (google-wire 13).
//!
//! Lines for a shell go to standard output, what trusting the authority means to standard error: so
//! `eval "$(carnet google env python)"` does what it says, and its person reads what it means.

mod lines;

use std::path::Path;
use std::path::PathBuf;

use carnet_wire::crn::Crn;
use clap::Args;
use clap::Subcommand;
use clap::ValueEnum;
use serde_json::Value;
use url::Url;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Print the lines by which a shell leads a language's Google libraries here.
    Env(Arguments),
}

/// Which language, and where everything is.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  eval \"$(carnet google env python --ready-file ready.json)\"\n  carnet google env java --proxy http://127.0.0.1:8444 --ca-file carnet-dev/google-ca.pem"
)]
pub(crate) struct Arguments {
    /// The language, or program.
    #[arg(value_enum, default_value_t = Language::All)]
    language: Language,
    /// The proxy.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8444")]
    proxy: String,
    /// The authority's certificate.
    #[arg(long, value_name = "FILE", default_value = "carnet-dev/google-ca.pem")]
    ca_file: PathBuf,
    /// Take both from the ready file of carnet dev --google.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["proxy", "ca_file"])]
    ready_file: Option<PathBuf>,
}

/// Whose libraries.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(crate) enum Language {
    /// google-auth, google-api-python-client.
    Python,
    /// google-auth-library.
    Node,
    /// golang.org/x/oauth2, cloud.google.com/go/auth.
    Go,
    /// google-auth-library-java, by a trust store.
    Java,
    /// google-cloud-auth, and others that read the system's certificates.
    Rust,
    /// googleauth.
    Ruby,
    /// google/auth.
    Php,
    /// The Google Cloud CLI.
    Gcloud,
    /// curl.
    Curl,
    /// All of them.
    All,
}

const WARNING: &str = "warning: with these lines this shell's programs take the Carnet behind the proxy for Google.\n  \
    Who has google-ca.key can be Google to them. The authority can certify Google's names, this machine's and the\n  \
    universe domain's, and no others; still, trust it in a shell of its own, and never in the system's store.";

/// Does it.
pub(crate) fn run(verb: Verb, output: &Output) -> Result<Exit, Failure> {
    let Verb::Env(arguments) = verb;
    let (proxy, ca_file) = match &arguments.ready_file {
        Some(file) => of_ready_file(file)?,
        None => (arguments.proxy, arguments.ca_file),
    };
    let ca_file = std::path::absolute(&ca_file).unwrap_or(ca_file);
    if !ca_file.is_file() {
        let what = format!("{} is not there", ca_file.display());
        let fix = "start carnet dev --google, and say where its file is: --ready-file or --ca-file";
        return Err(Failure::of(Crn::FILE_NOT_READABLE, what).fix(fix));
    }
    let url = Url::parse(&proxy)
        .ok()
        .filter(|url| url.scheme() == "http" && url.path() == "/" && url.query().is_none());
    let place = url
        .as_ref()
        .and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    let Some((host, port)) = place else {
        return Err(Failure::usage(
            "--proxy must be a URL like http://127.0.0.1:8444",
        ));
    };
    let told = lines::Told {
        ca_file: &ca_file.display().to_string(),
        host,
        port,
    };
    output.text(&told.of(arguments.language))?;
    output.note(WARNING);
    Ok(Exit::Success)
}

/// The proxy and the certificate that a ready file names.
fn of_ready_file(file: &Path) -> Result<(String, PathBuf), Failure> {
    let shown = file.display();
    let unreadable = |why: String| Failure::of(Crn::FILE_NOT_READABLE, format!("{shown} {why}"));
    let bytes =
        std::fs::read(file).map_err(|error| unreadable(format!("cannot be read: {error}")))?;
    let ready: Value = serde_json::from_slice(&bytes)
        .map_err(|error| unreadable(format!("is not JSON: {error}")))?;
    let google = ready.get("google");
    let member = |name| {
        google
            .and_then(|google| google.get(name))
            .and_then(Value::as_str)
    };
    match (member("proxy"), member("ca_file")) {
        (Some(proxy), Some(ca_file)) => Ok((proxy.to_owned(), ca_file.into())),
        _ => Err(unreadable("says nothing of Google's names".to_owned())
            .fix("start the sandbox with --google: carnet dev --google --ready-file FILE")),
    }
}
