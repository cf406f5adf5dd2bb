//! The server: one machine, one source of tokens.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use carnet_client::Clock;
use carnet_client::Token;
use http::HeaderValue;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header;
use http::request::Parts;
use serde_json::Value;
use serde_json::json;
use tokio::sync::watch;

use crate::answer;
use crate::hosts::Hosts;
use crate::instance::Instance;
use crate::instance::digest;
use crate::question::Form;
use crate::question::Question;
use crate::refused::refused;
use crate::source::Source;
use crate::source::Unavailable;
use crate::source::Wanted;
use crate::tokens::Tokens;
use crate::tree::Node;
use crate::waiting::Waiting;

/// Where everything begins.
const ROOT: &str = "/computeMetadata/v1";

/// A metadata server. Clones are the same one.
#[derive(Clone)]
pub struct Metadata(Arc<Inner>);

struct Inner {
    trees: watch::Sender<Node>,
    hosts: Hosts,
    tokens: Tokens,
    waiting: Waiting,
}

/// An answer other than the one that was asked for.
type No = Response<Body>;

impl Metadata {
    /// A server for a machine whose tokens come from there, living by this clock.
    pub fn new(instance: &Instance, source: Arc<dyn Source>, clock: Clock, hosts: Hosts) -> Self {
        Self(Arc::new(Inner {
            trees: watch::Sender::new(Node::of(instance)),
            hosts,
            tokens: Tokens::new(source, clock),
            waiting: Waiting::new(),
        }))
    }

    /// The machine is another from now on; who waits for that is told.
    pub fn change(&self, instance: &Instance) {
        self.0.trees.send_replace(Node::of(instance));
    }

    /// Nobody waits for a change any more: the server is about to end.
    pub fn stop(&self) {
        self.0.waiting.stop();
    }

    /// The server as a router that answers every path.
    pub fn routes(&self) -> Router {
        let metadata = self.clone();
        let each = move |request: Request<Body>| {
            let metadata = metadata.clone();
            async move { Ok::<_, Infallible>(metadata.answer(request).await) }
        };
        Router::new().fallback(|request| async move { each(request).await })
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        // Nothing that is asked for here has a body.
        let (head, _) = request.into_parts();
        let answer = match refused(&head, &self.0.hosts) {
            Some(no) => no,
            None => self.told(&head).await.unwrap_or_else(|no| no),
        };
        if head.method == Method::HEAD {
            bodiless(answer)
        } else {
            answer
        }
    }

    async fn told(&self, head: &Parts) -> Result<Response<Body>, No> {
        let path = match head.uri.path() {
            "/" => return Ok(listed(&["computeMetadata/"])),
            "/computeMetadata/" => return Ok(listed(&["v1/"])),
            "/computeMetadata" => return Err(answer::moved("/computeMetadata", head.uri.query())),
            path => path,
        };
        let below = path.strip_prefix(ROOT).ok_or_else(answer::not_found)?;
        if !below.is_empty() && !below.starts_with('/') {
            return Err(answer::not_found());
        }
        let question = Question::read(head.uri.query().unwrap_or_default())
            .map_err(|fault| answer::no(StatusCode::BAD_REQUEST, fault))?;
        let node = self.node(below).ok_or_else(answer::not_found)?;
        if node.is_directory() && !below.ends_with('/') {
            return Err(answer::moved(path, head.uri.query()));
        }
        match node {
            Node::Token => self.access(&question).await,
            Node::Identity => self.identity(question).await,
            node => self.value(node, below, &question).await,
        }
    }

    fn node(&self, below: &str) -> Option<Node> {
        self.0.trees.borrow().at(below).cloned()
    }

    async fn value(&self, node: Node, below: &str, asked: &Question) -> Result<Response<Body>, No> {
        let node = match &asked.wait {
            None => node,
            Some(wait) => {
                let changed = self.0.waiting.changed(&self.0.trees, below, wait);
                changed
                    .await
                    .map_err(|full| answer::no(StatusCode::SERVICE_UNAVAILABLE, full))?;
                self.node(below).ok_or_else(answer::not_found)?
            }
        };
        let tag = node.tag();
        Ok(match (asked.form, asked.recursive) {
            (Some(Form::Text), true) if node.is_directory() => answer::text(node.paths(), &tag),
            (Some(Form::Text), _) | (None, false) => answer::text(node.text(), &tag),
            (Some(Form::Json), false) if node.is_directory() => {
                answer::json(&node.names().into(), &tag)
            }
            (Some(Form::Json) | None, _) => answer::json(&node.json().unwrap_or_default(), &tag),
        })
    }

    async fn access(&self, asked: &Question) -> Result<Response<Body>, No> {
        let scopes = if asked.scopes.is_empty() {
            self.scopes()
        } else {
            asked.scopes.clone()
        };
        if scopes.is_empty() {
            let why = "The service account of this machine has no scopes of its own: name some with scopes=";
            return Err(answer::no(StatusCode::BAD_REQUEST, why));
        }
        let wanted = Wanted::Access { scopes };
        let (token, left) = self.token(&wanted).await?;
        let said = json!({
            "access_token": token.value().reveal(),
            "expires_in": left,
            "token_type": "Bearer",
        });
        Ok(answer::json(&said, &tag(&token)))
    }

    async fn identity(&self, asked: Question) -> Result<Response<Body>, No> {
        if asked.audience.is_empty() {
            let why = "non-empty audience parameter required";
            return Err(answer::no(StatusCode::BAD_REQUEST, why));
        }
        let wanted = Wanted::Identity {
            audience: asked.audience,
            full: asked.full,
            licenses: asked.full && asked.licenses,
        };
        let (token, _) = self.token(&wanted).await?;
        let text = token.value().reveal().to_owned();
        Ok(answer::identity(text, &tag(&token)))
    }

    async fn token(&self, wanted: &Wanted) -> Result<(Token, i64), No> {
        self.0.tokens.token(wanted).await.map_err(|why| no(&why))
    }

    /// The scopes of a token for which none are asked.
    fn scopes(&self) -> Vec<String> {
        let tree = self.0.trees.borrow();
        match tree.at("/instance/service-accounts/default/scopes") {
            Some(Node::Lines(scopes)) => scopes.clone(),
            _ => Vec::new(),
        }
    }
}

/// The source gave no token. Libraries try again after 503, and not after 400.
fn no(why: &Unavailable) -> No {
    let status = if why.is_asked_wrongly() {
        StatusCode::BAD_REQUEST
    } else {
        tracing::warn!(cause = %why, "there is no token to give out");
        StatusCode::SERVICE_UNAVAILABLE
    };
    answer::no(status, format_args!("There is no token: {why}"))
}

fn listed(names: &[&str]) -> Response<Body> {
    let text: String = names.iter().flat_map(|name| [*name, "\n"]).collect();
    let tag = format!("{:016x}", digest(text.as_bytes()));
    answer::text(text, &tag)
}

/// The tag of a token tells when it ends, and nothing that is in it.
fn tag(token: &Token) -> String {
    format!("{:016x}", digest(&token.expires().to_be_bytes()))
}

/// The same without its body, of which the length is told.
fn bodiless(answer: Response<Body>) -> Response<Body> {
    use axum::body::HttpBody as _;

    let length = answer.body().size_hint().exact();
    let mut answer = answer.map(|_| Body::empty());
    if let Some(length) = length {
        let length = HeaderValue::from(length);
        answer.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    answer
}

/// Without tokens.
impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Option<Value> = self.0.trees.borrow().json();
        f.debug_struct("Metadata")
            .field("says", &said)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
