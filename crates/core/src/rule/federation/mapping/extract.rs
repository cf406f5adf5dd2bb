//! Google's `extract`: the part of a text that a template names.
//!
//! `'a/b/c'.extract('a/{part}/')` is `b`: what stands between the first `a/` and the first `/` behind it. Nothing
//! before the braces means from the beginning, nothing behind them to the end. What does not fit gives the empty
//! text, not an error.

/// A template's text before and behind its braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Template<'t> {
    before: &'t str,
    behind: &'t str,
}

impl<'t> Template<'t> {
    /// Reads `before{name}behind`.
    pub(super) fn read(text: &'t str) -> Result<Self, &'static str> {
        let wrong = "the template of extract has one name in braces: before{name}behind.";
        let (before, rest) = text.split_once('{').ok_or(wrong)?;
        let (name, behind) = rest.split_once('}').ok_or(wrong)?;
        let more = [before, name, behind].concat().contains(['{', '}']);
        if more {
            return Err(wrong);
        }
        Ok(Self { before, behind })
    }

    /// The part of the text, or nothing.
    pub(super) fn part_of<'v>(&self, text: &'v str) -> &'v str {
        let found = text.find(self.before).and_then(|at| {
            let rest = text.get(at + self.before.len()..)?;
            if self.behind.is_empty() {
                return Some(rest);
            }
            rest.get(..rest.find(self.behind)?)
        });
        found.unwrap_or_default()
    }
}
