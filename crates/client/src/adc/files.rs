//! Files that a credential names: tokens, certificates, keys. Each is read anew when it is needed,
//! since whoever puts it there renews it, and never more of it than its kind can need.

use std::io;
use std::path::Path;

use tokio::io::AsyncReadExt as _;
use zeroize::Zeroizing;

use crate::error::Error;
use crate::error::Kind;

/// The largest file with a token in it, in bytes. SAML responses are the largest.
pub(crate) const TOKEN: u64 = 256 * 1024;
/// The largest file with certificates or a key in it, in bytes.
pub(crate) const CERTIFICATES: u64 = 256 * 1024;

/// Reads a file that may hold a secret.
pub(crate) async fn bytes(path: &Path, largest: u64) -> Result<Zeroizing<Vec<u8>>, Error> {
    let read = async {
        let mut bytes = Zeroizing::new(Vec::new());
        let file = tokio::fs::File::open(path).await?;
        file.take(largest + 1).read_to_end(&mut bytes).await?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > largest) {
            return Err(io::Error::other(format!(
                "it is larger than {largest} bytes"
            )));
        }
        Ok(bytes)
    };
    read.await.map_err(|cause| unreadable(path, cause))
}

/// Reads a file of text.
pub(crate) async fn text(path: &Path, largest: u64) -> Result<Zeroizing<String>, Error> {
    let bytes = bytes(path, largest).await?;
    std::str::from_utf8(&bytes)
        .map(|text| Zeroizing::new(text.to_owned()))
        .map_err(|cause| unreadable(path, io::Error::other(cause)))
}

fn unreadable(path: &Path, cause: io::Error) -> Error {
    let path = path.to_owned();
    Error::new(Kind::File { path, cause })
}
