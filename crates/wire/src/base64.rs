//! Base64 where a message needs it: the Basic header, the S256 challenge, Google's bytes in JSON.
//!
//! RFC 4648 §4 and §5. This crate knows no cryptography and so has no codec with it.

/// Prints base64 with padding (§4).
pub(crate) fn print(bytes: &[u8]) -> String {
    let mut text = print_url(bytes).replace('-', "+").replace('_', "/");
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Prints base64url without padding (§5).
pub(crate) fn print_url(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let letters = [bits >> 18, bits >> 12, bits >> 6, bits].map(letter);
        text.extend(letters.into_iter().take(chunk.len() + 1));
    }
    text
}

fn letter(bits: u32) -> char {
    match u8::try_from(bits & 63).unwrap_or_default() {
        six @ 0..26 => char::from(b'A' + six),
        six @ 26..52 => char::from(b'a' + six - 26),
        six @ 52..62 => char::from(b'0' + six - 52),
        62 => '-',
        _ => '_',
    }
}

/// Reads base64 (§4). Padding may be absent, as some programs leave it out; what stands there must
/// be right, and the bits that are over must be zero (§3.5).
pub(crate) fn read(text: &str) -> Option<Vec<u8>> {
    let letters = text.trim_end_matches('=');
    let padding = text.len() - letters.len();
    let over = letters.len() % 4;
    if over == 1 || (padding != 0 && (over == 0 || over + padding != 4)) {
        return None;
    }
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3 + 2);
    for chunk in letters.as_bytes().chunks(4) {
        let mut bits = 0;
        for at in 0..4 {
            let six = chunk.get(at).map_or(Some(0), |letter| value(*letter))?;
            bits = bits << 6 | six;
        }
        let [_, first, second, third] = bits.to_be_bytes();
        let (kept, dropped): (&[u8], &[u8]) = match chunk.len() {
            2 => (&[first], &[second, third]),
            3 => (&[first, second], &[third]),
            _ => (&[first, second, third], &[]),
        };
        if dropped.iter().any(|byte| *byte != 0) {
            return None;
        }
        bytes.extend_from_slice(kept);
    }
    Some(bytes)
}

fn value(letter: u8) -> Option<u32> {
    let six = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(six))
}

#[cfg(test)]
mod tests;
