//! The OAuth clients of a world. A test adds those that it needs.

use carnet_core::record;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKind;
use carnet_core::record::ClientState;
use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::value::Counting;
use carnet_core::value::Seconds;
use carnet_core::value::Secret;
use carnet_core::value::SecretId;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_wire::scope::Scope;

use super::AT;
use super::PRIVATE;
use super::READ;
use super::World;
use super::text;

/// A daemon that authenticates in the header.
pub const DAEMON: &str = "nightly";
/// The same, in the form.
pub const POSTER: &str = "poster";
/// An app with people in front of it, which may not ask for itself.
pub const WEB: &str = "ledgerly";
/// An app in the browser: a public client.
pub const SPA: &str = "board";
/// The secret of each client that has one. It has characters that the header form-encodes.
pub const SECRET: &str = "s3cret/with:all+kinds%of~signs";

impl World {
    /// A client with the secret [`SECRET`], which may ask for [`READ`] and, in vain, for [`PRIVATE`].
    fn client(
        id: &str,
        authentication: ClientAuthentication,
        grants: &[GrantType],
    ) -> record::Client {
        let scopes = format!("{READ} {PRIVATE} openid email");
        record::Client {
            id: text(id),
            project: text("billing"),
            title: text("An app"),
            kind: ClientKind::Daemon,
            authentication,
            redirect_uris: Vec::new(),
            origins: Vec::new(),
            grants: grants.iter().copied().collect(),
            scopes: Scope::parse(&scopes).expect("a scope"),
            default_scopes: Scope::parse(&format!("openid {READ}")).expect("a scope"),
            credentials: record::Credentials::default(),
            require_pkce: true,
            require_par: false,
            require_signed_request_object: false,
            algorithms: record::ClientAlgorithms::default(),
            require_dpop: false,
            refresh_token_rotation: true,
            exchange: record::Exchange::default(),
            legacy: record::Legacy::default(),
            certificate_bound: false,
            lifetimes: record::Lifetimes {
                access_token: Seconds(600),
                ..record::Lifetimes::default()
            },
            about: record::About::default(),
            trust: record::Trust::Known,
            source: record::ClientSource::Admin,
            state: ClientState::Active,
            created: AT,
            changed: AT,
            version: Version::FIRST,
        }
    }

    fn secret(
        client: &record::Client,
        seed: u64,
        expires: Option<UnixTime>,
    ) -> record::ClientSecret {
        let secret = Secret::new(if expires.is_some() { "older" } else { SECRET }.to_owned());
        record::ClientSecret {
            id: SecretId::mint(AT, &mut Counting(seed)),
            client: client.id.clone(),
            digest: secret.digest(),
            sealed: None,
            ends_in: "igns".to_owned(),
            created: AT,
            expires,
            version: Version::FIRST,
        }
    }

    /// Adds one client of each kind. [`DAEMON`] also has the secret `older`, which ends a minute later.
    pub async fn with_clients(self) -> Self {
        use ClientAuthentication::{None as Public, SecretBasic, SecretPost};
        use GrantType::{AuthorizationCode, ClientCredentials};
        let daemon = Self::client(DAEMON, SecretBasic, &[ClientCredentials]);
        let poster = Self::client(POSTER, SecretPost, &[ClientCredentials]);
        let web = Self::client(WEB, SecretBasic, &[AuthorizationCode]);
        let spa = Self::client(SPA, Public, &[AuthorizationCode, ClientCredentials]);
        let soon = Some(AT + Seconds(60));
        let secrets = [
            Self::secret(&daemon, 20, None),
            Self::secret(&daemon, 21, soon),
            Self::secret(&poster, 22, None),
            Self::secret(&web, 23, None),
        ];
        let clients = [daemon, poster, web, spa].map(Record::Client);
        let secrets = secrets.map(Record::ClientSecret);
        let all = clients.into_iter().chain(secrets);
        self.commit(&all.map(Change::Insert).collect::<Vec<_>>())
            .await;
        self
    }

    /// A client is switched off.
    pub async fn client_is_disabled(&self, id: &str) {
        let store = self.store();
        let found = store.client(&text(id)).await;
        let mut client = found.expect("a store that works").expect("the client");
        client.state = ClientState::Disabled {
            since: AT,
            reason: text("test"),
        };
        client.version = client.version.next();
        self.commit(&[Change::Replace(Record::Client(client))])
            .await;
    }
}
