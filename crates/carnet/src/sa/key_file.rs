//! A file with a key or secret that the server just made: written once, for its owner alone, and never over another.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use carnet_wire::crn::Crn;

use crate::failure::Failure;

/// Fails where a file is there: what is in it may be the only copy. Asked before a key is made.
pub(crate) fn is_free(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(
            Failure::usage(format!("{} is there already", path.display()))
                .why("what is in it may be the only copy, so it is not overwritten")
                .fix("name another file, or move this one away"),
        );
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if folder.is_some_and(|folder| !folder.is_dir()) {
        return Err(unwritable(path, "its folder is not there"));
    }
    Ok(())
}

/// Writes it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let put = || -> std::io::Result<()> {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    put().map_err(|error| unwritable(path, &error.to_string()))
}

fn unwritable(path: &Path, why: &str) -> Failure {
    Failure::of(
        Crn::FILE_NOT_READABLE,
        format!("{} cannot be written: {why}", path.display()),
    )
}
