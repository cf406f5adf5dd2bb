//! The browser of whoever sits at this machine.
//!
//! `BROWSER` names it; otherwise the desktop knows it. Without a desktop, or over a connection from
//! elsewhere, there is none: a browser that opened there would be nobody's.

use std::process::{Command, Stdio};

use crate::environment;

/// Whether a browser can be opened.
pub(super) fn is_there() -> bool {
    if environment::value("BROWSER").is_some() {
        return true;
    }
    if cfg!(target_os = "macos") {
        return environment::value("SSH_CONNECTION").is_none();
    }
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .iter()
        .any(|name| environment::value(name).is_some())
}

/// Opens an address; whether something was started for it. The address is one of the web, with
/// nothing in it that a program could take for an option.
pub(super) fn open(url: &str) -> bool {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return false;
    }
    let own = environment::value("BROWSER");
    let usual = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    // Several with colons between, the best first.
    let program = own.as_deref().and_then(|all| all.split(':').next());
    let mut words = program.unwrap_or(usual).split_whitespace();
    let Some(program) = words.next() else {
        return false;
    };
    let mut command = Command::new(program);
    let rest: Vec<_> = words.collect();
    if rest.contains(&"%s") {
        command.args(
            rest.iter()
                .map(|word| if *word == "%s" { url } else { word }),
        );
    } else {
        command.args(rest).arg(url);
    }
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
    quiet.stderr(Stdio::null()).spawn().is_ok()
}
