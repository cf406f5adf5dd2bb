//! Workloads with certificates (google-wire 6.3, 6.4): the chain that they send, and the connection that proves the key.

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::ProviderKind;
use carnet_core::record::X509Provider;
use carnet_server::http::client_certificate::ClientCertificate;
use carnet_testkit::provider::Answer;
use carnet_testkit::world::NOW;
use carnet_testkit::world::READ;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::SanType;
use serde_json::Value;
use serde_json::json;

use super::scene::EXCHANGE;
use super::scene::Scene;
use super::scene::payload;

const MTLS: &str = "urn:ietf:params:oauth:token-type:mtls";

/// Who certifies, with its certificate.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    der: Vec<u8>,
}

fn times(params: &mut CertificateParams, (from, to): (i64, i64)) {
    let day = |days: i64| {
        rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(days.unsigned_abs())
    };
    params.not_before = day(from);
    params.not_after = day(to);
}

fn always(params: &mut CertificateParams) {
    times(params, (NOW - 86_400, NOW + 864_000));
}

fn ca(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    always(&mut params);
    params
}

impl Authority {
    fn root(name: &str) -> Self {
        let (params, key) = (ca(name), KeyPair::generate().unwrap());
        let der = params.self_signed(&key).unwrap().der().to_vec();
        Self {
            issuer: Issuer::new(params, key),
            der,
        }
    }

    fn below(&self, name: &str) -> Self {
        let (params, key) = (ca(name), KeyPair::generate().unwrap());
        let der = params.signed_by(&key, &self.issuer).unwrap().der().to_vec();
        Self {
            issuer: Issuer::new(params, key),
            der,
        }
    }

    fn certify(&self, params: &CertificateParams) -> Vec<u8> {
        let key = KeyPair::generate().unwrap();
        params.signed_by(&key, &self.issuer).unwrap().der().to_vec()
    }
}

fn workload() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "build-7");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.subject_alt_names = vec![SanType::URI("spiffe://acme/build".try_into().unwrap())];
    always(&mut params);
    params
}

struct Mtls {
    scene: Scene,
    root: Authority,
}

impl Mtls {
    async fn new() -> Self {
        let mut scene = Scene::new().await;
        let root = Authority::root("Acme root");
        let kind = ProviderKind::X509(X509Provider {
            anchors: vec![root.der.clone()],
            intermediates: Vec::new(),
        });
        scene
            .set(|provider| {
                provider.kind = kind;
                let mapping = [
                    ("google.subject", "assertion.subject.dn.cn"),
                    ("attribute.spiffe", "assertion.san.uri"),
                ];
                let owned = mapping.map(|(name, text)| (name.to_owned(), text.to_owned()));
                provider.mapping = owned.into();
            })
            .await;
        Self { scene, root }
    }

    /// Sends a chain over a connection that showed this certificate.
    async fn exchange(&self, chain: &[&Vec<u8>], shown: Option<&Vec<u8>>) -> Answer {
        let chain: Vec<_> = chain.iter().map(|der| STANDARD.encode(der)).collect();
        self.send(&json!(chain), shown).await
    }

    async fn send(&self, token: &Value, shown: Option<&Vec<u8>>) -> Answer {
        let body = json!({
            "grantType": EXCHANGE, "audience": self.scene.provider.name.audience(), "scope": READ,
            "subjectTokenType": MTLS, "subjectToken": token.to_string(),
        });
        let mut request = Request::post("/v1/token")
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        if let Some(der) = shown {
            let shown = ClientCertificate::new(der.clone(), false);
            request.extensions_mut().insert(shown);
        }
        self.scene.server.send(request).await
    }

    async fn refused(&self, answer: &Answer, code: u16) -> String {
        self.scene.refused(answer, "invalid_grant", code).await
    }
}

#[tokio::test]
async fn google_wire_6_4_a_chain_over_a_connection_that_proves_it_buys_a_token() {
    let mut mtls = Mtls::new().await;
    let direct = mtls.root.certify(&workload());
    let between = mtls.root.below("Acme between");
    let indirect = between.certify(&workload());
    for chain in [vec![&direct], vec![&indirect, &between.der]] {
        let answer = mtls.exchange(&chain, Some(chain[0])).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body = answer.json();
        assert_eq!(body["expires_in"], 3_600);
        let claims = payload(body["access_token"].as_str().unwrap());
        let sub = claims["sub"].as_str().unwrap();
        assert!(sub.ends_with("/subject/build-7"), "{sub}");
        let spiffe = &claims["federated"]["attributes"]["spiffe"];
        assert_eq!(spiffe, "spiffe://acme/build");
    }
    // What lies between need not be sent where the provider has it.
    let answer = mtls.exchange(&[&indirect], Some(&indirect)).await;
    mtls.refused(&answer, 2_516).await;
    let kind = ProviderKind::X509(X509Provider {
        anchors: vec![mtls.root.der.clone()],
        intermediates: vec![between.der.clone()],
    });
    mtls.scene.set(|provider| provider.kind = kind).await;
    let answer = mtls.exchange(&[&indirect], Some(&indirect)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    // A token ends with the certificate.
    let mut short = workload();
    times(&mut short, (NOW - 60, NOW + 120));
    let short = mtls.root.certify(&short);
    let answer = mtls.exchange(&[&short], Some(&short)).await;
    assert_eq!(answer.json()["expires_in"], 120, "{}", answer.body);
}

#[tokio::test]
async fn google_wire_6_4_a_chain_without_its_key_is_nothing() {
    let mtls = Mtls::new().await;
    let leaf = mtls.root.certify(&workload());
    let other = mtls.root.certify(&workload());
    for shown in [None, Some(&other)] {
        let answer = mtls.exchange(&[&leaf], shown).await;
        mtls.refused(&answer, 2_517).await;
    }
    // The own certificate somewhere behind another's.
    let answer = mtls.exchange(&[&leaf, &other], Some(&other)).await;
    mtls.refused(&answer, 2_517).await;
}

#[tokio::test]
async fn google_wire_6_4_a_chain_that_leads_nowhere_or_has_ended_is_refused() {
    let mut mtls = Mtls::new().await;
    let stranger = Authority::root("Acme root");
    let mut over = workload();
    times(&mut over, (NOW - 600, NOW - 1));
    let mut early = workload();
    times(&mut early, (NOW + 60, NOW + 600));
    let mut server = workload();
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().unwrap();
    let alone = workload().self_signed(&key).unwrap().der().to_vec();
    let authority = mtls.root.below("An authority itself").der;
    for leaf in [
        stranger.certify(&workload()),
        mtls.root.certify(&over),
        mtls.root.certify(&early),
        mtls.root.certify(&server),
        alone,
        authority,
    ] {
        let answer = mtls.exchange(&[&leaf, &stranger.der], Some(&leaf)).await;
        let story = mtls.refused(&answer, 2_516).await;
        assert!(story.contains("why"), "{story}");
    }
    // Certified by a certificate that may not certify.
    let (params, key) = (workload(), KeyPair::generate().unwrap());
    let between = params
        .signed_by(&key, &mtls.root.issuer)
        .unwrap()
        .der()
        .to_vec();
    let below = KeyPair::generate().unwrap();
    let leaf = workload()
        .signed_by(&below, &Issuer::new(params, key))
        .unwrap();
    let leaf = leaf.der().to_vec();
    let answer = mtls.exchange(&[&leaf, &between], Some(&leaf)).await;
    mtls.refused(&answer, 2_516).await;

    let good = mtls.root.certify(&workload());
    let many = vec![&good; 11];
    let answer = mtls.exchange(&many, Some(&good)).await;
    mtls.refused(&answer, 2_510).await;
    for token in [
        json!([]),
        json!({}),
        json!(["x"]),
        json!(["A".repeat(30_000)]),
    ] {
        let answer = mtls.send(&token, Some(&good)).await;
        mtls.refused(&answer, 2_510).await;
    }
    mtls.scene.set(|provider| provider.disabled = true).await;
    let answer = mtls.exchange(&[&good], Some(&good)).await;
    mtls.scene.refused(&answer, "invalid_target", 2_502).await;
    mtls.scene.set(|provider| provider.disabled = false).await;
    mtls.scene.set_pool(|pool| pool.disabled = true).await;
    let answer = mtls.exchange(&[&good], Some(&good)).await;
    mtls.scene.refused(&answer, "invalid_target", 2_502).await;
}
