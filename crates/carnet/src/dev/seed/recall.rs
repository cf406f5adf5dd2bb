//! A sandbox with `--data` that was sown before: what grew is found again, and nothing is written.

use std::path::Path;

use anyhow::Context as _;
use carnet_core::store::Store;
use carnet_core::value::ProjectId;
use carnet_core::value::ServiceAccountEmail;
use carnet_server::parts::Parts;

use super::clients;
use super::grown::Grown;
use super::grown::GrownAccount;
use super::grown::GrownUser;
use super::grown::role;
use super::plan::Seed;

/// Finds the records of a seed and its key files.
pub(super) async fn recall(
    seed: &Seed,
    project: &ProjectId,
    parts: &Parts,
    folder: &Path,
) -> anyhow::Result<Grown> {
    let store: &dyn Store = parts.store.as_ref();
    let domain = seed
        .organization
        .domains
        .first()
        .context("a seed needs a domain")?;
    let known = store.domain(domain).await?;
    let known =
        known.with_context(|| format!("the data was not sown from this seed: no {domain}"))?;
    let mut accounts = Vec::new();
    for planned in seed.with_files() {
        let email = ServiceAccountEmail::of(&planned.name, &planned.project);
        let account = store.service_account_by_email(&email).await?;
        let account =
            account.with_context(|| format!("the data was not sown from this seed: no {email}"))?;
        let key_file = std::path::absolute(folder.join(format!("{}-key.json", planned.name)))?;
        accounts.push(GrownAccount {
            account,
            role: planned.role.map(role),
            key_file,
        });
    }
    Ok(Grown {
        organization: known.organization,
        domain: domain.to_string(),
        project: project.clone(),
        users: GrownUser::of(seed),
        accounts,
        clients: clients::recall(&seed.clients, store).await?,
    })
}
