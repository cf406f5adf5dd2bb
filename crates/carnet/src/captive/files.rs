//! The authority's two files.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::path::PathBuf;

use carnet_core::value::UnixTime;
use carnet_server::captive::authority::Authority;
use carnet_server::captive::names::Names;

use super::Kept;
use super::NoCaptive;
use crate::key_files;

/// The authority as its files say, or a new one; and where its certificate stands.
pub(super) fn open(
    kept: &Kept,
    names: &Names,
    now: UnixTime,
) -> Result<(Authority, PathBuf), NoCaptive> {
    let now = u64::try_from(now.0).unwrap_or(0);
    let (Kept::In(folder) | Kept::Nowhere(folder)) = kept;
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
    let certificate_file = folder.join("google-ca.pem");
    let key_file = folder.join("google-ca.key");
    let wrong = |fault: &dyn std::fmt::Display| {
        NoCaptive::authority(format!("{}: {fault}", key_file.display()))
    };
    let key = match kept {
        Kept::In(_) => key(&key_file)?,
        Kept::Nowhere(_) => None,
    };
    let certificate = fs::read_to_string(&certificate_file).ok();
    let authority = match &key {
        Some(key) => Authority::open(key, certificate.as_deref(), names, now),
        None => Authority::new(names, now),
    };
    let authority = authority.map_err(|fault| wrong(&fault))?;
    if key.is_none() && matches!(kept, Kept::In(_)) {
        let pem = authority.key_pem();
        key_files::write(&key_file, pem.as_bytes())
            .map_err(|fault| wrong(&format_args!("{fault:#}")))?;
    }
    if certificate.as_deref() != Some(authority.pem()) {
        publish(&certificate_file, authority.pem())?;
    }
    Ok((authority, certificate_file))
}

/// The key, if there is one. It counts only while its owner alone can read it.
fn key(file: &Path) -> Result<Option<String>, NoCaptive> {
    let wrong =
        |why: &dyn std::fmt::Display| NoCaptive::authority(format!("{}: {why}", file.display()));
    let mode = match fs::metadata(file) {
        Ok(found) => found.permissions().mode(),
        Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(wrong(&fault)),
    };
    if mode & 0o077 != 0 {
        return Err(wrong(&"others than its owner can read it"));
    }
    fs::read_to_string(file)
        .map(Some)
        .map_err(|fault| wrong(&fault))
}

/// Writes the certificate, for everybody to read.
fn publish(file: &Path, pem: &str) -> Result<(), NoCaptive> {
    let wrong =
        |why: &dyn std::fmt::Display| NoCaptive::authority(format!("{}: {why}", file.display()));
    key_files::write(file, pem.as_bytes()).map_err(|fault| wrong(&format_args!("{fault:#}")))?;
    fs::set_permissions(file, fs::Permissions::from_mode(0o644)).map_err(|fault| wrong(&fault))
}

#[cfg(test)]
mod tests;
