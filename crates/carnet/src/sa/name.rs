//! How people name a service account: by its name in the project, by e-mail, or by number.

use carnet_core::value::ServiceAccountEmail;

use crate::admin::{Admin, path};
use crate::failure::Failure;

/// Where the admin API has the account. An e-mail or a number says by itself which project it is in.
pub(crate) fn account_path(name: &str, admin: &Admin) -> Result<String, Failure> {
    let digits = name.len() == 21 && name.bytes().all(|byte| byte.is_ascii_digit());
    if digits || name.contains('@') {
        return Ok(path(&["projects", "-", "service-accounts", name]));
    }
    let project = admin.project()?;
    let email = email(name, project)?;
    Ok(path(&[
        "projects",
        project,
        "service-accounts",
        email.as_str(),
    ]))
}

/// The e-mail of an account of this name in this project.
fn email(name: &str, project: &str) -> Result<ServiceAccountEmail, Failure> {
    let name = name.parse().map_err(|_| {
        Failure::usage(format!("{name} is no name of a service account"))
            .why("a name has 2 to 30 lower-case letters, digits and hyphens")
            .fix("give its name, its e-mail or its 21-digit number; carnet sa list shows them")
    })?;
    let project = project
        .parse()
        .map_err(|_| Failure::usage(format!("{project} is no id of a project")))?;
    Ok(ServiceAccountEmail::of(&name, &project))
}
