//! A client certificate and a private authority, over real TLS.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::CertifiedIssuer;
use rcgen::IsCa;
use rcgen::KeyPair;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;

use super::get;
use crate::transport::Transport;

/// Who certifies both sides.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn certify(&self, name: &str) -> (rcgen::Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.0).unwrap(), key)
    }

    /// A server that says yes to whoever shows a certificate of this authority.
    async fn server(&self) -> SocketAddr {
        let (certificate, key) = self.certify("localhost");
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let _ = stream.read(&mut [0; 4096]).await;
                    let answer =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes";
                    let _ = stream.write_all(answer).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        address
    }
}

#[tokio::test]
async fn google_wire_6_3_a_certificate_is_presented_and_google_wire_8_4_an_authority_is_trusted() {
    let authority = Authority::new();
    let url = format!("https://localhost:{}/", authority.server().await.port());
    let (certificate, key) = authority.certify("workload");
    let pem = format!("{}\n{}", key.serialize_pem(), certificate.pem());
    let usual = Transport::new().unwrap().direct().unwrap();
    let trusting = usual.trusting(authority.0.pem().as_bytes()).unwrap();

    let both = trusting.presenting(pem.as_bytes()).unwrap();
    let answer = both.send(get(&url)).await.unwrap();
    assert_eq!(answer.body(), b"yes");
    // One without the other is nothing.
    assert!(trusting.send(get(&url)).await.unwrap_err().is_temporary());
    let stranger = usual.presenting(pem.as_bytes()).unwrap();
    assert!(stranger.send(get(&url)).await.is_err());
    assert!(usual.presenting(b"no key").is_err());
    assert!(usual.trusting(b"-----BEGIN CERTIFICATE-----\nx").is_err());
}
