//! The files of a deployment: who may read them, and whether there is room for more.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use carnet_server::http::tls::Certificate;
use rustix::fs::{Access, access, statvfs};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::super::certificate;
use crate::checklist::Check;
use crate::config::Config;

/// How much room there should be, in bytes.
const ROOM: u64 = 1024 * 1024 * 1024;

/// With less than this, writes will soon fail.
const NO_ROOM: u64 = 64 * 1024 * 1024;

/// The secret key, and what it is if it can be read.
pub(super) fn secret(path: &Path) -> (Check, Option<[u8; 32]>) {
    let about = "secret key";
    let shown = path.display();
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let check = Check::fail(about, format!("{shown} is not there")).fix(
                "carnet init makes one; where there is a database already, bring back the one that belongs to it",
            );
            return (check, None);
        }
        Err(error) => {
            let check = Check::fail(about, format!("{shown} cannot be read: {error}"))
                .fix("run this as the user that the server runs as");
            return (check, None);
        }
    };
    let Ok(secret) = <[u8; 32]>::try_from(bytes.as_slice()) else {
        let found = format!("{shown} has {} bytes, and a secret key has 32", bytes.len());
        return (
            Check::fail(about, found).fix("bring back the file that belongs to the database"),
            None,
        );
    };
    let mode = fs::metadata(path).map_or(0, |file| file.permissions().mode() & 0o777);
    let of_others = mode & 0o077;
    let check = if of_others == 0 {
        Check::pass(about, format!("{shown}, mode {mode:04o}"))
    } else {
        let found = format!("{shown} has mode {mode:04o}: others can read it");
        // What a supervisor mounts under /run has the mode that the supervisor gives it.
        let check = if path.starts_with("/run") {
            Check::warn(about, found)
        } else {
            Check::fail(about, found)
        };
        check.fix(format!("chmod 600 {shown}"))
    };
    (check, Some(secret))
}

/// The folder of a SQLite database.
pub(super) fn folder(config: &Config) -> Vec<Check> {
    let Some(file) = sqlite_file(config) else {
        return Vec::new();
    };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let shown = folder.display();
    if let Err(error) = access(&folder, Access::WRITE_OK | Access::EXEC_OK) {
        return vec![
            Check::fail("data folder", format!("{shown} cannot be written: {error}"))
                .fix("run this, and the server, as the user that owns the folder"),
        ];
    }
    let mut checks = vec![Check::pass(
        "data folder",
        format!("{shown} can be written"),
    )];
    if let Ok(disk) = statvfs(&folder) {
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let found = format!("{} MiB free", free / (1024 * 1024));
        checks.push(match free {
            0..NO_ROOM => Check::fail("disk", found).fix("make room: writes will fail soon"),
            NO_ROOM..ROOM => Check::warn("disk", found).fix("make room"),
            _ => Check::pass("disk", found),
        });
    }
    checks
}

/// The file of a SQLite database.
pub(super) fn sqlite_file(config: &Config) -> Option<PathBuf> {
    let path = config.database_url.strip_prefix("sqlite:")?;
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

/// The certificate and its key belong together, and the certificate has days left.
pub(super) fn certificate(config: &Config, now: i64) -> Option<Check> {
    let Some(files) = &config.http.tls else {
        let secure = config.issuer.starts_with("https:");
        return secure.then(|| {
            Check::pass(
                "tls",
                "spoken by a proxy in front; carnet doctor --url checks it",
            )
        });
    };
    if let Err(fault) = Certificate::load(files.clone()) {
        let check = Check::fail("tls", fault.to_string());
        return Some(
            check.fix("give http.tls.cert and http.tls.key files that belong together, in PEM"),
        );
    }
    let first = fs::read(&files.cert).ok().and_then(|text| {
        let first = CertificateDer::pem_slice_iter(&text).next()?;
        first.ok().map(|der| der.to_vec())
    });
    Some(certificate::dates("tls", &first.unwrap_or_default(), now))
}
