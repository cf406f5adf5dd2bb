//! `carnet api`: protected APIs with their scopes.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use carnet_wire::crn::Crn;
use clap::Subcommand;
use serde_json::Value;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// The largest description of an API that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// What can be done with APIs.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the APIs of a project with their scopes.
    List,
    /// Show an API.
    Get {
        /// Its id.
        id: String,
    },
    /// Make an API with scopes.
    #[command(
        after_help = "Example:\n  carnet api create https://api.acme.example/invoices --scope invoices.read --scope invoices.write"
    )]
    Create {
        /// The identifier: the audience of its tokens.
        identifier: String,
        /// What people call it.
        #[arg(long, value_name = "TEXT", default_value = "")]
        title: String,
        /// A scope; several with commas between, or by repeating this. Titles and risks of scopes
        /// are set with carnet api apply.
        #[arg(long, value_name = "SCOPE", value_delimiter = ',')]
        scope: Vec<String>,
        /// The format of its tokens: jwt or opaque.
        #[arg(long, value_name = "FORMAT", default_value = "jwt", value_parser = ["jwt", "opaque"])]
        tokens: String,
    },
    /// Change an API to what a JSON file says: title, tokens, algorithm, lifetime, scopes with
    /// titles, details, risks. What the file does not name stays.
    #[command(
        after_help = "Example, with an editor in between:\n  carnet api get ID -o json > api.json\n  carnet api apply ID api.json"
    )]
    Apply {
        /// Its id.
        id: String,
        /// The file.
        file: PathBuf,
    },
    /// Delete an API and its scopes: nobody gets a token for it any more.
    Delete {
        /// Its id.
        id: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("IDENTIFIER", "/identifier"),
    Column::at("TOKENS", "/tokens"),
    Column::made("SCOPES", scopes),
    Column::at("TITLE", "/title").wide(),
    Column::at("ALG", "/algorithm").wide(),
    Column::at("LIFETIME", "/lifetime_seconds").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    let of = path(&["projects", work.admin.project()?, "apis"]);
    let one = |id: &str| format!("{of}/{}", path(&[id]));
    match verb {
        Verb::List => work.list(Request::get(of), MOST).await,
        Verb::Get { id } => work.show(one(&id)).await,
        Verb::Create {
            identifier,
            title,
            scope,
            tokens,
        } => {
            let scopes = scope
                .into_iter()
                .map(|name| Members::default().with("name", name));
            let scopes: Vec<Value> = scopes.map(Value::from).collect();
            let body = Members::default()
                .with("identifier", identifier)
                .with("title", title)
                .with("tokens", tokens)
                .with("scopes", scopes);
            work.act(Request::post(of).json(body.into()), "made").await
        }
        Verb::Apply { id, file } => work.patch(one(&id), changes(&file)?).await,
        Verb::Delete { id } => {
            let effect = "Nobody gets a token for the API any more, and its scopes are gone.";
            work.remove(one(&id), (effect, &id)).await
        }
    }
}

/// What a file says of an API, without what cannot be changed.
fn changes(file: &Path) -> Result<Value, Failure> {
    let unreadable = |why: &dyn std::fmt::Display| {
        Failure::of(
            Crn::FILE_NOT_READABLE,
            format!("{} cannot be read: {why}", file.display()),
        )
    };
    let mut text = String::new();
    let opened = File::open(file).map_err(|error| unreadable(&error))?;
    opened
        .take(LARGEST)
        .read_to_string(&mut text)
        .map_err(|error| unreadable(&error))?;
    let mut said: Value = serde_json::from_str(&text).map_err(|error| unreadable(&error))?;
    let Value::Object(members) = &mut said else {
        return Err(unreadable(&"it is not a JSON object"));
    };
    for fixed in ["id", "project", "identifier", "created", "changed", "etag"] {
        members.remove(fixed);
    }
    Ok(said)
}

fn scopes(api: &Value) -> String {
    let scopes = api.get("scopes").and_then(Value::as_array);
    let names = scopes
        .into_iter()
        .flatten()
        .filter_map(|scope| scope.get("name")?.as_str());
    names.collect::<Vec<_>>().join(" ")
}
