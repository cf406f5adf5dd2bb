//! Certificates for held names, each made when a client first asks for its name by SNI.
//!
//! A name that is not held gets none: the handshake fails with `unrecognized_name` or the like, and nothing was
//! signed. Who names nobody (an address has no SNI) gets one for this machine. All have one key, which lives as
//! long as the process.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;

use carnet_jose::entropy;
use rcgen::KeyPair;
use rustls::crypto::aws_lc_rs::sign::any_ecdsa_type;
use rustls::server::ClientHello;
use rustls::server::ResolvesServerCert;
use rustls::sign::CertifiedKey;
use rustls::sign::SigningKey;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::PrivatePkcs8KeyDer;

use super::authority::Authority;
use super::authority::NoAuthority;
use super::names::Names;
use crate::http::host::Hosts as _;
use crate::parts::Clock;

/// How many certificates are kept. The one that was made first makes room for the next.
const MOST: usize = 64;

/// A certificate is replaced when so many seconds are left of it.
const SPARE: u64 = 7 * 24 * 3_600;

/// Certificates for the held names.
pub struct Leaves {
    authority: Authority,
    names: Arc<Names>,
    key: KeyPair,
    signing: Arc<dyn SigningKey>,
    clock: Clock,
    made: Mutex<Vec<Leaf>>,
}

struct Leaf {
    name: Box<str>,
    ends: u64,
    certified: Arc<CertifiedKey>,
}

impl Leaves {
    /// Certified by this authority. The clock is the machine's, as certificates are judged by others.
    pub fn new(authority: Authority, names: Arc<Names>, clock: Clock) -> Result<Self, NoAuthority> {
        let key = KeyPair::generate()?;
        let der = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialized_der().to_vec()));
        let signing = any_ecdsa_type(&der).map_err(|_| NoAuthority::Key)?;
        Ok(Self {
            authority,
            names,
            key,
            signing,
            clock,
            made: Mutex::default(),
        })
    }

    /// The certificate for a name, if it is held. Nobody else waits while one is signed for longer than that
    /// takes, some fifty microseconds.
    fn of(&self, name: &str) -> Option<Arc<CertifiedKey>> {
        let name = name.to_ascii_lowercase();
        if !self.names.answer_to(&name) {
            return None;
        }
        let now = u64::try_from((self.clock)().0).ok()?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made.iter().position(|leaf| *leaf.name == *name);
        if let Some(leaf) = known.and_then(|at| made.get(at))
            && leaf.ends > now.saturating_add(SPARE)
        {
            return Some(Arc::clone(&leaf.certified));
        }
        let (certificate, ends) = self
            .authority
            .certify(&name, &self.key, entropy::random().ok()?, now)
            .inspect_err(|fault| tracing::error!(%fault, "a certificate for a held name"))
            .ok()?;
        if let Some(at) = known {
            made.remove(at);
        } else if made.len() >= MOST {
            made.remove(0);
        }
        let certified = Arc::new(CertifiedKey::new(
            vec![certificate],
            Arc::clone(&self.signing),
        ));
        made.push(Leaf {
            name: name.into(),
            ends,
            certified: Arc::clone(&certified),
        });
        Some(certified)
    }
}

impl ResolvesServerCert for Leaves {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.of(hello.server_name().unwrap_or("localhost"))
    }
}

impl fmt::Debug for Leaves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaves")
            .field("authority", &self.authority)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
