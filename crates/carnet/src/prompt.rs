//! Questions to a person: only on a terminal, never with `--no-input` or in CI.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;

/// The longest answer that is read, in bytes.
const LONGEST: u64 = 4_096;

/// Whether somebody is there to answer.
pub(crate) fn is_possible(global: &Global) -> bool {
    !global.no_input
        && !environment::is_on("CI")
        && io::stdin().is_terminal()
        && io::stderr().is_terminal()
}

/// Asks, and reads one line. An empty one means the default.
pub(crate) fn ask(question: &str, default: Option<&str>) -> Result<String, Failure> {
    match default {
        Some(default) => eprint!("? {question} [{default}] "),
        None => eprint!("? {question} "),
    }
    let _ = io::stderr().flush();
    let mut line = String::new();
    let read = io::Read::take(io::stdin().lock(), LONGEST).read_line(&mut line);
    let read = read
        .map_err(|error| Failure::new(Exit::Failed, format!("no answer could be read: {error}")))?;
    let answer = line.trim();
    if read == 0 {
        return Err(Failure::new(Exit::Failed, "there was no answer"));
    }
    Ok(if answer.is_empty() {
        default.unwrap_or_default()
    } else {
        answer
    }
    .to_owned())
}

/// Asks for something that nobody may read over a shoulder: what is typed is not shown.
pub(crate) fn ask_unseen(question: &str) -> Result<String, Failure> {
    let _unseen = Unseen::begin()?;
    eprint!("? {question} ");
    let _ = io::stderr().flush();
    let mut line = String::new();
    let read = io::Read::take(io::stdin().lock(), LONGEST).read_line(&mut line);
    eprintln!();
    match read {
        Ok(0) => Err(Failure::new(Exit::Failed, "there was no answer")),
        // Spaces belong to it; the end of the line does not.
        Ok(_) => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
        Err(error) => {
            let what = format!("no answer could be read: {error}");
            Err(Failure::new(Exit::Failed, what))
        }
    }
}

/// A terminal that shows nothing of what is typed, until this is dropped.
struct Unseen(Termios);

impl Unseen {
    fn begin() -> Result<Self, Failure> {
        let failed = |error: rustix::io::Errno| {
            let what = format!("the terminal cannot hide what is typed: {error}");
            Failure::new(Exit::Failed, what).fix("give it on standard input, with -")
        };
        let before = tcgetattr(io::stdin()).map_err(failed)?;
        let mut hidden = before.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(io::stdin(), OptionalActions::Flush, &hidden).map_err(failed)?;
        Ok(Self(before))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // There is nobody left to tell.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}

/// Tells the effect of something that cannot simply be taken back, and lets the person type the
/// name of what it is done to. `--yes` and `--dry-run` skip it.
pub(crate) fn confirm(effect: &str, name: &str, global: &Global) -> Result<(), Failure> {
    if global.yes || global.dry_run {
        return Ok(());
    }
    if !is_possible(global) {
        return Err(Failure::usage(format!("this needs --yes: {effect}"))
            .why("there is no terminal to ask on, or asking was forbidden")
            .fix("repeat the command with --yes, or with --dry-run to see what it would do"));
    }
    eprintln!("{effect}");
    let answer = ask(&format!("Type {name} to go on:"), None)?;
    if answer == name {
        Ok(())
    } else {
        Err(Failure::new(
            Exit::Failed,
            "nothing was changed: what you typed is another name",
        ))
    }
}
