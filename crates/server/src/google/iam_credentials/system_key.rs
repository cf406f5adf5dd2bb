//! The key with which an account signs for others: chosen, made where there is none, opened
//! ([`carnet_core::rule::iam::system_key`] has its life).
//!
//! A key is made by one request at a time on a node, and by one of several nodes: the others find that this
//! generation is taken, and read it. It stands in the account's documents before anything is signed by it.

use carnet_core::record::AuditDraft;
use carnet_core::record::Outcome;
use carnet_core::record::SigningUse;
use carnet_core::record::SystemKey;
use carnet_core::rule::iam::system_key;
use carnet_core::rule::iam::system_key::Next;
use carnet_core::store::AccountSnapshot;
use carnet_core::store::Change;
use carnet_core::store::Committed;
use carnet_core::store::Fault;
use carnet_core::store::Record;
use carnet_core::store::Why;
use carnet_core::value::KeyId;
use carnet_core::value::UniqueId;
use carnet_core::value::UnixTime;
use carnet_jose::Algorithm;
use carnet_jose::KeyPair;
use serde_json::json;
use tokio::sync::Mutex;

use crate::entropy::SystemEntropy;
use crate::keyring::make_key;
use crate::parts::Parts;

/// Who makes a key.
static MAKING: Mutex<()> = Mutex::const_new(());

/// A key, opened.
pub(super) struct Opened {
    pub(super) id: KeyId,
    pub(super) pair: KeyPair,
}

/// The key of this account for this moment.
pub(super) async fn of(
    account: &AccountSnapshot,
    now: UnixTime,
    parts: &Parts,
) -> Result<Opened, Fault> {
    let chosen = system_key::choose(&account.system, now);
    if let (Some(key), None) = (chosen.key, chosen.next) {
        return open(key, parts);
    }
    let id = &account.account.unique_id;
    let _alone = MAKING.lock().await;
    // Somebody may have made it meanwhile; and may again before the commit, on another node.
    for _ in 0..2 {
        let keys = parts.store.system_keys(id).await?;
        let chosen = system_key::choose(&keys, now);
        let made = match chosen.next {
            Some(next) => make(id, next, parts).await?,
            None => None,
        };
        if let Some(key) = chosen.key.or(made.as_ref()) {
            return open(key, parts);
        }
    }
    Err(Fault::temporary("a key of an account could not be made"))
}

/// Makes it; none where another node did.
async fn make(id: &UniqueId, next: Next, parts: &Parts) -> Result<Option<SystemKey>, Fault> {
    let usage = SigningUse::Sign(Algorithm::RS256);
    let made = make_key(usage, next.created, &mut SystemEntropy, &parts.encryption);
    let made = made.map_err(Fault::lasting)?;
    let key = SystemKey {
        id: made.id,
        account: id.clone(),
        generation: next.generation,
        public_key: made.public_key,
        certificate: made.certificate,
        sealed: made.sealed,
        created: next.created,
        signs_from: next.signs_from,
        signs_until: next.signs_until,
        published_until: next.published_until,
    };
    let changes = [
        Change::Insert(Record::SystemKey(key.clone())),
        Change::Audited(audit(&key)),
    ];
    match parts.store.commit(&changes).await? {
        Committed::Yes => Ok(Some(key)),
        Committed::No(_, Why::Taken) => Ok(None),
        Committed::No(..) => Err(Fault::temporary("a key of an account was not kept")),
    }
}

fn audit(key: &SystemKey) -> AuditDraft {
    AuditDraft {
        at: key.created,
        actor: "carnet".to_owned(),
        action: "service_account.system_key".to_owned(),
        target: key.account.to_string(),
        outcome: Outcome::Done,
        address: String::new(),
        trace: String::new(),
        detail: json!({"key": key.id, "signs_from": key.signs_from.rfc3339()}).to_string(),
    }
}

fn open(key: &SystemKey, parts: &Parts) -> Result<Opened, Fault> {
    let der = parts
        .encryption
        .open(&key.sealed, key.id.as_str())
        .map_err(Fault::lasting)?;
    let pair = KeyPair::from_pkcs8_der(&der)
        .and_then(|pair| pair.with_algorithm(Algorithm::RS256))
        .map_err(Fault::lasting)?;
    Ok(Opened {
        id: key.id.clone(),
        pair,
    })
}
