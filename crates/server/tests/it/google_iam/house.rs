//! A server with a caller, an account in between, and one that is to be become.

use axum::body::Body;
use axum::http::Request;
use carnet_core::record::AccountBinding;
use carnet_core::record::AccountPolicy;
use carnet_core::record::AccountRole;
use carnet_core::record::AccountState;
use carnet_core::record::AuditDraft;
use carnet_core::record::Policy;
use carnet_core::record::PolicyRule;
use carnet_core::record::ProjectState;
use carnet_core::record::ServiceAccount;
use carnet_core::store::AuditFilter;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_core::value::Counting;
use carnet_core::value::Member;
use carnet_core::value::PolicyId;
use carnet_core::value::ServiceAccountEmail;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::Limits;
use carnet_jose::Unverified;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::NOW;
use serde_json::Value;
use serde_json::json;

pub(super) const CLOUD: &str = "https://www.googleapis.com/auth/cloud-platform";
pub(super) const IAM: &str = "https://www.googleapis.com/auth/iam";
pub(super) const TARGET: &str = "reports@billing.iam.gserviceaccount.com";
pub(super) const MIDDLE: &str = "middle@billing.iam.gserviceaccount.com";

pub(super) struct House {
    pub(super) provider: Provider,
}

impl House {
    /// The caller of the world is bound as a token creator on both, the one in between on the last.
    pub(super) async fn new() -> Self {
        let house = Self {
            provider: Provider::new().await,
        };
        let caller = house.caller().await;
        let project = caller.project.clone();
        for (name, email, chance) in [("reports", TARGET, 900), ("middle", MIDDLE, 901)] {
            let made = ServiceAccount {
                unique_id: UniqueId::mint(&mut Counting(chance)),
                project: project.clone(),
                account_id: name.parse().unwrap(),
                email: email.parse().unwrap(),
                version: Version::FIRST,
                ..caller.clone()
            };
            house
                .commit(Change::Insert(Record::ServiceAccount(made)))
                .await;
        }
        let middle = house.account(MIDDLE).await;
        let own = Member::ServiceAccount(caller.unique_id);
        let next = Member::ServiceAccount(middle.unique_id);
        house
            .bind(MIDDLE, &[(AccountRole::TokenCreator, own.clone())])
            .await;
        let both = [
            (AccountRole::TokenCreator, own),
            (AccountRole::TokenCreator, next),
        ];
        house.bind(TARGET, &both).await;
        house
    }

    pub(super) async fn commit(&self, change: Change) {
        let store = self.provider.world.store();
        let committed = store.commit(&[change]).await.unwrap();
        assert_eq!(committed, Committed::Yes);
    }

    pub(super) async fn caller(&self) -> ServiceAccount {
        self.account(&self.provider.world.email()).await
    }

    pub(super) async fn account(&self, email: &str) -> ServiceAccount {
        let email: ServiceAccountEmail = email.parse().unwrap();
        let store = self.provider.world.store();
        store
            .service_account_by_email(&email)
            .await
            .unwrap()
            .unwrap()
    }

    /// Puts these bindings in the place of all others.
    pub(super) async fn bind(&self, email: &str, bound: &[(AccountRole, Member)]) {
        let account = self.account(email).await.unique_id;
        let before = self.provider.world.store().account_policy(&account).await;
        let before = before.unwrap();
        let mut policy = AccountPolicy::empty(account, UnixTime(NOW));
        for (role, member) in bound {
            policy.bindings.push(AccountBinding {
                role: *role,
                condition: None,
                members: vec![member.clone()],
            });
        }
        let change = match before {
            None => Change::Insert(Record::AccountPolicy(policy)),
            Some(before) => {
                policy.version = before.version.next();
                Change::Replace(Record::AccountPolicy(policy))
            }
        };
        self.commit(change).await;
    }

    pub(super) async fn disable(&self, email: &str) {
        let mut account = self.account(email).await;
        account.version = account.version.next();
        account.state = AccountState::Disabled {
            since: UnixTime(NOW),
            reason: "test".parse().unwrap(),
        };
        self.commit(Change::Replace(Record::ServiceAccount(account)))
            .await;
    }

    pub(super) async fn suspend_project(&self) {
        let caller = self.caller().await;
        let store = self.provider.world.store();
        let mut project = store.project(&caller.project).await.unwrap().unwrap();
        project.version = project.version.next();
        project.state = ProjectState::Suspended {
            since: UnixTime(NOW),
        };
        self.commit(Change::Replace(Record::Project(project))).await;
    }

    /// The organization lets tokens of this account live longer.
    pub(super) async fn extend(&self, email: &str) {
        let account = self.account(email).await;
        let store = self.provider.world.store();
        let project = store.project(&account.project).await.unwrap().unwrap();
        let now = UnixTime(NOW);
        let policy = Policy {
            id: PolicyId::mint(now, &mut Counting(77)),
            organization: project.organization.unwrap(),
            title: "Long jobs".parse().unwrap(),
            rule: PolicyRule::ExtendLifetime {
                accounts: vec![account.unique_id],
            },
            enabled: true,
            created: now,
            changed: now,
            version: Version::FIRST,
        };
        self.commit(Change::Insert(Record::Policy(policy))).await;
    }

    /// An access token of the caller.
    pub(super) async fn token(&self, scope: &str) -> String {
        let now = self.provider.parts().now().0;
        let claims = json!({"scope": scope, "iat": now, "exp": now + 3_600});
        let claims = self.provider.world.with(claims);
        self.provider.token(&claims).await
    }

    /// Asks a method of an account with this credential.
    pub(super) async fn call(&self, token: &str, named: &str, body: Value) -> Answer {
        let path = format!("/v1/projects/-/serviceAccounts/{named}?alt=json&prettyPrint=false");
        let request = Request::post(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        self.provider.send(request.unwrap()).await
    }

    /// The same as the caller with all of the cloud.
    pub(super) async fn ask(&self, named: &str, body: Value) -> Answer {
        let token = self.token(CLOUD).await;
        self.call(&token, named, body).await
    }

    /// An access token of the last account.
    pub(super) async fn become_target(&self, body: Value) -> String {
        let answer = self
            .ask(&format!("{TARGET}:generateAccessToken"), body)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["accessToken"].as_str().unwrap().to_owned()
    }

    /// Whether a token still opens anything: tokeninfo tells it of every token that stands.
    pub(super) async fn stands(&self, token: &str) -> bool {
        let path = format!("/tokeninfo?access_token={token}");
        self.provider.get(&path).await.status == 200
    }

    /// What the audit log has, oldest first.
    pub(super) async fn audited(&self) -> Vec<AuditDraft> {
        self.provider.settle().await;
        let store = self.provider.world.store();
        let page = Page::first(100);
        let entries = store.audit(&AuditFilter::default(), &page).await.unwrap();
        let newest_first = entries.items.into_iter();
        newest_first.rev().map(|entry| entry.draft).collect()
    }
}

pub(super) fn claims(token: &str) -> Value {
    let unverified = Unverified::parse(token, Limits::STRICT).unwrap();
    serde_json::from_slice(unverified.claims_unverified_for_lookup()).unwrap()
}

/// Google's sentence, status and our code of a no.
pub(super) fn told(answer: &Answer) -> (u16, String, String) {
    let error = answer.json()["error"].clone();
    let details = error["details"].as_array().unwrap().clone();
    let ours = details
        .iter()
        .find(|one| one["domain"] == "carnet")
        .unwrap();
    assert_eq!(error["code"], answer.status.as_u16());
    (
        answer.status.as_u16(),
        error["status"].as_str().unwrap().to_owned(),
        ours["metadata"]["crn"].as_str().unwrap().to_owned(),
    )
}
