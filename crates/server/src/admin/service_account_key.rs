//! `projects/{project}/service-accounts/{account}/keys`: keys made here, and keys uploaded.
//!
//! The private half of a key that is made here stands in the answer to its creation and nowhere else.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::{self, KeyUse};
use carnet_core::rule::admin::access::Right;
use carnet_core::rule::admin::service_account_key::{self as rule, expiry};
use carnet_core::rule::admin::{Done, No};
use carnet_core::value::{KeyId, UnixTime};
use carnet_jose::{Algorithm, KeyType};
use carnet_wire::google::MAX_PATH_BYTES;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::answer::{Answer, List};
use super::body::Read;
use super::call::Call;
use super::etag::Needed;
use super::key_upload::{UploadKey, public_key};
use super::key_view::{CreatedKey, DisableReason, Key};
use super::problem::Problem;
use super::route::{Route, route};
use super::service_account::covered;
use crate::key_pair::{Form, kind};
use crate::service_account_key::{made, uploaded};

/// A key to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct CreateKey {
    /// In which file the private key is given away.
    #[schema(required = false)]
    format: KeyFormat,
    /// The algorithm of the key: ES256 with the format `gdch`, else RS256, since Google's libraries sign with no other.
    /// Absent: that one.
    algorithm: Option<MadeAlgorithm>,
    /// The length of the modulus in bits: 2048, 3072 or 4096. Not with the format `gdch`, whose keys are of P-256.
    #[schema(minimum = 2048, maximum = 4096, default = 2048)]
    bits: Option<i64>,
    /// Of the format `gdch`: where the program finds the certificates by which alone it believes the token endpoint, a
    /// path on its own machine. Absent: it believes what its machine trusts (Go's library insists on a path).
    #[schema(max_length = 4095, example = "/etc/ssl/private-ca.pem")]
    ca_cert_path: Option<String>,
    /// After how many days it is worth nothing: 1 to 3650. Absent: it does not expire.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<i64>,
}

/// The files in which a private key is given away.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyFormat {
    /// Google's JSON file, which all of its libraries read.
    #[default]
    Google,
    /// PKCS#12 with the password `notasecret` and the alias `privatekey`.
    P12,
    /// The JSON file `gdch_service_account` of a service identity of Google Distributed Cloud.
    Gdch,
}

/// The algorithms of keys that are made here.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
pub(crate) enum MadeAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RS256,
    /// ECDSA on P-256 with SHA-256.
    ES256,
}

impl CreateKey {
    /// Which key, and in which file.
    fn wanted(&mut self) -> Result<(KeyType, Form), Problem> {
        let path = self.ca_cert_path.take();
        if matches!(self.format, KeyFormat::Gdch) {
            if self.algorithm == Some(MadeAlgorithm::RS256) {
                let detail = "The key of a service identity is one for ES256.";
                return Err(No::field("/algorithm", detail).into());
            }
            if self.bits.is_some() {
                let detail = "bits is of RSA keys; that of a service identity is of P-256.";
                return Err(No::field("/bits", detail).into());
            }
            return Ok((KeyType::P256, Form::Gdch(certificates(path)?)));
        }
        if path.is_some() {
            let detail = "ca_cert_path is a member of files of the format gdch alone.";
            return Err(No::field("/ca_cert_path", detail).into());
        }
        if self.algorithm == Some(MadeAlgorithm::ES256) {
            let detail = "Google's libraries sign with ES256 only from files of the format gdch.";
            return Err(No::field("/algorithm", detail).into());
        }
        let Some(kind) = kind(Algorithm::RS256, self.bits.unwrap_or(2_048)) else {
            return Err(No::field("/bits", "bits is 2048, 3072 or 4096.").into());
        };
        let form = match self.format {
            KeyFormat::P12 => Form::P12,
            KeyFormat::Google | KeyFormat::Gdch => Form::Pem,
        };
        Ok((kind, form))
    }
}

/// The path of certificates, or an empty text.
fn certificates(path: Option<String>) -> Result<String, Problem> {
    let path = path.unwrap_or_default();
    if path.len() > MAX_PATH_BYTES || path.chars().any(char::is_control) {
        let detail = "ca_cert_path is at most 4095 bytes, without control characters.";
        return Err(No::field("/ca_cert_path", detail).into());
    }
    Ok(path)
}

/// Why a key is disabled.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct DisableKey {
    /// One of Google's reasons.
    #[schema(required = false)]
    reason: DisableReason,
    /// In words, for administrators: at most 256 bytes.
    #[schema(max_length = 256, default = "")]
    note: String,
}

/// What can be changed of a key.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PatchKey {
    /// From when on it is worth nothing: a moment that is still to come, and not after the one at which
    /// it expires already.
    #[schema(format = DateTime, max_length = 40, example = "2027-04-01T00:00:00Z")]
    expires: String,
}

/// Where keys answer.
pub(crate) fn routes() -> [Route; 8] {
    const LIST: &str = "projects/{project}/service-accounts/{account}/keys";
    const ONE: &str = "projects/{project}/service-accounts/{account}/keys/{key}";
    [
        route(
            Method::GET,
            LIST,
            "Lists the keys of a service account, oldest first.",
            |call| Box::pin(list(call)),
        )
        .gives::<List<Key>>(),
        route(
            Method::POST,
            LIST,
            "Makes a key. The private half is in this answer and nowhere else. Ten keys at most.",
            |call| Box::pin(create(call)),
        )
        .may_take::<CreateKey>()
        .creates::<CreatedKey>(),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}/keys:upload",
            "Keeps a public key whose private half stays where it is.",
            |call| Box::pin(upload(call)),
        )
        .takes::<UploadKey>()
        .creates::<Key>(),
        route(Method::GET, ONE, "Shows a key.", |call| Box::pin(get(call))).gives::<Key>(),
        route(
            Method::PATCH,
            ONE,
            "Brings the end of a key forward: it works on until then.",
            |call| Box::pin(update(call)),
        )
        .takes::<PatchKey>()
        .gives::<Key>(),
        route(Method::DELETE, ONE, "Deletes a key, for good.", |call| {
            Box::pin(delete(call))
        }),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}/keys/{key}:disable",
            "Disables a key: it verifies nothing from now on.",
            |call| Box::pin(disable(call)),
        )
        .may_take::<DisableKey>()
        .gives::<Key>(),
        route(
            Method::POST,
            "projects/{project}/service-accounts/{account}/keys/{key}:enable",
            "Enables a key.",
            |call| Box::pin(enable(call)),
        )
        .gives::<Key>(),
    ]
}

async fn list(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Read).await?;
    let keys = call
        .desk
        .store()
        .service_account_keys(&account.unique_id)
        .await?;
    let uses = call.desk.store().key_uses(&account.unique_id).await?;
    let items = keys.into_iter().map(|key| Key::of(key, &uses)).collect();
    Ok(Answer::ok(&List {
        items,
        next_page_token: None,
    }))
}

async fn create(call: Call) -> Result<Answer, Problem> {
    let (account, project) = call.account(Right::Write).await?;
    let mut body: CreateKey = call.read()?;
    covered(&call, &account).await?;
    let wanted = body.wanted()?;
    let expires = expiry(body.expires_in_days, call.now)?;
    let keys = call
        .desk
        .store()
        .service_account_keys(&account.unique_id)
        .await?;
    rule::room(&account, &keys)?;
    let parts = &call.desk.parts;
    let ending = if wanted.1 == Form::P12 { "p12" } else { "json" };
    let making = made(&account, wanted, expires, call.now, parts);
    let (new, private) = making.await?;
    let done = rule::add(new, &account, &keys, &call.context())?;
    let key = call.commit(done).await?;
    let name = key.id.as_str().get(..12).unwrap_or_default();
    let (location, version) = (call.location(&key.id), key.version);
    let created = CreatedKey {
        private_key_data: Zeroizing::new(STANDARD.encode(private.as_slice())),
        file_name: format!("{}-{name}.{ending}", project.id),
        key: Key::of(key, &[]),
    };
    Ok(Answer::created(&created, location).tagged(version))
}

async fn upload(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    let body: UploadKey = call.read()?;
    covered(&call, &account).await?;
    let (public, expires) = public_key(&body, call.now)?;
    let keys = call
        .desk
        .store()
        .service_account_keys(&account.unique_id)
        .await?;
    rule::room(&account, &keys)?;
    let new = uploaded(&account, &public, expires, call.now)?;
    let done = rule::add(new, &account, &keys, &call.context())?;
    let key = call.commit(done).await?;
    let (location, version) = (call.location(&key.id), key.version);
    Ok(Answer::created(&Key::of(key, &[]), location).tagged(version))
}

async fn get(call: Call) -> Result<Answer, Problem> {
    let (key, uses) = key(&call, Right::Read).await?;
    let version = key.version;
    Ok(call.record(&Key::of(key, &uses), version))
}

async fn update(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    covered(&call, &account).await?;
    let (key, uses) = key(&call, Right::Write).await?;
    let body: PatchKey = call.read()?;
    call.if_match(key.version, Needed::Yes)?;
    let end = UnixTime::from_rfc3339(&body.expires).ok_or_else(|| {
        let example = "expires is a moment like 2027-04-01T00:00:00Z.";
        No::field("/expires", example)
    })?;
    let done = rule::end_at(key, end, &call.context())?;
    done_with(&call, done, &uses).await
}

async fn delete(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    covered(&call, &account).await?;
    let (key, _) = key(&call, Right::Write).await?;
    call.if_match(key.version, Needed::No)?;
    let done = rule::delete(key, &call.context())?;
    call.commit(done).await?;
    Ok(Answer::gone())
}

async fn disable(call: Call) -> Result<Answer, Problem> {
    let (key, uses) = key(&call, Right::Write).await?;
    let body: DisableKey = call.read()?;
    call.if_match(key.version, Needed::No)?;
    let mut read = Read::default();
    let note = read.one("/note", &body.note);
    let note = read.finish(note)?;
    let done = rule::disable(key, body.reason.into(), note, &call.context())?;
    done_with(&call, done, &uses).await
}

async fn enable(call: Call) -> Result<Answer, Problem> {
    let (account, _) = call.account(Right::Write).await?;
    covered(&call, &account).await?;
    let (key, uses) = key(&call, Right::Write).await?;
    call.if_match(key.version, Needed::No)?;
    let done = rule::enable(key, &call.context())?;
    done_with(&call, done, &uses).await
}

async fn done_with(
    call: &Call,
    done: Done<record::ServiceAccountKey>,
    uses: &[KeyUse],
) -> Result<Answer, Problem> {
    let now = call.commit(done).await?;
    let version = now.version;
    Ok(Answer::ok(&Key::of(now, uses)).tagged(version))
}

/// The key that the path names, and the uses of the account's keys.
async fn key(
    call: &Call,
    right: Right,
) -> Result<(record::ServiceAccountKey, Vec<KeyUse>), Problem> {
    let (account, _) = call.account(right).await?;
    let id: KeyId = call.named("key")?;
    let key = call.desk.store().service_account_key(&id).await?;
    let key = key.filter(|key| key.account == account.unique_id);
    let uses = call.desk.store().key_uses(&account.unique_id).await?;
    Ok((key.ok_or_else(No::hidden)?, uses))
}
