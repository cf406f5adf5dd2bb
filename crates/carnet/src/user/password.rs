//! A password for a user: asked for without being shown, or read from standard input. It is never a word
//! of the command line, where other programs and the history of the shell would have it.

use std::fs::File;
use std::io::{self, Read};

use carnet_wire::crn::Crn;

use crate::admin::Request;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::members::Members;
use crate::prompt;
use crate::work::Work;

/// The longest text that is read, in bytes.
const LONGEST: u64 = 8 * 1024;

/// The password, from standard input or from the person.
pub(super) fn asked(user: &str, from: Option<&str>, global: &Global) -> Result<String, Failure> {
    if from.is_some() {
        return read(io::stdin().lock(), "standard input");
    }
    if !prompt::is_possible(global) {
        return Err(Failure::usage("which password?")
            .why("there is no terminal to ask on, or asking was forbidden")
            .fix(format!("carnet user set-password {user} - < password.txt")));
    }
    let password = prompt::ask_unseen(&format!("New password for {user}:"))?;
    if prompt::ask_unseen("The same again:")? == password {
        Ok(password)
    } else {
        let what = "nothing was changed: the two passwords differ";
        Err(Failure::new(Exit::Failed, what))
    }
}

/// The hash that a file holds.
pub(super) fn hash_of(file: &str) -> Result<String, Failure> {
    if file == "-" {
        return read(io::stdin().lock(), "standard input");
    }
    let open = File::open(file).map_err(|error| unreadable(file, &error))?;
    read(open, file)
}

/// Sets it.
pub(super) async fn set(
    work: &Work<'_>,
    user: String,
    (name, password): (&str, String),
) -> Result<Exit, Failure> {
    let body = Members::default().with("password", password);
    let request = Request::put(format!("{user}/password")).secret_json(body.into());
    if let Some(set) = work.admin.change(request).await? {
        if !work.output.is_for_people() {
            work.print(&set)?;
        }
        let done = format!("ok {name} has a new password; their sessions have ended.");
        work.output.note(done);
    }
    Ok(Exit::Success)
}

/// Takes it away.
pub(super) async fn remove(work: &Work<'_>, user: String, name: &str) -> Result<Exit, Failure> {
    let effect =
        "The person cannot sign in with a password until another is set; their sessions end.";
    prompt::confirm(effect, name, work.global)?;
    let request = Request::delete(format!("{user}/password"));
    if work.admin.change(request).await?.is_some() {
        work.output.note(format!("ok {name} has no password."));
    }
    Ok(Exit::Success)
}

/// One line, or what there is, without the end of the line.
fn read(from: impl Read, name: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = from.take(LONGEST + 1).read_to_string(&mut text);
    read.map_err(|error| unreadable(name, &error))?;
    if text.len() as u64 > LONGEST {
        return Err(Failure::usage(format!(
            "{name} is longer than any password"
        )));
    }
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(Failure::usage(format!("{name} is empty")));
    }
    Ok(text.to_owned())
}

fn unreadable(name: &str, error: &io::Error) -> Failure {
    let what = format!("{name} cannot be read: {error}");
    Failure::of(Crn::FILE_NOT_READABLE, what)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn spaces_belong_to_a_password_and_the_end_of_the_line_does_not() {
        let read = |text: &str| read(text.as_bytes(), "standard input");
        assert_eq!(
            read(" eleven zebras \r\n").ok(),
            Some(" eleven zebras ".to_owned())
        );
        assert!(read("\n").is_err());
        assert!(read(&"a".repeat(9_000)).is_err());
    }
}
