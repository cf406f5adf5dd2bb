//! The paths that a Rust file goes, from its crate's root: `use crate::{value::Now, record::user::User}` goes two.
//!
//! `super::` is followed, so that climbing is no way around a rule. A path that ends in `!` is a macro, which Rust
//! keeps at the root whatever file it stands in, and is left out.

use crate::source;

/// The paths of a file that stands in `module`, each as its names.
pub(crate) fn paths(text: &str, module: &[&str]) -> Vec<Vec<String>> {
    let tokens = Tokens::of(&source::without_tests(&source::bare(text)));
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.at(at) {
        let mut climbed = match token {
            "crate" => module.len(),
            "super" => 1,
            _ => {
                at += 1;
                continue;
            }
        };
        at += 1;
        while tokens.is(at, "::") && tokens.is(at + 1, "super") {
            climbed += 1;
            at += 2;
        }
        let base = module.len().saturating_sub(climbed);
        let mut path: Vec<String> = module.iter().take(base).map(ToString::to_string).collect();
        if tokens.is(at, "::") {
            at = tokens.follow(at + 1, &mut path, &mut found);
        }
    }
    found
}

struct Tokens(Vec<String>);

impl Tokens {
    /// Words, `::`, and single marks.
    fn of(bare: &str) -> Self {
        let mut tokens: Vec<String> = Vec::new();
        let mut joins = false;
        for character in bare.chars() {
            let word = source::is_word(character);
            match tokens.last_mut() {
                Some(last) if joins && word && last.chars().all(source::is_word) => {
                    last.push(character);
                }
                Some(last) if joins && character == ':' && last == ":" => last.push(character),
                _ if character.is_whitespace() => {}
                _ => tokens.push(character.to_string()),
            }
            joins = !character.is_whitespace();
        }
        Self(tokens)
    }

    fn at(&self, at: usize) -> Option<&str> {
        self.0.get(at).map(String::as_str)
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.at(at) == Some(text)
    }

    /// Goes on from a place behind a `::`; gives the place behind the path, or behind its group in braces.
    fn follow(&self, mut at: usize, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
        let begin = path.len();
        while self
            .at(at)
            .is_some_and(|name| name.chars().all(source::is_word))
        {
            path.extend(self.at(at).map(str::to_owned));
            at += 1;
            if !self.is(at, "::") {
                if !self.is(at, "!") {
                    found.push(path.clone());
                }
                path.truncate(begin);
                return at;
            }
            at += 1;
        }
        if self.is(at, "{") {
            at += 1;
            while self.at(at).is_some_and(|token| !matches!(token, "}" | ";")) {
                let before = at;
                at = self.follow(at, path, found);
                if self.is(at, "as") {
                    at += 2;
                }
                if self.is(at, ",") || at == before {
                    at += 1;
                }
            }
            at += 1;
        } else if path.len() > begin {
            // `crate::a::*`, or a generic argument: the path so far is what is gone.
            found.push(path.clone());
        }
        path.truncate(begin);
        at
    }
}

#[cfg(test)]
mod tests;
