//! The options that every command takes.
//!
//! Order: flag, environment, context, default. `carnet help environment` lists the variables.

use std::path::PathBuf;

use clap::Args;

use crate::output::format::Format;

/// Options of every command.
#[derive(Args, Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own, as clap wants it"
)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct Global {
    /// The public URL of the server. Unless given, that of the context, or the one in the key file.
    #[arg(
        long,
        global = true,
        env = "CARNET_URL",
        value_name = "URL",
        hide_short_help = true
    )]
    pub(crate) url: Option<String>,
    /// The context to use instead of the active one (carnet context list).
    #[arg(
        long,
        global = true,
        env = "CARNET_CONTEXT",
        value_name = "NAME",
        hide_short_help = true
    )]
    pub(crate) context: Option<String>,
    /// The key file to sign in with (Google's JSON form). It is read and never sent.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The organization, by its id. Unless given, that of the context, or the only one there is.
    #[arg(
        long,
        global = true,
        env = "CARNET_ORG",
        value_name = "ID",
        hide_short_help = true
    )]
    pub(crate) org: Option<String>,
    /// The project, by its id. Unless given, that of the context, or of the key file.
    #[arg(
        long,
        global = true,
        env = "CARNET_PROJECT",
        hide_env = true,
        value_name = "ID"
    )]
    pub(crate) project: Option<String>,
    /// How data is printed (carnet help formatting).
    #[arg(
        short,
        long,
        global = true,
        env = "CARNET_OUTPUT",
        value_name = "FORMAT",
        value_enum,
        hide_env = true,
        hide_possible_values = true,
        default_value_t = Format::Table
    )]
    pub(crate) output: Format,
    /// Print nothing but data and errors.
    #[arg(short, long, global = true, hide_short_help = true)]
    pub(crate) quiet: bool,
    /// Do not ask before something is taken away.
    #[arg(short, long, global = true, hide_short_help = true)]
    pub(crate) yes: bool,
    /// Print what would be done, and do not do it. Commands that only read ignore it.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) dry_run: bool,
    /// Never ask. What would be asked is an error instead.
    #[arg(long, global = true, env = "CARNET_NO_INPUT", hide_short_help = true)]
    pub(crate) no_input: bool,
    /// Print without colour.
    #[arg(long, global = true, hide_short_help = true)]
    pub(crate) no_color: bool,
    /// How many seconds an answer may take.
    #[arg(
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = 30,
        hide_short_help = true
    )]
    pub(crate) timeout: u64,
}
