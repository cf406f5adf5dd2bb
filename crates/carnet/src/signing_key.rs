//! `carnet key`: the server's own keys, which sign its tokens.

mod rotation;

use clap::Subcommand;
use serde_json::Value;

use crate::admin::{Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with signing keys.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the keys of the server, oldest first.
    List,
    /// Show a key.
    Get {
        /// Its id.
        id: String,
    },
    /// Make a key: published at once, and not yet signing.
    #[command(
        after_help = "Example of a rotation by hand:\n  carnet key create ES256\n  carnet key activate ID          once it has been published long enough"
    )]
    Create {
        /// What it is for: RS256, PS256, ES256, ES384, EdDSA, or seal.
        usage: String,
    },
    /// Make a published key sign; the one that did so far retires.
    Activate {
        /// Its id.
        id: String,
        /// Before everybody can have fetched it. Verifiers that cache keys may refuse tokens.
        #[arg(long)]
        hurry: bool,
    },
    /// Take the next step of a rotation: publish a new key, or let one sign that everybody has seen.
    #[command(
        after_help = "Example:\n  carnet key rotate ES256          publishes a new key\n  carnet key rotate ES256          an hour later: it signs, and the old one still verifies\n  carnet key rotate ES256 --now    after a leak: both at once; then carnet key retire OLD"
    )]
    Rotate {
        /// Which key: RS256, PS256, ES256, ES384, EdDSA, or seal.
        usage: String,
        /// Publish and sign at once, after a leak. Verifiers that cache keys may refuse tokens.
        #[arg(long)]
        now: bool,
    },
    /// Show what happened to the keys and what will: published, signs, retires, is forgotten.
    Timeline,
    /// Take a key away that does not sign. Tokens that it signed are refused from now on.
    #[command(visible_alias = "retire")]
    Withdraw {
        /// Its id.
        id: String,
    },
}

const COLUMNS: &[Column] = &[
    Column::at("KEY", "/id"),
    Column::at("USAGE", "/usage"),
    Column::at("STATUS", "/state/state"),
    Column::moment("SINCE", "/state/since"),
    Column::moment("READY", "/state/ready"),
    Column::moment("UNTIL", "/state/until"),
    Column::moment("CREATED", "/created").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    let one = |id: &str| path(&["signing-keys", id]);
    match verb {
        Verb::List => {
            let answer = work.admin.get(path(&["signing-keys"])).await?;
            let items = answer.get("items").and_then(Value::as_array);
            output.list(items.map(Vec::as_slice).unwrap_or_default(), COLUMNS)?;
            Ok(Exit::Success)
        }
        Verb::Get { id } => work.show(one(&id)).await,
        Verb::Create { usage } => {
            let body = Members::default().with("usage", usage);
            let request = Request::post(path(&["signing-keys"])).json(body.into());
            work.act(request, "published").await
        }
        Verb::Activate { id, hurry } => {
            let body = Members::default().with("hurry", hurry);
            let request = Request::post(format!("{}:activate", one(&id))).json(body.into());
            work.act(request, "signing").await
        }
        Verb::Rotate { usage, now } => rotation::step(&usage, now, &work).await,
        Verb::Timeline => rotation::timeline(&work).await,
        Verb::Withdraw { id } => {
            let effect = "Tokens that the key signed are refused from now on.";
            let request = Request::post(format!("{}:withdraw", one(&id)));
            work.act_after_asking(request, (effect, &id), "withdrawn")
                .await
        }
    }
}
