//! Key files on disk: written once, readable by their owner alone.

use std::fs;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;
use anyhow::bail;
use carnet_jose::entropy;

/// Writes a secret file with mode 0600. It appears whole or not at all.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = Path::new(&beside);
    let put = || -> std::io::Result<()> {
        let _ = fs::remove_file(beside);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(beside, path)
    };
    put().with_context(|| format!("cannot write {}", path.display()))
}

/// The 32 bytes of a secret key file; made where there is none. A file of another length is refused,
/// and never written over: what it sealed could not be opened again.
pub(crate) fn secret_key(path: &Path) -> anyhow::Result<[u8; 32]> {
    match fs::read(path) {
        Ok(bytes) => match bytes.as_slice().try_into() {
            Ok(secret) => Ok(secret),
            Err(_) => bail!(
                "{} is not a secret key: it has {} bytes, not 32 (CRN-8003)",
                path.display(),
                bytes.len()
            ),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let secret: [u8; 32] = entropy::random().context("no random bytes")?;
            write(path, &secret)?;
            Ok(secret)
        }
        Err(error) => {
            Err(error).with_context(|| format!("cannot read {} (CRN-8003)", path.display()))
        }
    }
}
