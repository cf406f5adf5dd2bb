//! `carnet project`: projects, to which service accounts, keys and APIs belong.

use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use crate::admin::{MOST, Request, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::output::{Column, Output};
use crate::work::Work;

/// What can be done with projects.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// List the projects that you may see; with --org only those of the organization.
    List,
    /// Show a project.
    Get {
        /// Its id.
        id: String,
    },
    /// Make a project; with --org in the organization.
    Create {
        /// Its id: 4 to 30 lower-case letters, digits and hyphens. It is never given to another.
        id: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Change a project. What is not given stays.
    Update {
        /// Its id.
        id: String,
        #[command(flatten)]
        settings: Settings,
    },
    /// Suspend a project: its service accounts get no token, and their tokens stop at once.
    Suspend {
        /// Its id.
        id: String,
    },
    /// Open a suspended project again.
    Restore {
        /// Its id.
        id: String,
    },
}

/// How a project is set up.
#[expect(clippy::doc_markdown, reason = "it is what --help prints")]
#[derive(Args, Debug)]
pub(crate) struct Settings {
    /// What people call it: at most 100 bytes.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Whom its clients may serve.
    #[arg(long, value_enum)]
    audience: Option<Audience>,
    /// Refuse a kid that is not the key that signed, and scope beside target_audience.
    #[arg(long, value_name = "YES")]
    strict: Option<bool>,
    /// Accept Google's own audiences with uploaded keys too.
    #[arg(long, value_name = "YES")]
    google_audience_for_uploaded_keys: Option<bool>,
}

/// Whom the clients of a project may serve.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Audience {
    /// Only users of the project's own organization.
    Internal,
    /// Anybody who lets them.
    External,
}

const COLUMNS: &[Column] = &[
    Column::at("ID", "/id"),
    Column::at("STATUS", "/state/state"),
    Column::at("AUDIENCE", "/audience"),
    Column::at("ORGANIZATION", "/organization"),
    Column::at("TITLE", "/title"),
    Column::moment("CREATED", "/created").wide(),
    Column::at("STRICT", "/assertions/strict").wide(),
];

/// Does it.
pub(crate) async fn run(verb: Verb, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let work = Work::begin(global, output, COLUMNS)?;
    let one = |id: &str| path(&["projects", id]);
    match verb {
        Verb::List => {
            let request = Request::get(path(&["projects"]));
            work.list(request.maybe("organization", global.org.as_deref()), MOST)
                .await
        }
        Verb::Get { id } => work.show(one(&id)).await,
        Verb::Create { id, settings } => {
            let body = settings.members().with("id", id);
            let body = body.maybe("organization", global.org.clone());
            work.act(Request::post(path(&["projects"])).json(body.into()), "made")
                .await
        }
        Verb::Update { id, settings } => work.patch(one(&id), settings.members().into()).await,
        Verb::Suspend { id } => {
            let effect =
                "Its service accounts get no token, and those that they have stop at once.";
            let request = Request::post(format!("{}:suspend", one(&id)));
            work.act_after_asking(request, (effect, &id), "suspended")
                .await
        }
        Verb::Restore { id } => {
            work.act(Request::post(format!("{}:restore", one(&id))), "open again")
                .await
        }
    }
}

impl Settings {
    fn members(self) -> Members {
        let word = self.audience.and_then(|audience| {
            audience
                .to_possible_value()
                .map(|value| value.get_name().to_owned())
        });
        let rules = Members::default().maybe("strict", self.strict).maybe(
            "google_audience_for_uploaded_keys",
            self.google_audience_for_uploaded_keys,
        );
        let rules: Value = rules.into();
        let said = rules.as_object().is_some_and(|rules| !rules.is_empty());
        Members::default()
            .maybe("title", self.title)
            .maybe("audience", word)
            .maybe("assertions", said.then_some(rules))
    }
}
