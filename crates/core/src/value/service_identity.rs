//! What a service account is called as a service identity of Google Distributed Cloud (google-wire 8.4).
//!
//! `system:serviceaccount:PROJECT:NAME`, as Kubernetes writes it. The account is `NAME` of `PROJECT`: the same two
//! that its e-mail is made of, so there is nothing to keep and nothing to look up, and no two accounts have the same.

use std::fmt;
use std::str::FromStr;

use crate::value::AccountId;
use crate::value::ProjectId;
use crate::value::ServiceAccountEmail;

const PREFIX: &str = "system:serviceaccount:";

/// The text names no service identity.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not system:serviceaccount:PROJECT:NAME")]
pub struct NotAServiceIdentity;

/// A service identity: a service account by its project and its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ServiceIdentity {
    /// The project, by its id.
    pub project: ProjectId,
    /// The local part of the account's e-mail.
    pub name: AccountId,
}

impl ServiceIdentity {
    /// The e-mail of the account.
    #[must_use]
    pub fn email(&self) -> ServiceAccountEmail {
        ServiceAccountEmail::of(&self.name, &self.project)
    }
}

impl FromStr for ServiceIdentity {
    type Err = NotAServiceIdentity;

    fn from_str(text: &str) -> Result<Self, NotAServiceIdentity> {
        let rest = text.strip_prefix(PREFIX).ok_or(NotAServiceIdentity)?;
        let (project, name) = rest.split_once(':').ok_or(NotAServiceIdentity)?;
        Ok(Self {
            project: project.parse().map_err(|_| NotAServiceIdentity)?,
            name: name.parse().map_err(|_| NotAServiceIdentity)?,
        })
    }
}

impl fmt::Display for ServiceIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { project, name } = self;
        write!(f, "{PREFIX}{project}:{name}")
    }
}

#[cfg(test)]
mod tests {
    use super::ServiceIdentity;

    #[test]
    fn google_wire_8_4_the_identity_is_the_account() {
        let text = "system:serviceaccount:billing:invoice-sync";
        let identity: ServiceIdentity = text.parse().unwrap();
        assert_eq!(identity.to_string(), text);
        let email = "invoice-sync@billing.iam.gserviceaccount.com";
        assert_eq!(identity.email().as_str(), email);
    }

    #[test]
    fn google_wire_8_4_what_is_no_identity() {
        for text in [
            "",
            "system:serviceaccount:",
            "system:serviceaccount:billing",
            "system:serviceaccount:billing:",
            "system:serviceaccount::invoice-sync",
            "system:serviceaccount:billing:invoice-sync:more",
            "system:serviceaccount:Billing:invoice-sync",
            "system:serviceaccount:billing:invoice-sync@billing",
            " system:serviceaccount:billing:invoice-sync",
            "System:serviceaccount:billing:invoice-sync",
            "invoice-sync@billing.iam.gserviceaccount.com",
        ] {
            assert!(text.parse::<ServiceIdentity>().is_err(), "{text}");
        }
    }
}
