//! Sixteen at once: of what may be used once, one use wins, and nobody else gets anything. On one node over the
//! store in memory, and on two nodes over one PostgreSQL, which the stage of these tests has at hand.

use std::future::Future;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::http::StatusCode;
use carnet_core::record::Authorization;
use carnet_core::record::Trust;
use carnet_core::record::WhyEnded;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Page;
use carnet_core::store::Record;
use carnet_testkit::postgres::Schema;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;
use tokio::task::JoinSet;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::member;
use crate::code::actor::of_apps;
use crate::device::tv::DEVICE_CODE;
use crate::device::tv::TV;
use crate::device::tv::Tv;
use crate::device::tv::with_tv;
use crate::device::tv::world_with_tv;

/// How many come at once.
const MANY: usize = 16;

/// A person and an app in front of one node, or of two that share a database.
struct Stage {
    actor: Actor,
    nodes: Vec<Arc<Provider>>,
    /// The database goes when everything else has gone.
    schema: Option<Schema>,
}

impl Stage {
    async fn one() -> Self {
        let actor = Actor::in_front_of(world_with_tv().await).await;
        Self::of(actor, Vec::new(), None)
    }

    /// None where no PostgreSQL is at hand, which is said on the screen.
    async fn two() -> Option<Self> {
        let schema = Schema::fresh().await?;
        let world = with_tv(of_apps(World::over(schema.store().await).await).await).await;
        let other = world.seen_through(schema.store().await);
        let actor = Actor::in_front_of(world).await;
        let other = Provider::over(other).await;
        Some(Self::of(actor, vec![Arc::new(other)], Some(schema)))
    }

    fn of(actor: Actor, mut nodes: Vec<Arc<Provider>>, schema: Option<Schema>) -> Self {
        nodes.insert(0, Arc::clone(&actor.provider));
        Self {
            actor,
            nodes,
            schema,
        }
    }

    fn wait(&self, seconds: i64) {
        for node in &self.nodes {
            node.wait(seconds);
        }
    }

    /// Sixteen of these at once, on the nodes in turn.
    async fn rush<F>(&self, ask: impl Fn(Arc<Provider>, usize) -> F) -> Vec<Answer>
    where
        F: Future<Output = Answer> + Send + 'static,
    {
        let mut asking = JoinSet::new();
        for place in 0..MANY {
            let node = &self.nodes[place % self.nodes.len()];
            asking.spawn(ask(Arc::clone(node), place));
        }
        asking.join_all().await
    }

    async fn redeem_at_once(&self, code: &str) -> Vec<Answer> {
        self.rush(|node, _| {
            let code = code.to_owned();
            async move {
                let form = [
                    ("grant_type", "authorization_code"),
                    ("code", &code),
                    ("redirect_uri", BACK),
                    ("code_verifier", VERIFIER),
                ];
                node.post_basic("/token", &form, (WEB, SECRET)).await
            }
        })
        .await
    }

    /// Each with one of these tokens, in turn.
    async fn refresh_at_once(&self, tokens: &[&str]) -> Vec<Answer> {
        self.rush(|node, place| {
            let token = tokens[place / self.nodes.len() % tokens.len()].to_owned();
            async move {
                let form = [("grant_type", "refresh_token"), ("refresh_token", &*token)];
                node.post_basic("/token", &form, (WEB, SECRET)).await
            }
        })
        .await
    }

    /// What the app holds of the person: one authorization.
    async fn held(&self) -> Authorization {
        let store = self.actor.provider.world.store();
        let user = &self.actor.session.user;
        let page = Page::first(10);
        let mut all = store.authorizations_of(user, &page).await.unwrap().items;
        let one = all.pop().unwrap();
        assert_eq!(all, [], "one, however many came");
        one
    }

    /// A token is worth nothing, on each node.
    async fn is_dead(&self, refresh_token: &str) {
        for node in &self.nodes {
            let form = [
                ("grant_type", "refresh_token"),
                ("refresh_token", refresh_token),
            ];
            let answer = node.post_basic("/token", &form, (WEB, SECRET)).await;
            refused(&answer);
        }
    }

    async fn tokens(&self, scope: &str) -> Answer {
        let code = self.actor.code(scope).await;
        self.actor.redeem(&code).await
    }
}

/// A no that tells its code and nothing else: no token of any kind is in it.
fn refused(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(answer.json()["error"], "invalid_grant");
    for secret in ["_token\"", "crn_", "eyJ"] {
        assert!(!answer.body.contains(secret), "{}", answer.body);
    }
}

fn winners(answers: &[Answer]) -> Vec<&Answer> {
    let (won, lost): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.status == StatusCode::OK);
    lost.into_iter().for_each(refused);
    won
}

/// One gets tokens. Whoever came after it was a replay, so what it got ends with that.
async fn a_code_is_redeemed_once(stage: Stage) {
    let code = stage
        .actor
        .code(&format!("openid offline_access {READ}"))
        .await;
    let answers = stage.redeem_at_once(&code).await;
    let won = winners(&answers);
    assert_eq!(won.len(), 1);
    let ended = stage.held().await.ended.map(|ended| ended.why);
    assert_eq!(ended, Some(WhyEnded::CodeReplayed));
    stage.is_dead(&member(won[0], "refresh_token")).await;
    let again = winners(&stage.redeem_at_once(&code).await).len();
    assert_eq!(again, 0);
}

/// D3 of `security.md`: one has the tokens, and what it got stands.
async fn a_device_code_is_redeemed_once(stage: Stage) {
    let Stage {
        actor,
        nodes,
        schema,
    } = stage;
    let tv = Tv { actor };
    let codes = tv.codes(READ).await;
    tv.allow(&codes).await;
    let stage = Stage {
        actor: tv.actor,
        nodes,
        schema,
    };
    let answers = stage
        .rush(|node, _| {
            let code = codes.device.clone();
            async move {
                let form = [
                    ("grant_type", DEVICE_CODE),
                    ("device_code", &*code),
                    ("client_id", TV),
                ];
                node.post("/token", &form).await
            }
        })
        .await;
    assert_eq!(winners(&answers).len(), 1);
    assert_eq!(stage.held().await.ended, None);
}

/// All get what the first one got: one generation, as if one had asked.
async fn a_refresh_within_the_grace_moves_on_by_one(stage: Stage) {
    let tokens = stage.tokens(&format!("openid offline_access {READ}")).await;
    let first = member(&tokens, "refresh_token");
    let answers = stage.refresh_at_once(&[&first]).await;
    let won = winners(&answers);
    assert_eq!(won.len(), MANY);
    assert_eq!(stage.held().await.generation, 1);
    // Each of them is of that generation: together they move on by one more, and by no other.
    let renewed: Vec<_> = won.iter().map(|it| member(it, "refresh_token")).collect();
    let renewed: Vec<_> = renewed.iter().map(String::as_str).collect();
    assert_eq!(winners(&stage.refresh_at_once(&renewed).await).len(), MANY);
    let held = stage.held().await;
    assert_eq!((held.generation, held.ended), (2, None));
}

/// Nobody gets anything, and whoever holds the newest loses it.
async fn a_refresh_outside_the_grace_ends_all(stage: Stage) {
    let tokens = stage.tokens(&format!("openid offline_access {READ}")).await;
    let first = member(&tokens, "refresh_token");
    let newest = member(&stage.actor.refresh(&first).await, "refresh_token");
    stage.wait(31);
    let answers = stage.refresh_at_once(&[&first]).await;
    assert_eq!(winners(&answers).len(), 0);
    let ended = stage.held().await.ended.map(|ended| ended.why);
    assert_eq!(ended, Some(WhyEnded::RefreshReplayed));
    stage.is_dead(&newest).await;
}

/// Half come with the newest and half with an old one: whatever somebody got of it is worth nothing in the end.
async fn a_thief_and_the_owner_at_once_end_all(stage: Stage) {
    let tokens = stage.tokens(&format!("openid offline_access {READ}")).await;
    let old = member(&tokens, "refresh_token");
    let newest = member(&stage.actor.refresh(&old).await, "refresh_token");
    stage.wait(31);
    let answers = stage.refresh_at_once(&[&newest, &old]).await;
    let won = winners(&answers);
    assert!(won.len() <= MANY / 2, "{} have tokens", won.len());
    let held = stage.held().await;
    assert_eq!(
        held.ended.map(|ended| ended.why),
        Some(WhyEnded::RefreshReplayed)
    );
    assert!(held.generation <= 2);
    stage.is_dead(&newest).await;
    for answer in won {
        stage.is_dead(&member(answer, "refresh_token")).await;
    }
}

/// A browser that brings what was pushed sixteen times has one code of it.
async fn a_pushed_request_gives_one_code(stage: Stage) {
    let store = stage.actor.provider.world.store();
    let client = store.client(&WEB.parse().unwrap()).await.unwrap();
    let mut client = client.unwrap();
    client.trust = Trust::Own;
    client.version = client.version.next();
    let changes = [Change::Replace(Record::Client(client))];
    assert_eq!(store.commit(&changes).await.unwrap(), Committed::Yes);
    for node in &stage.nodes {
        // Each has heard of it: nobody is asked any more.
        let path = authorize(WEB, &[("scope", READ), ("prompt", "none")]);
        heard(node, &path, &stage.actor.cookie).await;
    }
    let path = authorize(WEB, &[("scope", READ)]);
    let (_, query) = path.split_once('?').unwrap();
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let pairs: Vec<_> = pairs.filter(|(name, _)| name != "client_id").collect();
    let form: Vec<_> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
    let pushed = stage.nodes[0]
        .post_basic("/par", &form, (WEB, SECRET))
        .await;
    let name = member(&pushed, "request_uri");
    let answers = stage
        .rush(|node, _| {
            let path = format!("/authorize?client_id={WEB}&request_uri={name}");
            let cookie = stage.actor.cookie.clone();
            async move { node.send(get(&path, &cookie)).await }
        })
        .await;
    let codes = answers.iter().filter_map(|answer| {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answered(answer, "code")
    });
    assert_eq!(codes.count(), 1);
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    let request = Request::get(path).header("cookie", cookie);
    request.body(Body::empty()).unwrap()
}

/// A change of the other node comes by the feed, in under a second.
async fn heard(node: &Provider, path: &str, cookie: &str) {
    let patience = std::time::Duration::from_secs(5);
    let asks = async {
        while answered(&node.send(get(path, cookie)).await, "code").is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, asks).await.unwrap();
}

macro_rules! races {
    ($($one:ident, $two:ident: $what:ident;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $one() {
                $what(Stage::one().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $two() {
                if let Some(stage) = Stage::two().await {
                    $what(stage).await;
                }
            }
        )+
    };
}

races! {
    rfc6749_4_1_2_of_sixteen_redemptions_of_a_code_one_wins,
    rfc6749_4_1_2_of_sixteen_redemptions_of_a_code_on_two_nodes_one_wins:
        a_code_is_redeemed_once;
    rfc9700_4_14_sixteen_refreshes_within_the_grace_are_one,
    rfc9700_4_14_sixteen_refreshes_within_the_grace_on_two_nodes_are_one:
        a_refresh_within_the_grace_moves_on_by_one;
    rfc9700_4_14_sixteen_refreshes_outside_the_grace_end_all,
    rfc9700_4_14_sixteen_refreshes_outside_the_grace_on_two_nodes_end_all:
        a_refresh_outside_the_grace_ends_all;
    rfc9700_4_14_a_thief_and_the_owner_at_once,
    rfc9700_4_14_a_thief_and_the_owner_at_once_on_two_nodes:
        a_thief_and_the_owner_at_once_end_all;
    rfc8628_3_5_of_sixteen_polls_of_a_device_one_has_the_tokens,
    rfc8628_3_5_of_sixteen_polls_of_a_device_on_two_nodes_one_has_the_tokens:
        a_device_code_is_redeemed_once;
    rfc9126_4_of_sixteen_browsers_with_a_pushed_request_one_gets_a_code,
    rfc9126_4_of_sixteen_browsers_with_a_pushed_request_on_two_nodes_one_gets_a_code:
        a_pushed_request_gives_one_code;
}
