//! The filters of the templates. Each returns text that is safe where it is meant to stand.
//!
//! - `prose`: a sentence; a word between backticks is set as code. Escapes everything.
//! - `href`: an address for an attribute; whatever is neither a path of ours nor `https`, `http`
//!   or `mailto` becomes `#`, so that a view can never smuggle in `javascript:`.
//! - `section`: the address of a section of an RFC, or nothing: `RFC 7523 section 3` is
//!   `https://www.rfc-editor.org/rfc/rfc7523#section-3`.
//! - `plain`: a name without marks of direction, controls and line breaks, so that its letters stand in
//!   the order in which they are stored. `isolated`: the same between U+2068 and U+2069, for the middle
//!   of a sentence, which it then cannot turn round.
//! - `initial`: the first letter or digit of a name, for the picture that stands for it.
//! - `instant`: seconds since 1970 as RFC 3339; `date`: the same as `year`, `month` and `day`.
//! - `download`: a text as a `data:` address for a download link that works without script.

use std::fmt::Write;

use minijinja::value::Value;
use minijinja::{Environment, HtmlEscape, context};

/// Makes the filters known.
pub(crate) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("prose", |text: &str| Value::from_safe_string(prose(text)));
    environment.add_filter("href", |text: &str| href(text).to_owned());
    environment.add_filter("section", |text: &str| section(text).unwrap_or_default());
    environment.add_filter("plain", |text: &str| plain(text));
    environment.add_filter("isolated", |text: &str| isolated(text));
    environment.add_filter("initial", |text: &str| initial(text));
    environment.add_filter("instant", instant);
    environment.add_filter("date", |at: u64| {
        let (year, month, day) = date(at);
        context! { year, month, day }
    });
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
    let known = known && mailto_is_plain(address);
    if ours || known || address.starts_with('#') {
        address
    } else {
        "#"
    }
}

/// A `mailto:` address is one mailbox: no copies, no text of its own, no scheme in disguise.
fn mailto_is_plain(address: &str) -> bool {
    match address.split_once(':') {
        Some((scheme, mailbox)) if scheme.eq_ignore_ascii_case("mailto") => {
            mailbox.contains('@') && !mailbox.contains([':', '?', '&', ',', '%', '"', '<', '>'])
        }
        _ => true,
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

fn isolated(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", plain(text))
}

fn plain(text: &str) -> String {
    let marks = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars()
        .filter(|c| !marks(*c) && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}'))
        .collect()
}

fn initial(name: &str) -> String {
    name.chars()
        .find(|c| c.is_alphanumeric())
        .map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
}

/// The last second of the year 9999: later is shown as this.
const LAST: u64 = 253_402_300_799;

fn instant(at: u64) -> String {
    let (year, month, day) = date(at);
    let second = at.min(LAST) % 86_400;
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day in UTC: counted from the 1st of March of year 0, in eras of 400 years, so that
/// the leap day is the last of its year.
fn date(at: u64) -> (u64, u64, u64) {
    let days = at.min(LAST) / 86_400 + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (era * 400 + year + u64::from(month <= 2), month, day)
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
