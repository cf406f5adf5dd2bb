//! Service accounts.

use serde::Deserialize;
use serde::Serialize;

use super::is_false;
use crate::google::iam_credentials::NotARequest;

/// An account, as it is shown.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccount {
    /// `projects/P/serviceAccounts/EMAIL`.
    pub name: String,
    /// The id of its project.
    pub project_id: String,
    /// Its number.
    pub unique_id: String,
    /// Its e-mail.
    pub email: String,
    /// What people call it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// Its state, as an opaque text.
    pub etag: String,
    /// What it is for.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Its number again: its OAuth client ID.
    pub oauth2_client_id: String,
    /// Whether it is disabled.
    #[serde(skip_serializing_if = "is_false")]
    pub disabled: bool,
}

/// A page of accounts.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountList {
    /// The accounts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<ServiceAccount>,
    /// Where the next page begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page_token: Option<String>,
}

/// The answer to `undelete`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    /// The account as it is again.
    pub restored_account: ServiceAccount,
}

/// What a request says of an account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Given {
    /// What people call it.
    #[serde(alias = "display_name")]
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The state that the writer has read.
    pub etag: Option<String>,
}

/// The body of `create`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CreateAccount {
    /// The local part of the e-mail.
    #[serde(alias = "account_id")]
    pub account_id: Option<String>,
    /// The rest.
    #[serde(alias = "service_account")]
    pub service_account: Option<Given>,
}

/// The body of `patch`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PatchAccount {
    /// What is written.
    #[serde(alias = "service_account")]
    pub service_account: Option<Given>,
    /// Which members of it.
    #[serde(alias = "update_mask")]
    pub update_mask: Option<String>,
}

/// An `updateMask`: names of members with commas between, in either spelling.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mask(Option<Vec<String>>);

impl Mask {
    /// Reads it. `known` is what can be written, in the spelling of JSON.
    pub fn parse(text: Option<&str>, known: &[&str]) -> Result<Self, NotARequest> {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        let Some(text) = text.filter(|text| *text != "*") else {
            return Ok(Self(None));
        };
        let mut names = Vec::new();
        for name in text.split(',') {
            let name = camel(name.trim());
            if !known.contains(&name.as_str()) {
                return Err(NotARequest {
                    field: "update_mask",
                    why: "names a member that cannot be written",
                });
            }
            names.push(name);
        }
        Ok(Self(Some(names)))
    }

    /// Whether it names this member.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let names = self.0.iter().flatten();
        names.into_iter().any(|one| one == name)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it names this member, or one in it.
    #[must_use]
    pub fn any_below(&self, name: &str) -> bool {
        let names = self.0.iter().flatten();
        let below = |one: &String| {
            let rest = one.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        names.into_iter().any(below)
    }

    /// What is written of a member: what was given; nothing said and named in the mask is empty; nothing said
    /// and not named stays. Without a mask, what was given is written.
    pub fn of<T: Default>(&self, name: &str, given: Option<T>) -> Option<T> {
        match &self.0 {
            None => given,
            Some(names) if names.iter().any(|one| one == name) => Some(given.unwrap_or_default()),
            Some(_) => None,
        }
    }
}

fn camel(name: &str) -> String {
    let mut after = false;
    let mut camel = String::with_capacity(name.len());
    for letter in name.chars().take(100) {
        if letter == '_' {
            after = true;
        } else if after {
            camel.extend(letter.to_uppercase());
            after = false;
        } else {
            camel.push(letter);
        }
    }
    camel
}
