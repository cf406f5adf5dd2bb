//! Whose key a request shows, to which what it gets is bound (RFC 9449, RFC 8705 section 3).
//!
//! One station for all grants, after the client has been authenticated and before the grant is looked at:
//!
//! 1. [`prove`]: the proof in the header `DPoP` holds by itself and is about this request, this moment and,
//!    where there is one, this access token (RFC 9449 section 4.3). A nonce that is not of a short while
//!    ago asks for another one; none at all does where the server wants one (section 8).
//! 2. [`Possession::binding`]: what the settings of the client say of it. `require_dpop` wants a proof, and
//!    `tls_client_certificate_bound_access_tokens` a certificate.
//! 3. [`Proved::spent`]: whoever commits it first has used the proof (section 11.1). A second one finds its
//!    place taken, on whichever node.
//! 4. What was bound before is got by the same key only: [`same`]. What stays bound: [`lasting`].
//!
//! A token that is shown must be shown as it is bound: [`shown`]. Of tokens of somebody else's: [`elsewhere`].

pub mod elsewhere;

use carnet_jose::Algorithm;
use carnet_jose::base64url;
use carnet_jose::digest::sha256;
use carnet_jose::proof::Proof;
use carnet_jose::rotating::Rotating;
use carnet_wire::bearer::Scheme;
use carnet_wire::confirmation::Confirmation;
use carnet_wire::crn::Crn;
use carnet_wire::dpop;
use carnet_wire::dpop::DpopClaims;
use carnet_wire::dpop::DpopClaimsError;
use carnet_wire::legal::Echo;

use crate::record::Binding;
use crate::record::Client;
use crate::record::ClientAuthentication;
use crate::record::SpentAssertion;
use crate::rule::Refusal;
use crate::value::Seconds;
use crate::value::UnixTime;

/// How proofs may be signed. Discovery lists the names ([`dpop::ALGORITHMS`]).
pub const ALLOWED: [Algorithm; 4] = [
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
    Algorithm::PS256,
];

/// How long a nonce is the newest, in seconds. It is good for one to two such times.
pub const NONCE_PERIOD: i64 = 120;

/// How long a proof is remembered: as long as it is good by the slowest clock, and as long again.
const REMEMBERED: Seconds = Seconds(4 * dpop::WINDOW);

/// What no issuer of assertions is called.
const SPENT_AS: &str = "proof of possession";

/// The request that a proof must be about.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address, as the public sees it; where it has several, the first is the usual one.
    pub addresses: &'a [String],
    /// The access token beside it.
    pub token: Option<&'a str>,
}

/// Which nonces are good, and whether there must be one.
#[derive(Debug)]
pub struct Nonces {
    words: Rotating,
    required: bool,
}

impl Nonces {
    /// Nonces of this key, which all nodes share.
    #[must_use]
    pub fn new(key: &[u8], required: bool) -> Self {
        Self {
            words: Rotating::new(key, NONCE_PERIOD),
            required,
        }
    }

    /// The nonce of this moment.
    #[must_use]
    pub fn newest(&self, now: UnixTime) -> String {
        self.words.word(now.0)
    }

    fn judge(&self, sent: Option<&str>, now: UnixTime) -> Result<(), Refusal> {
        let ask = |detail: &str| Err(Refusal::new(Crn::DPOP_NONCE, detail));
        match sent {
            Some(nonce) if self.words.knows(nonce, now.0) => Ok(()),
            Some(_) => ask("nonce is too old, or of another server; take the one of this answer."),
            None if self.required => ask("the proof needs the nonce of this answer."),
            None => Ok(()),
        }
    }
}

/// A proof that holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Proved {
    /// The thumbprint of its key.
    pub thumbprint: String,
    /// What is written once it is used.
    pub spent: SpentAssertion,
}

/// Whether the text proves, to this server, at this moment, that the caller holds a key.
pub fn prove(
    text: &str,
    about: About<'_>,
    nonces: &Nonces,
    now: UnixTime,
) -> Result<Proved, Refusal> {
    let proof = Proof::verify(text, dpop::TYPE, &ALLOWED)
        .map_err(|refused| Refusal::new(Crn::DPOP_PROOF_MALFORMED, format!("{refused}.")))?;
    let claims = DpopClaims::parse(proof.payload()).map_err(refused)?;
    is_about(&claims, about)?;
    claims.is_fresh(now.0).map_err(refused)?;
    if let Some(token) = about.token {
        claims.is_beside(&digest(token)).map_err(refused)?;
    }
    nonces.judge(claims.nonce.as_deref(), now)?;
    let thumbprint = proof.key().thumbprint_text();
    let parts = [SPENT_AS, &thumbprint, &claims.jti];
    let spent = SpentAssertion::named(&parts, now + REMEMBERED);
    Ok(Proved { thumbprint, spent })
}

/// The digest of a token or a certificate as it stands in claims.
#[must_use]
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    base64url::encode(sha256(bytes))
}

fn refused(fault: DpopClaimsError) -> Refusal {
    Refusal::new(fault.crn(), format!("{fault}."))
}

/// A no tells both addresses: they differ by the scheme where a proxy is not known to be one.
fn is_about(claims: &DpopClaims<'_>, about: About<'_>) -> Result<(), Refusal> {
    let mut first = None;
    for address in about.addresses {
        match claims.is_about(about.method, address) {
            Ok(()) => return Ok(()),
            Err(fault) => _ = first.get_or_insert((fault, address)),
        }
    }
    let (fault, address) = first.map_or((DpopClaimsError::OtherAddress, ""), |(fault, address)| {
        (fault, address.as_str())
    });
    let detail = match fault {
        DpopClaimsError::OtherMethod => {
            format!(
                "htm is {}, this is {}.",
                Echo::of(&claims.htm),
                about.method
            )
        }
        _ => format!("htu is {}, this is {}.", Echo::of(&claims.htu), address),
    };
    Err(Refusal::new(fault.crn(), detail))
}

/// What is told of a proof that came before.
#[must_use]
pub fn reused() -> Refusal {
    let detail = "a proof with this jti of this key came before.";
    Refusal::new(Crn::DPOP_PROOF_REUSED, detail)
}

/// What a request shows.
#[derive(Clone, Debug, Default)]
pub struct Possession {
    /// The proof in its header, which holds.
    pub proof: Option<Proved>,
    /// The digest of the certificate of its connection.
    pub certificate: Option<String>,
}

impl Possession {
    /// To what the tokens of this client are bound.
    pub fn binding(&self, client: &Client) -> Result<Option<Binding>, Refusal> {
        let refuse = |crn, detail: &str| {
            let refusal = Refusal::new(crn, detail);
            Err(refusal.because("client_id", client.id.to_string()))
        };
        if client.certificate_bound {
            return match (&self.proof, &self.certificate) {
                (Some(_), _) => refuse(
                    Crn::PROOF_BESIDE_CERTIFICATE,
                    "the tokens of this client are bound to its certificate; send no proof.",
                ),
                (None, None) => refuse(
                    Crn::CERTIFICATE_MISSING,
                    "the tokens of this client are bound to its certificate, and none came.",
                ),
                (None, Some(digest)) => Ok(Some(Binding::Certificate(digest.clone()))),
            };
        }
        match &self.proof {
            Some(proof) => Ok(Some(Binding::Key(proof.thumbprint.clone()))),
            None if client.require_dpop => refuse(
                Crn::DPOP_PROOF_MISSING,
                "this client must send a proof in the header DPoP.",
            ),
            None => Ok(None),
        }
    }
}

/// Whether what was bound before is shown the same key. What was not bound needs none.
pub fn same(bound: Option<&Binding>, shown: Option<&Binding>) -> Result<(), Refusal> {
    let Some(bound) = bound else { return Ok(()) };
    let detail = match shown {
        Some(shown) if shown == bound => return Ok(()),
        Some(_) => "it is bound to another key than the one that this request shows.",
        None => "it is bound to a key, and this request shows none.",
    };
    Err(Refusal::new(Crn::BOUND_TO_ANOTHER_KEY, detail))
}

/// To what refresh tokens are bound: to the key of a public client. One that proves who it is does so at
/// each refresh, and may change its key (RFC 9449 section 5, RFC 8705 section 4).
#[must_use]
pub fn lasting(client: &Client, shown: Option<&Binding>) -> Option<Binding> {
    let public = client.authentication == ClientAuthentication::None;
    shown.filter(|_| public).cloned()
}

/// Whether an access token is shown as it is bound: with a proof of its key under the scheme `DPoP`, on a
/// connection with its certificate, and else as a bearer token. A bound token without its key is worth
/// nothing (RFC 9449 section 7.2), and neither is a scheme that promises a key that nothing is bound to.
pub fn shown(
    bound: Option<&Confirmation<'_>>,
    scheme: Scheme,
    possession: &Possession,
) -> Result<(), Refusal> {
    let refuse = |detail: &str| Err(Refusal::new(Crn::TOKEN_IS_BOUND, detail));
    let none = Confirmation::default();
    let bound = bound.unwrap_or(&none);
    if bound.strange {
        return refuse("the token is bound in a way that is not known here.");
    }
    if let Some(certificate) = &bound.certificate
        && possession.certificate.as_deref() != Some(certificate)
    {
        return refuse("the token is bound to another certificate than that of this connection.");
    }
    match (&bound.jkt, scheme, &possession.proof) {
        (None, Scheme::Bearer, _) => Ok(()),
        (None, Scheme::Dpop, _) => {
            refuse("the token is not bound to a key; send Authorization: Bearer.")
        }
        (Some(_), Scheme::Bearer, _) => {
            refuse("the token is bound to a key; send Authorization: DPoP and a proof.")
        }
        (Some(jkt), Scheme::Dpop, Some(proof)) if *jkt == proof.thumbprint => Ok(()),
        (Some(_), Scheme::Dpop, _) => {
            refuse("the token is bound to another key than that of the proof.")
        }
    }
}

#[cfg(test)]
mod tests;
