//! Which language a page speaks: RFC 9110 §12.5.4 `Accept-Language`, looked up as RFC 4647 §3.4; and
//! before it what an app says of its person, `ui_locales` (OpenID Connect Core §3.1.2.1).
//!
//! 1. The header is cut at [`MAX_HEADER`] bytes and [`MAX_RANGES`] ranges; the rest is not read.
//! 2. A range is a tag and perhaps a weight `;q=0.8`. A range that is not well formed is skipped.
//! 3. The range of the highest weight whose primary subtag we speak wins; among equals the first.
//!    `*` and silence mean English.
//! 4. `ui_locales` has tags without weights, the best first: the first that we speak wins, and where we
//!    speak none of them the header says.
//!
//! Two languages are for tests only and answer to the tags that pseudo-locales have by custom:
//! `en-XA` (accented and a third longer) and `ar-XB` (the same from right to left).

/// Bytes of the header that are read.
const MAX_HEADER: usize = 1_000;
/// Ranges of the header that are read.
const MAX_RANGES: usize = 32;

/// A language in which every page exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// English; what is spoken when nothing fits.
    #[default]
    English,
    /// German.
    German,
    /// English with accents and a third longer: words that do not come from the catalogue stand out.
    Accented,
    /// The accented one from right to left: what does not mirror stands out.
    Mirrored,
}

impl Language {
    /// All languages, in the order of the enum.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::Accented, Self::Mirrored];

    /// The language for an `Accept-Language` header (empty where the reader sent none).
    pub fn choose(accept_language: &str) -> Self {
        let header = within(accept_language, MAX_HEADER);
        let mut best: Option<(u16, Self)> = None;
        for range in header.split(',').take(MAX_RANGES) {
            let Some((language, weight)) = parse_range(range) else {
                continue;
            };
            if weight > 0 && best.is_none_or(|(highest, _)| weight > highest) {
                best = Some((weight, language));
            }
        }
        best.map_or(Self::English, |(_, language)| language)
    }

    /// The languages for everybody: those that discovery lists.
    pub const OFFERED: [Self; 2] = [Self::English, Self::German];

    /// The first language of `ui_locales` that we speak.
    pub fn wished(ui_locales: &str) -> Option<Self> {
        let tags = within(ui_locales, MAX_HEADER).split(' ');
        let mut tags = tags.filter(|tag| !matches!(*tag, "" | "*"));
        tags.by_ref().take(MAX_RANGES).find_map(Self::of_tag)
    }

    /// The tag for the attribute `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Accented => "en-XA",
            Self::Mirrored => "ar-XB",
        }
    }

    /// The value for the attribute `dir`.
    pub fn direction(self) -> &'static str {
        match self {
            Self::English | Self::German | Self::Accented => "ltr",
            Self::Mirrored => "rtl",
        }
    }

    fn of_tag(tag: &str) -> Option<Self> {
        if tag == "*" {
            return Some(Self::English);
        }
        if tag.eq_ignore_ascii_case("en-XA") {
            return Some(Self::Accented);
        }
        if tag.eq_ignore_ascii_case("ar-XB") {
            return Some(Self::Mirrored);
        }
        let primary = tag.split('-').next()?;
        Self::OFFERED
            .into_iter()
            .find(|l| primary.eq_ignore_ascii_case(l.tag()))
    }
}

/// The longest beginning of the text that fits and does not cut a character.
fn within(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

/// `de-CH;q=0.8` is German with 800 thousandths. `None` for what is malformed or not spoken here.
fn parse_range(range: &str) -> Option<(Language, u16)> {
    let (tag, parameter) = match range.split_once(';') {
        Some((tag, parameter)) => (tag.trim(), Some(parameter.trim())),
        None => (range.trim(), None),
    };
    let weight = match parameter {
        None => 1_000,
        Some(parameter) => {
            let (name, value) = parameter.split_once('=')?;
            if !name.trim().eq_ignore_ascii_case("q") {
                return None;
            }
            parse_weight(value.trim())?
        }
    };
    Some((Language::of_tag(tag)?, weight))
}

/// RFC 9110 §12.4.2: `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`, in thousandths.
fn parse_weight(value: &str) -> Option<u16> {
    let (whole, digits) = value.split_once('.').unwrap_or((value, ""));
    if digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction = format!("{digits:0<3}").parse::<u16>().ok()?;
    match (whole, fraction) {
        ("0", fraction) => Some(fraction),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
