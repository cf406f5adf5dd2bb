//! `projects/{project}/serviceAccounts/{account}/keys`: keys made here, keys uploaded, and keys that we hold.
//!
//! The private half of a key that is made here stands in the answer to its creation and nowhere else.

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use carnet_core::record::DisableReason;
use carnet_core::record::KeyOrigin;
use carnet_core::record::KeyState;
use carnet_core::record::ServiceAccount;
use carnet_core::record::ServiceAccountKey;
use carnet_core::record::SystemKey;
use carnet_core::rule::admin::service_account_key as rule;
use carnet_core::rule::admin::service_account_key::bounded_by_certificate;
use carnet_core::rule::iam::Permission;
use carnet_core::value::KeyId;
use carnet_core::value::UnixTime;
use carnet_jose::KeyType;
use carnet_jose::PublicKey;
use carnet_jose::pem;
use carnet_jose::x509::UploadedCertificate;
use carnet_wire::google::iam_admin as wire;

use super::Answered;
use super::Named;
use super::account;
use super::call::Call;
use super::halt::Halt;
use super::halt::unknown;
use super::halt::wrong;
use crate::key_pair::Form;
use crate::service_account_key::made;
use crate::service_account_key::uploaded;

/// Until when a key is worth something that does not expire.
const FOR_EVER: &str = "9999-12-31T23:59:59Z";

const JSON: &str = "TYPE_GOOGLE_CREDENTIALS_FILE";
const P12: &str = "TYPE_PKCS12_FILE";
const RSA_2048: &str = "KEY_ALG_RSA_2048";
const UNSPECIFIED: &str = "KEY_ALG_UNSPECIFIED";
const USER: &str = "USER_MANAGED";
const SYSTEM: &str = "SYSTEM_MANAGED";
const REASON: &str = "SERVICE_ACCOUNT_KEY_DISABLE_REASON_";

/// The longest upload, in characters of base64.
const LONGEST_UPLOAD: usize = 44_000;

/// Answers what this noun has.
pub(super) async fn answer(call: &Call<'_>, asked: Named<'_>) -> Option<Answered> {
    let (method, parts, word) = asked;
    let &[
        "v1",
        "projects",
        project,
        "serviceAccounts",
        account,
        "keys",
        ref rest @ ..,
    ] = parts
    else {
        return None;
    };
    let named = (project, account);
    Some(match (method, rest, word) {
        (&Method::GET, [], "") => list(call, named).await,
        (&Method::POST, [], "") => create(call, named).await,
        (&Method::POST, [], "upload") => upload(call, named).await,
        (&Method::GET, [key], "") => get(call, named, key).await,
        (&Method::DELETE, [key], "") => delete(call, named, key).await,
        (&Method::POST, [key], "enable") => enable(call, named, key).await,
        (&Method::POST, [key], "disable") => disable(call, named, key).await,
        _ => return None,
    })
}

async fn list(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = account::there(call, named, Permission::ListKeys).await?;
    let (mut users, mut systems) = (false, false);
    for kind in call.query.all("keyTypes") {
        match kind {
            USER => users = true,
            SYSTEM => systems = true,
            "KEY_TYPE_UNSPECIFIED" => {}
            _ => return Err(wrong("key_types", "It is no type of keys.")),
        }
    }
    let both = !users && !systems;
    let mut keys = Vec::new();
    if users || both {
        let held = call.store().service_account_keys(&account.unique_id);
        keys.extend(held.await?.iter().map(|key| shown(key, &account)));
    }
    if systems || both {
        let held = call.store().system_keys(&account.unique_id).await?;
        let there = held
            .iter()
            .filter(|key| key.published_until > call.told.now);
        keys.extend(there.map(|key| held_here(key, &account)));
    }
    Ok(wire::print(&wire::KeyList { keys }))
}

async fn create(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = account::there(call, named, Permission::CreateKey).await?;
    call.covered(&account).await?;
    let body: wire::CreateKey = call.read()?;
    let (form, kind) = match body.private_key_type.as_deref() {
        None | Some("" | "TYPE_UNSPECIFIED" | JSON) => (Form::Pem, JSON),
        Some(P12) => (Form::P12, P12),
        Some(_) => return Err(wrong("private_key_type", "It is no type of files.")),
    };
    match body.key_algorithm.as_deref() {
        None | Some("" | UNSPECIFIED | RSA_2048) => {}
        Some("KEY_ALG_RSA_1024") => {
            return Err(wrong("key_algorithm", "RSA of 1024 bits is too weak."));
        }
        Some(_) => return Err(wrong("key_algorithm", "It is no algorithm of keys.")),
    }
    let keys = call
        .store()
        .service_account_keys(&account.unique_id)
        .await?;
    rule::room(&account, &keys)?;
    let form = (KeyType::Rsa2048, form);
    let (new, private) = made(&account, form, None, call.told.now, call.parts).await?;
    let done = rule::add(new, &account, &keys, &call.context())?;
    let key = call.commit(done).await?;
    Ok(wire::print(&wire::Key {
        private_key_type: Some(kind),
        private_key_data: Some(STANDARD.encode(private.as_slice())),
        ..shown(&key, &account)
    }))
}

async fn upload(call: &Call<'_>, named: (&str, &str)) -> Answered {
    let (account, _) = account::there(call, named, Permission::CreateKey).await?;
    call.covered(&account).await?;
    let body: wire::UploadKey = call.read()?;
    let data = body.public_key_data.unwrap_or_default();
    let bytes = if data.len() > LONGEST_UPLOAD {
        None
    } else {
        STANDARD.decode(data.as_bytes()).ok()
    };
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    let text = text.ok_or_else(|| wrong("public_key_data", "It is no PEM in base64."))?;
    let (public, expires) = read(text.trim(), call.told.now)?;
    let keys = call
        .store()
        .service_account_keys(&account.unique_id)
        .await?;
    rule::room(&account, &keys)?;
    let new = uploaded(&account, &public, expires, call.told.now)?;
    let done = rule::add(new, &account, &keys, &call.context())?;
    Ok(wire::print(&shown(&call.commit(done).await?, &account)))
}

/// An uploaded key, and when it expires.
fn read(text: &str, now: UnixTime) -> Result<(PublicKey, Option<UnixTime>), Halt> {
    let bad = |why: String| {
        wrong(
            "public_key_data",
            format!("It is no key that can be used: {why}."),
        )
    };
    if text.contains("BEGIN CERTIFICATE") {
        let read = UploadedCertificate::from_pem(text).map_err(|why| bad(why.to_string()))?;
        let (from, until) = (UnixTime(read.not_before), UnixTime(read.not_after));
        let expires = bounded_by_certificate(None, from, until, now)?;
        return Ok((read.public_key, expires));
    }
    let key = PublicKey::from_pem(text).map_err(|why| bad(why.to_string()))?;
    Ok((key, None))
}

async fn get(call: &Call<'_>, named: (&str, &str), key: &str) -> Answered {
    let (account, _) = account::there(call, named, Permission::GetKey).await?;
    let (shown, certificate, public) = match key_of(call, &account, key).await {
        Ok(key) => (shown(&key, &account), key.certificate, key.public_key),
        Err(none) => {
            let held = call.store().system_keys(&account.unique_id).await?;
            let there = held.into_iter().find(|held| held.id.as_str() == key);
            let held = there.ok_or(none)?;
            (
                held_here(&held, &account),
                held.certificate,
                held.public_key,
            )
        }
    };
    let text = match call.query.one("publicKeyType") {
        None | Some("" | "TYPE_NONE") => None,
        Some("TYPE_X509_PEM_FILE") => Some(pem::encode("CERTIFICATE", &certificate)),
        Some("TYPE_RAW_PUBLIC_KEY") => Some(pem::encode("PUBLIC KEY", &public)),
        Some(_) => return Err(wrong("public_key_type", "It is no type of files.")),
    };
    Ok(wire::print(&wire::Key {
        public_key_data: text.map(|text| STANDARD.encode(text.as_bytes())),
        ..shown
    }))
}

async fn delete(call: &Call<'_>, named: (&str, &str), key: &str) -> Answered {
    let (account, _) = account::there(call, named, Permission::DeleteKey).await?;
    call.covered(&account).await?;
    let key = key_of(call, &account, key).await?;
    let done = rule::delete(key, &call.context())?;
    call.commit(done).await?;
    Ok(b"{}".to_vec())
}

async fn enable(call: &Call<'_>, named: (&str, &str), key: &str) -> Answered {
    let (account, _) = account::there(call, named, Permission::EnableKey).await?;
    call.covered(&account).await?;
    let key = key_of(call, &account, key).await?;
    let done = rule::enable(key, &call.context())?;
    call.commit(done).await?;
    Ok(b"{}".to_vec())
}

async fn disable(call: &Call<'_>, named: (&str, &str), key: &str) -> Answered {
    let (account, _) = account::there(call, named, Permission::DisableKey).await?;
    let key = key_of(call, &account, key).await?;
    let body: wire::DisableKey = call.read()?;
    let reason = body.service_account_key_disable_reason.unwrap_or_default();
    let reason = match reason.strip_prefix(REASON).unwrap_or(&reason) {
        "" | "UNSPECIFIED" | "USER_INITIATED" => DisableReason::UserInitiated,
        "EXPOSED" => DisableReason::Exposed,
        "COMPROMISE_DETECTED" => DisableReason::CompromiseDetected,
        _ => {
            let field = "service_account_key_disable_reason";
            return Err(wrong(field, "It is no reason."));
        }
    };
    let note = body.extended_status_message.unwrap_or_default();
    let note = note
        .parse()
        .map_err(|why| wrong("extended_status_message", format!("It is {why}.")))?;
    let done = rule::disable(key, reason, note, &call.context())?;
    call.commit(done).await?;
    Ok(b"{}".to_vec())
}

/// A key of this account.
async fn key_of(
    call: &Call<'_>,
    account: &ServiceAccount,
    key: &str,
) -> Result<ServiceAccountKey, Halt> {
    let found = match key.parse::<KeyId>() {
        Ok(id) => call.store().service_account_key(&id).await?,
        Err(_) => None,
    };
    let found = found.filter(|found| found.account == account.unique_id);
    found.ok_or_else(|| {
        let name = account::name(account);
        unknown(format!(
            "Service account key {name}/keys/{key} does not exist."
        ))
    })
}

/// A key, as it is shown.
fn shown(key: &ServiceAccountKey, account: &ServiceAccount) -> wire::Key {
    let public = PublicKey::from_spki_der(&key.public_key).ok();
    let (disabled, disable_reason) = match &key.state {
        KeyState::Active => (false, None),
        KeyState::Disabled { reason, .. } => (true, Some(reason_name(*reason))),
    };
    wire::Key {
        name: format!("{}/keys/{}", account::name(account), key.id),
        key_algorithm: match public {
            Some(public) if key.algorithm.name() == "RS256" && public.bits() == 2_048 => RSA_2048,
            _ => UNSPECIFIED,
        },
        valid_after_time: key.created.rfc3339(),
        valid_before_time: key
            .expires
            .map_or_else(|| FOR_EVER.to_owned(), UnixTime::rfc3339),
        key_origin: match key.origin {
            KeyOrigin::Made => "GOOGLE_PROVIDED",
            KeyOrigin::Uploaded => "USER_PROVIDED",
        },
        key_type: USER,
        disabled,
        disable_reason,
        ..wire::Key::default()
    }
}

/// A key that we hold for an account, as it is shown.
fn held_here(key: &SystemKey, account: &ServiceAccount) -> wire::Key {
    wire::Key {
        name: format!("{}/keys/{}", account::name(account), key.id),
        key_algorithm: RSA_2048,
        valid_after_time: key.created.rfc3339(),
        valid_before_time: key.published_until.rfc3339(),
        key_origin: "GOOGLE_PROVIDED",
        key_type: SYSTEM,
        ..wire::Key::default()
    }
}

const fn reason_name(reason: DisableReason) -> &'static str {
    match reason {
        DisableReason::UserInitiated => "SERVICE_ACCOUNT_KEY_DISABLE_REASON_USER_INITIATED",
        DisableReason::Exposed => "SERVICE_ACCOUNT_KEY_DISABLE_REASON_EXPOSED",
        DisableReason::CompromiseDetected => {
            "SERVICE_ACCOUNT_KEY_DISABLE_REASON_COMPROMISE_DETECTED"
        }
    }
}
