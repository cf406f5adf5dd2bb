//! The filters of the templates. Each returns text that is safe where it is meant to stand.
//!
//! - `prose`: a sentence; a word between backticks is set as code. Escapes everything.
//! - `href`: an address for an attribute; whatever is neither a path of ours nor `https`, `http`
//!   or `mailto` becomes `#`, so that a view can never smuggle in `javascript:`.
//! - `section`: the address of a section of an RFC, or nothing: `RFC 7523 section 3` is
//!   `https://www.rfc-editor.org/rfc/rfc7523#section-3`.
//! - `download`: a text as a `data:` address for a download link that works without script.

use std::fmt::Write;

use minijinja::value::Value;
use minijinja::{Environment, HtmlEscape};

/// Makes the filters known.
pub(crate) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("prose", |text: &str| Value::from_safe_string(prose(text)));
    environment.add_filter("href", |text: &str| href(text).to_owned());
    environment.add_filter("section", |text: &str| section(text).unwrap_or_default());
    environment.add_filter("download", |text: &str| download(text));
}

fn prose(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else {
            break;
        };
        // Writing to a String does not fail.
        let _ = write!(
            html,
            "{}<code>{}</code>",
            HtmlEscape(before),
            HtmlEscape(code)
        );
        rest = after;
    }
    let _ = write!(html, "{}", HtmlEscape(rest));
    html
}

fn href(address: &str) -> &str {
    const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
    // Browsers drop tabs and line breaks inside an address and read `\` as `/`; we take neither.
    if address
        .chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
    {
        return "#";
    }
    let ours = address.starts_with('/') && !address.starts_with("//");
    let known = SCHEMES.iter().any(|scheme| {
        address
            .get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    if ours || known || address.starts_with('#') {
        address
    } else {
        "#"
    }
}

fn section(label: &str) -> Option<String> {
    // What follows a comma says what to look for there: "RFC 7519 section 2, NumericDate".
    let (label, _) = label.split_once(',').unwrap_or((label, ""));
    let mut words = label.strip_prefix("RFC ")?.split(' ');
    let number: u16 = words.next()?.parse().ok()?;
    let document = format!("https://www.rfc-editor.org/rfc/rfc{number}");
    match (words.next(), words.next(), words.next()) {
        (None, None, None) => Some(document),
        (Some(kind @ ("section" | "appendix")), Some(place), None)
            if place.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') =>
        {
            Some(format!("{document}#{kind}-{place}"))
        }
        _ => None,
    }
}

fn download(text: &str) -> String {
    let mut address = String::with_capacity(text.len() * 3 / 2);
    address.push_str("data:application/json;charset=utf-8,");
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests;
