//! Digests: SHA-256, HMAC-SHA256, HKDF-SHA256, CRC-32 and the comparison that takes constant time.

use aws_lc_rs::{constant_time, digest, hkdf, hmac};

/// Bytes as lower-case hexadecimal digits, as digests are written where people or other systems read them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
    let pair = |byte: &u8| [digit(byte >> 4), digit(byte & 15)];
    bytes.iter().flat_map(pair).collect()
}

/// SHA-256 (FIPS 180-4).
pub fn sha256(message: impl AsRef<[u8]>) -> [u8; 32] {
    first_32(digest::digest(&digest::SHA256, message.as_ref()).as_ref())
}

/// HMAC-SHA256 (RFC 2104) with a key that is used once; [`MacKey`] keeps a key ready.
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> [u8; 32] {
    MacKey::new(key).digest(message)
}

/// A key for HMAC-SHA256, kept ready: the keyed digest under which secrets are stored.
pub struct MacKey(hmac::Key);

impl MacKey {
    /// Takes a key of any length (RFC 2104 §2); 32 random bytes are right.
    pub fn new(key: &[u8]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, key))
    }

    /// The keyed digest of a message.
    pub fn digest(&self, message: &[u8]) -> [u8; 32] {
        first_32(hmac::sign(&self.0, message).as_ref())
    }

    /// Whether `tag` is the keyed digest of the message; takes constant time.
    pub fn holds(&self, message: &[u8], tag: &[u8]) -> bool {
        hmac::verify(&self.0, message, tag).is_ok()
    }
}

impl std::fmt::Debug for MacKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MacKey(..)")
    }
}

/// HKDF-SHA256 (RFC 5869) asked for more than 255 blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("HKDF-SHA256 gives 8160 bytes at most")]
pub struct TooMuchKeyMaterial;

/// HKDF-SHA256 (RFC 5869): fills `output` with key material that belongs to `info`.
pub fn hkdf_sha256(
    secret: &[u8],
    salt: &[u8],
    info: &[u8],
    output: &mut [u8],
) -> Result<(), TooMuchKeyMaterial> {
    struct Length(usize);
    impl hkdf::KeyType for Length {
        fn len(&self) -> usize {
            self.0
        }
    }
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[info], Length(output.len()))
        .and_then(|material| material.fill(output))
        .map_err(|_| TooMuchKeyMaterial)
}

/// Whether two byte strings are equal. The time depends on their lengths, not on their contents.
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

/// CRC-32 as in zlib and PNG. A checksum against typing errors and truncation, not against malice.
///
/// Eight bytes at a time, each with a table of its own, so that no step waits for the one before it.
pub fn crc32(bytes: &[u8]) -> u32 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let crc = eights.iter().fold(u32::MAX, |crc, eight| {
        let mixed = u64::from_le_bytes(*eight) ^ u64::from(crc);
        // The last byte first: it is the one that no other follows.
        let steps = mixed.to_be_bytes().into_iter().zip(&CRC_TABLES);
        steps.fold(0, |crc, (byte, table)| crc ^ entry(table, byte))
    });
    let [by_one, ..] = &CRC_TABLES;
    !rest.iter().fold(crc, |crc, byte| {
        (crc >> 8) ^ entry(by_one, crc.to_le_bytes()[0] ^ byte)
    })
}

fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or_default()
}

/// What a byte does to the checksum once so many more bytes have followed it.
const CRC_TABLES: [[u32; 256]; 8] = crc_tables();

const fn crc_tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let (mut index, mut start) = (0, 0_u32);
    while index < 256 {
        let (mut crc, mut bit) = (start, 0);
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        tables[0][index] = crc;
        index += 1;
        start += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut index = 0;
        while index < 256 {
            let before = tables[table - 1][index];
            tables[table][index] = (before >> 8) ^ tables[0][(before & 255) as usize];
            index += 1;
        }
        table += 1;
    }
    tables
}

/// A SHA-256 output always has 32 bytes; the fold spells that without a way to panic.
fn first_32(bytes: &[u8]) -> [u8; 32] {
    let mut array = [0; 32];
    for (to, from) in array.iter_mut().zip(bytes) {
        *to = *from;
    }
    array
}

#[cfg(test)]
mod tests;
