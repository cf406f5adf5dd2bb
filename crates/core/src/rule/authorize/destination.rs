//! Who asks, and where the browser may be sent back to.
//!
//! 1. No such app, one that is out of service, one of a suspended project: one answer (CRN-1201).
//! 2. The redirect URI is one that is registered, letter by letter (RFC 9700 section 2.1); it may be left
//!    out only where exactly one is registered (RFC 6749 section 3.1.2.3).
//! 3. A no is a page and never a redirect. By which hair the URI failed is told to the owner, in the story.

use std::sync::Arc;

use carnet_wire::authorize::Addressee;
use carnet_wire::crn::Crn;
use carnet_wire::legal::Echo;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::redirect_uri::RedirectUriKind;

use crate::record::Client;
use crate::record::ClientKeys;
use crate::record::ClientSource;
use crate::record::Trust;
use crate::rule::Refusal;
use crate::rule::client;
use crate::rule::client::Authenticated;
use crate::store::ClientSnapshot;
use crate::store::Fault;
use crate::store::ProjectSnapshot;
use crate::store::Snapshots;
use crate::value::ClientId;

/// What the decision rests on: the client, if there is one, and its project.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    client: Option<(Arc<ClientSnapshot>, Arc<ProjectSnapshot>)>,
}

/// An app in service, and an address of it to which a browser may be sent. Nothing else makes one.
#[derive(Clone, Debug)]
pub struct Destination {
    client: Arc<ClientSnapshot>,
    project: Arc<ProjectSnapshot>,
    redirect_uri: Box<str>,
    named: bool,
    kind: RedirectUriKind,
}

/// Reads the facts. A text that cannot be a client's id is nobody's.
pub async fn load(addressee: &Addressee<'_>, snapshots: &dyn Snapshots) -> Result<Facts, Fault> {
    let Ok(id) = addressee.client_id.parse::<ClientId>() else {
        return Ok(Facts::default());
    };
    let Some(client) = snapshots.client(&id).await? else {
        return Ok(Facts::default());
    };
    let project = snapshots.project_facts(&client.client.project).await?;
    let project = project.ok_or_else(|| Fault::lasting("a client without a project"))?;
    Ok(Facts {
        client: Some((client, project)),
    })
}

impl Facts {
    /// An app that was found elsewhere than in the store, and the project that it belongs to.
    #[must_use]
    pub const fn found(client: Arc<ClientSnapshot>, project: Arc<ProjectSnapshot>) -> Self {
        Self {
            client: Some((client, project)),
        }
    }

    /// An app that has proved itself.
    #[must_use]
    pub fn of(client: &Authenticated) -> Self {
        let (client, project) = client.snapshots();
        Self::found(Arc::clone(client), Arc::clone(project))
    }

    /// The app that the request names, as far as anybody may know of it: one that is in service.
    #[must_use]
    pub fn app(&self) -> Option<&Client> {
        let stands = |(client, project): &&(Arc<ClientSnapshot>, Arc<ProjectSnapshot>)| {
            client::stands(client, project)
        };
        let found = self.client.as_ref().filter(stands);
        found.map(|(client, _)| &client.client)
    }

    /// Where the keys are with which that app signs.
    #[must_use]
    pub fn keys(&self) -> Option<&ClientKeys> {
        self.app()?.credentials.keys.as_ref()
    }

    /// Decides on them.
    pub fn destination(self, addressee: &Addressee<'_>) -> Result<Destination, Refusal> {
        let sent = Echo::of(&addressee.client_id);
        let Some((client, project)) = self.client else {
            return Err(unregistered(&sent).because("why", "unknown client"));
        };
        if !client::stands(&client, &project) {
            return Err(unregistered(&sent)
                .because("client_id", client.client.id.to_string())
                .because("why", "out of service"));
        }
        let named = addressee.redirect_uri.is_some();
        let found = match &addressee.redirect_uri {
            Some(presented) => registered(&client.client, presented),
            None => only(&client.client),
        };
        let (redirect_uri, kind) =
            found.map_err(|no| no.because("client_id", client.client.id.to_string()))?;
        Ok(Destination {
            client,
            project,
            redirect_uri,
            named,
            kind,
        })
    }
}

impl Destination {
    /// The app.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client.client
    }

    /// Its project, with the policies of its organization.
    #[must_use]
    pub fn project(&self) -> &ProjectSnapshot {
        &self.project
    }

    /// Where the browser is sent.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Whether the request named it: then the redemption of the code must name it too (RFC 6749
    /// section 4.1.3).
    #[must_use]
    pub const fn is_named(&self) -> bool {
        self.named
    }

    /// Whether a browser may be sent there without its person having a say (RFC 9700 section 4.11.2): somebody
    /// vouches for the app, or it is no page of the web. Whoever may register an app could make a link of ours
    /// that leads to a page of theirs.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        let client = self.client();
        client.source == ClientSource::Admin
            || client.trust != Trust::Unknown
            || self.kind != RedirectUriKind::Https
    }

    /// What kind of place it is.
    #[must_use]
    pub const fn kind(&self) -> RedirectUriKind {
        self.kind
    }
}

fn unregistered(sent: &Echo) -> Refusal {
    let detail = format!("This app is not registered here. client_id: {sent}");
    Refusal::new(Crn::CLIENT_UNKNOWN, detail)
}

type Found = Result<(Box<str>, RedirectUriKind), Refusal>;

fn registered(client: &Client, presented: &str) -> Found {
    let uris = &client.redirect_uris;
    if let Some(uri) = uris.iter().find(|uri| uri.accepts(presented)) {
        return Ok((presented.into(), uri.kind()));
    }
    let detail = format!(
        "redirect_uri is not registered for this app. Sent: {}",
        Echo::of(presented)
    );
    let refusal = Refusal::new(Crn::REDIRECT_URI, detail);
    let near = |uri: &RedirectUri| Some((uri.difference(presented)?, uri.to_string()));
    Err(match uris.iter().find_map(near) {
        Some((difference, uri)) => refusal
            .because("nearest", uri)
            .because("difference", difference.as_str()),
        None => refusal,
    })
}

fn only(client: &Client) -> Found {
    match client.redirect_uris.as_slice() {
        [uri] => Ok((uri.as_str().into(), uri.kind())),
        uris => {
            let detail = "redirect_uri is missing; only an app with one registered address may \
                          leave it out.";
            Err(Refusal::new(Crn::REDIRECT_URI, detail)
                .because("registered", uris.len().to_string()))
        }
    }
}
