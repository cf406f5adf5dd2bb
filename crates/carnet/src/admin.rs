//! The admin API as commands see it: like any other client, over HTTP, with a token.
//!
//! 1. The token comes from the credential: an access token as it is, or one with the scope
//!    `carnet.admin` that the service account gets by its key, which is kept in memory only, or that of
//!    the person who signed in.
//! 2. A no of the server (RFC 9457) becomes a [`Failure`] with its code, detail and trace.
//! 3. Lists are read page by page to their end, and never more than is asked for.

mod problem;
mod request;

use std::time::Duration;

use carnet_wire::crn::Crn;
use http::StatusCode;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::credential::{self, Credential, Situation};
use crate::failure::Failure;
use crate::global::Global;
use crate::refused;
use crate::sign_in::SignIn;
use crate::web;

pub(crate) use request::{Request, path};

/// The scope that commands ask for.
const SCOPE: &str = "carnet.admin";

/// How many items are read of a list unless asked otherwise.
pub(crate) const MOST: usize = 10_000;

/// A connection to the admin API of one server.
pub(crate) struct Admin {
    url: String,
    credential: Credential,
    token: OnceCell<String>,
    client: reqwest::Client,
    organization: Option<String>,
    project: Option<String>,
    dry_run: bool,
}

impl Admin {
    /// The server that the situation names, with what there is to sign in with.
    pub(crate) fn connect(global: &Global) -> Result<Self, Failure> {
        let situation = Situation::of(global)?;
        let url = situation.url(global)?;
        let Situation {
            context,
            credential,
        } = situation;
        let credential = credential.ok_or_else(credential::nothing)?;
        let of_key = match &credential {
            Credential::Account(account) => Some(account.file.project_id.clone()),
            Credential::Token(_) | Credential::Person(_) => None,
        };
        let project = global.project.clone().or(context.project).or(of_key);
        Ok(Self {
            url,
            credential,
            token: OnceCell::new(),
            client: web::client(Duration::from_secs(global.timeout.clamp(1, 600)))?,
            organization: global.org.clone().or(context.organization),
            project: project.filter(|project| !project.is_empty()),
            dry_run: global.dry_run,
        })
    }

    /// The person who signed in, where it is one.
    pub(crate) fn person(&self) -> Option<&SignIn> {
        match &self.credential {
            Credential::Person(person) => Some(person),
            Credential::Token(_) | Credential::Account(_) => None,
        }
    }

    /// The public URL of the server.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The project that is meant where a name alone is given.
    pub(crate) fn project(&self) -> Result<&str, Failure> {
        self.project.as_deref().ok_or_else(|| {
            Failure::usage("which project?")
                .why("neither --project nor CARNET_PROJECT nor a context nor a key file names one")
                .fix("carnet project list")
        })
    }

    /// The organization that is meant: the one named, or the only one that the caller can see.
    pub(crate) async fn organization(&self) -> Result<String, Failure> {
        if let Some(named) = &self.organization {
            return Ok(named.clone());
        }
        let found = self.list(Request::get(path(&["organizations"])), 2).await?;
        let ids: Vec<_> = found
            .iter()
            .filter_map(|item| item.get("id")?.as_str())
            .collect();
        match ids.as_slice() {
            [only] => Ok((*only).to_owned()),
            _ => Err(Failure::usage("which organization?")
                .why("neither --org nor CARNET_ORG nor a context names one, and there is not just one")
                .fix("carnet org list")),
        }
    }

    /// Reads something.
    pub(crate) async fn get(&self, path: String) -> Result<Value, Failure> {
        self.send(Request::get(path)).await
    }

    /// Sends a request and reads the answer: null where it has no body. With `--dry-run` nothing is
    /// changed: the request is printed instead, and `None` comes back.
    pub(crate) async fn change(&self, request: Request) -> Result<Option<Value>, Failure> {
        if self.dry_run {
            eprintln!("dry run: nothing was changed. This would be sent:");
            eprintln!("  {}", request.shown());
            return Ok(None);
        }
        self.send(request).await.map(Some)
    }

    /// Changes something that others may change too: what was read is what is changed.
    pub(crate) async fn patch(&self, path: String, body: Value) -> Result<Option<Value>, Failure> {
        let before = self.get(path.clone()).await?;
        self.patch_read(path, &before, body).await
    }

    /// Changes what was read before.
    pub(crate) async fn patch_read(
        &self,
        path: String,
        before: &Value,
        body: Value,
    ) -> Result<Option<Value>, Failure> {
        self.change(Request::patch(path, before).json(body)).await
    }

    /// All items of a list, but no more than `most`.
    pub(crate) async fn list(&self, request: Request, most: usize) -> Result<Vec<Value>, Failure> {
        let mut items: Vec<Value> = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let size = most.saturating_sub(items.len()).clamp(1, 500);
            let (found, then) = self.page(&request, next.as_deref(), size).await?;
            items.extend(found);
            next = then;
            if next.is_none() || items.len() >= most {
                items.truncate(most);
                return Ok(items);
            }
        }
    }

    /// One page of a list, at most so many items of it, and where the next one begins.
    pub(crate) async fn page(
        &self,
        request: &Request,
        after: Option<&str>,
        size: usize,
    ) -> Result<(Vec<Value>, Option<String>), Failure> {
        let page = request.clone().with("page_size", &size.to_string());
        let mut answer = self.send(page.maybe("page_token", after)).await?;
        let items = match answer.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        };
        let next = answer.get("next_page_token").and_then(Value::as_str);
        Ok((items, next.map(str::to_owned)))
    }

    /// Sends a request that anybody may send.
    pub(crate) async fn send(&self, request: Request) -> Result<Value, Failure> {
        let mut sent = self
            .client
            .request(request.method.clone(), request.url(&self.url))
            .bearer_auth(self.token().await?);
        if let Some(body) = &request.body {
            sent = sent.json(body);
        }
        if let Some(tag) = &request.if_match {
            sent = sent.header(http::header::IF_MATCH, tag);
        }
        let answer = web::send(sent, &self.url).await?;
        if answer.status.is_success() {
            return if answer.body.is_empty() {
                Ok(Value::Null)
            } else {
                serde_json::from_slice(&answer.body)
                    .map_err(|error| not_carnet(&self.url, &error.to_string()))
            };
        }
        let failure = problem::of(&answer, &self.url);
        Err(if answer.status == StatusCode::NOT_FOUND {
            failure.also(format!("asked for: {}", request.path))
        } else {
            failure
        })
    }

    /// What discovery says.
    pub(crate) async fn metadata(&self) -> Result<Value, Failure> {
        let url = format!("{}/.well-known/oauth-authorization-server", self.url);
        let answer = web::send(self.client.get(url), &self.url).await?;
        answer.json(&self.url)
    }

    /// The scopes that discovery makes known to everybody.
    pub(crate) async fn public_scopes(&self) -> Result<Vec<String>, Failure> {
        let metadata = self.metadata().await?;
        let scopes = metadata.get("scopes_supported").and_then(Value::as_array);
        let scopes = scopes.into_iter().flatten().filter_map(Value::as_str);
        Ok(scopes.map(str::to_owned).collect())
    }

    /// The access token.
    pub(crate) async fn token(&self) -> Result<&str, Failure> {
        let token = self.token.get_or_try_init(|| async {
            match &self.credential {
                Credential::Token(token) => Ok(token.clone()),
                Credential::Person(person) => person.token(&self.url).await,
                Credential::Account(account) => {
                    let scoped = account
                        .tokens
                        .scoped(&[SCOPE])
                        .map_err(|error| refused::of(&error))?;
                    let token = scoped.token().await.map_err(|error| refused::of(&error))?;
                    Ok(token.value().reveal().to_owned())
                }
            }
        });
        token.await.map(String::as_str)
    }
}

fn not_carnet(url: &str, because: &str) -> Failure {
    Failure::of(
        Crn::NOT_CARNET,
        format!("{url} answered something else than the admin API does: {because}"),
    )
}
