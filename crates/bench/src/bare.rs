//! The bare server: what no server could leave out, and nothing else.
//!
//! It takes HTTP/1.1 by hyper, reads the form with the same code as Carnet, does the same cryptography
//! with the same library, and gives answers of the same length with the same headers. It has no store,
//! no rules and no router; it reads no claims, makes no ids, keeps no count and no log; what it says in
//! an answer, and what it signs or seals, was fixed when it started. For one kind of token it keeps a row each.
//!
//! | asked for | what is done |
//! |---|---|
//! | a token | form, JWS taken apart, RS256 verified with a parsed key, then sealed or signed anew |
//! | introspection of an opaque token | form, checksum, opened |
//! | introspection of a signed token | form, JWS taken apart, ES256 verified |
//! | a token, with a secret | form, header decoded, SHA-256 of the secret compared, then sealed or signed |
//! | a token, with a JWT under a secret | form, JWS taken apart, HMAC, one row on disk together with others' ([`rows`]), sealed |
//! | keys, metadata | bytes that were made before |

mod clients;
mod rows;

use std::convert::Infallible;
use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::Limits;
use carnet_jose::LocalSigner;
use carnet_jose::Prefixed;
use carnet_jose::PublicKey;
use carnet_jose::SealingKey;
use carnet_jose::SigningHeader;
use carnet_jose::Unverified;
use carnet_jose::jwt::TYP_ACCESS_TOKEN;
use carnet_jose::sign_compact;
use carnet_wire::introspection::IntrospectionRequest;
use carnet_wire::params::Params;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::GrantType;
use carnet_wire::token::TokenRequest;
use clap::Args;
use http_body_util::BodyExt as _;
use http_body_util::Full;
use hyper::HeaderMap;
use hyper::Request;
use hyper::Response;
use hyper::StatusCode;
use hyper::body::Incoming;
use hyper::header::HeaderName;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use self::clients::Clients;
use self::rows::Rows;
use crate::script;
use crate::script::Answer;
use crate::script::Script;

/// How the bare server is started.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// What it is told, as JSON.
    script: PathBuf,
}

/// What sealed tokens are bound to.
const SEALED_AS: &[u8] = b"carnet access token 1";

/// Serves until it is killed.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let script: Script = serde_json::from_slice(&fs::read(&arguments.script)?)?;
    let port = script.port;
    let bare = Arc::new(Bare::new(script)?);
    // The kind of runtime that Carnet has, and as many workers as it has on one core.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(serve(port, bare))
}

async fn serve(port: u16, bare: Arc<Bare>) -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let bare = Arc::clone(&bare);
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(Arc::clone(&bare), request));
            // A client that goes away is no news.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    bare: Arc<Bare>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        return Ok(refused());
    };
    let body = body.to_bytes();
    if let Some(clients) = &bare.clients {
        let asked = head.headers.get(hyper::header::AUTHORIZATION);
        let asked = asked.and_then(|line| line.to_str().ok());
        let path = head.uri.path();
        let answered = match path {
            "/kept" => clients.kept(&body, &bare).await,
            _ => clients.token(path, asked, &body, &bare),
        };
        return Ok(answered.unwrap_or_else(|| bare.jwks.again()));
    }
    let answered = match head.uri.path() {
        script::JWT_PATH => bare.jwt(&body),
        script::OPAQUE_PATH => bare.opaque(&body),
        script::INTROSPECT_PATH => bare.introspect(&body),
        script::JWKS_PATH => Some(bare.jwks.again()),
        script::DISCOVERY_PATH => Some(bare.discovery.again()),
        _ => None,
    };
    Ok(answered.unwrap_or_else(refused))
}

fn refused() -> Response<Full<Bytes>> {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// An answer that is ready.
struct Prepared {
    headers: HeaderMap,
    body: Bytes,
}

impl Prepared {
    fn new(answer: Answer) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        for (name, value) in answer.headers {
            headers.insert(
                HeaderName::from_bytes(name.as_bytes())?,
                HeaderValue::from_str(&value)?,
            );
        }
        Ok(Self {
            headers,
            body: answer.body.into(),
        })
    }

    fn again(&self) -> Response<Full<Bytes>> {
        self.with(self.body.clone())
    }

    fn with(&self, body: Bytes) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(body));
        *response.headers_mut() = self.headers.clone();
        response
    }

    fn with_token(&self, token: String) -> Response<Full<Bytes>> {
        let body = AccessTokenResponse {
            access_token: token.into(),
            expires_in: Some(3_600),
            ..AccessTokenResponse::default()
        };
        self.with(body.to_bytes().into())
    }
}

struct Bare {
    clients: Option<Clients>,
    rows: Option<Rows>,
    keys: Vec<PublicKey>,
    signer: LocalSigner,
    header: SigningHeader,
    sealing: SealingKey,
    opaque: Prepared,
    jwt: Prepared,
    introspect_opaque: Prepared,
    introspect_jwt: Prepared,
    jwks: Prepared,
    discovery: Prepared,
}

impl Bare {
    fn new(script: Script) -> anyhow::Result<Self> {
        let keys = script.keys.iter().map(|pem| PublicKey::from_pem(pem));
        let pair = KeyPair::from_pem(&script.signing_key)?;
        let kid = script.signing_key_id;
        let header = SigningHeader::new(Algorithm::ES256, Some(&kid), Some(TYP_ACCESS_TOKEN));
        let rows = script.clients.as_ref().map(|_| Rows::open(&script.rows));
        Ok(Self {
            clients: script.clients.map(Clients::new).transpose()?,
            rows: rows.transpose()?,
            keys: keys
                .collect::<Result<_, _>>()
                .context("the keys of the accounts")?,
            header,
            signer: LocalSigner::new(pair, kid),
            sealing: SealingKey::new([0; 4], &script.sealing_key)?,
            opaque: Prepared::new(script.opaque)?,
            jwt: Prepared::new(script.jwt)?,
            introspect_opaque: Prepared::new(script.introspect_opaque)?,
            introspect_jwt: Prepared::new(script.introspect_jwt)?,
            jwks: Prepared::new(script.jwks)?,
            discovery: Prepared::new(script.discovery)?,
        })
    }

    /// Reads the form and verifies the assertion in it.
    fn verified(&self, body: &[u8]) -> Option<()> {
        let mut params = Params::parse(body).ok()?;
        let request = TokenRequest::parse(&mut params, &[GrantType::JwtBearer]).ok()?;
        let TokenRequest::JwtBearer(request) = request else {
            return None;
        };
        let unverified = Unverified::parse(&request.assertion, Limits::LENIENT).ok()?;
        let kid = unverified.header().key_id.as_deref()?;
        let key = self.keys.get(script::pair_of(kid)?)?;
        unverified.verify(key).ok().map(|_| ())
    }

    fn jwt(&self, body: &[u8]) -> Option<Response<Full<Bytes>>> {
        self.verified(body)?;
        let token = sign_compact(&self.header, &self.jwt.body, &self.signer).ok()?;
        Some(self.jwt.with_token(token))
    }

    fn opaque(&self, body: &[u8]) -> Option<Response<Full<Bytes>>> {
        self.verified(body)?;
        let sealed = self.sealing.seal(&self.opaque.body, SEALED_AS).ok()?;
        let token = Prefixed::AccessToken.encode(&sealed);
        Some(self.opaque.with_token(token))
    }

    fn introspect(&self, body: &[u8]) -> Option<Response<Full<Bytes>>> {
        let mut params = Params::parse(body).ok()?;
        let request = IntrospectionRequest::parse(&mut params).ok()?;
        if request.token.starts_with(Prefixed::AccessToken.prefix()) {
            let sealed = Prefixed::AccessToken.decode(&request.token).ok()?;
            self.sealing.open(&sealed, SEALED_AS).ok()?;
            return Some(self.introspect_opaque.again());
        }
        let unverified = Unverified::parse(&request.token, Limits::STRICT).ok()?;
        let key = self.signer.key_pair().public_key();
        unverified.verify(key).ok()?;
        Some(self.introspect_jwt.again())
    }
}
