//! What the catalogue tells people to type can be typed.

use carnet_wire::crn::Crn;
use clap::CommandFactory as _;
use clap::error::ErrorKind;

use crate::cli::Cli;

/// The words of a command, up to where the shell takes over again.
fn words(line: &str) -> Vec<&str> {
    let ends = |word: &&str| !matches!(*word, "<" | "|" | ">" | ";" | "&&");
    line.split_whitespace().take_while(ends).collect()
}

#[test]
fn every_command_of_the_catalogue_is_one_of_ours() {
    let mut tried = 0;
    for crn in Crn::all() {
        let snippets = crn.entry().fixes.iter().flat_map(|fix| fix.snippets);
        for line in snippets.flat_map(|snippet| snippet.code.lines()) {
            if line.starts_with("carnet ") {
                tried += 1;
                let read = Cli::command().try_get_matches_from(words(line));
                if let Err(error) = read {
                    assert_eq!(
                        error.kind(),
                        ErrorKind::DisplayVersion,
                        "{crn}: {line}: {error}"
                    );
                }
            }
        }
    }
    assert!(tried > 20, "only {tried} commands were found");
}

#[test]
fn the_catalogue_asks_the_public_listener_for_nothing_that_is_on_the_other() {
    for crn in Crn::all() {
        let snippets = crn.entry().fixes.iter().flat_map(|fix| fix.snippets);
        for snippet in snippets {
            for path in ["/livez", "/readyz", "/healthz", "/metrics"] {
                let wrong = format!("ISSUER{path}");
                assert!(!snippet.code.contains(&wrong), "{crn}: {}", snippet.code);
            }
        }
    }
}
