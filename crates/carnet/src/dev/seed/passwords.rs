//! Passwords of the people of a seed. They may be short, since a sandbox has nothing to protect.

use anyhow::Context as _;
use anyhow::bail;
use carnet_core::record;
use carnet_core::rule::password::Demand;
use carnet_core::rule::password::fit;
use carnet_core::store::Change;
use carnet_core::store::Record;
use carnet_core::value::Email;
use carnet_core::value::PasswordHash;
use carnet_core::value::UserId;
use carnet_core::value::Version;
use carnet_server::parts::Parts;
use carnet_server::password::Typed;

use super::plan::Seed;

/// How often it is tried to hash a password; each try waits two seconds.
const PATIENCE: u8 = 15;

/// What is kept of them.
pub(super) async fn records(
    seed: &Seed,
    users: &[(Email, UserId)],
    parts: &Parts,
) -> anyhow::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (planned, (_, id)) in seed.users.iter().zip(users) {
        let Some(password) = &planned.password else {
            continue;
        };
        let password = password.as_str();
        fit(password, &planned.email, Demand::Sandbox)
            .with_context(|| format!("the password of {}", planned.email))?;
        let row = record::Password {
            user: id.clone(),
            hash: hashed(password, parts).await?,
            changed: parts.now(),
            version: Version::FIRST,
        };
        changes.push(Change::Insert(Record::Password(row)));
    }
    Ok(changes)
}

/// Hashes a password, however busy the machine is on which a sandbox starts.
async fn hashed(password: &str, parts: &Parts) -> anyhow::Result<PasswordHash> {
    for _ in 0..PATIENCE {
        let typed = Typed::new(password.to_owned());
        if let Ok(hash) = parts.passwords.hash(typed).await {
            return Ok(hash);
        }
    }
    bail!("the passwords of the seed could not be hashed in time")
}
