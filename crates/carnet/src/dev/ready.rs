//! The ready file: everything that a test needs, written once the server answers.

use std::path::Path;

use carnet_core::record::Role;
use carnet_core::rule::token::AccessGrant;
use carnet_core::rule::token::AccountSubject;
use carnet_core::rule::token::Subject;
use carnet_core::value::Seconds;
use carnet_core::value::TokenId;
use carnet_jose::Algorithm;
use carnet_server::entropy::SystemEntropy;
use carnet_server::mint;
use carnet_server::parts::Parts;
use carnet_server::system;
use serde::Serialize;

use crate::captive::Told;
use crate::dev::seed::Grown;
use crate::dev::seed::GrownClient;
use crate::key_files;

/// How long the administrator's token of a sandbox lives: as long as a long test run.
const ADMIN_TOKEN: Seconds = Seconds(12 * 3_600);

/// Where a sandbox listens.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// The public URL.
    pub(super) issuer: String,
    /// The URL of the second listener.
    pub(super) ops: Option<String>,
    /// The metadata server, as `GCE_METADATA_HOST` names it.
    pub(super) metadata: String,
    /// Google's names, if they are held.
    pub(super) google: Option<Told>,
}

/// What a test needs.
#[derive(Debug, Serialize)]
pub(super) struct Ready {
    issuer: String,
    ops: Option<String>,
    metadata: ReadyMetadata,
    admin_token: Option<String>,
    project: String,
    organization: String,
    organization_id: String,
    service_accounts: Vec<ReadyAccount>,
    clients: Vec<ReadyClient>,
    users: Vec<ReadyUser>,
    demo: ReadyDemo,
    /// Google's names, if they are held.
    #[serde(skip_serializing_if = "Option::is_none")]
    google: Option<Told>,
}

/// The metadata server.
#[derive(Debug, Serialize)]
struct ReadyMetadata {
    host: String,
}

#[derive(Debug, Serialize)]
struct ReadyAccount {
    email: String,
    client_id: String,
    project: String,
    key_file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct ReadyClient {
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    redirect_uris: Vec<String>,
}

impl ReadyClient {
    fn of(client: &GrownClient) -> Self {
        let uris = client.redirect_uris.iter();
        Self {
            client_id: client.id.to_string(),
            client_secret: client.secret.clone(),
            redirect_uris: uris.map(ToString::to_string).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct ReadyUser {
    email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// The protected API that comes with the sandbox.
#[derive(Debug, Serialize)]
struct ReadyDemo {
    api: String,
    discovery: String,
    scopes: [&'static str; 2],
}

impl Ready {
    /// Gathers it, and makes a token for the first owner among the accounts.
    pub(super) async fn new(places: &Places, grown: &Grown, parts: &Parts) -> anyhow::Result<Self> {
        let accounts = grown.accounts.iter().map(|grown| ReadyAccount {
            email: grown.account.email.to_string(),
            client_id: grown.account.unique_id.to_string(),
            project: grown.account.project.to_string(),
            key_file: grown.key_file.display().to_string(),
            role: grown.role.map(name),
        });
        let issuer = &places.issuer;
        Ok(Self {
            issuer: issuer.clone(),
            ops: places.ops.clone(),
            metadata: ReadyMetadata {
                host: places.metadata.clone(),
            },
            admin_token: admin_token(grown, parts).await?,
            project: grown.project.to_string(),
            organization: grown.domain.clone(),
            organization_id: grown.organization.to_string(),
            service_accounts: accounts.collect(),
            clients: grown.clients.iter().map(ReadyClient::of).collect(),
            users: grown
                .users
                .iter()
                .map(|user| ReadyUser {
                    email: user.email.to_string(),
                    password: user
                        .password
                        .as_ref()
                        .map(|known| known.as_str().to_owned()),
                })
                .collect(),
            demo: ReadyDemo {
                api: format!("{issuer}/demo/v1"),
                discovery: format!("{issuer}/demo/$discovery/rest?version=v1"),
                scopes: [crate::dev::demo::READ, crate::dev::demo::WRITE],
            },
            google: places.google.clone(),
        })
    }

    /// Writes it. A reader sees the whole file or none.
    pub(super) fn write(&self, file: &Path) -> anyhow::Result<()> {
        key_files::write(file, &serde_json::to_vec_pretty(self)?)
    }
}

const fn name(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::Admin => "admin",
        Role::Auditor => "auditor",
        Role::Viewer => "viewer",
    }
}

async fn admin_token(grown: &Grown, parts: &Parts) -> anyhow::Result<Option<String>> {
    let owner = grown
        .accounts
        .iter()
        .find(|account| account.role == Some(Role::Owner));
    let Some(owner) = owner else { return Ok(None) };
    let now = parts.now();
    let scope = format!("{} {}", system::SCOPE_ADMIN, system::SCOPE_INTROSPECT);
    let grant = AccessGrant {
        id: TokenId::mint(now, &mut SystemEntropy),
        subject: Subject::Account(AccountSubject {
            id: owner.account.unique_id.clone(),
            email: owner.account.email.clone(),
            user: None,
            acting: None,
        }),
        scope: carnet_wire::scope::Scope::parse(&scope)?,
        details: None,
        audience: vec![system::ADMIN_API.parse()?],
        format: carnet_core::record::TokenFormat::Jwt,
        algorithm: Algorithm::ES256,
        issued: now,
        expires: now + ADMIN_TOKEN,
        binding: None,
    };
    let token = mint::access_token(&grant, &parts.issuer, &parts.keyring.load_full()).await?;
    Ok(Some(token))
}
