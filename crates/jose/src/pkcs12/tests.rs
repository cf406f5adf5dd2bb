//! Tests of `pkcs12`: the two readers that matter open what was written.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use super::{mac_key, write};
use crate::{
    key_pair::{KeyPair, KeyType},
    x509::{Certificate, CertificateTemplate},
};

/// A directory of this test's own, removed at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let place = std::env::temp_dir().join(format!("carnet-p12-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&place).unwrap();
        Self(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Writes a file with a fresh key.
fn p12(place: &Path, kind: KeyType) -> (KeyPair, PathBuf) {
    let key = KeyPair::generate(kind).unwrap();
    let template = CertificateTemplate {
        common_name: "112233445566778899001".to_owned(),
        serial: [9; 16],
        not_before: 1_700_000_000,
        not_after: 2_015_000_000,
    };
    let certificate = Certificate::self_signed(&key, &template).unwrap();
    let path = place.join("key.p12");
    std::fs::write(&path, write(&key, &certificate).unwrap()).unwrap();
    (key, path)
}

/// Runs a program; says so plainly where it is not installed.
fn run(program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) => {
            println!("SKIPPED: {program} cannot be run here ({error})");
            None
        }
    }
}

#[test]
fn google_wire_1_2_openssl_3_opens_it_without_its_legacy_provider() {
    for kind in [KeyType::Rsa2048, KeyType::P256] {
        let place = Place::new(&format!("openssl-{kind:?}"));
        let (key, path) = p12(&place.0, kind);
        let arguments = [
            "pkcs12",
            "-in",
            path.to_str().unwrap(),
            "-passin",
            "pass:notasecret",
            "-nodes",
        ];
        let Some(output) = run("openssl", &arguments) else {
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(
            text.matches("friendlyName: privatekey").count(),
            2,
            "key and certificate"
        );
        let (_, private) = text.split_once("-----BEGIN PRIVATE KEY-----").unwrap();
        let (private, _) = private.split_once("-----END PRIVATE KEY-----").unwrap();
        let private = format!("-----BEGIN PRIVATE KEY-----{private}-----END PRIVATE KEY-----");
        let read = KeyPair::from_pem(&private).unwrap();
        assert_eq!(read.public_key(), key.public_key());
    }
}

#[test]
fn google_wire_1_2_the_jdk_opens_it_and_finds_the_alias() {
    let place = Place::new("keytool");
    let (_, path) = p12(&place.0, KeyType::Rsa2048);
    let file = path.to_str().unwrap();
    let list = [
        "-list",
        "-v",
        "-keystore",
        file,
        "-storetype",
        "PKCS12",
        "-storepass",
        "notasecret",
    ];
    let Some(output) = run("keytool", &list) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("Alias name: privatekey"), "{text}");
    assert!(text.contains("Entry type: PrivateKeyEntry"), "{text}");
    assert!(text.contains("CN=112233445566778899001"), "{text}");

    // Making a certificate request needs the private key, so the key itself can be decrypted.
    let request = [
        "-certreq",
        "-alias",
        "privatekey",
        "-keystore",
        file,
        "-storepass",
        "notasecret",
    ];
    let Some(output) = run("keytool", &request) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("BEGIN NEW CERTIFICATE REQUEST"), "{text}");
}

#[test]
fn a_wrong_password_does_not_open_it() {
    let place = Place::new("wrong");
    let (_, path) = p12(&place.0, KeyType::P256);
    let arguments = [
        "pkcs12",
        "-in",
        path.to_str().unwrap(),
        "-passin",
        "pass:asecret",
        "-nodes",
    ];
    let Some(output) = run("openssl", &arguments) else {
        return;
    };
    assert!(!output.status.success());
}

/// OpenSSL takes the password as it is encoded: UTF-16 with its terminating zero.
#[test]
fn rfc7292_b_2_the_derivation_is_openssl_s() {
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect::<Vec<_>>()
            .join(":")
    };
    let arguments = [
        "kdf",
        "-keylen",
        "32",
        "-kdfopt",
        "digest:SHA256",
        "-kdfopt",
        "hexpass:006E006F007400610073006500630072006500740000",
        "-kdfopt",
        "hexsalt:0102030405060708",
        "-kdfopt",
        "iter:1000",
        "-kdfopt",
        "id:3",
        "PKCS12KDF",
    ];
    let Some(output) = run("openssl", &arguments) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let ours = hex(&mac_key("notasecret", &[1, 2, 3, 4, 5, 6, 7, 8], 1000));
    assert_eq!(
        text.trim(),
        ours,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
