//! The OAuth clients of a seed. Their secrets stand in the seed, so that a test can be written before the
//! sandbox runs: only a sandbox has such secrets.

use std::collections::BTreeSet;

use anyhow::Context as _;
use carnet_core::record;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKind;
use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::store::Store;
use carnet_core::value::ApiIdentifier;
use carnet_core::value::ClientId;
use carnet_core::value::ProjectId;
use carnet_core::value::Secret;
use carnet_core::value::SecretId;
use carnet_core::value::Title;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_server::client_secret;
use carnet_server::entropy::SystemEntropy;
use carnet_server::keyring::KeyEncryptionKey;
use carnet_wire::origin::Origin;
use carnet_wire::redirect_uri::RedirectUri;
use carnet_wire::scope::Scope;
use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error as _;

/// A client of a seed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::dev) struct SeedClient {
    project: ProjectId,
    id: ClientId,
    title: Title,
    kind: SeedKind,
    authentication: SeedAuthentication,
    /// The secret, unless it is a public client.
    secret: Option<String>,
    /// Its public keys: a JWK Set as text.
    #[serde(default, deserialize_with = "keys")]
    jwks: Option<record::ClientKeys>,
    #[serde(default)]
    redirect_uris: Vec<RedirectUri>,
    /// Whose scripts may read our answers; of a browser app that does not say, the origins of its redirect URIs.
    origins: Option<Vec<Origin>>,
    grants: Vec<SeedGrant>,
    /// For which APIs it may exchange tokens.
    #[serde(default)]
    exchange_audiences: Vec<ApiIdentifier>,
    /// Whether it may leave out who acts when it does.
    #[serde(default)]
    exchange_impersonate: bool,
    /// Whether each refresh replaces its refresh token: yes, unless it is said.
    refresh_token_rotation: Option<bool>,
    /// What it may ask for.
    scopes: Scope,
    /// What it gets where it asks for nothing.
    #[serde(default)]
    default_scopes: Scope,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeedKind {
    Web,
    Browser,
    Native,
    Device,
    Daemon,
}

/// As metadata writes it (RFC 7591 section 2).
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeedAuthentication {
    None,
    ClientSecretBasic,
    ClientSecretPost,
    ClientSecretJwt,
    PrivateKeyJwt,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SeedGrant {
    AuthorizationCode,
    RefreshToken,
    ClientCredentials,
    TokenExchange,
    DeviceCode,
}

fn keys<'de, D: Deserializer<'de>>(from: D) -> Result<Option<record::ClientKeys>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

/// A client that grew from a seed.
#[derive(Clone, Debug)]
pub(in crate::dev) struct GrownClient {
    /// Its id.
    pub(in crate::dev) id: ClientId,
    /// Its secret; none of a public client.
    pub(in crate::dev) secret: Option<String>,
    /// Where people may be sent back to.
    pub(in crate::dev) redirect_uris: Vec<RedirectUri>,
    /// Whether it may ask for itself.
    pub(in crate::dev) for_itself: bool,
}

impl SeedClient {
    fn grown(&self) -> GrownClient {
        let for_itself = |grant: &SeedGrant| matches!(grant, SeedGrant::ClientCredentials);
        GrownClient {
            id: self.id.clone(),
            secret: self.secret.clone(),
            redirect_uris: self.redirect_uris.clone(),
            for_itself: self.grants.iter().any(for_itself),
        }
    }

    fn origins(&self) -> Vec<Origin> {
        match (&self.origins, self.kind) {
            (Some(origins), _) => origins.clone(),
            (None, SeedKind::Browser) => {
                let own: BTreeSet<_> = self.redirect_uris.iter().filter_map(Origin::of).collect();
                own.into_iter().collect()
            }
            (None, _) => Vec::new(),
        }
    }

    fn record(&self, now: UnixTime) -> record::Client {
        let grant = |grant: &SeedGrant| match grant {
            SeedGrant::AuthorizationCode => GrantType::AuthorizationCode,
            SeedGrant::RefreshToken => GrantType::RefreshToken,
            SeedGrant::ClientCredentials => GrantType::ClientCredentials,
            SeedGrant::TokenExchange => GrantType::TokenExchange,
            SeedGrant::DeviceCode => GrantType::DeviceCode,
        };
        record::Client {
            id: self.id.clone(),
            project: self.project.clone(),
            title: self.title.clone(),
            kind: match self.kind {
                SeedKind::Web => ClientKind::Web,
                SeedKind::Browser => ClientKind::Browser,
                SeedKind::Native => ClientKind::Native,
                SeedKind::Device => ClientKind::Device,
                SeedKind::Daemon => ClientKind::Daemon,
            },
            authentication: match self.authentication {
                SeedAuthentication::None => ClientAuthentication::None,
                SeedAuthentication::ClientSecretBasic => ClientAuthentication::SecretBasic,
                SeedAuthentication::ClientSecretPost => ClientAuthentication::SecretPost,
                SeedAuthentication::ClientSecretJwt => ClientAuthentication::SecretJwt,
                SeedAuthentication::PrivateKeyJwt => ClientAuthentication::PrivateKeyJwt,
            },
            redirect_uris: self.redirect_uris.clone(),
            origins: self.origins(),
            grants: self.grants.iter().map(grant).collect::<BTreeSet<_>>(),
            scopes: self.scopes.clone(),
            default_scopes: self.default_scopes.clone(),
            credentials: record::Credentials {
                keys: self.jwks.clone(),
                certificate: None,
            },
            require_pkce: true,
            require_par: false,
            require_signed_request_object: false,
            algorithms: record::ClientAlgorithms::default(),
            require_dpop: false,
            refresh_token_rotation: self.refresh_token_rotation.unwrap_or(true),
            legacy: record::Legacy::default(),
            exchange: record::Exchange {
                audiences: self.exchange_audiences.clone(),
                impersonate: self.exchange_impersonate,
                may_act: None,
            },
            certificate_bound: false,
            lifetimes: record::Lifetimes::default(),
            about: record::About::default(),
            trust: record::Trust::Known,
            source: record::ClientSource::Admin,
            state: record::ClientState::Active,
            created: now,
            changed: now,
            version: Version::FIRST,
        }
    }
}

/// What is to be written for these clients.
pub(super) fn plant(
    planned: &[SeedClient],
    now: UnixTime,
    key: &KeyEncryptionKey,
) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for client in planned {
        let record = client.record(now);
        let (id, method) = (record.id.clone(), record.authentication);
        anyhow::ensure!(
            method.takes_secrets() == client.secret.is_some(),
            "client {id}: a secret, and a method that takes one, go together"
        );
        changes.push(Change::Insert(Record::Client(record)));
        anyhow::ensure!(
            method != ClientAuthentication::None || client.refresh_token_rotation != Some(false),
            "client {id}: a public client's refresh tokens rotate"
        );
        let Some(text) = &client.secret else { continue };
        let last = text.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        let name = SecretId::mint(now, &mut SystemEntropy);
        let secret = Secret::new(text.clone());
        let sealed = method
            .needs_the_text()
            .then(|| client_secret::sealed(&secret, name, key))
            .transpose();
        changes.push(Change::Insert(Record::ClientSecret(record::ClientSecret {
            id: name,
            client: id,
            digest: secret.digest(),
            sealed: sealed?,
            ends_in: text.get(last..).context("the end of a secret")?.to_owned(),
            created: now,
            expires: None,
            version: Version::FIRST,
        })));
    }
    Ok(changes)
}

/// The clients as tests are told of them.
pub(super) fn grown(planned: &[SeedClient]) -> Vec<GrownClient> {
    planned.iter().map(SeedClient::grown).collect()
}

/// Those of them that are still there.
pub(super) async fn recall(
    planned: &[SeedClient],
    store: &dyn Store,
) -> anyhow::Result<Vec<GrownClient>> {
    let mut found = Vec::new();
    for client in planned {
        if store.client(&client.id).await?.is_some() {
            found.push(client.grown());
        }
    }
    Ok(found)
}
