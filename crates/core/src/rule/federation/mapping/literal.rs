//! Quoted texts and bytes: `'…'`, `"…"`, three of either, with `r` (nothing is escaped) and `b` (bytes).
//!
//! Escapes are those of cel-spec: `\a \b \f \n \r \t \v`, a backslash before a quote, a question mark or a
//! backslash, `\xHH`, `\uHHHH`, `\UHHHHHHHH` and three octal digits. In a text they are code points, in bytes they are bytes.

use super::Wrong;

/// What comes before the first character of the content.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opening {
    length: usize,
    raw: bool,
    bytes: bool,
    quote: &'static str,
}

/// What stands between the quotes.
pub(super) enum Quoted {
    Text(String),
    Bytes(Vec<u8>),
}

/// Whether a literal begins here.
pub(super) fn opening(rest: &str) -> Option<Opening> {
    let (mut raw, mut bytes, mut length) = (false, false, 0);
    let mut after = rest;
    loop {
        if let Some(next) = after.strip_prefix(['r', 'R']).filter(|_| !raw) {
            (raw, after) = (true, next);
        } else if let Some(next) = after.strip_prefix(['b', 'B']).filter(|_| !bytes && !raw) {
            (bytes, after) = (true, next);
        } else {
            break;
        }
        length += 1;
    }
    let quotes = ["'''", "\"\"\"", "'", "\""];
    let quote = quotes.into_iter().find(|quote| after.starts_with(quote))?;
    length += quote.len();
    Some(Opening {
        length,
        raw,
        bytes,
        quote,
    })
}

/// The literal and its length with quotes.
pub(super) fn quoted(rest: &str, opening: Opening) -> Result<(Quoted, usize), Wrong> {
    let mut content = Content::new(opening.bytes);
    let mut at = opening.length;
    loop {
        let here = rest.get(at..).unwrap_or_default();
        if here.starts_with(opening.quote) {
            return Ok((content.finish()?, at + opening.quote.len()));
        }
        let Some(next) = here.chars().next() else {
            return Err(Wrong::at(0, "the quote is not closed.".to_owned()));
        };
        if next == '\n' && opening.quote.len() == 1 {
            return Err(Wrong::at(
                at,
                "a line ends within quotes; three quotes hold several lines.".to_owned(),
            ));
        }
        if next == '\\' && !opening.raw {
            at += 1 + escaped(rest.get(at + 1..).unwrap_or_default(), &mut content)
                .map_err(|wrong| wrong.behind(at))?;
        } else {
            content.character(next);
            at += next.len_utf8();
        }
    }
}

/// Takes what follows a backslash; gives its length.
fn escaped(after: &str, content: &mut Content) -> Result<usize, Wrong> {
    let unknown = || Wrong::at(0, "there is no such escape.".to_owned());
    let next = after.chars().next().ok_or_else(unknown)?;
    let plain = match next {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '?' | '"' | '\'' | '`' => next,
        'x' | 'X' => return coded(after, (1, 2, 16), content),
        'u' if !content.bytes => return coded(after, (1, 4, 16), content),
        'U' if !content.bytes => return coded(after, (1, 8, 16), content),
        '0'..='3' => return coded(after, (0, 3, 8), content),
        _ => return Err(unknown()),
    };
    content.character(plain);
    Ok(1)
}

/// `(where the digits begin, how many there are, their base)`.
fn coded(
    after: &str,
    (from, count, base): (usize, usize, u32),
    content: &mut Content,
) -> Result<usize, Wrong> {
    let wrong = || Wrong::at(0, "this escape is no character.".to_owned());
    let to = from + count;
    let digits = after.get(from..to).ok_or_else(wrong)?;
    if !digits.chars().all(|digit| digit.is_digit(base)) {
        return Err(wrong());
    }
    let code = u32::from_str_radix(digits, base).map_err(|_| wrong())?;
    content.code(code).ok_or_else(wrong)?;
    Ok(to)
}

struct Content {
    bytes: bool,
    gathered: Vec<u8>,
}

impl Content {
    fn new(bytes: bool) -> Self {
        let gathered = Vec::new();
        Self { bytes, gathered }
    }

    fn character(&mut self, character: char) {
        let mut room = [0; 4];
        let encoded = character.encode_utf8(&mut room);
        self.gathered.extend_from_slice(encoded.as_bytes());
    }

    fn code(&mut self, code: u32) -> Option<()> {
        if self.bytes {
            self.gathered.push(u8::try_from(code).ok()?);
        } else {
            self.character(char::from_u32(code)?);
        }
        Some(())
    }

    fn finish(self) -> Result<Quoted, Wrong> {
        if self.bytes {
            return Ok(Quoted::Bytes(self.gathered));
        }
        let text = String::from_utf8(self.gathered);
        text.map(Quoted::Text)
            .map_err(|_| Wrong::at(0, "this is not text.".to_owned()))
    }
}
