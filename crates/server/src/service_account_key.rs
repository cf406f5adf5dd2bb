//! A key for a service account: the record that is kept, and the file that is handed over once.

use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::rule::admin::service_account_key::LONGEST;
use carnet_core::rule::admin::service_account_key::NewKey;
use carnet_core::store::Fault;
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
use carnet_wire::google::GdchKeyFile;
use carnet_wire::google::KeyFile;
use carnet_wire::google::UNIVERSE_DOMAIN;
use zeroize::Zeroizing;

use crate::entropy::SystemEntropy;
use crate::key_pair::Form;
use crate::key_pair::NotMade;
use crate::key_pair::Subject;
use crate::key_pair::certify;
use crate::key_pair::make;
use crate::parts::Parts;

/// How long the certificate around a key says that it lives, where the key itself does not end:
/// about ten years, as Google's (google-wire 1.3).
const CERTIFICATE: Seconds = Seconds::days(3_652);

/// A new key, in its two forms.
#[derive(Debug)]
pub struct MadeKey {
    /// What the store keeps.
    pub record: ServiceAccountKey,
    /// What the owner gets, once.
    pub file: KeyFile,
}

/// A key for this account from a pair that was just made.
pub fn with_pair(
    account: &ServiceAccount,
    pair: &KeyPair,
    expires: Option<UnixTime>,
    now: UnixTime,
    parts: &Parts,
) -> Result<MadeKey, Fault> {
    let id = KeyId::mint(&mut SystemEntropy);
    let certificate = certificate(account, pair, expires, now)?;
    let pem = pair.to_pkcs8_pem().map_err(Fault::lasting)?.to_string();
    let file = key_file(account, &id, pem, &parts.issuer);
    let record = ServiceAccountKey {
        id,
        account: account.unique_id.clone(),
        algorithm: pair.algorithm(),
        public_key: pair.public_key().to_spki_der(),
        certificate: certificate.der().to_vec(),
        origin: KeyOrigin::Made,
        created: now,
        expires,
        state: KeyState::Active,
        version: Version::FIRST,
    };
    Ok(MadeKey { record, file })
}

/// The self-signed certificate around a key; its subject is the account's number.
pub fn certificate(
    account: &ServiceAccount,
    pair: &KeyPair,
    expires: Option<UnixTime>,
    now: UnixTime,
) -> Result<Certificate, Fault> {
    let mut serial = [0; 16];
    SystemEntropy.fill(&mut serial);
    let seconds = |moment: UnixTime| u64::try_from(moment.0).unwrap_or(0);
    let template = CertificateTemplate {
        common_name: account.unique_id.to_string(),
        serial,
        not_before: seconds(now),
        not_after: seconds(expires.unwrap_or(now + CERTIFICATE)),
    };
    Certificate::self_signed(pair, &template).map_err(Fault::lasting)
}

fn key_file(account: &ServiceAccount, id: &KeyId, private_key: String, issuer: &str) -> KeyFile {
    let email = account.email.as_str();
    let escaped = email.replace('@', "%40");
    KeyFile {
        kind: "service_account".to_owned(),
        project_id: account.project.to_string(),
        private_key_id: id.to_string(),
        private_key,
        client_email: email.to_owned(),
        client_id: account.unique_id.to_string(),
        auth_uri: format!("{issuer}/authorize"),
        token_uri: format!("{issuer}/token"),
        auth_provider_x509_cert_url: format!("{issuer}/oauth2/v1/certs"),
        client_x509_cert_url: format!("{issuer}/robot/v1/metadata/x509/{escaped}"),
        universe_domain: UNIVERSE_DOMAIN.to_owned(),
    }
}

/// A new key of an account, made in the workshop: what is kept, and the file in which its private half is given away.
pub(crate) async fn made(
    account: &ServiceAccount,
    (kind, form): (KeyType, Form),
    expires: Option<UnixTime>,
    now: UnixTime,
    parts: &Parts,
) -> Result<(NewKey, Zeroizing<Vec<u8>>), NotMade> {
    let (id, subject) = fresh(account, expires, now);
    let making = move || make(kind, &form, subject).map(|made| (made, form));
    let (made, form) = parts.workshop.work(making).await??;
    let pem = || std::str::from_utf8(&made.private).map_err(Fault::lasting);
    let private = match form {
        Form::P12 => made.private,
        Form::Pem => {
            let pem = pem()?.to_owned();
            Zeroizing::new(key_file(account, &id, pem, &parts.issuer).to_bytes())
        }
        Form::Gdch(ca_cert_path) => {
            let file = GdchKeyFile {
                project: account.project.to_string(),
                private_key_id: id.to_string(),
                private_key: pem()?.to_owned(),
                name: account.account_id.to_string(),
                ..GdchKeyFile::new(format!("{}/token", parts.issuer), ca_cert_path)
            };
            Zeroizing::new(file.to_bytes())
        }
    };
    let new = NewKey {
        id,
        algorithm: made.algorithm,
        public_key: made.public_key,
        certificate: made.certificate,
        origin: KeyOrigin::Made,
        expires,
    };
    Ok((new, private))
}

/// A key of an account whose private half stays where it is.
pub(crate) fn uploaded(
    account: &ServiceAccount,
    public: &PublicKey,
    expires: Option<UnixTime>,
    now: UnixTime,
) -> Result<NewKey, Fault> {
    let (id, subject) = fresh(account, expires, now);
    Ok(NewKey {
        id,
        algorithm: public.algorithm(),
        public_key: public.to_spki_der(),
        certificate: certify(public, subject)?,
        origin: KeyOrigin::Uploaded,
        expires,
    })
}

/// A fresh key id, and what the certificate of the key says.
fn fresh(account: &ServiceAccount, expires: Option<UnixTime>, now: UnixTime) -> (KeyId, Subject) {
    let id = KeyId::mint(&mut SystemEntropy);
    let mut serial = [0; 16];
    SystemEntropy.fill(&mut serial);
    let subject = Subject {
        unique_id: account.unique_id.to_string(),
        serial,
        from: now,
        until: expires.unwrap_or(now + LONGEST),
    };
    (id, subject)
}
