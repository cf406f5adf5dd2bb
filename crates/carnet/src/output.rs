//! How results are printed: data to standard output, everything else to standard error.
//!
//! 1. The format is the one that was asked for, never guessed: where standard output is no terminal
//!    a table becomes tab-separated lines without a head, and nothing turns into JSON by itself.
//! 2. No colour without a terminal, with `NO_COLOR`, or with `--no-color`.
//! 3. A table fits the terminal by leaving out columns, never by wrapping.
//! 4. Control characters of what a server said are never sent to a terminal.

mod cell;
pub(crate) mod format;
mod table;
mod yaml;

use std::io::{self, IsTerminal as _, Write as _};

use serde_json::Value;

use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;

pub(crate) use cell::{Column, printable};
use format::Format;

/// Where and how a command prints.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    format: Format,
    quiet: bool,
    /// The width of the terminal that standard output is, if it is one.
    terminal: Option<usize>,
    colour: bool,
    now: i64,
}

/// How wide a terminal is that does not say.
const WIDTH: usize = 100;

impl Output {
    /// What was asked for, on what is there.
    pub(crate) fn new(global: &Global, now: i64) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let forced = environment::is_on("CLICOLOR_FORCE");
        let plain = global.no_color || environment::value("NO_COLOR").is_some();
        Self {
            format: global.output,
            quiet: global.quiet,
            terminal: is_terminal.then(width),
            colour: !plain && (forced || is_terminal),
            now,
        }
    }

    /// Whether a person wants to read.
    pub(crate) fn is_for_people(&self) -> bool {
        matches!(self.format, Format::Table | Format::Wide)
    }

    /// Whether more is shown than fits into a usual table.
    pub(crate) fn shows_everything(&self) -> bool {
        !matches!(self.format, Format::Table | Format::Name)
    }

    /// Whether colours may be used.
    pub(crate) fn colour(&self) -> bool {
        self.colour
    }

    /// Prints a list.
    pub(crate) fn list(&self, items: &[Value], columns: &[Column]) -> Result<(), Failure> {
        let text = match self.format {
            Format::Table => table::list(items, columns, self.shape(false)),
            Format::Wide => table::list(items, columns, self.shape(true)),
            Format::Json => json(&Value::Array(items.to_vec())),
            Format::Jsonl => lines(items),
            Format::Yaml => yaml::print(&Value::Array(items.to_vec())),
            Format::Csv => table::csv(items, columns),
            Format::Name => names(items, columns),
        };
        put(&text)
    }

    /// Prints one thing.
    pub(crate) fn one(&self, item: &Value, columns: &[Column]) -> Result<(), Failure> {
        let items = std::slice::from_ref(item);
        let text = match self.format {
            Format::Table | Format::Wide if self.terminal.is_some() => {
                table::one(item, columns, self.shape(true))
            }
            Format::Table | Format::Wide => table::list(items, columns, self.shape(true)),
            Format::Json => json(item),
            Format::Jsonl => format!("{item}\n"),
            Format::Yaml => yaml::print(item),
            Format::Csv => table::csv(items, columns),
            Format::Name => names(items, columns),
        };
        put(&text)
    }

    /// Prints a text that is data itself: a token, a document.
    pub(crate) fn text(&self, text: &str) -> Result<(), Failure> {
        let _ = self.format;
        put(&format!("{}\n", text.trim_end_matches('\n')))
    }

    /// Prints one record of many as a line of JSON.
    pub(crate) fn line(&self, item: &Value) -> Result<(), Failure> {
        let _ = self.format;
        put(&format!("{item}\n"))
    }

    /// Tells a person what happened.
    pub(crate) fn note(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    fn shape(&self, wide: bool) -> table::Shape {
        table::Shape {
            terminal: self.terminal,
            wide,
            now: self.now,
        }
    }
}

fn json(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn lines(items: &[Value]) -> String {
    let lines: Vec<_> = items.iter().map(ToString::to_string).collect();
    lines.join("\n") + if lines.is_empty() { "" } else { "\n" }
}

fn names(items: &[Value], columns: &[Column]) -> String {
    let Some(name) = columns.first() else {
        return String::new();
    };
    let mut text = String::new();
    for item in items {
        text.push_str(&name.plain(item));
        text.push('\n');
    }
    text
}

/// Writes to standard output. Whoever reads may have gone: that is how `head` works.
fn put(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(
            Exit::Failed,
            format!("standard output cannot be written: {error}"),
        )),
        _ => Ok(()),
    }
}

/// The width of the terminal.
fn width() -> usize {
    let columns = environment::value("COLUMNS").and_then(|text| text.parse().ok());
    let measured = || {
        let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
        Some(usize::from(size.ws_col)).filter(|width| *width > 0)
    };
    columns.or_else(measured).unwrap_or(WIDTH)
}

#[cfg(test)]
mod tests;
