//! What is looked at in a file of the type `gdch_service_account` alone (google-wire 8.4).

use carnet_core::value::ServiceIdentity;
use carnet_jose::{Algorithm, KeyPair};
use carnet_wire::google::{GDCH_SERVICE_ACCOUNT, GdchKeyFile};
use serde_json::{Map, Value};

use super::{short, token_uri};
use crate::checklist::Check;

/// The remedy where a file is past saving.
const ANEW: &str = "make a new key: carnet sa key create ACCOUNT --gdch --out key.json";

/// Whether the file is of this type.
pub(super) fn is_one(members: &Map<String, Value>) -> bool {
    text(members, "type") == GDCH_SERVICE_ACCOUNT
}

/// What signing needs, and every library insists on.
pub(super) fn present(members: &Map<String, Value>) -> Vec<Check> {
    let lacks = |name: &&str| text(members, name).is_empty();
    let needed = [
        "project",
        "name",
        "private_key_id",
        "private_key",
        "token_uri",
    ];
    let needed: Vec<_> = needed.into_iter().filter(lacks).collect();
    let mut checks = vec![if needed.is_empty() {
        Check::pass("members", "all there")
    } else {
        Check::fail("members", format!("{} missing or empty", needed.join(", "))).fix(ANEW)
    }];
    if text(members, "format_version") != "1" {
        checks.push(Check::fail("format_version", "not the text 1").fix(ANEW));
    }
    checks
}

/// The key is one for ES256, and may be in the form of RFC 5915, as Google writes it. Whether it is a key at all is looked
/// at elsewhere.
pub(super) fn private_key(pem: &str) -> Option<Check> {
    let about = "private_key";
    let pair = KeyPair::from_pem(pem).ok()?;
    let algorithm = pair.algorithm();
    if algorithm != Algorithm::ES256 {
        let found = format!("a key for {algorithm}, and not for ES256");
        let check = Check::fail(about, found).fix(ANEW);
        return Some(check.why("service identities sign with keys of P-256, and with no other"));
    }
    let sec1 = pem.contains("BEGIN EC PRIVATE KEY") && pem.trim().lines().count() > 2;
    sec1.then(|| Check::pass(about, "SEC1, ES256 with 256 bits"))
}

/// The names, and where the token comes from.
pub(super) fn names(members: &Map<String, Value>) -> Vec<Check> {
    let (project, name) = (text(members, "project"), text(members, "name"));
    let mut checks = Vec::new();
    if !project.is_empty() && !name.is_empty() {
        let identity = format!("system:serviceaccount:{project}:{name}");
        checks.push(match identity.parse::<ServiceIdentity>() {
            Ok(identity) => Check::pass("name", identity.to_string()),
            Err(_) => Check::fail("name", "project or name is none of a service account").fix(ANEW),
        });
    }
    let uri = text(members, "token_uri");
    if !uri.is_empty() {
        checks.push(token_uri(uri));
    }
    checks.push(match text(members, "ca_cert_path") {
        "" => Check::warn(
            "ca_cert_path",
            "missing: the machine's own authorities are trusted",
        )
        .why("the library for Go refuses such a file"),
        path => Check::pass("ca_cert_path", short(path)),
    });
    checks
}

/// What a client that reads the file at last does not forgive.
pub(super) fn unreadable(bytes: &[u8]) -> Option<Check> {
    let refused = GdchKeyFile::parse(bytes).err()?;
    Some(Check::fail("file", refused.to_string()).fix(ANEW))
}

fn text<'m>(members: &'m Map<String, Value>, name: &str) -> &'m str {
    let found = members.get(name).and_then(Value::as_str);
    found.unwrap_or_default()
}
