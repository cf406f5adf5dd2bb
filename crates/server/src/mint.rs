//! Makes the token that a decision allows: the sign station. It writes nothing.

use carnet_core::record::TokenFormat;
use carnet_core::rule::token::AccessClaims;
use carnet_core::rule::token::AccessGrant;
use carnet_core::rule::token::IdClaims;
use carnet_core::rule::token::IdGrant;
use carnet_core::rule::token::Issue;
use carnet_core::store::Fault;
use carnet_jose::Algorithm;
use carnet_jose::Prefixed;
use carnet_jose::SigningHeader;
use carnet_jose::SigningInput;
use carnet_wire::token::AccessTokenResponse;
use carnet_wire::token::IdTokenResponse;
use carnet_wire::token::TokenResponse;
use serde::Serialize;

use crate::bearer::BOUNDED_AS;
use crate::bearer::SEALED_AS;
use crate::keyring::Keyring;
use crate::keyring::KeyringFault;
use crate::keyring::OwnKey;

/// How much room the claims of a token usually need.
const ROOM: usize = 640;

/// The answer with the token in it.
pub async fn mint(
    issue: &Issue,
    issuer: &str,
    keyring: &Keyring,
) -> Result<TokenResponse<'static>, Fault> {
    match issue {
        Issue::Access(grant) => {
            let token = access_token(grant, issuer, keyring).await?;
            Ok(TokenResponse::AccessToken(AccessTokenResponse {
                access_token: token.into(),
                expires_in: u64::try_from(grant.lifetime().0).ok(),
                token_type: grant.token_type(),
                ..AccessTokenResponse::default()
            }))
        }
        Issue::Id(grant) => {
            let token = id_token(grant, None, issuer, keyring).await?;
            Ok(TokenResponse::IdToken(IdTokenResponse {
                id_token: token.into(),
            }))
        }
    }
}

/// An access token: a JWT (RFC 9068), or sealed.
pub async fn access_token(
    grant: &AccessGrant,
    issuer: &str,
    keyring: &Keyring,
) -> Result<String, Fault> {
    let claims = json(&AccessClaims::of(grant, issuer))?;
    match grant.format {
        TokenFormat::Opaque => seal(&claims, SEALED_AS, keyring),
        TokenFormat::Jwt => {
            let key = key(keyring, grant.algorithm)?;
            sign(key, &key.access_header, &claims).await
        }
    }
}

/// An access token that is sealed around these claims.
pub fn sealed(claims: &AccessClaims<'_>, keyring: &Keyring) -> Result<String, Fault> {
    let bound = match claims.narrowed {
        Some(_) => BOUNDED_AS,
        None => SEALED_AS,
    };
    seal(&json(claims)?, bound, keyring)
}

fn seal(claims: &[u8], bound: &[u8], keyring: &Keyring) -> Result<String, Fault> {
    let sealed = keyring.sealing().seal(claims, bound);
    let sealed = sealed.map_err(Fault::lasting)?;
    Ok(Prefixed::AccessToken.encode(&sealed))
}

/// An ID token, RS256 as Google's libraries (google-wire 2.3) and OpenID clients expect unless they say
/// otherwise, with the hash of the access token that goes with it.
pub async fn id_token(
    grant: &IdGrant,
    access_token: Option<&str>,
    issuer: &str,
    keyring: &Keyring,
) -> Result<String, Fault> {
    let claims = json(&IdClaims::of(grant, issuer, access_token))?;
    let key = key(keyring, grant.algorithm.algorithm())?;
    sign(key, &key.id_header, &claims).await
}

/// An ID token with these claims, for whoever has them from one of ours and adds something: the sandbox's metadata
/// server, which tells of the machine too (google-wire 7.1).
pub async fn id_token_saying(claims: &impl Serialize, keyring: &Keyring) -> Result<String, Fault> {
    let key = key(keyring, Algorithm::RS256)?;
    sign(key, &key.id_header, &json(claims)?).await
}

/// What introspection says, as a JWT: RS256, which a caller expects that registered nothing else (RFC 9701
/// section 6).
pub async fn introspection(claims: &[u8], keyring: &Keyring) -> Result<String, Fault> {
    let key = key(keyring, Algorithm::RS256)?;
    sign(key, &key.introspection_header, claims).await
}

fn key(keyring: &Keyring, algorithm: Algorithm) -> Result<&OwnKey, Fault> {
    keyring
        .signing(algorithm)
        .ok_or_else(|| Fault::lasting(KeyringFault::NoSigningKey(algorithm)))
}

async fn sign(key: &OwnKey, header: &SigningHeader, claims: &[u8]) -> Result<String, Fault> {
    SigningInput::new(header, claims)
        .sign(key.signer.as_ref())
        .await
        .map_err(Fault::temporary)
}

fn json(claims: &impl Serialize) -> Result<Vec<u8>, Fault> {
    let mut text = Vec::with_capacity(ROOM);
    serde_json::to_writer(&mut text, claims).map_err(Fault::lasting)?;
    Ok(text)
}
