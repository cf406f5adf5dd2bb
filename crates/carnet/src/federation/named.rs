//! How pools and providers are named on the command line, and where the admin API has them.
//!
//! A provider is `POOL/PROVIDER`, its whole name, or the audience that a credential file has. A pool is the last part
//! of its name or the whole of it. Whole names say whether they are a workforce's; short ones need `--workforce`.

use clap::Args;

use crate::admin::Admin;
use crate::admin::path;
use crate::failure::Failure;

/// Whose pools are meant.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Whose {
    /// The pools of the organization's people, not those of a project.
    #[arg(long)]
    pub(super) workforce: bool,
}

/// What stands before a pool's id in its whole name, and whether such a pool is a workforce's.
const POOLS: &[(&str, bool)] = &[
    ("/workloadIdentityPools/", false),
    ("workforcePools/", true),
];

/// Where pools are.
pub(super) async fn pools(whose: Whose, admin: &Admin) -> Result<String, Failure> {
    if whose.workforce {
        let organization = admin.organization().await?;
        return Ok(path(&["organizations", &organization, "workforce-pools"]));
    }
    Ok(path(&["projects", admin.project()?, "workload-pools"]))
}

/// Where one pool is.
pub(super) async fn pool(name: &str, whose: Whose, admin: &Admin) -> Result<String, Failure> {
    let (id, whose) = shortened(name, whose);
    Ok(format!("{}/{}", pools(whose, admin).await?, path(&[id])))
}

/// Where the providers of a pool are.
pub(super) async fn providers(name: &str, whose: Whose, admin: &Admin) -> Result<String, Failure> {
    Ok(format!("{}/providers", pool(name, whose, admin).await?))
}

/// Where one provider is.
pub(super) async fn provider(name: &str, whose: Whose, admin: &Admin) -> Result<String, Failure> {
    let (id, whose) = shortened(name, whose);
    let parts = id.split_once("/providers/").or_else(|| id.split_once('/'));
    let Some((pool, id)) = parts else {
        return Err(Failure::usage(format!("{name} names no provider"))
            .why("a provider is named with its pool")
            .fix("--provider POOL/PROVIDER"));
    };
    let providers = providers(pool, whose, admin).await?;
    Ok(format!("{providers}/{}", path(&[id])))
}

/// What is behind the pool's place in a whole name, and whose it is.
fn shortened(name: &str, whose: Whose) -> (&str, Whose) {
    for (before, workforce) in POOLS {
        if let Some((_, id)) = name.split_once(before) {
            let workforce = *workforce;
            return (id, Whose { workforce });
        }
    }
    (name, whose)
}

#[cfg(test)]
mod tests {
    use super::Whose;
    use super::shortened;

    #[test]
    fn google_wire_6_1_whole_names_and_audiences_name_what_they_name() {
        let short = Whose { workforce: false };
        for (name, id, workforce) in [
            ("ci/github", "ci/github", false),
            (
                "projects/1/locations/global/workloadIdentityPools/ci",
                "ci",
                false,
            ),
            (
                "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/github",
                "ci/providers/github",
                false,
            ),
            (
                "locations/global/workforcePools/people/providers/okta",
                "people/providers/okta",
                true,
            ),
        ] {
            let (found, whose) = shortened(name, short);
            assert_eq!((found, whose.workforce), (id, workforce), "{name}");
        }
    }
}
