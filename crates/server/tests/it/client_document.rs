//! Apps whose `client_id` is the URL of a document about them
//! (draft-ietf-oauth-client-id-metadata-document): from the first request to the refresh token, and what is
//! not taken. The documents come from a server on this machine, through the guarded client.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use carnet_core::record::ClientSource;
use carnet_core::record::ClientState;
use carnet_core::record::Trust;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_server::config::outbound;
use carnet_server::config::registration::Documents;
use carnet_server::config::registration::Registration;
use carnet_server::outbound::Outbound;
use carnet_server::outbound::Resolve;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use tokio::io::AsyncReadExt;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use crate::code::actor::Actor;
use crate::code::actor::BACK;
use crate::code::actor::VERIFIER;
use crate::code::actor::answered;
use crate::code::actor::authorize;
use crate::code::actor::member;

/// A server with one document, which a test may change.
struct Site {
    at: SocketAddr,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl Site {
    async fn new() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let site = Self {
            at: listener.local_addr().unwrap(),
            answer: Arc::default(),
            asked: Arc::default(),
        };
        let (answer, asked) = (Arc::clone(&site.answer), Arc::clone(&site.asked));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4_096]).await;
                asked.fetch_add(1, Ordering::Relaxed);
                let answer = answer.lock().unwrap().clone();
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        site.says("");
        site
    }

    fn id(&self) -> String {
        format!("http://localhost:{}/client.json", self.at.port())
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    /// The document, with these members besides.
    fn says(&self, more: &str) {
        let body = format!(
            r#"{{"client_id":"{}","client_name":"Ledgerly","redirect_uris":["{BACK}"],"grant_types":["authorization_code","refresh_token"]{more}}}"#,
            self.id()
        );
        self.answers("200 OK", "application/json", &body);
    }

    fn answers(&self, status: &str, kind: &str, body: &str) {
        let length = body.len();
        *self.answer.lock().unwrap() = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
    }
}

fn taking(documents: Documents, hosts: &[&str]) -> Ways {
    let here: Resolve =
        Arc::new(|_, port| Box::pin(async move { Ok(vec![([127, 0, 0, 1], port).into()]) }));
    Ways {
        outbound: Outbound::with(outbound::Outbound::sandbox(), here, Vec::new()),
        registration: Registration {
            documents,
            document_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            project: Some("billing".parse().unwrap()),
            ..Registration::default()
        },
        sandbox: true,
        ..Ways::default()
    }
}

async fn anybodys() -> (Actor, Site) {
    let ways = taking(Documents::Any, &[]);
    (Actor::with(ways).await, Site::new().await)
}

fn stopped(answer: &Answer, crn: &str, why: &str) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert_eq!(answer.headers.get("location"), None);
    assert!(answer.body.contains(crn), "{crn}: {}", answer.body);
    assert!(answer.body.contains(why), "{why}: {}", answer.body);
}

async fn redeem(actor: &Actor, id: &str, code: &str) -> Answer {
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", code),
        ("redirect_uri", BACK),
        ("code_verifier", VERIFIER),
    ];
    actor.provider.post("/token", &form).await
}

#[tokio::test]
async fn an_app_that_is_a_document_signs_people_in_and_renews() {
    let (actor, site) = anybodys().await;
    let (id, store) = (site.id(), actor.provider.world.store());
    let path = authorize(&id, &[("scope", "openid email")]);
    let page = actor.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Ledgerly"));
    assert!(page.body.contains("localhost"), "where it is from is said");
    let record = store.client(&id.parse().unwrap()).await.unwrap();
    assert_eq!(record, None, "whoever only asks fills no table");
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").expect("a code");
    let record = store.client(&id.parse().unwrap()).await.unwrap();
    let record = record.expect("somebody let it in");
    assert_eq!(record.source, ClientSource::Document);
    assert_eq!(record.trust, Trust::Unknown);
    let tokens = redeem(&actor, &id, &code).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.body);
    assert_eq!(
        actor
            .userinfo(&member(&tokens, "access_token"))
            .await
            .status,
        200
    );
    let refresh = member(&tokens, "refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", id.as_str()),
        ("refresh_token", refresh.as_str()),
    ];
    let renewed = actor.provider.post("/token", &form).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.body);
    assert_eq!(site.asked(), 1, "one fetch is enough for an hour");
}

#[tokio::test]
async fn client_id_metadata_document_4_4_a_good_document_is_kept_and_a_bad_one_is_not() {
    let (actor, site) = anybodys().await;
    let path = authorize(&site.id(), &[("scope", "openid")]);
    site.answers("404 Not Found", "application/json", "{}");
    stopped(&actor.get(&path).await, "CRN-1707", "404");
    site.says("");
    assert_eq!(actor.get(&path).await.status, StatusCode::OK);
    assert_eq!(actor.get(&path).await.status, StatusCode::OK);
    assert_eq!(site.asked(), 2);
    actor.provider.wait(3_600);
    assert_eq!(actor.get(&path).await.status, StatusCode::OK);
    assert_eq!(site.asked(), 3, "after an hour it is looked at again");
}

#[tokio::test]
async fn what_changes_in_a_document_changes_the_app() {
    let (actor, site) = anybodys().await;
    let (id, store) = (site.id(), actor.provider.world.store());
    let path = authorize(&id, &[("scope", "openid")]);
    actor.consent(&path, &[("decision", "allow")]).await;
    let moved = r#""https://ledgerly.example/elsewhere""#;
    let body = format!(r#"{{"client_id":"{id}","client_name":"New","redirect_uris":[{moved}]}}"#);
    site.answers("200 OK", "application/json", &body);
    actor.provider.wait(3_600);
    stopped(&actor.get(&path).await, "CRN-1203", "redirect_uri");
    let to = [
        ("scope", "openid"),
        ("redirect_uri", "https://ledgerly.example/elsewhere"),
    ];
    let path = authorize(&id, &to);
    let page = actor.get(&path).await;
    assert!(page.headers.contains_key("location") || page.body.contains("New"));
    let record = store.client(&id.parse().unwrap()).await.unwrap();
    assert_eq!(
        record.expect("it is there").title.as_str(),
        "Ledgerly",
        "nobody let the new one in"
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_document_is_said_on_a_page() {
    let (actor, site) = anybodys().await;
    let path = authorize(&site.id(), &[]);
    let redirects = format!("\"redirect_uris\":[\"{BACK}\"]");
    for (status, kind, body, why) in [
        ("200 OK", "text/html", "{}".to_owned(), "content type"),
        (
            "302 Found",
            "application/json",
            "{}".to_owned(),
            "redirects are not followed",
        ),
        (
            "200 OK",
            "application/json",
            "[]".to_owned(),
            "not a JSON object",
        ),
        (
            "200 OK",
            "application/json",
            format!("{{{redirects}}}"),
            "client_id",
        ),
        (
            "200 OK",
            "application/json",
            format!(r#"{{"client_id":"https://other.example/",{redirects}}}"#),
            "client_id",
        ),
        (
            "200 OK",
            "application/json",
            format!(
                r#"{{"client_id":"{}","client_secret":"x",{redirects}}}"#,
                site.id()
            ),
            "client_secret",
        ),
        (
            "200 OK",
            "application/json",
            format!(
                r#"{{"client_id":"{}","x":"{}"}}"#,
                site.id(),
                "a".repeat(20_000)
            ),
            "more than 16384 bytes",
        ),
    ] {
        site.answers(status, kind, &body);
        stopped(&actor.get(&path).await, "CRN-1707", why);
    }
}

#[tokio::test]
async fn a_document_of_a_host_that_is_not_listed_is_not_fetched() {
    let site = Site::new().await;
    for (documents, hosts) in [
        (Documents::Off, &[][..]),
        (Documents::Listed, &["app.example"][..]),
    ] {
        let actor = Actor::with(taking(documents, hosts)).await;
        stopped(
            &actor.get(&authorize(&site.id(), &[])).await,
            "CRN-1708",
            "client_id",
        );
    }
    let actor = Actor::with(taking(Documents::Listed, &["localhost"])).await;
    assert_eq!(
        actor
            .get(&authorize(&site.id(), &[("scope", "openid")]))
            .await
            .status,
        200
    );
    assert_eq!(site.asked(), 1);
    let outside = Ways {
        sandbox: false,
        ..taking(Documents::Any, &[])
    };
    let actor = Actor::with(outside).await;
    stopped(
        &actor.get(&authorize(&site.id(), &[])).await,
        "CRN-1708",
        "client_id",
    );
    assert_eq!(site.asked(), 1, "http is for sandboxes");
}

#[tokio::test]
async fn client_id_metadata_document_3_a_url_that_is_ambiguous_is_not_fetched() {
    let (actor, site) = anybodys().await;
    let port = site.at.port();
    for id in [
        format!("http://localhost:{port}"),
        format!("http://localhost:{port}/client.json#x"),
        format!("http://user@localhost:{port}/client.json"),
        format!("http://localhost:{port}/a/../client.json"),
        format!("http://LOCALHOST:{port}/client.json"),
        format!("http://elsewhere.test:{port}/client.json"),
        format!("HTTP://localhost:{port}/client.json"),
        "urn:client".to_owned(),
    ] {
        stopped(
            &actor.get(&authorize(&id, &[])).await,
            "CRN-1708",
            "client_id",
        );
    }
    assert_eq!(site.asked(), 0);
}

#[tokio::test]
async fn lesson_28_a_document_inside_the_network_is_not_fetched_and_nothing_is_told_of_it() {
    let private: Resolve =
        Arc::new(|_, port| Box::pin(async move { Ok(vec![([10, 0, 0, 1], port).into()]) }));
    let ways = Ways {
        outbound: Outbound::with(outbound::Outbound::default(), private, Vec::new()),
        ..taking(Documents::Any, &[])
    };
    let actor = Actor::with(ways).await;
    let answer = actor
        .get(&authorize("https://inside.test/client.json", &[]))
        .await;
    stopped(&answer, "CRN-1707", "it could not be fetched");
    assert!(!answer.body.contains("10.0.0.1"));
}

#[tokio::test]
async fn an_app_that_an_administrator_disabled_stays_so_whatever_its_document_says() {
    let (actor, site) = anybodys().await;
    let (id, store) = (site.id(), actor.provider.world.store());
    let path = authorize(&id, &[("scope", "openid")]);
    let back = actor.consent(&path, &[("decision", "allow")]).await;
    let code = answered(&back, "code").expect("a code");
    let mut record = store.client(&id.parse().unwrap()).await.unwrap().unwrap();
    record.state = ClientState::Disabled {
        since: record.created,
        reason: "strange".parse().unwrap(),
    };
    record.version = record.version.next();
    let changes = [Change::Replace(Record::Client(record))];
    store.commit(&changes).await.unwrap();
    assert_eq!(redeem(&actor, &id, &code).await.status, 401);
    for _ in 0..2 {
        stopped(&actor.get(&path).await, "CRN-1201", "client_id");
        actor.provider.wait(3_600);
    }
}

#[tokio::test]
async fn an_app_that_somebody_let_in_goes_on_while_its_site_is_down() {
    let (actor, site) = anybodys().await;
    let id = site.id();
    let path = authorize(&id, &[("scope", "openid")]);
    actor.consent(&path, &[("decision", "allow")]).await;
    site.answers("503 Service Unavailable", "text/plain", "");
    actor.provider.wait(3_600);
    let back = actor.get(&path).await;
    assert_ne!(back.status, StatusCode::BAD_REQUEST, "{}", back.body);
    site.answers("404 Not Found", "text/plain", "");
    stopped(&actor.get(&path).await, "CRN-1707", "404");
}

#[tokio::test]
async fn an_app_that_is_a_document_pushes_its_request() {
    let (actor, site) = anybodys().await;
    let id = site.id();
    let query = authorize(&id, &[("scope", "openid")]);
    let form: Vec<(String, String)> =
        url::form_urlencoded::parse(query.trim_start_matches("/authorize?").as_bytes())
            .into_owned()
            .collect();
    let form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let pushed = actor.provider.post("/par", &form).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
    let uri = member(&pushed, "request_uri");
    let both = [("client_id", id.as_str()), ("request_uri", uri.as_str())];
    let path = format!("/authorize?{}", crate::code::actor::encoded(&both));
    let page = actor.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
}

#[tokio::test]
async fn rfc6749_5_2_a_document_that_is_none_is_an_unknown_client_at_the_token_endpoint() {
    let (actor, site) = anybodys().await;
    site.answers("404 Not Found", "application/json", "{}");
    let answer = redeem(&actor, &site.id(), "crn_ac_x").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(member(&answer, "error"), "invalid_client");
    assert!(!answer.body.contains("404"), "{}", answer.body);
}

#[tokio::test]
async fn discovery_says_whether_documents_are_taken() {
    let name = "client_id_metadata_document_supported";
    let provider = Provider::new().await;
    let path = "/.well-known/oauth-authorization-server";
    assert!(!provider.get(path).await.body.contains(name));
    let (actor, _) = anybodys().await;
    let told = actor.provider.get(path).await.json();
    assert_eq!(told.get(name), Some(&true.into()));
}
