//! OAuth clients and their secrets.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a contract fails by panicking"
)]

use std::sync::Arc;

use carnet_core::record::About;
use carnet_core::record::CertificateName;
use carnet_core::record::CertificateNameKind;
use carnet_core::record::Client;
use carnet_core::record::ClientAlgorithms;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKeys;
use carnet_core::record::ClientKind;
use carnet_core::record::ClientSecret;
use carnet_core::record::ClientSource;
use carnet_core::record::ClientState;
use carnet_core::record::Credentials;
use carnet_core::record::Exchange;
use carnet_core::record::GrantType;
use carnet_core::record::IdTokenAlgorithm;
use carnet_core::record::Legacy;
use carnet_core::record::Lifetimes;
use carnet_core::record::Project;
use carnet_core::record::Trust;
use carnet_core::store::Change;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::store::RecordKey;
use carnet_core::store::Store;
use carnet_core::store::Why;
use carnet_core::value::Seconds;
use carnet_core::value::SecretDigest;
use carnet_core::value::SecretId;
use carnet_core::value::Version;

use super::sample::NOW;
use super::sample::Sample;
use super::sample::World;
use super::sample::no;
use super::sample::parsed;
use super::sample::yes;

impl Sample {
    /// A client of a project that acts for itself.
    pub fn client(&mut self, of: &Project) -> Client {
        let number = self.next();
        Client {
            id: parsed(&format!("app-{number}")),
            project: of.id.clone(),
            title: parsed(&format!("App {number}")),
            kind: ClientKind::Daemon,
            authentication: ClientAuthentication::SecretBasic,
            redirect_uris: Vec::new(),
            origins: Vec::new(),
            grants: [GrantType::ClientCredentials].into(),
            scopes: parsed("one two"),
            default_scopes: parsed("one"),
            credentials: Credentials::default(),
            require_pkce: true,
            require_par: false,
            require_signed_request_object: false,
            algorithms: ClientAlgorithms::default(),
            require_dpop: false,
            refresh_token_rotation: true,
            exchange: Exchange::default(),
            legacy: Legacy::default(),
            certificate_bound: false,
            lifetimes: Lifetimes::default(),
            about: About::default(),
            trust: Trust::Unknown,
            source: ClientSource::Admin,
            state: ClientState::Active,
            created: NOW,
            changed: NOW,
            version: Version::FIRST,
        }
    }

    /// A secret of a client, without an end.
    pub fn secret(&mut self, of: &Client) -> ClientSecret {
        ClientSecret {
            id: SecretId::from_bytes(self.bytes()),
            client: of.id.clone(),
            digest: SecretDigest::from_bytes(self.bytes()),
            sealed: None,
            ends_in: "aB3_".to_owned(),
            created: NOW,
            expires: None,
            version: Version::FIRST,
        }
    }
}

const SHORT: Lifetimes = Lifetimes {
    access_token: Seconds(61),
    refresh_idle: Seconds::days(2),
    refresh_absolute: Seconds::days(3),
};

const KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"a","alg":"ES256","use":"sig",
    "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
    {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

fn about() -> About {
    About {
        home: Some(parsed("https://a.example")),
        logo: None,
        policy: Some(parsed("https://a.example/policy?lang=en")),
        terms: None,
        contacts: vec![parsed("ops@a.example")],
    }
}

pub(super) fn insert(client: &Client) -> Change {
    Change::Insert(Record::Client(client.clone()))
}

pub(super) fn replace(client: &Client) -> Change {
    Change::Replace(Record::Client(client.clone()))
}

pub(super) fn secret(secret: &ClientSecret) -> Change {
    Change::Insert(Record::ClientSecret(secret.clone()))
}

async fn found(store: &Arc<dyn Store>, client: &Client) -> Option<Client> {
    store.client(&client.id).await.expect("a read")
}

pub(super) async fn secrets(store: &Arc<dyn Store>, client: &Client) -> Vec<ClientSecret> {
    store.client_secrets(&client.id).await.expect("a read")
}

/// Keys here and elsewhere, and a name in a certificate of each kind.
fn credentials() -> impl Iterator<Item = Credentials> {
    let here = || Some(parsed(KEYS));
    let elsewhere = || Some(ClientKeys::At(parsed("https://a.example/jwks")));
    let all = [
        (here(), CertificateNameKind::Subject, r"CN=a\, b+OU=c,O=d"),
        (None, CertificateNameKind::Dns, "a.example"),
        (elsewhere(), CertificateNameKind::Uri, "urn:a"),
        (None, CertificateNameKind::Address, "2001:db8::1"),
        (here(), CertificateNameKind::Email, "a@a.example"),
    ];
    all.into_iter().map(|(keys, kind, name)| Credentials {
        keys,
        certificate: Some(CertificateName::new(kind, name).expect("a name")),
    })
}

/// Of each kind, in each state, with each method.
#[expect(clippy::too_many_lines, reason = "each member of a client, once")]
pub async fn a_client_is_read_as_it_was_written(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let mut client = sample.client(&project);
    yes(store, &[insert(&client)]).await;
    assert_eq!(found(store, &client).await.as_ref(), Some(&client));
    let disabled = ClientState::Disabled {
        since: NOW,
        reason: parsed("look into it"),
    };
    let none = ClientAuthentication::None;
    let basic = ClientAuthentication::SecretBasic;
    let post = ClientAuthentication::SecretPost;
    let mut credentials = credentials();
    let kinds = [
        (ClientKind::Web, post, Trust::Own),
        (ClientKind::Browser, none, Trust::Known),
        (ClientKind::Native, none, Trust::Unknown),
        (ClientKind::Device, basic, Trust::Own),
        (
            ClientKind::Daemon,
            ClientAuthentication::PrivateKeyJwt,
            Trust::Own,
        ),
        (ClientKind::Daemon, basic, Trust::Own),
    ];
    for (kind, authentication, trust) in kinds {
        client.legacy.password = kind == ClientKind::Web;
        client.legacy.implicit = kind == ClientKind::Browser;
        client.legacy.embedded_user_agents = kind == ClientKind::Native;
        client = Client {
            kind,
            authentication,
            credentials: credentials.next().unwrap_or_default(),
            trust,
            grants: GrantType::ALL.into(),
            redirect_uris: vec![parsed("https://a.example/cb?x=1"), parsed("com.a:/cb")],
            require_pkce: kind != ClientKind::Web,
            require_par: kind == ClientKind::Web,
            require_signed_request_object: kind == ClientKind::Browser,
            require_dpop: kind == ClientKind::Native,
            refresh_token_rotation: kind != ClientKind::Daemon,
            algorithms: ClientAlgorithms {
                id_token: if kind == ClientKind::Web {
                    IdTokenAlgorithm::Es256
                } else {
                    IdTokenAlgorithm::Rs256
                },
                assertion: (kind == ClientKind::Daemon).then(|| parsed("ES384")),
            },
            exchange: Exchange {
                audiences: vec![parsed("https://a.example/api"), parsed("urn:api")],
                impersonate: kind == ClientKind::Daemon,
                may_act: (kind == ClientKind::Web).then(|| parsed("ledger")),
            },
            certificate_bound: kind == ClientKind::Daemon,
            origins: vec![parsed("https://a.example"), parsed("http://[::1]:3000")],
            lifetimes: SHORT,
            about: about(),
            scopes: parsed(""),
            default_scopes: parsed(""),
            state: disabled.clone(),
            version: client.version.next(),
            ..client
        };
        yes(store, &[replace(&client)]).await;
        assert_eq!(found(store, &client).await.as_ref(), Some(&client));
    }
}

/// A second one with the same id loses, whatever project it is in.
pub async fn an_id_belongs_to_one_client(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    yes(store, &[insert(&client)]).await;
    assert_eq!(no(store, &[insert(&client)]).await, (0, Why::Taken));
}

/// In the order of their ids, by pages.
pub async fn a_projects_clients_are_its_own(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        project,
        ..
    } = World::of(store).await;
    let other = sample.project(Some(organization.id));
    let (first, second) = (sample.client(&project), sample.client(&project));
    let foreign = sample.client(&other);
    let rows = [
        Change::Insert(Record::Project(other)),
        insert(&second),
        insert(&foreign),
        insert(&first),
    ];
    yes(store, &rows).await;
    let mut mine = [first, second];
    mine.sort_by(|one, other| one.id.cmp(&other.id));
    let page = Page::first(1);
    let listing = store.clients(&project.id, &page).await.expect("a read");
    assert_eq!(listing.items, mine[..1]);
    let page = Page {
        after: listing.next,
        limit: 10,
    };
    let listing = store.clients(&project.id, &page).await.expect("a read");
    assert_eq!((listing.items.as_slice(), listing.next), (&mine[1..], None));
}

/// And the project cannot go while it has one.
pub async fn a_client_needs_its_project(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        organization,
        ..
    } = World::of(store).await;
    let project = sample.project(Some(organization.id));
    let client = sample.client(&project);
    assert_eq!(no(store, &[insert(&client)]).await, (0, Why::Referenced));
    let made = Change::Insert(Record::Project(project.clone()));
    yes(store, &[made, insert(&client)]).await;
    let gone = Change::Remove(RecordKey::Project(project.id), project.version);
    assert_eq!(no(store, &[gone]).await, (0, Why::Referenced));
}

/// Clients and secrets alike.
pub async fn only_the_version_before_is_replaced_or_removed(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let first = sample.secret(&client);
    yes(store, &[insert(&client), secret(&first)]).await;
    assert_eq!(no(store, &[replace(&client)]).await, (0, Why::Stale));
    let again = Change::Replace(Record::ClientSecret(first.clone()));
    assert_eq!(no(store, &[again]).await, (0, Why::Stale));
    let other = Version(2);
    let gone = Change::Remove(RecordKey::Client(client.id.clone()), other);
    assert_eq!(no(store, &[gone]).await, (0, Why::Stale));
    let key = RecordKey::ClientSecret(first.id, client.id.clone());
    let gone = Change::Remove(key.clone(), other);
    assert_eq!(no(store, &[gone]).await, (0, Why::Stale));
    yes(store, &[Change::Remove(key, first.version)]).await;
    assert_eq!(secrets(store, &client).await, []);
}

/// Nothing of it is left.
pub async fn a_client_goes_with_its_secrets(store: &Arc<dyn Store>) {
    let World {
        mut sample,
        project,
        ..
    } = World::of(store).await;
    let client = sample.client(&project);
    let first = sample.secret(&client);
    yes(store, &[insert(&client), secret(&first)]).await;
    let key = RecordKey::Client(client.id.clone());
    yes(store, &[Change::Remove(key, client.version)]).await;
    assert_eq!(found(store, &client).await, None);
    assert_eq!(secrets(store, &client).await, []);
}
