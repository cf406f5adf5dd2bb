//! TLS: versions, ALPN, a certificate that is swapped, and those who do not finish their handshake.

use std::path::Path;
use std::sync::Arc;

use carnet_server::config::http::Http;
use carnet_server::config::http::TlsFiles;
use carnet_server::http::listener::Bound;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::SupportedProtocolVersion;
use rustls::crypto::aws_lc_rs;
use rustls::version::TLS12;
use rustls::version::TLS13;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::ServerName;
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

/// Writes a new certificate and its key into the folder.
fn renew(folder: &Path) -> CertificateDer<'static> {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).unwrap();
    cert.der().clone()
}

fn files(folder: &Path) -> Http {
    let tls = TlsFiles {
        cert: folder.join("cert.pem"),
        key: folder.join("key.pem"),
    };
    Http {
        tls: Some(tls),
        ..config()
    }
}

struct Secured {
    folder: TempDir,
    certificate: CertificateDer<'static>,
    house: House,
}

impl Secured {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let certificate = renew(folder.path());
        let house = House::open(files(folder.path()));
        Self {
            folder,
            certificate,
            house,
        }
    }

    /// A client that trusts this certificate and nothing else.
    async fn connect(
        &self,
        trusted: &CertificateDer<'static>,
        version: &'static SupportedProtocolVersion,
        alpn: &[&str],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(trusted.clone()).unwrap();
        let mut config =
            ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_protocol_versions(&[version])
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, self.house.connect().await)
            .await
    }
}

#[tokio::test]
async fn both_versions_of_tls_are_spoken_and_endpoints_know_it() {
    let secured = Secured::open();
    for version in [&TLS12, &TLS13] {
        let mut stream = secured
            .connect(&secured.certificate, version, &[])
            .await
            .unwrap();
        stream
            .write_all(b"GET /who HTTP/1.0\r\n\r\n")
            .await
            .unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.contains("\r\n\r\n127.0.0.1 Https "), "{answer}");
    }
}

#[tokio::test]
async fn alpn_chooses_http2_where_the_client_knows_it() {
    let secured = Secured::open();
    for (offered, chosen) in [
        (&["h2", "http/1.1"][..], Some(&b"h2"[..])),
        (&["http/1.1", "h2"], Some(b"h2")),
        (&["http/1.1"], Some(b"http/1.1")),
        (&[], None),
    ] {
        let stream = secured
            .connect(&secured.certificate, &TLS13, offered)
            .await
            .unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), chosen);
    }
    let unknown = secured
        .connect(&secured.certificate, &TLS13, &["spdy/3"])
        .await;
    assert!(
        unknown.is_err(),
        "RFC 7301 section 3.2: no_application_protocol"
    );
}

#[tokio::test]
async fn a_renewed_certificate_is_for_new_connections() {
    let secured = Secured::open();
    let mut old = secured
        .connect(&secured.certificate, &TLS13, &["http/1.1"])
        .await
        .unwrap();
    let renewed = renew(secured.folder.path());
    let certificate = secured.house.bound.certificate.as_ref().unwrap();
    assert!(
        secured.connect(&renewed, &TLS13, &[]).await.is_err(),
        "it is not read by itself"
    );
    certificate.reload().unwrap();
    assert!(
        secured
            .connect(&secured.certificate, &TLS13, &[])
            .await
            .is_err()
    );
    let new = secured
        .connect(&renewed, &TLS13, &["http/1.1"])
        .await
        .unwrap();
    assert_eq!(new.get_ref().1.peer_certificates(), Some(&[renewed][..]));
    old.write_all(b"GET / HTTP/1.0\r\n\r\n").await.unwrap();
    assert!(
        rest(&mut old).await.ends_with("hello"),
        "what is open goes on"
    );
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_leaves_the_old_one_in_place() {
    let secured = Secured::open();
    let certificate = secured.house.bound.certificate.as_ref().unwrap();
    let other = tempfile::tempdir().unwrap();
    renew(other.path());
    let key = secured.folder.path().join("key.pem");
    std::fs::copy(other.path().join("key.pem"), &key).unwrap();
    let refused = certificate.reload().unwrap_err().to_string();
    assert!(
        refused.contains("cert.pem") && refused.contains("key.pem"),
        "{refused}"
    );
    for content in [
        "",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    ] {
        std::fs::write(&key, content).unwrap();
        assert!(certificate.reload().is_err());
    }
    std::fs::remove_file(&key).unwrap();
    assert!(
        certificate
            .reload()
            .unwrap_err()
            .to_string()
            .contains("key.pem")
    );
    assert!(
        secured
            .connect(&secured.certificate, &TLS13, &[])
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn without_a_certificate_nothing_is_bound() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Bound::new(files(folder.path())).unwrap_err().to_string();
    assert!(refused.contains("cert.pem"), "{refused}");
}

#[tokio::test]
async fn plain_http_on_a_tls_port_harms_nobody() {
    let secured = Secured::open();
    let answer = secured.house.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert!(!answer.contains("hello"), "{answer}");
    assert!(
        secured
            .connect(&secured.certificate, &TLS13, &[])
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_does_not_end_is_cut_off_and_holds_up_nobody() {
    let secured = Secured::open();
    let mut silent = secured.house.connect().await;
    let began = Instant::now();
    // The first bytes of a ClientHello, and no more.
    silent.write_all(b"\x16\x03\x01\x02\x00\x01").await.unwrap();
    assert!(
        secured
            .connect(&secured.certificate, &TLS13, &[])
            .await
            .is_ok()
    );
    rest(&mut silent).await;
    assert!(
        (10..=13).contains(&began.elapsed().as_secs()),
        "{:?}",
        began.elapsed()
    );
}
