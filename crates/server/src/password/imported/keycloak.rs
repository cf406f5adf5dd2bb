//! A password credential of a Keycloak realm export becomes a PHC string.
//!
//! ```json
//! {"type": "password",
//!  "credentialData": "{\"hashIterations\":210000,\"algorithm\":\"pbkdf2-sha512\"}",
//!  "secretData": "{\"value\":\"…\",\"salt\":\"…\"}"}
//! ```
//!
//! Both members are JSON in a text. Since Keycloak 24 the algorithm may be `argon2`; its parameters stand
//! in `additionalParameters`, each a list of one text. Other members of the export are left alone.

use std::collections::HashMap;

use serde::Deserialize;

use super::base64::{decoded, encoded};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Credential<'a> {
    #[serde(borrow)]
    credential_data: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    secret_data: std::borrow::Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    hash_iterations: u32,
    algorithm: String,
    #[serde(default)]
    additional_parameters: HashMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Secret {
    value: String,
    salt: String,
}

/// The credential as a PHC string; none where it is none.
pub(super) fn phc(text: &str) -> Option<String> {
    let credential: Credential<'_> = serde_json::from_str(text).ok()?;
    let data: Data = serde_json::from_str(&credential.credential_data).ok()?;
    let secret: Secret = serde_json::from_str(&credential.secret_data).ok()?;
    let (salt, hash) = (decoded(&secret.salt)?, decoded(&secret.value)?);
    let begin = match data.algorithm.as_str() {
        "argon2" => argon(&data)?,
        "pbkdf2" => pbkdf2("pbkdf2", &data, &hash),
        "pbkdf2-sha256" | "pbkdf2-sha512" => pbkdf2(&data.algorithm, &data, &hash),
        _ => return None,
    };
    Some(format!("{begin}${}${}", encoded(&salt), encoded(&hash)))
}

fn pbkdf2(name: &str, data: &Data, hash: &[u8]) -> String {
    format!("${name}$i={},l={}", data.hash_iterations, hash.len())
}

fn argon(data: &Data) -> Option<String> {
    let one = |name: &str| data.additional_parameters.get(name)?.first();
    let kind = one("type")?.as_str();
    if !matches!(kind, "id" | "i" | "d") {
        return None;
    }
    let version = match one("version")?.as_str() {
        "1.3" => 19,
        "1.0" => 16,
        _ => return None,
    };
    let (memory, lanes): (u32, u32) = (
        one("memory")?.parse().ok()?,
        one("parallelism")?.parse().ok()?,
    );
    let passes = data.hash_iterations;
    Some(format!(
        "$argon2{kind}$v={version}$m={memory},t={passes},p={lanes}"
    ))
}
