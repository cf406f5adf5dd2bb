//! The words of the pages: one Fluent catalogue per language, compiled into the binary.
//!
//! Messages hold no markup, and no sentence is built from parts. A word that is missing, or a
//! variable that was not given, is an error: a page never shows a half sentence. The pseudo
//! languages are made from the English catalogue by a transformation of its text.

use std::borrow::Cow;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};

use crate::Language;

pub(crate) const ENGLISH: &str = concat!(
    include_str!("../words/en.ftl"),
    include_str!("../words/people.en.ftl"),
);
pub(crate) const GERMAN: &str = concat!(
    include_str!("../words/de.ftl"),
    include_str!("../words/people.de.ftl"),
);

/// The catalogue of one language.
pub(crate) struct Words(FluentBundle<FluentResource>);

impl Words {
    /// Reads the catalogue. The text of the error is for us.
    pub(crate) fn of(language: Language) -> Result<Self, String> {
        let (source, plural_rules) = match language {
            Language::German => (GERMAN, "de"),
            Language::English | Language::Accented | Language::Mirrored => (ENGLISH, "en"),
        };
        let resource = FluentResource::try_new(source.to_owned())
            .map_err(|(_, errors)| format!("the catalogue is malformed: {errors:?}"))?;
        let tag = plural_rules
            .parse()
            .map_err(|error| format!("{plural_rules}: {error}"))?;
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // The invisible marks around variables would be copied with a value; identifiers stand in
        // elements of their own direction instead.
        bundle.set_use_isolating(false);
        if matches!(language, Language::Accented | Language::Mirrored) {
            bundle.set_transform(Some(accented));
        }
        bundle
            .add_resource(resource)
            .map_err(|errors| format!("{errors:?}"))?;
        Ok(Self(bundle))
    }

    /// The message with its variables filled in.
    pub(crate) fn say(&self, key: &str, variables: &FluentArgs<'_>) -> Result<String, String> {
        let pattern = self
            .0
            .get_message(key)
            .and_then(|message| message.value())
            .ok_or_else(|| format!("the catalogue has no message {key}"))?;
        let mut errors = Vec::new();
        let text = self
            .0
            .format_pattern(pattern, Some(variables), &mut errors)
            .into_owned();
        if errors.is_empty() {
            Ok(text)
        } else {
            Err(format!("message {key}: {errors:?}"))
        }
    }
}

/// Accents each letter and lengthens each text by a third. Code between backticks stays.
fn accented(text: &str) -> Cow<'_, str> {
    let mut code = false;
    let mut letters = 0_usize;
    let mut long = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        code ^= c == '`';
        long.push(if code { c } else { accent(c) });
        letters += usize::from(c.is_alphabetic() && !code);
        if letters == 2 {
            long.push('~');
            letters = 0;
        }
    }
    Cow::Owned(long)
}

fn accent(c: char) -> char {
    match c {
        'a' => 'á',
        'c' => 'ç',
        'd' => 'đ',
        'e' => 'é',
        'g' => 'ğ',
        'h' => 'ĥ',
        'i' => 'í',
        'j' => 'ĵ',
        'k' => 'ķ',
        'l' => 'ĺ',
        'n' => 'ñ',
        'o' => 'ö',
        'r' => 'ŕ',
        's' => 'š',
        't' => 'ť',
        'u' => 'ü',
        'w' => 'ŵ',
        'y' => 'ý',
        'z' => 'ž',
        'A' => 'Å',
        'C' => 'Ç',
        'E' => 'É',
        'I' => 'Î',
        'N' => 'Ñ',
        'O' => 'Ø',
        'S' => 'Š',
        'T' => 'Ŧ',
        'U' => 'Û',
        'Y' => 'Ý',
        other => other,
    }
}

#[cfg(test)]
mod tests;
