//! A DER writer (X.690): just the types that SPKI, X.509 signatures and PKCS#12 need.
//!
//! Writing is concatenation, so every function takes contents and returns a whole element. Reading
//! is left to x509-parser and AWS-LC.

/// SEQUENCE.
pub(crate) fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    element(0x30, &elements.concat())
}

/// INTEGER from an unsigned big-endian number.
pub(crate) fn unsigned(number: &[u8]) -> Vec<u8> {
    let start = number
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(number.len());
    let digits = number.get(start..).unwrap_or_default();
    // A leading zero keeps the sign bit clear, and is the whole of the number zero.
    match digits.first() {
        Some(first) if *first < 0x80 => element(0x02, digits),
        _ => element(0x02, &[&[0], digits].concat()),
    }
}

/// OBJECT IDENTIFIER from its arcs (X.690 §8.19).
pub(crate) fn oid(arcs: &[u64]) -> Vec<u8> {
    let mut contents = Vec::new();
    // Every constant of this crate has two arcs and more.
    if let [first, second, rest @ ..] = arcs {
        base_128(first * 40 + second, &mut contents);
        for arc in rest {
            base_128(*arc, &mut contents);
        }
    }
    element(0x06, &contents)
}

/// Seven bits to a byte, the most significant first; all but the last have their high bit set.
fn base_128(number: u64, out: &mut Vec<u8>) {
    let groups = (64 - number.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let [bits, ..] = (number >> (7 * group)).to_le_bytes();
        out.push(bits & 0x7F | if group == 0 { 0 } else { 0x80 });
    }
}

/// BIT STRING of whole bytes.
pub(crate) fn bits(bytes: &[u8]) -> Vec<u8> {
    element(0x03, &[&[0], bytes].concat())
}

/// NULL.
pub(crate) const NULL: &[u8] = &[0x05, 0x00];

/// SET OF. DER wants the encodings in ascending order (X.690 §11.6); the caller keeps it.
pub(crate) fn set(members: &[&[u8]]) -> Vec<u8> {
    element(0x31, &members.concat())
}

/// OCTET STRING.
pub(crate) fn octets(bytes: &[u8]) -> Vec<u8> {
    element(0x04, bytes)
}

/// `BMPString`: UTF-16, big-endian.
pub(crate) fn bmp(text: &str) -> Vec<u8> {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    element(0x1E, &units)
}

/// `[number] EXPLICIT`, or a constructed `IMPLICIT`.
pub(crate) fn context(number: u8, contents: &[u8]) -> Vec<u8> {
    element(0xA0 | number, contents)
}

/// `[number] IMPLICIT` over a primitive type.
pub(crate) fn context_primitive(number: u8, contents: &[u8]) -> Vec<u8> {
    element(0x80 | number, contents)
}

/// Tag, length (X.690 §8.1.3, §10.1: the shortest form) and contents.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(contents.len() + 6);
    out.push(tag);
    let length = contents.len();
    let digits = length.to_be_bytes();
    let start = digits
        .iter()
        .position(|byte| *byte != 0)
        .unwrap_or(digits.len());
    match digits.get(start..).unwrap_or_default() {
        [] => out.push(0),
        [short @ ..0x80] => out.push(*short),
        long => {
            // At most eight digits, so the count fits beside the bit that says "long form".
            out.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(contents);
    out
}

#[cfg(test)]
mod tests;
