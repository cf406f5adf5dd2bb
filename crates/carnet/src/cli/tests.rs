//! What the help, the catalogue and the pages tell people to type can be typed.

use carnet_wire::crn::Crn;
use clap::Command;

use super::command;

/// The words of a line as a shell would hand them over, up to a pipe, a redirection, a comment (two
/// spaces before it) or the next command.
fn words(line: &str) -> Vec<String> {
    let line = line.trim();
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut spaces = 0;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => {
                spaces += 1;
                words.extend(word.take());
                continue;
            }
            (None, '|' | '>' | '<' | ';' | '&' | '#') => break,
            (None, _) if spaces > 1 && word.is_none() => break,
            (_, letter) => word.get_or_insert_default().push(letter),
        }
        spaces = 0;
    }
    words.extend(word);
    words
}

fn parses(line: &str) -> Result<(), String> {
    match command().try_get_matches_from(words(line)) {
        Ok(_) => Ok(()),
        Err(told) if told.exit_code() == 0 => Ok(()),
        Err(error) => Err(format!("{line}\n{error}")),
    }
}

/// The lines of a text in which our program is called.
fn calls(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| line.starts_with("carnet "))
}

fn leaves<'c>(command: &'c Command, path: &str, found: &mut Vec<(String, &'c Command)>) {
    if !command.has_subcommands() {
        found.push((path.to_owned(), command));
    }
    for inner in command.get_subcommands() {
        leaves(inner, &format!("{path} {}", inner.get_name()), found);
    }
}

#[test]
fn a_line_is_cut_into_words() {
    let line = "carnet sa list -o name | xargs carnet sa get";
    assert_eq!(words(line), ["carnet", "sa", "list", "-o", "name"]);
    assert_eq!(words("carnet dev            a sandbox"), ["carnet", "dev"]);
    assert_eq!(
        words("carnet org create \"A B\""),
        ["carnet", "org", "create", "A B"]
    );
}

#[test]
fn ux_3_1_every_command_has_an_example_and_every_example_parses() {
    let root = command();
    let mut found = Vec::new();
    leaves(&root, "carnet", &mut found);
    assert!(found.len() > 60, "{} commands", found.len());
    let mut wrong = Vec::new();
    for (path, leaf) in found {
        let text = leaf.get_after_help().map(ToString::to_string);
        let text = text.unwrap_or_default();
        let own = calls(&text).filter(|line| format!("{line} ").starts_with(&format!("{path} ")));
        if own.count() == 0 {
            wrong.push(format!("{path} has no example of itself"));
        }
        wrong.extend(calls(&text).filter_map(|line| parses(line).err()));
    }
    let text = root.get_after_help().map(ToString::to_string);
    wrong.extend(calls(&text.unwrap_or_default()).filter_map(|line| parses(line).err()));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_catalogue_tells_to_type_can_be_typed() {
    let mut count = 0;
    let mut wrong = Vec::new();
    for code in Crn::all() {
        let snippets = code.entry().fixes.iter().flat_map(|fix| fix.snippets);
        for line in snippets.flat_map(|snippet| calls(snippet.code)) {
            count += 1;
            wrong.extend(parses(line).err().map(|error| format!("{code}: {error}")));
        }
    }
    assert!(count > 40, "{count} lines");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_commands_are_sound() {
    command().debug_assert();
}

#[test]
fn ux_3_1_help_fits_one_screen() {
    let mut root = command();
    let text = root.render_help().to_string();
    assert!(
        text.lines().count() <= 50,
        "{} lines\n{text}",
        text.lines().count()
    );
    assert!(
        text.lines().all(|line| line.chars().count() <= 110),
        "{text}"
    );
}

#[test]
fn a_server_alone_helps_as_the_whole_does() {
    for name in ["serve", "dev"] {
        for flag in ["-h", "--help"] {
            let words = ["carnet", name, flag];
            let help = |command: clap::Command| {
                command
                    .try_get_matches_from(words)
                    .map_or_else(|error| error.to_string(), |_| String::new())
            };
            let whole = help(super::command());
            assert!(whole.contains("--"), "{whole}");
            assert_eq!(help(super::serving::command()), whole);
        }
    }
}

#[test]
fn a_server_alone_refuses_as_the_whole_does() {
    for words in [
        ["carnet", "serve", "--no-such-option"],
        ["carnet", "dev", "--listen"],
        ["carnet", "serve", "word"],
    ] {
        let error = |command: clap::Command| {
            command
                .try_get_matches_from(words)
                .map_or_else(|error| error.to_string(), |_| String::new())
        };
        let whole = error(super::command());
        assert!(whole.starts_with("error:"), "{whole}");
        assert_eq!(error(super::serving::command()), whole);
    }
}
