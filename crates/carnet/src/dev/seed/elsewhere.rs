//! Accounts of a seed whose key pair was made elsewhere (`public_key`): no key file is written for
//! them, since nobody here has the private half. Many accounts may share a key pair, as those of a
//! load test do, so each text is read once.

use std::collections::HashMap;

use anyhow::Context as _;
use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::value::Entropy as _;
use carnet_core::value::KeyId;
use carnet_core::value::Seconds;
use carnet_core::value::UnixTime;
use carnet_core::value::Version;
use carnet_jose::KeyPair;
use carnet_jose::KeyType;
use carnet_jose::PublicKey;
use carnet_jose::x509::Certificate;
use carnet_jose::x509::CertificateTemplate;
use carnet_server::entropy::SystemEntropy;

/// How long the certificates live.
const CERTIFICATE: Seconds = Seconds::days(3_652);

/// Reads public keys and certifies them.
pub(super) struct Elsewhere {
    /// Signs the certificates and is forgotten: Google's documents hold certificates, and nobody
    /// builds a chain with them.
    issuer: KeyPair,
    read: HashMap<String, PublicKey>,
}

impl Elsewhere {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            issuer: KeyPair::generate(KeyType::P256)?,
            read: HashMap::new(),
        })
    }

    /// The record of a key. It counts as made here, since whoever wrote the seed vouches for it.
    pub(super) fn record(
        &mut self,
        account: &ServiceAccount,
        pem: &str,
        id: Option<&KeyId>,
        now: UnixTime,
    ) -> anyhow::Result<ServiceAccountKey> {
        let public = self.read(pem)?;
        let seconds = |moment: UnixTime| u64::try_from(moment.0).unwrap_or(0);
        let mut serial = [0; 16];
        SystemEntropy.fill(&mut serial);
        let template = CertificateTemplate {
            common_name: account.unique_id.to_string(),
            serial,
            not_before: seconds(now),
            not_after: seconds(now + CERTIFICATE),
        };
        let certificate = Certificate::issued(&public, &template, &self.issuer, "carnet")?;
        Ok(ServiceAccountKey {
            id: id.map_or_else(|| KeyId::mint(&mut SystemEntropy), KeyId::clone),
            account: account.unique_id.clone(),
            algorithm: public.algorithm(),
            public_key: public.to_spki_der(),
            certificate: certificate.der().to_vec(),
            origin: KeyOrigin::Made,
            created: now,
            expires: None,
            state: KeyState::Active,
            version: Version::FIRST,
        })
    }

    fn read(&mut self, pem: &str) -> anyhow::Result<PublicKey> {
        if let Some(known) = self.read.get(pem) {
            return Ok(known.clone());
        }
        let public = PublicKey::from_pem(pem).context("a public_key of the seed")?;
        self.read.insert(pem.to_owned(), public.clone());
        Ok(public)
    }
}
