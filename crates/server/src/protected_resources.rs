//! What this server says about its own APIs: the one that administers it, and userinfo (RFC 9728).
//!
//! 1. Userinfo takes tokens whose `aud` is the issuer: that is its name, and its document stands at the root.
//! 2. The admin API is called `urn:carnet:admin` in `aud`, so that no token and no program depends on the
//!    public URL ([`crate::system::ADMIN_API`]). A client that found the API by its address knows no such name:
//!    it asks for a token with the address as `resource` (RFC 8707), which is taken for the same
//!    ([`rename`]). So is the issuer, for a token that is good at userinfo and nowhere else.
//!
//! A challenge of either names its document ([`Own::document`]).

use std::borrow::Cow;

use carnet_core::rule::authorize::USERINFO;
use carnet_wire::protected_resource::ProtectedResource;
use carnet_wire::protected_resource::well_known;
use carnet_wire::protected_resource::well_known_path;

use crate::system::ADMIN_API;
use crate::system::ADMIN_PATH;
use crate::system::SCOPE_ADMIN;
use crate::system::SCOPE_ADMIN_READ;

/// An API of this server.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Own {
    /// `/userinfo`.
    Userinfo,
    /// The admin API.
    Admin,
}

impl Own {
    /// Its identifier, as a client asks for it.
    #[must_use]
    pub fn resource(self, issuer: &str) -> String {
        match self {
            Self::Userinfo => issuer.to_owned(),
            Self::Admin => format!("{issuer}{ADMIN_PATH}"),
        }
    }

    /// The path of its document.
    #[must_use]
    pub fn path(self, issuer: &str) -> Option<String> {
        well_known_path(&self.resource(issuer))
    }

    /// The address of its document, for a challenge (section 5.1).
    #[must_use]
    pub fn document(self, issuer: &str) -> Option<String> {
        well_known(&self.resource(issuer))
    }

    /// What it says.
    #[must_use]
    pub fn described(self, issuer: &str) -> ProtectedResource {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let (name, scopes, methods): (_, &[&str], &[&str]) = match self {
            Self::Userinfo => (
                "Userinfo",
                &["openid", "profile", "email"],
                &["header", "body"],
            ),
            Self::Admin => (
                "Administration of Carnet",
                &[SCOPE_ADMIN, SCOPE_ADMIN_READ],
                &["header"],
            ),
        };
        ProtectedResource {
            resource: self.resource(issuer),
            authorization_servers: vec![issuer.to_owned()],
            scopes_supported: texts(scopes),
            bearer_methods_supported: texts(methods),
            resource_name: Some(name.to_owned()),
            ..ProtectedResource::default()
        }
    }
}

/// The address of the admin API among the resources of a request becomes the name of that API, and the issuer
/// that of userinfo. A root is the same with a slash and without one (RFC 3986 section 6.2.3), and libraries
/// that keep URLs write it with one.
pub fn rename(resources: &mut [Cow<'_, str>], issuer: &str) {
    let address = Own::Admin.resource(issuer);
    for resource in resources {
        if *resource == address {
            *resource = ADMIN_API.into();
        } else if resource.strip_suffix('/').unwrap_or(resource) == issuer {
            *resource = USERINFO.into();
        }
    }
}

#[cfg(test)]
mod tests;
