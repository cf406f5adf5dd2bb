//! Rust text, read as far as the gates need it.
//!
//! 1. [`bare`] takes out the comments and the inside of string and character literals.
//! 2. [`without_tests`] takes out what stands under `#[cfg(test)]`.
//! 3. What is left can be counted ([`lines_of_code`]), or searched for paths (`paths.rs`).
//!
//! This is a lexer and no parser; a macro could fool it, and a reviewer would see that.

use std::path::{Component, Path};

/// The characters of a text, one after the other, with a look ahead.
struct Reader {
    characters: Vec<char>,
    next: usize,
    kept: String,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.next + ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars()
            .enumerate()
            .all(|(at, character)| self.peek(at) == Some(character))
    }

    /// Takes a character and keeps it.
    fn keep(&mut self) {
        if let Some(character) = self.peek(0) {
            self.kept.push(character);
        }
        self.next += 1;
    }

    /// Takes a character and keeps only that a line ended, if it did.
    fn drop(&mut self) {
        if self.peek(0) == Some('\n') {
            self.kept.push('\n');
        }
        self.next += 1;
    }

    /// Takes a character of a literal and keeps a mark for it, so that its lines still count as code.
    fn blank(&mut self) {
        match self.peek(0) {
            Some('\n') => self.kept.push('\n'),
            Some(character) if character.is_whitespace() => self.kept.push(' '),
            _ => self.kept.push('_'),
        }
        self.next += 1;
    }

    fn line_comment(&mut self) {
        while self.peek(0).is_some_and(|character| character != '\n') {
            self.drop();
        }
    }

    /// A block comment; they nest.
    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while self.peek(0).is_some() {
            if self.starts_with("/*") {
                depth += 1;
                self.drop();
            } else if self.starts_with("*/") {
                depth -= 1;
                self.drop();
            }
            self.drop();
            if depth == 0 {
                return;
            }
        }
    }

    /// A literal between quotes, with backslashes.
    fn quoted(&mut self, quote: char) {
        self.keep();
        while let Some(character) = self.peek(0) {
            if character == quote {
                self.keep();
                return;
            }
            if character == '\\' {
                self.blank();
            }
            self.blank();
        }
    }

    /// How many `#` a raw string that begins here has; nothing if none begins.
    fn raw_hashes(&self) -> Option<usize> {
        if self.peek(0) != Some('r') {
            return None;
        }
        let mut hashes = 0;
        while self.peek(1 + hashes) == Some('#') {
            hashes += 1;
        }
        (self.peek(1 + hashes) == Some('"')).then_some(hashes)
    }

    fn raw_string(&mut self, hashes: usize) {
        for _ in 0..hashes + 2 {
            self.keep();
        }
        let end = format!("\"{}", "#".repeat(hashes));
        while self.peek(0).is_some() {
            if self.starts_with(&end) {
                for _ in 0..=hashes {
                    self.keep();
                }
                return;
            }
            self.blank();
        }
    }

    /// A `'` begins a character literal, or else a lifetime or a label.
    fn is_character_literal(&self) -> bool {
        self.peek(1) == Some('\\') || (self.peek(2) == Some('\'') && self.peek(1) != Some('\''))
    }

    /// A name or number, whole, so that the `r` at its end begins no raw string.
    fn word(&mut self) {
        while self.peek(0).is_some_and(is_word) {
            self.keep();
        }
    }
}

/// What a name or a number is made of.
pub(crate) fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The program without comments, and with the inside of its literals blanked. Lines keep their numbers.
pub(crate) fn bare(text: &str) -> String {
    let mut reader = Reader {
        characters: text.chars().collect(),
        next: 0,
        kept: String::new(),
    };
    while let Some(character) = reader.peek(0) {
        // `b"…"`, `c"…"`, `br"…"`: the letter before is kept as it is.
        if matches!(character, 'b' | 'c') && matches!(reader.peek(1), Some('"' | '\'' | 'r')) {
            let begin = reader.next;
            reader.next += 1;
            let literal =
                reader.raw_hashes().is_some() || matches!(reader.peek(0), Some('"' | '\''));
            reader.next = begin;
            if literal {
                reader.keep();
                continue;
            }
        }
        if reader.starts_with("//") {
            reader.line_comment();
        } else if reader.starts_with("/*") {
            reader.block_comment();
        } else if let Some(hashes) = reader.raw_hashes() {
            reader.raw_string(hashes);
        } else if character == '"' || (character == '\'' && reader.is_character_literal()) {
            reader.quoted(character);
        } else if is_word(character) {
            reader.word();
        } else {
            reader.keep();
        }
    }
    reader.kept
}

/// Bare text without the items that stand under `#[cfg(test)]`.
pub(crate) fn without_tests(bare: &str) -> String {
    const MARK: &str = "#[cfg(test)]";
    let mut kept = String::new();
    let mut rest = bare;
    while let Some(at) = rest.find(MARK) {
        let (before, marked) = rest.split_at(at);
        kept.push_str(before);
        let (item, after) = marked.split_at(end_of_item(marked));
        kept.extend(item.matches('\n'));
        rest = after;
    }
    kept.push_str(rest);
    kept
}

/// Where the item ends that a text begins with: at a `;`, or with the brace that closes its first one.
fn end_of_item(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// How many lines of a Rust file are code: no comments, no blank lines, no tests.
pub(crate) fn lines_of_code(text: &str) -> usize {
    without_tests(&bare(text))
        .lines()
        .filter(|line| !line.trim().is_empty())
        .count()
}

/// Whether a file holds nothing but tests or benchmarks.
pub(crate) fn is_test_file(file: &Path) -> bool {
    let folder = |name: &str| {
        file.components()
            .any(|part| part == Component::Normal(name.as_ref()))
    };
    folder("tests") || folder("benches") || file.file_stem().is_some_and(|stem| stem == "tests")
}

#[cfg(test)]
mod tests;
