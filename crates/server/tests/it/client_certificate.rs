//! Clients that show a certificate (RFC 8705 section 2): how it arrives, and whom it proves.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::CertificateName;
use carnet_core::record::CertificateNameKind;
use carnet_core::record::Client;
use carnet_core::record::ClientAuthentication;
use carnet_core::record::ClientKeys;
use carnet_core::record::Credentials;
use carnet_core::record::GrantType;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Record;
use carnet_jose::Jwk;
use carnet_jose::JwkSet;
use carnet_jose::PublicKey;
use carnet_server::config::http::ClientCertificates;
use carnet_server::config::http::Http;
use carnet_server::config::http::TlsFiles;
use carnet_server::http::client_address::TrustedProxies;
use carnet_server::http::client_certificate::ClientCertificate;
use carnet_testkit::provider::Answer;
use carnet_testkit::provider::Provider;
use carnet_testkit::provider::Ways;
use carnet_testkit::world::DAEMON;
use carnet_testkit::world::READ;
use carnet_testkit::world::SECRET;
use carnet_testkit::world::WEB;
use carnet_testkit::world::World;
use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::SanType;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::SupportedProtocolVersion;
use rustls::crypto::aws_lc_rs;
use rustls::version::TLS12;
use rustls::version::TLS13;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::ServerName;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

const GRANT: (&str, &str) = ("grant_type", "client_credentials");

/// A certificate and its key.
struct Held {
    der: CertificateDer<'static>,
    key: KeyPair,
}

/// Who certifies clients.
struct Authority(Issuer<'static, KeyPair>, String);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "An authority");
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self(Issuer::new(params, key), pem)
    }

    fn certify(&self, params: &CertificateParams) -> Held {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let der = certificate.der().clone();
        Held { der, key }
    }

    /// A configuration that asks, and believes this authority.
    fn believed(&self) -> (ClientCertificates, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, &self.1).unwrap();
        (asking(Some(file)), folder)
    }
}

fn asking(ca_file: Option<PathBuf>) -> ClientCertificates {
    ClientCertificates {
        ask: true,
        ca_file,
        ..ClientCertificates::default()
    }
}

/// `CN=nightly,O=Acme` with one alternative name of each kind.
fn params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "Acme");
    params
        .distinguished_name
        .push(DnType::CommonName, "nightly");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params.subject_alt_names = vec![
        SanType::DnsName("nightly.acme.example".try_into().unwrap()),
        SanType::URI("spiffe://acme/nightly".try_into().unwrap()),
        SanType::IpAddress(IpAddr::from([192, 0, 2, 7])),
        SanType::Rfc822Name("nightly@acme.example".try_into().unwrap()),
    ];
    params
}

fn self_signed() -> Held {
    let key = KeyPair::generate().unwrap();
    let certificate = params().self_signed(&key).unwrap();
    let der = certificate.der().clone();
    Held { der, key }
}

// How it arrives.

/// What an endpoint sees of a certificate.
async fn seen(request: Request) -> String {
    let headers = request.headers();
    let told = headers.contains_key("client-cert") || headers.contains_key("x-client-cert");
    assert!(!told, "no endpoint sees the header");
    match ClientCertificate::of(request.extensions()) {
        None => "nobody".to_owned(),
        Some(shown) => format!("{} certified={}", shown.x5t_s256(), shown.is_certified()),
    }
}

/// A listener with TLS.
struct Listening {
    house: House,
    certificate: CertificateDer<'static>,
    _folder: TempDir,
}

fn listen(certificates: ClientCertificates) -> Listening {
    let app = Router::new().route("/", get(seen));
    listen_with(|http| House::of(app, http), certificates)
}

fn listen_with(open: impl FnOnce(Http) -> House, certificates: ClientCertificates) -> Listening {
    let names = ["localhost".to_owned(), "mtls.localhost".to_owned()];
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let tls = TlsFiles {
        cert: folder.path().join("cert.pem"),
        key: folder.path().join("key.pem"),
    };
    std::fs::write(&tls.cert, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let house = open(Http {
        tls: Some(tls),
        client_certificates: certificates,
        ..config()
    });
    Listening {
        house,
        certificate: made.cert.der().clone(),
        _folder: folder,
    }
}

impl Listening {
    fn client(
        &self,
        version: &'static SupportedProtocolVersion,
        held: Option<&Held>,
    ) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        Arc::new(match held {
            None => builder.with_no_client_auth(),
            Some(held) => {
                let key = PrivateKeyDer::try_from(held.key.serialize_der()).unwrap();
                builder
                    .with_client_auth_cert(vec![held.der.clone()], key)
                    .unwrap()
            }
        })
    }

    /// What the endpoint saw of whoever came with this under this name.
    async fn sees(&self, client: &Arc<ClientConfig>, name: &'static str) -> String {
        let request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";
        let answer = self.say(client, name, request).await;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        body.to_owned()
    }

    /// The answer to a form, under this name.
    async fn answers(
        &self,
        client: &Arc<ClientConfig>,
        (name, path): (&'static str, &str),
        form: &str,
    ) -> String {
        let length = form.len();
        let kind = "application/x-www-form-urlencoded";
        let request = format!(
            "POST {path} HTTP/1.0\r\nHost: {name}\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n{form}"
        );
        self.say(client, name, &request).await
    }

    async fn say(&self, client: &Arc<ClientConfig>, name: &'static str, request: &str) -> String {
        let name = ServerName::try_from(name).unwrap();
        let connector = TlsConnector::from(Arc::clone(client));
        let stream = connector.connect(name, self.house.connect().await).await;
        let mut stream = stream.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }
}

fn thumbprint(held: &Held) -> String {
    ClientCertificate::new(held.der.to_vec(), false).x5t_s256()
}

#[tokio::test]
async fn rfc8705_2_a_certificate_is_asked_for_and_nobody_must_have_one() {
    let listening = listen(asking(None));
    let held = self_signed();
    for version in [&TLS12, &TLS13] {
        let without = listening.client(version, None);
        assert_eq!(listening.sees(&without, "localhost").await, "nobody");
        let with = listening.client(version, Some(&held));
        let expected = format!("{} certified=false", thumbprint(&held));
        for again in 0..3 {
            let seen = listening.sees(&with, "localhost").await;
            assert_eq!(seen, expected, "{again}: a resumed session keeps it");
        }
    }
}

#[tokio::test]
async fn by_default_nobody_is_asked() {
    let listening = listen(ClientCertificates::default());
    let with = listening.client(&TLS13, Some(&self_signed()));
    assert_eq!(listening.sees(&with, "localhost").await, "nobody");
}

#[tokio::test]
async fn rfc8705_2_1_1_who_certifies_clients_is_configured() {
    let authority = Authority::new();
    let (certificates, _folder) = authority.believed();
    let listening = listen(certificates);
    let mut expired = params();
    expired.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let mut of_a_server = params();
    of_a_server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    for (held, certified) in [
        (authority.certify(&params()), true),
        (self_signed(), false),
        (Authority::new().certify(&params()), false),
        (authority.certify(&expired), false),
        (authority.certify(&of_a_server), false),
    ] {
        let with = listening.client(&TLS13, Some(&held));
        let seen = listening.sees(&with, "localhost").await;
        assert_eq!(seen, format!("{} certified={certified}", thumbprint(&held)));
    }
}

#[tokio::test]
async fn rfc8705_5_only_who_comes_under_the_name_for_it_is_asked() {
    let listening = listen(ClientCertificates {
        url: Some("https://mtls.localhost".parse().unwrap()),
        ..asking(None)
    });
    let held = self_signed();
    for version in [&TLS12, &TLS13] {
        let with = listening.client(version, Some(&held));
        assert_eq!(listening.sees(&with, "localhost").await, "nobody");
        let seen = listening.sees(&with, "mtls.localhost").await;
        assert!(seen.starts_with(&thumbprint(&held)), "{seen}");
    }
}

/// What an endpoint sees of a header, over plain HTTP.
async fn told(trusted: bool, authority: Option<&Authority>, line: &str) -> String {
    let believed = authority.map(Authority::believed);
    let (certificates, _folder) = believed.unzip();
    let proxies = trusted.then(|| "127.0.0.0/8".parse().unwrap());
    let house = House::of(
        Router::new().route("/", get(seen)),
        Http {
            trusted_proxies: TrustedProxies::new(proxies.into_iter().collect()),
            client_certificates: ClientCertificates {
                ask: false,
                header: Some("client-cert".parse().unwrap()),
                ..certificates.unwrap_or_default()
            },
            ..config()
        },
    );
    let request = format!("GET / HTTP/1.0\r\nHost: localhost\r\n{line}\r\n\r\n");
    let answer = house.say(request).await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    body.to_owned()
}

#[tokio::test]
async fn rfc9440_2_4_only_a_trusted_proxy_tells_a_certificate() {
    let authority = Authority::new();
    let held = authority.certify(&params());
    let line = format!("Client-Cert: :{}:", STANDARD.encode(&held.der));
    let thumbprint = thumbprint(&held);
    let certified = told(true, Some(&authority), &line).await;
    assert_eq!(certified, format!("{thumbprint} certified=true"));
    let not = told(true, None, &line).await;
    assert_eq!(not, format!("{thumbprint} certified=false"));
    assert_eq!(told(false, Some(&authority), &line).await, "nobody");
    let spelt = line.replace("Client-Cert", "Client_Cert");
    assert_eq!(told(true, Some(&authority), &spelt).await, "nobody");
    let twice = format!("{line}\r\n{line}");
    assert_eq!(told(true, Some(&authority), &twice).await, "nobody");
}

// Whom it proves.

/// A server, and a client like [`DAEMON`] that registered this.
async fn provider(authentication: ClientAuthentication, credentials: Credentials) -> Provider {
    let provider = Provider::over(World::new().await.with_clients().await).await;
    let store = provider.world.store();
    let daemon = store.client(&DAEMON.parse().unwrap()).await.unwrap();
    let client = Client {
        id: "tls".parse().unwrap(),
        authentication,
        credentials,
        ..daemon.unwrap()
    };
    let change = Change::Insert(Record::Client(client));
    assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);
    provider
}

fn named(kind: CertificateNameKind, name: &str) -> Credentials {
    Credentials {
        certificate: Some(CertificateName::new(kind, name).unwrap()),
        ..Credentials::default()
    }
}

async fn ask(provider: &Provider, path: &str, form: &str, shown: Option<(&Held, bool)>) -> Answer {
    let mut request = axum::http::Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!("client_id=tls&{form}")))
        .unwrap();
    if let Some((held, certified)) = shown {
        let certificate = ClientCertificate::new(held.der.to_vec(), certified);
        request.extensions_mut().insert(certificate);
    }
    provider.send(request).await
}

async fn token(provider: &Provider, shown: Option<(&Held, bool)>) -> Answer {
    ask(provider, "/token", "grant_type=client_credentials", shown).await
}

async fn is_refused(provider: &Provider, answer: &Answer, why: &str) {
    assert_eq!(answer.status, 401, "{why}: {}", answer.body);
    let body = answer.json();
    assert_eq!(body["error"], "invalid_client");
    provider.settle().await;
    let story = provider.story(body["trace_id"].as_str().unwrap()).await;
    assert!(story.contains(why), "{why}: {story}");
}

#[tokio::test]
async fn rfc8705_2_1_2_the_one_name_that_is_registered_is_in_the_certificate() {
    use CertificateNameKind::{Address, Dns, Email, Subject, Uri};
    let held = Authority::new().certify(&params());
    for (kind, right, wrong) in [
        (Subject, "CN=nightly,O=Acme", "CN=nightly"),
        (Subject, "cn=nightly, o=Acme", "O=Acme,CN=nightly"),
        (Dns, "Nightly.acme.example", "acme.example"),
        (Uri, "spiffe://acme/nightly", "spiffe://acme/nightly/"),
        (Address, "192.0.2.7", "192.0.2.8"),
        (Email, "nightly@acme.example", "Nightly@acme.example"),
        (Dns, "nightly.acme.example", "nightly"),
    ] {
        let method = ClientAuthentication::TlsClientAuth;
        let good = provider(method, named(kind, right)).await;
        let answer = token(&good, Some((&held, true))).await;
        assert_eq!(answer.json()["scope"], READ, "{right}: {}", answer.body);
        let bad = provider(method, named(kind, wrong)).await;
        let answer = token(&bad, Some((&held, true))).await;
        is_refused(&bad, &answer, "it is not for the").await;
    }
}

#[tokio::test]
async fn rfc8705_2_1_a_name_that_nobody_certified_proves_nothing() {
    let name = named(CertificateNameKind::Subject, "CN=nightly,O=Acme");
    let provider = provider(ClientAuthentication::TlsClientAuth, name).await;
    let held = self_signed();
    let answer = token(&provider, Some((&held, false))).await;
    is_refused(&provider, &answer, "certified it").await;
    is_refused(
        &provider,
        &token(&provider, None).await,
        "no certificate came",
    )
    .await;
}

fn with_key_of(held: &Held) -> Credentials {
    let key = PublicKey::from_spki_der(&rcgen::PublicKeyData::subject_public_key_info(&held.key));
    Credentials {
        keys: Some(ClientKeys::Inline(JwkSet {
            keys: vec![Jwk::new(key.unwrap(), "mine")],
            skipped: Vec::new(),
        })),
        ..Credentials::default()
    }
}

#[tokio::test]
async fn rfc8705_2_2_a_certificate_with_a_registered_key_proves_the_client() {
    let held = self_signed();
    let method = ClientAuthentication::SelfSignedTls;
    let provider = provider(method, with_key_of(&held)).await;
    let answer = token(&provider, Some((&held, false))).await;
    assert_eq!(answer.json()["scope"], READ, "{}", answer.body);
    let other = self_signed();
    let answer = token(&provider, Some((&other, false))).await;
    is_refused(&provider, &answer, "is none of the client's").await;
    let answer = token(&provider, Some((&other, true))).await;
    is_refused(&provider, &answer, "is none of the client's").await;
    is_refused(
        &provider,
        &token(&provider, None).await,
        "no certificate came",
    )
    .await;
}

#[tokio::test]
async fn rfc8705_2_introspection_and_revocation_take_it_too() {
    let held = self_signed();
    let method = ClientAuthentication::SelfSignedTls;
    let provider = provider(method, with_key_of(&held)).await;
    let shown = Some((&held, false));
    let answer = token(&provider, shown).await;
    let text = answer.json()["access_token"].as_str().unwrap().to_owned();
    let form = format!("token={text}");
    let told = ask(&provider, "/introspect", &form, shown).await;
    assert_eq!(told.json()["active"], true, "{}", told.body);
    let refused = ask(&provider, "/introspect", &form, None).await;
    assert_eq!(refused.status, 401);
    assert_eq!(ask(&provider, "/revoke", &form, None).await.status, 401);
    assert_eq!(ask(&provider, "/revoke", &form, shown).await.status, 200);
    let told = ask(&provider, "/introspect", &form, shown).await;
    assert_eq!(told.json()["active"], false, "{}", told.body);
}

#[tokio::test]
async fn only_the_registered_method_works_for_a_client_with_a_certificate() {
    let held = self_signed();
    let method = ClientAuthentication::SelfSignedTls;
    let provider = provider(method, with_key_of(&held)).await;
    let answer = provider
        .post_basic("/token", &[GRANT], ("tls", SECRET))
        .await;
    is_refused(&provider, &answer, "another method").await;
    let form = format!("grant_type=client_credentials&client_secret={}", "x");
    let answer = ask(&provider, "/token", &form, Some((&held, false))).await;
    is_refused(&provider, &answer, "another method").await;
    // And a certificate is no help to a client that registered a secret.
    let mut request = axum::http::Request::post("/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(format!(
            "client_id={DAEMON}&grant_type=client_credentials"
        )))
        .unwrap();
    let certificate = ClientCertificate::new(held.der.to_vec(), true);
    request.extensions_mut().insert(certificate);
    let answer = provider.send(request).await;
    is_refused(&provider, &answer, "another method").await;
}

#[tokio::test]
async fn what_is_no_certificate_proves_nothing() {
    let held = self_signed();
    let method = ClientAuthentication::SelfSignedTls;
    let provider = provider(method, with_key_of(&held)).await;
    for der in [Vec::new(), vec![0x30, 0x80], vec![0; 20_000]] {
        let strange = Held {
            der: CertificateDer::from(der),
            key: KeyPair::generate().unwrap(),
        };
        let answer = token(&provider, Some((&strange, true))).await;
        is_refused(&provider, &answer, "not an X.509 certificate").await;
    }
}

async fn metadata(client_certificates: ClientCertificates) -> Value {
    let ways = Ways {
        client_certificates,
        ..Ways::default()
    };
    let provider = Provider::with(World::new().await, ways).await;
    provider
        .get("/.well-known/oauth-authorization-server")
        .await
        .json()
}

#[tokio::test]
async fn rfc8414_2_discovery_says_what_can_arrive_and_nothing_else() {
    let has = |metadata: &Value, method: &str| {
        let methods = metadata["token_endpoint_auth_methods_supported"].as_array();
        methods.unwrap().iter().any(|known| known == method)
    };
    let none = metadata(ClientCertificates::default()).await;
    assert!(!has(&none, "tls_client_auth") && !has(&none, "self_signed_tls_client_auth"));
    assert_eq!(none["mtls_endpoint_aliases"], Value::Null);
    let own = metadata(asking(None)).await;
    assert!(!has(&own, "tls_client_auth") && has(&own, "self_signed_tls_client_auth"));
    let all = metadata(ClientCertificates {
        url: Some("https://mtls.acme.example/".parse().unwrap()),
        ..asking(Some("ca.pem".into()))
    });
    let all = all.await;
    assert!(has(&all, "tls_client_auth") && has(&all, "self_signed_tls_client_auth"));
    let alias = &all["mtls_endpoint_aliases"]["token_endpoint"];
    assert_eq!(*alias, "https://mtls.acme.example/token");
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told to its end")]
async fn rfc8705_5_each_alias_takes_the_certificate_and_the_usual_name_does_not() {
    const ALIAS: &str = "mtls.localhost";
    let certificates = ClientCertificates {
        url: Some(format!("https://{ALIAS}").parse().unwrap()),
        ..asking(None)
    };
    let held = self_signed();
    let ways = Ways {
        client_certificates: certificates.clone(),
        ..Ways::default()
    };
    let provider = Provider::with(World::new().await.with_clients().await, ways).await;
    let store = provider.world.store();
    let web = store.client(&WEB.parse().unwrap()).await.unwrap().unwrap();
    let redirect = "https://ledgerly.example/cb";
    let client = Client {
        id: "tls".parse().unwrap(),
        authentication: ClientAuthentication::SelfSignedTls,
        credentials: with_key_of(&held),
        redirect_uris: vec![redirect.parse().unwrap()],
        grants: [GrantType::AuthorizationCode, GrantType::RefreshToken].into(),
        scopes: "openid".parse().unwrap(),
        ..web
    };
    let change = Change::Insert(Record::Client(client));
    assert_eq!(store.commit(&[change]).await.unwrap(), Committed::Yes);
    let listening = listen_with(|http| House::of(provider.front(), http), certificates);
    let with = listening.client(&TLS13, Some(&held));
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let pushed = format!(
        "client_id=tls&response_type=code&redirect_uri={redirect}&scope=openid\
         &code_challenge_method=S256&code_challenge={challenge}"
    );
    let discovery = provider.get("/.well-known/openid-configuration").await;
    let aliases = discovery.json()["mtls_endpoint_aliases"].clone();
    for (endpoint, form, status, says) in [
        (
            "introspection_endpoint",
            "client_id=tls&token=nothing",
            200,
            r#"{"active":false}"#,
        ),
        (
            "revocation_endpoint",
            "client_id=tls&token=nothing",
            200,
            "",
        ),
        (
            "pushed_authorization_request_endpoint",
            &pushed,
            201,
            "request_uri",
        ),
        (
            "token_endpoint",
            "client_id=tls&grant_type=refresh_token&refresh_token=nothing",
            400,
            "invalid_grant",
        ),
    ] {
        let url: Url = aliases[endpoint].as_str().unwrap().parse().unwrap();
        assert_eq!(url.host_str(), Some(ALIAS));
        let answer = listening.answers(&with, (ALIAS, url.path()), form).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.0 {status} ")) && answer.contains(says),
            "{endpoint}: {answer}"
        );
        let usual = ("localhost", url.path());
        let answer = listening.answers(&with, usual, form).await;
        assert!(
            answer.starts_with("HTTP/1.0 401 ") && answer.contains("invalid_client"),
            "under the usual name nobody is asked: {endpoint}: {answer}"
        );
    }
}
