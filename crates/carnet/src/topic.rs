//! `carnet help`: of a command, or of what belongs to no single command.

use clap::Command;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::output::Output;

/// Prints the help of a command, or of a topic.
pub(crate) fn help(
    words: &[String],
    mut command: Command,
    output: &Output,
) -> Result<Exit, Failure> {
    command.build();
    let mut of = &mut command;
    for word in words {
        if let Some(text) = topic(word) {
            output.text(text)?;
            return Ok(Exit::Success);
        }
        let unknown = unknown(word, of);
        of = of.find_subcommand_mut(word).ok_or(unknown)?;
    }
    output.text(&of.render_long_help().to_string())?;
    Ok(Exit::Success)
}

/// No such command or topic; the closest one is named.
fn unknown(word: &str, of: &Command) -> Failure {
    let names = of.get_subcommands().map(Command::get_name);
    let names = names.chain(["exit-codes", "environment", "formatting"]);
    let failure = Failure::usage(format!("there is no command and no topic {word}"));
    match nearest(word, names) {
        Some(near) => failure.fix(format!("did you mean {near}?")),
        None => failure.fix("carnet help; the topics are exit-codes, environment and formatting"),
    }
}

fn topic(word: &str) -> Option<&'static str> {
    match word {
        "exit-codes" => Some(EXIT_CODES),
        "environment" => Some(ENVIRONMENT),
        "formatting" => Some(FORMATTING),
        _ => None,
    }
}

const EXIT_CODES: &str = "\
0    success
1    it failed; the reason is on standard error, with a code where there is one
2    the command line is wrong
3    there is no such thing, or you may not see it
4    there is nothing to sign in with, or it is no longer good
5    not permitted
6    conflict: it exists already, was changed meanwhile, or its state does not allow this
7    the server gave no answer; trying again is sensible
8    a check found something wrong (doctor, sa check, sa key check, config check,
     token inspect --verify, token introspect of an inactive token, audit verify, healthcheck)
130  stopped with Ctrl-C
";

const ENVIRONMENT: &str = "\
A flag wins over a variable, a variable over the active context.

CARNET_URL        the public URL of the server (--url)
CARNET_CONTEXT    the context to use (--context)
CARNET_TOKEN      an access token to sign in with; carnet token env prints it
CARNET_ORG        the organization (--org)
CARNET_PROJECT    the project (--project)
CARNET_OUTPUT     the format of results (--output)
CARNET_NO_INPUT   true: never ask (--no-input); so does CI
CARNET_CONFIG_DIR where contexts are kept, instead of $XDG_CONFIG_HOME/carnet; in sign-ins under
                  it what carnet login keeps, instead of in $XDG_STATE_HOME/carnet
BROWSER           what carnet login opens an address with
GOOGLE_APPLICATION_CREDENTIALS
                  the key file to sign in with, where neither --key nor CARNET_TOKEN is given
NO_COLOR, CLICOLOR_FORCE, COLUMNS, HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE
                  as everywhere

What carnet serve reads: carnet config schema
";

const FORMATTING: &str = "\
Data goes to standard output, everything else to standard error.

-o table   columns, as many as fit the terminal; tab-separated lines without a head elsewhere
-o wide    all columns
-o json    one JSON document
-o jsonl   one JSON object on each line
-o yaml    YAML
-o csv     comma-separated values with a head, all columns
-o name    names only, one on each line

On a terminal moments are told as how long ago they were; everywhere else as RFC 3339 in UTC.
";
