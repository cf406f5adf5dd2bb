//! An app in front of a person, the API that it calls, and the services behind that one.
//!
//! The app's token is for the API of billing. `BOOKS` is the service of billing, `KEEPER` that of the
//! ledger, which is another project's.

use carnet_core::record;
use carnet_core::record::AuditDraft;
use carnet_core::record::GrantType;
use carnet_core::record::TokenFormat;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::value::ApiId;
use carnet_core::value::Counting;
use carnet_core::value::Secret;
use carnet_core::value::SecretId;
use carnet_core::value::UnixTime;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_wire::scope::Scope;
use serde_json::Value;

use crate::code::actor::Actor;
use crate::code::actor::member;

pub(super) const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
pub(super) const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";
pub(super) const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
pub(super) const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// The service behind the API of billing: it may impersonate, for the ledger and the archive.
pub(super) const BOOKS: &str = "books";
/// The service behind the ledger: it may only delegate, for the archive.
pub(super) const KEEPER: &str = "keeper";
pub(super) const LEDGER_API: &str = "https://ledger.example";
pub(super) const POSTINGS: &str = "https://ledger.example/auth/postings";
pub(super) const ARCHIVE_API: &str = "https://archive.example";
pub(super) const FILES: &str = "https://archive.example/auth/files";

pub(super) struct House {
    pub(super) actor: Actor,
}

impl House {
    pub(super) async fn new() -> Self {
        let actor = Actor::new().await;
        let house = Self { actor };
        let apis = [(LEDGER_API, POSTINGS, 60), (ARCHIVE_API, FILES, 61)];
        let store = house.actor.provider.world.store();
        let known = store.apis(None, &Page::first(10)).await.unwrap().items;
        let mut known = known.into_iter();
        let mut template = known
            .find(|api| api.identifier == house.actor.provider.world.api_identifier())
            .unwrap();
        template.project = "elsewhere".parse().unwrap();
        template.scopes.truncate(1);
        let mut changes = Vec::new();
        for (identifier, scope, seed) in apis {
            let mut api = template.clone();
            api.id = ApiId::mint(UnixTime(NOW), &mut Counting(seed));
            api.identifier = identifier.parse().unwrap();
            api.scopes[0].name = scope.parse().unwrap();
            changes.push(Change::Insert(Record::Api(api)));
        }
        house.commit(&changes).await;
        house.let_two_daemons_in().await;
        house
            .change(WEB, |app| {
                let scopes = format!("{} {POSTINGS} {FILES}", app.scopes);
                app.scopes = Scope::parse(&scopes).unwrap();
            })
            .await;
        house
    }

    /// One asks across projects and for accounts; the other only for the archive, in its own.
    async fn let_two_daemons_in(&self) {
        let store = self.actor.provider.world.store();
        let daemon = store.client(&DAEMON.parse().unwrap()).await.unwrap();
        let daemon = daemon.unwrap();
        let mut changes = Vec::new();
        let grants = [GrantType::TokenExchange, GrantType::ClientCredentials];
        let new = [
            (BOOKS, "billing", &[LEDGER_API, ARCHIVE_API][..], true),
            (KEEPER, "elsewhere", &[ARCHIVE_API], false),
        ];
        for (place, (id, project, audiences, impersonate)) in new.into_iter().enumerate() {
            let scopes = Scope::parse(&format!("{READ} {POSTINGS} {FILES}")).unwrap();
            let client = record::Client {
                id: id.parse().unwrap(),
                project: project.parse().unwrap(),
                grants: grants.into(),
                scopes,
                default_scopes: Scope::parse(POSTINGS).unwrap(),
                exchange: record::Exchange {
                    audiences: audiences.iter().map(|name| name.parse().unwrap()).collect(),
                    impersonate,
                    may_act: None,
                },
                ..daemon.clone()
            };
            changes.push(Change::Insert(Record::Client(client.clone())));
            changes.push(Change::Insert(Record::ClientSecret(record::ClientSecret {
                id: SecretId::mint(UnixTime(NOW), &mut Counting(70 + place as u64)),
                client: client.id,
                digest: Secret::new(SECRET.to_owned()).digest(),
                ends_in: "igns".to_owned(),
                created: UnixTime(NOW),
                expires: None,
                sealed: None,
                version: record::Client::clone(&daemon).version,
            })));
        }
        self.commit(&changes).await;
    }

    /// The archive takes opaque tokens from now on.
    pub(super) async fn archive_is_opaque(&self) {
        let store = self.actor.provider.world.store();
        let known = store.apis(None, &Page::first(10)).await.unwrap().items;
        let mut known = known.into_iter();
        let archive = known.find(|api| api.identifier.as_str() == ARCHIVE_API);
        let mut archive = archive.unwrap();
        archive.tokens = TokenFormat::Opaque;
        archive.version = archive.version.next();
        self.commit(&[Change::Replace(Record::Api(archive))]).await;
    }

    async fn commit(&self, changes: &[Change]) {
        let store = self.actor.provider.world.store();
        assert_eq!(store.commit(changes).await.unwrap(), Committed::Yes);
    }

    /// Changes a client.
    pub(super) async fn change(&self, id: &str, change: impl FnOnce(&mut record::Client)) {
        let store = self.actor.provider.world.store();
        let client = store.client(&id.parse().unwrap()).await.unwrap();
        let mut client = client.unwrap();
        change(&mut client);
        client.version = client.version.next();
        self.commit(&[Change::Replace(Record::Client(client))])
            .await;
    }

    /// Everything that the app gets of the person, for all three APIs.
    pub(super) async fn tokens(&self) -> Answer {
        let scope = format!("openid offline_access {READ} {POSTINGS} {FILES}");
        let code = self.actor.code(&scope).await;
        let answer = self.actor.redeem(&code).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer
    }

    /// An access token of the person, as the API of billing gets it from the app.
    pub(super) async fn of_person(&self) -> String {
        member(&self.tokens().await, "access_token")
    }

    /// An access token of a service's own.
    pub(super) async fn own(&self, id: &str) -> String {
        let form = [("grant_type", "client_credentials")];
        let answer = self.ask(id, &form).await;
        member(&answer, "access_token")
    }

    /// An access token of a service account, for the API of billing.
    pub(super) async fn account(&self) -> String {
        let provider = &self.actor.provider;
        provider.token(&provider.world.claims()).await
    }

    /// Exchanges for the ledger, unless it is said otherwise.
    pub(super) async fn exchange(&self, id: &str, subject: &str, more: &[(&str, &str)]) -> Answer {
        let mut form = vec![
            ("grant_type", GRANT),
            ("subject_token", subject),
            ("subject_token_type", ACCESS_TOKEN),
        ];
        let targets = |(name, _): &(&str, &str)| ["audience", "resource"].contains(name);
        if !more.iter().any(targets) {
            form.push(("audience", LEDGER_API));
        }
        for (name, value) in more {
            if *name != "resource" && *name != "audience" {
                form.retain(|(known, _)| known != name);
            }
            form.push((name, value));
        }
        self.ask(id, &form).await
    }

    pub(super) async fn ask(&self, id: &str, form: &[(&str, &str)]) -> Answer {
        let provider = &self.actor.provider;
        provider.post_basic("/token", form, (id, SECRET)).await
    }

    /// Whether introspection calls it active, asked by the one who holds it.
    pub(super) async fn is_active(&self, id: &str, token: &str) -> bool {
        self.said(id, token).await["active"] == true
    }

    /// What introspection says.
    pub(super) async fn said(&self, id: &str, token: &str) -> Value {
        let provider = &self.actor.provider;
        let form = [("token", token)];
        let answer = provider
            .post_basic("/introspect", &form, (id, SECRET))
            .await;
        answer.json()
    }

    /// The audit entry of the one exchange.
    pub(super) async fn audited(&self) -> (AuditDraft, Value) {
        let store = self.actor.provider.world.store();
        let entries = store
            .audit(&AuditFilter::default(), &Page::first(100))
            .await;
        let mut entries = entries.unwrap().items.into_iter().map(|entry| entry.draft);
        let draft = entries
            .find(|draft| draft.action == "token.exchange")
            .unwrap();
        let detail = serde_json::from_str(&draft.detail).unwrap();
        (draft, detail)
    }
}
