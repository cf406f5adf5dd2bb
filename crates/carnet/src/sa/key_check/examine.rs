//! Every check that can be made of the bytes of a key file.
//!
//! 1. Is it JSON at all? What it is instead, if not: base64 of a key file, a bare PEM, PKCS#12.
//! 2. Is it the right kind of file, with what signing needs in it?
//! 3. Is the private key one: PKCS#8 in PEM, whole, with real line ends?
//! 4. Do the names have the form that the server gave them?
//! 5. Where nothing is wrong so far: can our own client read the file?
//!
//! What differs in the file of a service identity stands in [`identity`].
//!
//! `fuzz/targets/key_check.rs` compiles this file by its path, as nobody can depend on a binary: of
//! this crate it uses [`Check`] alone.

mod identity;

use carnet_jose::KeyPair;
use carnet_jose::json::{self, NotJson};
use carnet_wire::google::{GDCH_SERVICE_ACCOUNT, KeyFile};
use serde_json::{Map, Value};

use crate::checklist::Check;

/// The largest file that is looked at.
pub(crate) const LARGEST: u64 = 64 * 1024;

/// A key file holds strings and no object.
const DEEPEST: u8 = 8;

/// So much of a member is shown, in characters.
const LONGEST_SHOWN: usize = 200;

/// Every check that can be made of the bytes.
pub(crate) fn examine(bytes: &[u8]) -> Vec<Check> {
    if bytes.len() as u64 > LARGEST {
        return vec![Check::fail("file", "larger than any key file")];
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let members = match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(members)) => members,
        Ok(Value::String(text)) if text.trim_start().starts_with('{') => {
            return vec![
                Check::fail("file", "JSON in a JSON string: it was encoded twice")
                    .why("a program encoded what was JSON already")
                    .fix("decode it once: jq -r . key.json > right.json"),
            ];
        }
        Ok(_) => return vec![Check::fail("file", "JSON, but not an object").fix(ANEW)],
        Err(error) => return vec![not_json(bytes, &error)],
    };
    let mut checks = vec![Check::pass("file", "JSON")];
    match kind(&members) {
        Ok(check) => checks.push(check),
        Err(check) => {
            checks.push(check);
            return checks;
        }
    }
    let of_identity = identity::is_one(&members);
    checks.extend(if of_identity {
        identity::present(&members)
    } else {
        present(&members)
    });
    if let Some(Value::String(key)) = members.get("private_key").filter(|key| **key != "") {
        let signs = of_identity.then(|| identity::private_key(key)).flatten();
        checks.push(signs.unwrap_or_else(|| private_key(key)));
    }
    checks.extend(if of_identity {
        identity::names(&members)
    } else {
        names(&members)
    });
    if !checks.iter().any(Check::is_failed) {
        checks.extend(unreadable(bytes, of_identity));
    }
    checks
}

/// What every check above forgave, and a client does not: ours reads the file at last.
fn unreadable(bytes: &[u8], of_identity: bool) -> Option<Check> {
    if json::object(bytes, DEEPEST) == Err(NotJson::Repeated) {
        let check = Check::fail("file", "a member stands twice in it")
            .why("two files, or two versions of one, were joined; libraries differ in which one they take");
        return Some(check.fix(ANEW));
    }
    if of_identity {
        return identity::unreadable(bytes);
    }
    let refused = KeyFile::parse(bytes).err()?;
    Some(Check::fail("file", refused.to_string()).fix(ANEW))
}

/// The remedy where a file is past saving.
const ANEW: &str = "make a new key: carnet sa key create ACCOUNT --out key.json";

fn not_json(bytes: &[u8], error: &serde_json::Error) -> Check {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim();
    if text.is_empty() {
        return Check::fail("file", "empty")
            .why("the variable or file that it came from is not set")
            .fix(ANEW);
    }
    if bytes.starts_with(&[0x30, 0x82]) {
        return Check::fail("file", "a PKCS#12 or DER file, not JSON")
            .fix("make a key in Google's JSON form: carnet sa key create ACCOUNT --out key.json");
    }
    if text.starts_with("-----BEGIN") {
        return Check::fail("file", "a bare PEM key, without the JSON around it")
            .why("only the member private_key was kept")
            .fix(ANEW);
    }
    if decodes_to_json(text) {
        return Check::fail("file", "base64 of a key file")
            .why("it was encoded for an environment variable or a Kubernetes secret")
            .fix("decode it once: base64 -d < encoded.txt > key.json");
    }
    let first = text.trim_start_matches('{').trim_start();
    if first.starts_with('\'') {
        return Check::fail("file", "single quotes where JSON has double quotes")
            .why("a program printed its own notation instead of JSON")
            .fix(ANEW);
    }
    if first.starts_with("\\\"") {
        return Check::fail(
            "file",
            "a backslash before each quote: it was escaped once too often",
        )
        .why("the value was escaped when it was put into the environment variable")
        .fix("take the backslashes away, or put the value into single quotes");
    }
    if text.contains('\n') && error.to_string().contains("control character") {
        return Check::fail("file", "real line ends inside the JSON string private_key")
            .why("backslash-n was replaced by line ends in the whole file, and not only in the key")
            .fix("keep the file as it was made, and let the JSON parser replace them");
    }
    if error.is_eof() {
        return Check::fail("file", "JSON that is cut off")
            .why("it was not copied whole, or the variable has a limit")
            .fix(ANEW);
    }
    Check::fail(
        "file",
        format!(
            "not JSON (line {}, column {})",
            error.line(),
            error.column()
        ),
    )
    .fix(ANEW)
}

fn decodes_to_json(text: &str) -> bool {
    use base64::Engine as _;
    let packed: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let decoded = base64::engine::general_purpose::STANDARD.decode(packed);
    decoded.is_ok_and(|bytes| serde_json::from_slice::<Map<String, Value>>(&bytes).is_ok())
}

fn kind(members: &Map<String, Value>) -> Result<Check, Check> {
    let wrong = |found: &str| Check::fail("type", found).fix(ANEW);
    match members.get("type").and_then(Value::as_str) {
        Some("service_account") => Ok(Check::pass("type", "service_account")),
        Some(GDCH_SERVICE_ACCOUNT) => Ok(Check::pass("type", GDCH_SERVICE_ACCOUNT)),
        Some("authorized_user") => Err(wrong(
            "authorized_user: the login of a person, not a service account",
        )),
        Some("external_account") => Err(wrong(
            "external_account: workload identity, which has no private key",
        )),
        Some(other) => Err(wrong(&format!(
            "{}: not a key file of a service account",
            short(other)
        ))),
        None if members.contains_key("installed") || members.contains_key("web") => {
            Err(wrong("missing: this is the client secret file of an app"))
        }
        None => Err(wrong("missing")),
    }
}

/// What signing needs, and what some library insists on (google-wire 1.1).
fn present(members: &Map<String, Value>) -> Vec<Check> {
    let has = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    let lacks = |name: &&str| !has(name);
    let needed: Vec<_> = ["client_email", "private_key", "token_uri"]
        .into_iter()
        .filter(lacks)
        .collect();
    let wanted: Vec<_> = ["private_key_id", "client_id", "project_id"]
        .into_iter()
        .filter(lacks)
        .collect();
    let mut checks = Vec::new();
    if !needed.is_empty() {
        checks.push(
            Check::fail("members", format!("{} missing or empty", needed.join(", "))).fix(ANEW),
        );
    }
    if !wanted.is_empty() {
        checks.push(
            Check::warn("members", format!("{} missing or empty", wanted.join(", ")))
                .why("signing works without, and some libraries refuse the file"),
        );
    }
    if checks.is_empty() {
        checks.push(Check::pass("members", "all there"));
    }
    checks
}

fn private_key(text: &str) -> Check {
    let about = "private_key";
    if text.contains("\\n") {
        return Check::fail(about, "contains the two characters backslash-n where line breaks should be")
            .why("the value was escaped when it was put into the environment variable")
            .fix("replace backslash-n by line breaks when reading it, or keep the whole JSON in the variable");
    }
    if text.trim_start().starts_with('"') {
        return Check::fail(about, "begins with a quote")
            .why("it was quoted once too often")
            .fix(ANEW);
    }
    if text.contains("BEGIN RSA PRIVATE KEY") || text.contains("BEGIN EC PRIVATE KEY") {
        let kind = if text.contains("BEGIN RSA") {
            "PKCS#1"
        } else {
            "SEC1"
        };
        return Check::fail(about, format!("{kind}, and not PKCS#8"))
            .why("openssl rsa or an older tool wrote it in its own form")
            .fix("openssl pkcs8 -topk8 -nocrypt -in private.pem -out pkcs8.pem");
    }
    if text.contains("BEGIN CERTIFICATE") || text.contains("BEGIN PUBLIC KEY") {
        return Check::fail(about, "a public key or certificate: it cannot sign").fix(ANEW);
    }
    match KeyPair::from_pem(text) {
        Ok(pair) => one_line(text).unwrap_or_else(|| {
            let public = pair.public_key();
            Check::pass(
                about,
                format!("PKCS#8, {} with {} bits", pair.algorithm(), public.bits()),
            )
        }),
        Err(refused) => Check::fail(about, refused.to_string())
            .why("it was cut off or changed on its way here")
            .fix(ANEW),
    }
}

/// Spaces where line breaks were: this parser forgives them, OpenSSL does not.
fn one_line(text: &str) -> Option<Check> {
    if text.trim().lines().count() > 2 {
        return None;
    }
    Some(
        Check::fail("private_key", "all on one line: the line breaks are gone")
            .why("the value went through an unquoted variable of a shell, and many libraries refuse it")
            .fix("put the variable into double quotes, or keep the key in a file"),
    )
}

fn names(members: &Map<String, Value>) -> Vec<Check> {
    let text = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut checks = Vec::new();
    let email = text("client_email");
    if !email.is_empty() {
        checks.push(match email.parse::<carnet_core::value::Email>() {
            Ok(_) => Check::pass("client_email", email),
            Err(_) => Check::fail("client_email", "not an e-mail address").fix(ANEW),
        });
    }
    let uri = text("token_uri");
    if !uri.is_empty() {
        checks.push(token_uri(uri));
    }
    let universe = text("universe_domain");
    if !universe.is_empty() && universe != carnet_wire::google::UNIVERSE_DOMAIN {
        checks.push(
            Check::fail(
                "universe_domain",
                format!(
                    "{}: Google's libraries would sign tokens themselves",
                    short(universe)
                ),
            )
            .fix("set it to googleapis.com, or leave it out"),
        );
    }
    checks
}

fn token_uri(uri: &str) -> Check {
    let Ok(url) = url::Url::parse(uri) else {
        return Check::fail("token_uri", "not a URL").fix(ANEW);
    };
    let local = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    match url.scheme() {
        "https" => Check::pass("token_uri", short(uri)),
        "http" if local => Check::pass("token_uri", short(uri)),
        "http" => Check::warn("token_uri", format!("{}: without TLS", short(uri)))
            .why("whoever is on the way can read the tokens"),
        _ => Check::fail("token_uri", "not http or https").fix(ANEW),
    }
}

/// The beginning of what the file says: a member may be as long as the file.
fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((place, _)) => format!("{}...", text.get(..place).unwrap_or_default()),
        None => text.to_owned(),
    }
}
