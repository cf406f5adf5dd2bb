//! `carnet completions` and `carnet man`: what a shell and a manual want to know of the commands.

use std::path::PathBuf;

use carnet_wire::crn::Crn;
use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Which shell.
#[derive(Args, Debug)]
#[command(
    after_help = "They complete commands and options. Names of accounts and the like are not asked for at the server.\n\nExamples:\n  carnet completions bash > /etc/bash_completion.d/carnet\n  carnet completions zsh > ~/.zfunc/_carnet\n  carnet completions fish > ~/.config/fish/completions/carnet.fish"
)]
pub(crate) struct Arguments {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completions.
pub(crate) fn run(
    arguments: &Arguments,
    mut command: Command,
    output: &Output,
) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "carnet", &mut text);
    output.text(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Success)
}

/// Where manual pages go.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  carnet man /usr/local/share/man/man1")]
pub(crate) struct Man {
    /// The folder, which must be there.
    folder: PathBuf,
}

/// Writes a page for each command.
pub(crate) fn man(arguments: &Man, command: Command, output: &Output) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    clap_mangen::generate_to(command, folder).map_err(|error| {
        let what = format!("{} cannot be written: {error}", folder.display());
        Failure::of(Crn::FILE_NOT_READABLE, what)
    })?;
    output.note(format!("ok The pages are in {}.", folder.display()));
    Ok(Exit::Success)
}
