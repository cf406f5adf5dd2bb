//! The database, opened for a look.
//!
//! Its schema, its signing keys with the secret that must open them, the last entries of the audit
//! chain, the clock against what was written last, and whether somebody owns the installation.

use carnet_core::record::{SigningKey, SigningKeyState, SigningUse};
use carnet_core::rule::admin::audit::Walk;
use carnet_core::store::{AuditFilter, Fault, Page, Store};
use carnet_server::keyring::{KeyEncryptionKey, Keyring, KeyringFault};
use carnet_server::setup_link;

use super::files;
use crate::checklist::Check;
use crate::config::Config;

/// How many entries of the audit log are looked at.
const ENTRIES: u16 = 200;

/// A key that signs for longer than this should have a successor.
const OLD_DAYS: i64 = 400;

const DAY: i64 = 86_400;

/// Looks at it.
pub(super) async fn look(config: &Config, secret: Option<[u8; 32]>, now: i64) -> Vec<Check> {
    if files::sqlite_file(config).is_some_and(|file| !file.exists()) {
        let check = Check::warn("database", "there is none yet")
            .why("the first start of carnet serve makes it; later, a disk may not be mounted");
        return vec![check.fix("carnet serve")];
    }
    let found = match carnet_store::look(&config.database_url).await {
        Ok(found) => found,
        Err(error) => {
            let check = Check::fail("database", error.to_string());
            return vec![match error.crn() {
                Some(code) => check.fix(format!("carnet explain {code}")),
                None => {
                    check.fix("correct database_url: sqlite:PATH or postgres://USER@HOST/DATABASE")
                }
            }];
        }
    };
    let engine = config.database_url.split(':').next().unwrap_or_default();
    if found.missing_steps > 0 {
        let steps = found.missing_steps;
        let check = Check::warn(
            "database",
            format!("{engine} answers; {steps} steps of its schema are to be made"),
        );
        return vec![check.fix("the next start makes them: take a backup, then carnet serve")];
    }
    let mut checks = vec![Check::pass(
        "database",
        format!("{engine} answers, its schema is current"),
    )];
    match records(found.store.as_ref(), secret, now).await {
        Ok(more) => checks.extend(more),
        Err(fault) => checks.push(
            Check::fail("records", format!("they cannot be read: {fault}"))
                .fix("carnet explain CRN-8001"),
        ),
    }
    checks
}

async fn records(
    store: &dyn Store,
    secret: Option<[u8; 32]>,
    now: i64,
) -> Result<Vec<Check>, Fault> {
    let keys = store.signing_keys().await?;
    if keys.is_empty() {
        let check = Check::warn(
            "signing keys",
            "there are none yet; the first start makes them",
        );
        return Ok(vec![check.fix("carnet serve")]);
    }
    let mut checks = vec![signing(&keys, now)];
    checks.extend(secret.map(|secret| sealed(&keys, secret)));
    checks.extend(log(store, now).await?);
    checks.push(if setup_link::has_owner(store).await? {
        Check::pass("setup", "somebody owns the installation")
    } else {
        Check::warn(
            "setup",
            "nobody owns the installation yet: whoever has the setup link can take it",
        )
        .fix("open the link that carnet serve printed when it started")
    });
    Ok(checks)
}

/// Which keys sign, which are published, and how old they are.
fn signing(keys: &[SigningKey], now: i64) -> Check {
    let signers = keys.iter().filter(|key| key.usage != SigningUse::Seal);
    let ages: Vec<i64> = signers
        .clone()
        .filter_map(|key| match key.state {
            SigningKeyState::Active { since } => Some((now - since.0).div_euclid(DAY)),
            _ => None,
        })
        .collect();
    let Some(oldest) = ages.iter().max() else {
        return Check::fail("signing keys", "none of them signs")
            .fix("carnet key list; carnet key activate ID");
    };
    let found = format!(
        "{} sign, {} are published, the oldest signs for {oldest} days",
        ages.len(),
        signers.count()
    );
    if *oldest > OLD_DAYS {
        return Check::warn("signing keys", found)
            .fix("carnet key create ES256, then carnet key activate ID");
    }
    Check::pass("signing keys", found)
}

/// The secret opens them.
fn sealed(keys: &[SigningKey], secret: [u8; 32]) -> Check {
    let about = "sealed keys";
    let opened = KeyEncryptionKey::new(secret).map(|key| Keyring::open(keys, &key));
    match opened {
        Ok(Ok(_)) => Check::pass(about, "the secret key opens them"),
        Ok(Err(KeyringFault::Sealed(_))) => Check::fail(
            about,
            "the secret key does not open the signing keys of this database",
        )
        .fix("give the server the key file that belongs to this database"),
        Ok(Err(other)) => Check::fail(about, other.to_string()).fix("restore the latest backup"),
        Err(error) => Check::fail(about, error.to_string()).fix("carnet explain CRN-8003"),
    }
}

/// The end of the audit chain, and the clock against it.
async fn log(store: &dyn Store, now: i64) -> Result<Vec<Check>, Fault> {
    let listing = store
        .audit(&AuditFilter::default(), &Page::first(ENTRIES))
        .await?;
    let entries: Vec<_> = listing.items.into_iter().rev().collect();
    let Some((first, rest)) = entries.split_first() else {
        return Ok(vec![Check::pass("audit", "the log is empty")]);
    };
    let newest = entries.iter().map(|entry| entry.draft.at.0).max();
    let anchor = Walk {
        sequence: first.sequence,
        hash: first.hash,
        broken: None,
    };
    let chain = match anchor.over(rest).broken {
        None => Check::pass("audit", format!("the last {} entries hold", entries.len())),
        Some(broken) => Check::fail(
            "audit",
            format!("entry {broken} does not follow the one before it"),
        )
        .why("an entry was altered, dropped or put in, or the database is damaged")
        .fix("carnet audit verify tells how far the chain holds; restore the latest backup"),
    };
    let ahead = newest.unwrap_or_default() - now;
    let clock = if ahead > 60 {
        Check::fail(
            "clock",
            format!("this machine is {ahead} s behind the newest entry of the log"),
        )
        .fix("sudo timedatectl set-ntp true")
    } else {
        Check::pass("clock", "not behind what was written last")
    };
    Ok(vec![chain, clock])
}
