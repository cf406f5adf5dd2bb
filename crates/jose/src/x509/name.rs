//! Distinguished names, to compare one that was registered with that of a certificate (RFC 8705 §2.1.2,
//! RFC 4514).
//!
//! Both become the same thing: for each relative name its attributes, by object identifier, with the text
//! that they hold. Two are equal if all of it is, letter by letter; the order of the attributes of one
//! relative name says nothing (RFC 4514 §2.2). Nothing is folded or trimmed: a name that is nearly right is
//! another name.

use std::fmt;
use std::str::FromStr;

use x509_parser::x509::X509Name;

/// The longest text that is read, in bytes.
const LONGEST: usize = 1_024;

/// The short names of RFC 4514 §3, and three that every tool prints.
const KNOWN: [(&str, &str); 12] = [
    ("CN", "2.5.4.3"),
    ("L", "2.5.4.7"),
    ("ST", "2.5.4.8"),
    ("O", "2.5.4.10"),
    ("OU", "2.5.4.11"),
    ("C", "2.5.4.6"),
    ("STREET", "2.5.4.9"),
    ("DC", "0.9.2342.19200300.100.1.25"),
    ("UID", "0.9.2342.19200300.100.1.1"),
    ("serialNumber", "2.5.4.5"),
    ("emailAddress", "1.2.840.113549.1.9.1"),
    ("organizationIdentifier", "2.5.4.97"),
];

/// The short name of a kind of attribute in lower case, or the object identifier where it has none.
pub(super) fn short(identifier: &str) -> String {
    let known = KNOWN.iter().find(|(_, id)| *id == identifier);
    known.map_or_else(
        || identifier.to_owned(),
        |(name, _)| name.to_ascii_lowercase(),
    )
}

/// A distinguished name. Its text form is that of RFC 4514, the last relative name first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistinguishedName(Vec<Vec<(String, String)>>);

impl DistinguishedName {
    /// The name in a certificate. None where it is empty, or where something in it is no text.
    pub(super) fn of(name: &X509Name<'_>) -> Option<Self> {
        let mut all = Vec::new();
        for relative in name.iter() {
            let mut attributes = Vec::new();
            for attribute in relative.iter() {
                let text = attribute.as_str().ok()?;
                attributes.push((attribute.attr_type().to_id_string(), text.to_owned()));
            }
            attributes.sort_unstable();
            all.push(attributes);
        }
        all.reverse();
        (!all.is_empty()).then_some(Self(all))
    }
}

impl FromStr for DistinguishedName {
    type Err = NotAName;

    /// RFC 4514 §3. Values in hexadecimal (`#04...`) are not read.
    fn from_str(text: &str) -> Result<Self, NotAName> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(NotAName);
        }
        let mut all = Vec::new();
        for relative in split(text, ',')? {
            let mut attributes = Vec::new();
            for attribute in split(relative, '+')? {
                let (kind, value) = attribute.split_once('=').ok_or(NotAName)?;
                // RFC 2253 allowed spaces around, and people write them.
                attributes.push((identifier(kind.trim())?, unescaped(value.trim_start())?));
            }
            attributes.sort_unstable();
            all.push(attributes);
        }
        Ok(Self(all))
    }
}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, relative) in self.0.iter().enumerate() {
            for (number, (kind, value)) in relative.iter().enumerate() {
                f.write_str(match (place, number) {
                    (0, 0) => "",
                    (_, 0) => ",",
                    _ => "+",
                })?;
                let known = KNOWN.iter().find(|(_, id)| id == kind);
                f.write_str(known.map_or(kind.as_str(), |(name, _)| name))?;
                f.write_str("=")?;
                escape(value, f)?;
            }
        }
        Ok(())
    }
}

/// RFC 4514 §2.4.
fn escape(value: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = value.chars().count().saturating_sub(1);
    for (place, letter) in value.chars().enumerate() {
        match letter {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=' => write!(f, "\\{letter}")?,
            ' ' if place == 0 || place == last => f.write_str("\\ ")?,
            '#' if place == 0 => f.write_str("\\#")?,
            letter if letter.is_control() => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    write!(f, "\\{byte:02X}")?;
                }
            }
            letter => write!(f, "{letter}")?,
        }
    }
    Ok(())
}

/// The pieces between separators that are not escaped.
fn split(text: &str, separator: char) -> Result<Vec<&str>, NotAName> {
    let (mut pieces, mut from, mut escaped) = (Vec::new(), 0, false);
    for (place, letter) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else if letter == separator {
            pieces.push(text.get(from..place).ok_or(NotAName)?);
            from = place + letter.len_utf8();
        }
    }
    pieces.push(text.get(from..).ok_or(NotAName)?);
    Ok(pieces)
}

fn identifier(kind: &str) -> Result<String, NotAName> {
    let mut known = KNOWN.iter();
    if let Some((_, id)) = known.find(|(name, _)| name.eq_ignore_ascii_case(kind)) {
        return Ok((*id).to_owned());
    }
    let number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if kind.contains('.') && kind.split('.').all(number) {
        return Ok(kind.to_owned());
    }
    Err(NotAName)
}

fn unescaped(value: &str) -> Result<String, NotAName> {
    if value.is_empty() || value.starts_with('#') {
        return Err(NotAName);
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut kept = 0;
    let mut rest = value.chars();
    while let Some(letter) = rest.next() {
        let mut place = [0; 4];
        match letter {
            '\\' => {
                let next = rest.next().ok_or(NotAName)?;
                if let Some(high) = next.to_digit(16) {
                    let low = rest.next().and_then(|digit| digit.to_digit(16));
                    let byte = high * 16 + low.ok_or(NotAName)?;
                    bytes.push(u8::try_from(byte).map_err(|_| NotAName)?);
                } else if " \"#+,;<=>\\".contains(next) {
                    bytes.extend(next.encode_utf8(&mut place).bytes());
                } else {
                    return Err(NotAName);
                }
                kept = bytes.len();
            }
            '"' | ';' | '<' | '>' | '\0' => return Err(NotAName),
            letter => bytes.extend(letter.encode_utf8(&mut place).bytes()),
        }
        if letter != ' ' {
            kept = bytes.len();
        }
    }
    bytes.truncate(kept);
    let text = String::from_utf8(bytes).map_err(|_| NotAName)?;
    if text.is_empty() {
        Err(NotAName)
    } else {
        Ok(text)
    }
}

/// The text is no distinguished name that is understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no distinguished name like CN=client,O=Acme,C=CH (RFC 4514)")]
pub struct NotAName;

#[cfg(test)]
mod tests;
