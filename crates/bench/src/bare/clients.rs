//! The grant of clients with a secret: the form is read, the secret's digest compared, the token made.

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use carnet_jose::LocalSigner;
use carnet_jose::Prefixed;
use carnet_jose::SigningHeader;
use carnet_jose::digest;
use carnet_jose::digest::MacKey;
use carnet_jose::jwt::TYP_ACCESS_TOKEN;
use carnet_jose::sign_compact;
use carnet_wire::client_authentication::ClientAuthentication;
use carnet_wire::params::Params;
use carnet_wire::token::GrantType;
use carnet_wire::token::TokenRequest;
use http_body_util::Full;
use hyper::Response;

use super::Bare;
use super::Prepared;
use super::SEALED_AS;
use crate::script;

/// One client, and what it gets.
pub(super) struct Clients {
    secret: [u8; 32],
    mac: MacKey,
    signer: LocalSigner,
    header: SigningHeader,
    es256: Prepared,
    rs256: Prepared,
    opaque: Prepared,
}

impl Clients {
    pub(super) fn new(clients: script::Clients) -> anyhow::Result<Self> {
        let pair = KeyPair::from_pem(&clients.key).context("the key for RS256")?;
        Ok(Self {
            mac: MacKey::new(clients.secret.as_bytes()),
            secret: digest::sha256(&clients.secret),
            signer: LocalSigner::new(pair, "rs256"),
            header: SigningHeader::new(Algorithm::RS256, Some("rs256"), Some(TYP_ACCESS_TOKEN)),
            es256: Prepared::new(clients.es256)?,
            rs256: Prepared::new(clients.rs256)?,
            opaque: Prepared::new(clients.opaque)?,
        })
    }

    /// The path says what is wanted, since scopes are not read.
    pub(super) fn token(
        &self,
        path: &str,
        authorization: Option<&str>,
        body: &Bytes,
        bare: &Bare,
    ) -> Option<Response<Full<Bytes>>> {
        self.proven(authorization, body)?;
        match path {
            "/vault" => self.sealed(bare),
            "/rs256" => {
                let token = sign_compact(&self.header, &self.rs256.body, &self.signer).ok()?;
                Some(self.rs256.with_token(token))
            }
            _ => {
                let token = sign_compact(&bare.header, &self.es256.body, &bare.signer).ok()?;
                Some(self.es256.with_token(token))
            }
        }
    }

    /// A token with a row on disk, for a JWT under the secret.
    pub(super) async fn kept(&self, body: &Bytes, bare: &Bare) -> Option<Response<Full<Bytes>>> {
        self.vouched(body)?;
        bare.rows.as_ref()?.keep().await?;
        self.sealed(bare)
    }

    fn sealed(&self, bare: &Bare) -> Option<Response<Full<Bytes>>> {
        let sealed = bare.sealing.seal(&self.opaque.body, SEALED_AS).ok()?;
        let token = Prefixed::AccessToken.encode(&sealed);
        Some(self.opaque.with_token(token))
    }

    fn vouched(&self, body: &Bytes) -> Option<()> {
        let mut params = Params::parse(body).ok()?;
        let said = ClientAuthentication::parse(None, &mut params).ok()??;
        TokenRequest::parse(&mut params, &[GrantType::ClientCredentials]).ok()?;
        let ClientAuthentication::Assertion { assertion, .. } = said else {
            return None;
        };
        let (signed, tag) = assertion.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        self.mac.holds(signed.as_bytes(), &tag).then_some(())
    }

    fn proven(&self, authorization: Option<&str>, body: &Bytes) -> Option<()> {
        let mut params = Params::parse(body).ok()?;
        let said = ClientAuthentication::parse(authorization, &mut params).ok()??;
        TokenRequest::parse(&mut params, &[GrantType::ClientCredentials]).ok()?;
        let ClientAuthentication::SecretBasic { secret, .. } = said else {
            return None;
        };
        let digest = digest::sha256(secret.as_bytes());
        digest::constant_time_eq(&digest, &self.secret).then_some(())
    }
}
