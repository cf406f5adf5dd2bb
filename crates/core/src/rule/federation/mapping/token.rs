//! An expression's text in tokens: names, literals and signs, each with its place.
//!
//! The lexical rules are those of the Common Expression Language (cel-spec, section "Syntax"): four kinds of
//! quotes, `r` and `b` before them, decimal and hexadecimal numbers, `u` behind unsigned ones, `//` comments.
//! One pass, and no character is looked at more than twice.

use std::iter::Peekable;
use std::str::CharIndices;

use carnet_wire::legal::Echo;

use super::Wrong;
use super::literal;
use super::literal::Quoted;

/// One token and where it stands, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Name(String),
    Text(String),
    Bytes(Vec<u8>),
    /// The digits of a signed number; its sign is a token of its own.
    Int(u64),
    UInt(u64),
    Double(f64),
    Sign(&'static str),
    End,
}

/// Longer ones first: `<=` is not `<` and `=`.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]",
    "{", "}", ",", ".", "?", ":",
];

type Chars<'t> = Peekable<CharIndices<'t>>;

/// All tokens of the text; the last one is [`Kind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Wrong> {
    let mut chars = text.char_indices().peekable();
    let mut found = Vec::new();
    loop {
        skip_space(text, &mut chars);
        let Some(&(from, first)) = chars.peek() else {
            let at = text.len();
            found.push(Token {
                kind: Kind::End,
                from: at,
                to: at,
            });
            return Ok(found);
        };
        let rest = text.get(from..).unwrap_or_default();
        let (kind, length) = if let Some(prefix) = literal::opening(rest) {
            let quoted = literal::quoted(rest, prefix);
            match quoted.map_err(|wrong| wrong.behind(from))? {
                (Quoted::Text(text), length) => (Kind::Text(text), length),
                (Quoted::Bytes(bytes), length) => (Kind::Bytes(bytes), length),
            }
        } else if first.is_ascii_digit() || number_with_point(rest) {
            number(rest).map_err(|wrong| wrong.behind(from))?
        } else if first.is_ascii_alphabetic() || first == '_' {
            let length = named(rest);
            (
                Kind::Name(rest.get(..length).unwrap_or_default().to_owned()),
                length,
            )
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
            let sign = sign.ok_or_else(|| {
                let shown = Echo::of(&first.to_string());
                Wrong::at(from, format!("'{shown}' is not part of the language."))
            })?;
            (Kind::Sign(sign), sign.len())
        };
        let to = from + length;
        found.push(Token { kind, from, to });
        while chars.next_if(|(at, _)| *at < to).is_some() {}
    }
}

fn skip_space(text: &str, chars: &mut Chars<'_>) {
    while let Some(&(at, next)) = chars.peek() {
        let comment = text.get(at..).is_some_and(|rest| rest.starts_with("//"));
        if comment {
            while chars.next_if(|(_, next)| *next != '\n').is_some() {}
        } else if matches!(next, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
            chars.next();
        } else {
            return;
        }
    }
}

fn named(rest: &str) -> usize {
    let part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    rest.bytes().take_while(|byte| part(*byte)).count()
}

/// `.5` is a number; `.name` is not.
fn number_with_point(rest: &str) -> bool {
    let mut bytes = rest.bytes();
    bytes.next() == Some(b'.') && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

fn digits(rest: &str) -> usize {
    rest.bytes().take_while(u8::is_ascii_digit).count()
}

fn number(rest: &str) -> Result<(Kind, usize), Wrong> {
    let too_large = || Wrong::at(0, "this number has more than 64 bits.".to_owned());
    if let Some(hex) = rest.strip_prefix("0x").or_else(|| rest.strip_prefix("0X")) {
        let length = hex.bytes().take_while(u8::is_ascii_hexdigit).count();
        let value = u64::from_str_radix(hex.get(..length).unwrap_or_default(), 16);
        return whole(rest, value.map_err(|_| too_large())?, length + 2);
    }
    let mut length = digits(rest);
    let after = |length: usize| rest.get(length..).unwrap_or_default();
    let mut fraction = false;
    if number_with_point(after(length)) {
        fraction = true;
        length += 1 + digits(after(length + 1));
    }
    if let Some(power) = exponent(after(length)) {
        fraction = true;
        length += power;
    }
    let written = rest.get(..length).unwrap_or_default();
    if fraction {
        let value = written.parse().map_err(|_| too_large())?;
        return ended(rest, Kind::Double(value), length);
    }
    whole(rest, written.parse().map_err(|_| too_large())?, length)
}

fn exponent(rest: &str) -> Option<usize> {
    let power = rest.strip_prefix(['e', 'E'])?;
    let unsigned = power.strip_prefix(['+', '-']).unwrap_or(power);
    let digits = digits(unsigned);
    (digits > 0).then(|| rest.len() - unsigned.len() + digits)
}

fn whole(rest: &str, value: u64, length: usize) -> Result<(Kind, usize), Wrong> {
    let unsigned = rest.get(length..).unwrap_or_default();
    if unsigned.starts_with(['u', 'U']) {
        return ended(rest, Kind::UInt(value), length + 1);
    }
    ended(rest, Kind::Int(value), length)
}

/// A letter directly behind a number is a slip, not a name.
fn ended(rest: &str, kind: Kind, length: usize) -> Result<(Kind, usize), Wrong> {
    if named(rest.get(length..).unwrap_or_default()) > 0 {
        return Err(Wrong::at(
            length,
            "a number ends here, but a letter follows.".to_owned(),
        ));
    }
    Ok((kind, length))
}
