//! Requests that were signed for AWS (google-wire 6.3, 6.4): verified with a key that the server has, or shown to somebody
//! who stands in for AWS.

use std::sync::Arc;
use std::sync::Mutex;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header;
use axum::routing::post;
use carnet_core::record::AwsProvider;
use carnet_core::record::ProviderKind;
use carnet_core::rule::federation::aws::LocalKey;
use carnet_core::rule::federation::mapping::Mapping;
use carnet_core::value::UnixTime;
use carnet_jose::digest::hex;
use carnet_jose::digest::hmac_sha256;
use carnet_jose::digest::sha256;
use carnet_server::aws::Witness;
use carnet_server::config::outbound::Outbound as Settings;
use carnet_server::outbound::Outbound;
use carnet_testkit::contract::workload_pool::provider_of;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::READ;
use carnet_testkit::world::World;
use carnet_wire::google::aws::Caller;
use serde_json::Value;
use serde_json::json;

use super::scene::EXCHANGE;
use super::scene::Scene;
use super::scene::payload;
use crate::house::House;
use crate::house::config;

const AWS: &str = "urn:ietf:params:aws:token-type:aws4_request";
const TARGET: &str = "x-goog-cloud-target-resource";
const ACCOUNT: &str = "123456789012";
const ARN: &str = "arn:aws:sts::123456789012:assumed-role/builder/i-77";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const HOST: &str = "sts.eu-west-1.amazonaws.com";

/// The key that the server has.
fn known() -> LocalKey {
    LocalKey {
        id: "AKIDKNOWN".to_owned(),
        secret: SECRET.to_owned().into(),
        session: None,
        caller: Caller::of(ACCOUNT, ARN, "AROA:i-77").unwrap(),
    }
}

/// Who stands in for AWS: what it was shown, and what it answers.
#[derive(Default)]
struct StandIn {
    shown: Mutex<Vec<Request>>,
    answers: Mutex<(StatusCode, &'static str, String)>,
}

struct Aws {
    scene: Scene,
    stand_in: Arc<StandIn>,
    _house: House,
}

/// A request, before it is signed.
#[derive(Clone)]
struct Unsigned {
    key: &'static str,
    secret: &'static str,
    url: String,
    date: i64,
    headers: Vec<(&'static str, String)>,
    signed: &'static str,
}

impl Unsigned {
    /// As the libraries do it (AWS Signature Version 4), by itself.
    fn sign(&self) -> Value {
        let stamp = UnixTime(self.date).rfc3339().replace(['-', ':'], "");
        let day = &stamp[..8];
        let scope = format!("{day}/eu-west-1/sts/aws4_request");
        let mut headers = vec![("host", HOST.to_owned()), ("x-amz-date", stamp.clone())];
        headers.extend(self.headers.clone());
        let line = |name: &str| {
            let value = headers.iter().find(|(known, _)| *known == name);
            let value = value.map_or("", |(_, value)| value.as_str());
            format!("{name}:{value}\n")
        };
        let lines: Vec<_> = self.signed.split(';').map(line).collect();
        let lines = lines.concat();
        let canonical = format!(
            "POST\n/\nAction=GetCallerIdentity&Version=2011-06-15\n{lines}\n{}\n{}",
            self.signed,
            hex(&sha256(""))
        );
        let text = format!(
            "AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}",
            hex(&sha256(canonical))
        );
        let mut key = format!("AWS4{}", self.secret).into_bytes();
        for part in [day, "eu-west-1", "sts", "aws4_request"] {
            key = hmac_sha256(&key, part.as_bytes()).to_vec();
        }
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={}, Signature={}",
            self.key,
            self.signed,
            hex(&hmac_sha256(&key, text.as_bytes()))
        );
        headers.push(("Authorization", authorization));
        let headers: Vec<_> = headers
            .into_iter()
            .map(|(key, value)| json!({ "key": key, "value": value }))
            .collect();
        json!({ "url": self.url, "method": "POST", "headers": headers })
    }
}

impl Aws {
    async fn new() -> Self {
        let stand_in: Arc<StandIn> = Arc::default();
        let answering = Arc::clone(&stand_in);
        let answer = move |request: Request| async move {
            answering.shown.lock().unwrap().push(request);
            let (status, kind, body) = answering.answers.lock().unwrap().clone();
            (status, [(header::CONTENT_TYPE, kind)], body)
        };
        let house = House::of(Router::new().route("/", post(answer)), config());
        let witness = Witness {
            keys: vec![known()],
            at: Some(format!("http://{}", house.address).parse().unwrap()),
        };
        let ways = Ways {
            outbound: Outbound::new(Settings::sandbox()).unwrap(),
            aws: witness,
            ..Ways::default()
        };
        let server = Provider::with(World::new().await, ways).await;
        let mut scene = Scene::of(server).await;
        scene
            .set(|provider| {
                let account = ACCOUNT.to_owned();
                provider.kind = ProviderKind::Aws(AwsProvider { account });
                provider.mapping = Mapping::of_aws();
            })
            .await;
        let aws = Self {
            scene,
            stand_in,
            _house: house,
        };
        aws.answers(StatusCode::OK, "text/xml", &xml(ACCOUNT, ARN));
        aws
    }

    fn answers(&self, status: StatusCode, kind: &'static str, body: &str) {
        *self.stand_in.answers.lock().unwrap() = (status, kind, body.to_owned());
    }

    fn shown(&self) -> usize {
        self.stand_in.shown.lock().unwrap().len()
    }

    /// A request as Python and Node make it: the provider's name is there and not signed.
    fn unsigned(&self) -> Unsigned {
        Unsigned {
            key: "AKIDKNOWN",
            secret: SECRET,
            url: format!("https://{HOST}?Action=GetCallerIdentity&Version=2011-06-15"),
            date: self.scene.now,
            headers: vec![(TARGET, self.scene.provider.name.audience())],
            signed: "host;x-amz-date",
        }
    }

    async fn exchange(&self, token: &str) -> Answer {
        let audience = self.scene.provider.name.audience();
        let form = [
            ("grant_type", EXCHANGE),
            ("audience", audience.as_str()),
            ("scope", READ),
            ("subject_token_type", AWS),
            ("subject_token", token),
        ];
        self.scene.server.post("/v1/token", &form).await
    }

    async fn refused(&self, token: &Value, code: u16) -> String {
        let answer = self.exchange(&token.to_string()).await;
        self.scene.refused(&answer, "invalid_grant", code).await
    }
}

fn xml(account: &str, arn: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <GetCallerIdentityResult><Arn>{arn}</Arn><UserId>AROA:i-77</UserId>\
         <Account>{account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
}

#[tokio::test]
async fn google_wire_6_3_a_signed_request_buys_a_token_of_a_principal() {
    let aws = Aws::new().await;
    // Go signs the name of the provider.
    let go = Unsigned {
        signed: "host;x-amz-date;x-goog-cloud-target-resource",
        ..aws.unsigned()
    };
    let plain = aws.unsigned().sign().to_string();
    let encoded: Vec<_> = plain.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = encoded.concat();
    for token in [plain, encoded, go.sign().to_string()] {
        let answer = aws.exchange(&token).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body = answer.json();
        assert_eq!(body["expires_in"], 3_600);
        let claims = payload(body["access_token"].as_str().unwrap());
        let sub = claims["sub"].as_str().unwrap();
        assert!(sub.ends_with(&format!("/subject/{ARN}")), "{sub}");
        let role = "arn:aws:sts::123456789012:assumed-role/builder";
        assert_eq!(claims["federated"]["attributes"]["aws_role"], role);
    }
    assert_eq!(aws.shown(), 0, "the key that the server has decides");
}

#[tokio::test]
async fn google_wire_6_4_a_key_that_is_not_here_is_shown_to_aws() {
    let aws = Aws::new().await;
    let theirs = Unsigned {
        key: "AKIDTHEIRS",
        secret: "which we do not have",
        headers: vec![
            (TARGET, aws.scene.provider.name.audience()),
            ("x-amz-security-token", "session-1".to_owned()),
        ],
        signed: "host;x-amz-date;x-amz-security-token",
        ..aws.unsigned()
    };
    let token = theirs.sign();
    let answer = aws.exchange(&token.to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let shown = aws.stand_in.shown.lock().unwrap().pop().unwrap();
    assert_eq!(
        shown.uri().query(),
        Some("Action=GetCallerIdentity&Version=2011-06-15")
    );
    let header = |name: &str| {
        shown
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap())
    };
    assert_eq!(header("host"), Some(HOST), "as it was signed");
    assert_eq!(header("x-amz-security-token"), Some("session-1"));
    assert!(header("authorization").unwrap().contains("AKIDTHEIRS"));
    assert_eq!(header(TARGET), None, "what is not signed stays here");

    aws.answers(StatusCode::FORBIDDEN, "text/xml", "<ErrorResponse/>");
    let story = aws.refused(&token, 2_516).await;
    assert!(story.contains("AWS answered 403"), "{story}");
    let other = "999999999999";
    aws.answers(
        StatusCode::OK,
        "text/xml",
        &xml(other, &ARN.replace(ACCOUNT, other)),
    );
    let story = aws.refused(&token, 2_511).await;
    assert!(story.contains(other), "{story}");
    let long = format!("{}{}", xml(ACCOUNT, ARN), " ".repeat(20_000));
    for (status, kind, body) in [
        (StatusCode::OK, "text/html", xml(ACCOUNT, ARN)),
        (StatusCode::OK, "text/xml", "<nobody/>".to_owned()),
        (StatusCode::OK, "text/xml", long),
        (StatusCode::FOUND, "text/xml", String::new()),
        (StatusCode::BAD_GATEWAY, "text/xml", String::new()),
        (StatusCode::REQUEST_TIMEOUT, "text/xml", String::new()),
        (StatusCode::TOO_MANY_REQUESTS, "text/xml", String::new()),
        (
            StatusCode::BAD_REQUEST,
            "text/xml",
            "<Code>Throttling</Code>".to_owned(),
        ),
    ] {
        aws.answers(status, kind, &body);
        aws.refused(&token, 2_515).await;
    }
}

#[tokio::test]
async fn google_wire_6_4_a_request_for_others_or_altered_is_refused() {
    let aws = Aws::new().await;
    let good = aws.unsigned();
    let other = provider_of(&aws.scene.pool, "other").name.audience();
    for headers in [vec![], vec![(TARGET, other)], vec![(TARGET, String::new())]] {
        let token = Unsigned {
            headers,
            ..good.clone()
        };
        aws.refused(&token.sign(), 2_512).await;
    }
    // Made for Vault, whose header says so.
    let mut vault = good.sign().to_string();
    vault = vault.replace(
        "host;x-amz-date,",
        "host;x-amz-date;x-vault-aws-iam-server-id,",
    );
    aws.refused(&vault.parse().unwrap(), 2_510).await;
    for url in [
        "https://sts.eu-west-1.amazonaws.com.evil.example?Action=GetCallerIdentity&Version=2011-06-15",
        "https://169.254.169.254?Action=GetCallerIdentity&Version=2011-06-15",
        "http://sts.eu-west-1.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15",
        "https://sts.eu-west-1.amazonaws.com:80?Action=GetCallerIdentity&Version=2011-06-15",
        "https://sts.eu-west-1.amazonaws.com?Action=AssumeRole&Version=2011-06-15",
    ] {
        let token = Unsigned {
            url: url.to_owned(),
            ..good.clone()
        };
        aws.refused(&token.sign(), 2_510).await;
    }
    for (age, code) in [(901, 2_513), (-301, 2_514)] {
        let token = Unsigned {
            date: aws.scene.now - age,
            ..good.clone()
        };
        aws.refused(&token.sign(), code).await;
    }
    let forged = Unsigned {
        secret: "a guess",
        ..good.clone()
    };
    aws.refused(&forged.sign(), 2_516).await;
    let mut body = good.sign();
    body["body"] = json!("Action=AssumeRole");
    aws.refused(&body, 2_510).await;
    let mut session = good.clone();
    session
        .headers
        .push(("x-amz-security-token", "x".repeat(5_000)));
    aws.refused(&session.sign(), 2_510).await;
    let nonsense = json!({ "url": "x".repeat(20_000) });
    aws.refused(&nonsense, 2_510).await;
    assert_eq!(aws.shown(), 0, "nothing of it went out");
}

#[tokio::test]
async fn google_wire_6_4_conditions_accounts_and_switches_of_a_provider_of_aws() {
    let mut aws = Aws::new().await;
    let token = aws.unsigned().sign();
    let signed = Unsigned {
        signed: "host;x-amz-date;x-goog-cloud-target-resource",
        ..aws.unsigned()
    };
    let condition =
        Some("assertion.target_signed && assertion.account == '123456789012'".to_owned());
    aws.scene
        .set(|provider| provider.condition = condition)
        .await;
    let answer = aws.exchange(&token.to_string()).await;
    aws.scene
        .refused(&answer, "unauthorized_client", 2_520)
        .await;
    let answer = aws.exchange(&signed.sign().to_string()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    aws.scene
        .set(|provider| {
            let account = "999999999999".to_owned();
            provider.kind = ProviderKind::Aws(AwsProvider { account });
            provider.condition = None;
        })
        .await;
    aws.refused(&token, 2_511).await;
    aws.scene.set(|provider| provider.disabled = true).await;
    let answer = aws.exchange(&token.to_string()).await;
    aws.scene.refused(&answer, "invalid_target", 2_502).await;
    aws.scene.set(|provider| provider.disabled = false).await;
    aws.scene.set_pool(|pool| pool.disabled = true).await;
    let answer = aws.exchange(&token.to_string()).await;
    aws.scene.refused(&answer, "invalid_target", 2_502).await;
}
