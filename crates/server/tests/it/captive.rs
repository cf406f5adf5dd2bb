//! Google's names, held: through the proxy, over TLS, to an endpoint; and everything that must not go through.

use std::net::SocketAddr;
use std::sync::Arc;

use carnet_core::value::UnixTime;
use carnet_server::captive::authority::Authority;
use carnet_server::captive::leaves::Leaves;
use carnet_server::captive::names::Names;
use carnet_server::captive::proxy::Others;
use carnet_server::captive::proxy::Proxy;
use carnet_server::captive::proxy::Ways;
use carnet_server::http::listener::Bound;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::ServerName;
use rustls_pki_types::pem::PemObject as _;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::house::House;
use crate::house::config;
use crate::house::rest;

/// A listener for Google's names, the proxy before it, and who trusts its authority.
struct Held {
    house: House,
    proxy: SocketAddr,
    trusting: Arc<ClientConfig>,
    _leading: JoinHandle<()>,
}

impl Held {
    async fn open(others: Others) -> Self {
        // Certificates are judged by the client's clock, which is the machine's.
        let now = jiff::Timestamp::now().as_second();
        let names = Arc::new(Names::new(Some("carnet.test".parse().unwrap())));
        let authority = Authority::new(&names, u64::try_from(now).unwrap()).unwrap();
        let ca = CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap();
        let clock = Arc::new(move || UnixTime(now));
        let leaves = Leaves::new(authority, Arc::clone(&names), clock).unwrap();
        let bound = Bound::new(config()).unwrap();
        let bound = bound.held_for(Arc::clone(&names) as _, Arc::new(leaves));
        let house = House::behind(bound);
        let proxy = Proxy::bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let address = proxy.address();
        let ways = Ways {
            names,
            ours: house.address,
            others,
        };
        let mut roots = RootCertStore::empty();
        roots.add(ca).unwrap();
        let mut trusting =
            ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_root_certificates(roots)
                .with_no_client_auth();
        trusting.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self {
            house,
            proxy: address,
            trusting: Arc::new(trusting),
            _leading: tokio::spawn(proxy.serve(ways)),
        }
    }

    /// What the proxy answers to a head; the connection, and the answer's first line.
    async fn asked(&self, head: &str) -> (TcpStream, String) {
        let mut stream = TcpStream::connect(self.proxy).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        let answer = String::from_utf8(answer).unwrap();
        (stream, answer)
    }

    async fn refused(&self, head: &str) -> String {
        let mut stream = TcpStream::connect(self.proxy).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }

    async fn tls(&self, stream: TcpStream, name: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(name.to_owned()).unwrap();
        TlsConnector::from(Arc::clone(&self.trusting))
            .connect(name, stream)
            .await
    }

    /// `GET /who` under a name, at the listener that came by TLS for another.
    async fn who(&self, stream: TcpStream, sni: &str, host: &str) -> String {
        let mut stream = self.tls(stream, sni).await.unwrap();
        let request = format!("GET /who HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        rest(&mut stream).await
    }
}

#[tokio::test]
async fn google_wire_12_x_a_program_comes_through_the_proxy_to_the_same_endpoints() {
    let held = Held::open(Others::Refuse).await;
    for name in [
        "oauth2.googleapis.com",
        "accounts.google.com",
        "sts.carnet.test",
    ] {
        let (stream, answer) = held
            .asked(&format!(
                "CONNECT {name}:443 HTTP/1.1\r\nHost: {name}:443\r\n\r\n"
            ))
            .await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let answer = held.who(stream, name, name).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        assert!(answer.contains("127.0.0.1 Https "), "{answer}");
    }
}

#[tokio::test]
async fn the_proxy_is_no_way_to_others() {
    let held = Held::open(Others::Refuse).await;
    let open = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let local = open.local_addr().unwrap();
    for target in [
        "example.com:443",
        "oauth2.googleapis.com:80",
        "oauth2.googleapis.com:8443",
        "localhost:443",
        "evilgoogleapis.com:443",
        &local.to_string(),
        &held.house.address.to_string(),
    ] {
        let answer = held
            .refused(&format!("CONNECT {target} HTTP/1.1\r\n\r\n"))
            .await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{target}: {answer}");
        assert!(answer.contains("CRN-5012: "), "{answer}");
    }
    for head in [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://metadata.google.internal/ HTTP/1.1\r\n\r\n",
        "CONNECT x HTTP/1.1\r\n\r\n",
        &"A".repeat(8 * 1024),
    ] {
        let answer = held.refused(head).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains("CRN-5011: "), "{answer}");
    }
}

#[tokio::test]
async fn a_proxy_that_tunnels_leads_elsewhere_and_says_when_it_cannot() {
    let held = Held::open(Others::Tunnel).await;
    let there = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = there.local_addr().unwrap();
    // What came behind the head is led there, too.
    let (mut stream, answer) = held
        .asked(&format!("CONNECT {address} HTTP/1.1\r\n\r\nearly"))
        .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let (mut other, _) = there.accept().await.unwrap();
    let mut early = [0; 5];
    other.read_exact(&mut early).await.unwrap();
    assert_eq!(&early, b"early");
    other.write_all(b"late").await.unwrap();
    drop(other);
    let mut late = Vec::new();
    stream.read_to_end(&mut late).await.unwrap();
    assert_eq!(late, b"late");
    drop(there);
    let answer = held
        .refused(&format!("CONNECT {address} HTTP/1.1\r\n\r\n"))
        .await;
    assert!(answer.starts_with("HTTP/1.1 502 "), "{answer}");
    assert!(answer.contains("CRN-5013: "), "{answer}");
}

#[tokio::test]
async fn the_listener_certifies_and_answers_to_held_names_alone() {
    let held = Held::open(Others::Refuse).await;
    // By address, without SNI, as who tries the listener does.
    let answer = held
        .who(held.house.connect().await, "127.0.0.1", "127.0.0.1:8443")
        .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    for name in ["example.com", "googleapis.com", "mail.google.com"] {
        let stream = held.house.connect().await;
        assert!(held.tls(stream, name).await.is_err(), "{name}");
    }
    for host in [
        "example.com",
        "auth.example.com:443",
        "oauth2.googleapis.com.evil",
    ] {
        let stream = held.house.connect().await;
        let answer = held.who(stream, "oauth2.googleapis.com", host).await;
        assert!(answer.starts_with("HTTP/1.1 421 "), "{host}: {answer}");
        assert!(answer.contains("CRN-5010: "), "{answer}");
    }
}
