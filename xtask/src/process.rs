//! Other programs: started with no input, read line by line, and never left behind.
//!
//! A program that must not outlive us is started through `setpriv --pdeathsig`, which has the kernel end it
//! should this one be killed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A program to be run in a folder, with nothing on its standard input.
pub(crate) fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// A program that the kernel ends with this signal when we die.
pub(crate) fn tethered(program: &Path, signal: &str, folder: &Path) -> Command {
    if on_path("setpriv").is_none() {
        let mut command = Command::new(program);
        command.current_dir(folder).stdin(Stdio::null());
        return command;
    }
    let mut command = command("setpriv", folder);
    command
        .arg("--pdeathsig")
        .arg(signal)
        .arg("--")
        .arg(program);
    command
}

/// Runs a program to its end and gives its standard output; its failure is an error.
pub(crate) fn captured(command: &mut Command) -> Result<String> {
    let name = name_of(command);
    let output = command
        .stderr(Stdio::piped())
        .output()
        .with_context(|| format!("starting {name}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{name} failed ({}): {}", output.status, said.trim());
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("{name} printed something else than text"))
}

/// Runs a program to its end; each line of its standard output is given away as it comes.
pub(crate) fn streamed(command: &mut Command, line: &mut dyn FnMut(&str)) -> Result<ExitStatus> {
    let name = name_of(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {name}"))?;
    let stdout = child.stdout.take().context("no standard output")?;
    for text in BufReader::new(stdout).split(b'\n') {
        let text = text.with_context(|| format!("reading from {name}"))?;
        line(&String::from_utf8_lossy(&text));
    }
    child.wait().with_context(|| format!("waiting for {name}"))
}

/// Runs a program to its end with its output going where ours goes.
pub(crate) fn shown(command: &mut Command) -> Result<ExitStatus> {
    let name = name_of(command);
    command.status().with_context(|| format!("starting {name}"))
}

/// Asks a child to end with a signal and waits; nothing after the time is over.
pub(crate) fn end(
    child: &mut Child,
    signal: &str,
    patience: Duration,
) -> Result<Option<ExitStatus>> {
    if let Some(status) = child.try_wait()? {
        return Ok(Some(status));
    }
    let process = child.id().to_string();
    shown(Command::new("kill").arg(format!("-{signal}")).arg(process))?;
    wait_until(patience, || Ok(child.try_wait()?))
}

/// Asks again and again, until there is an answer or the time is over.
pub(crate) fn wait_until<T>(
    patience: Duration,
    mut ask: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let begin = now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(Some(answer));
        }
        if begin.elapsed() > patience {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Where the PATH has a program.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = variable("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// A variable of the environment that is set and not empty.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Whether this is a run of the project's CI, where nothing may be left out.
pub(crate) fn in_ci() -> bool {
    variable("CI").is_some_and(|value| value != "false")
}

/// Whether we may install packages.
pub(crate) fn is_root() -> bool {
    captured(Command::new("id").arg("-u")).is_ok_and(|text| text.trim() == "0")
}

/// Installs Debian packages, as root.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if !is_root() || on_path("apt-get").is_none() {
        bail!("please install {}", packages.join(" "));
    }
    println!("installing {}", packages.join(" "));
    let apt = |words: &[&str]| -> Result<()> {
        let mut command = command("apt-get", Path::new("/"));
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-q", "-y"]);
        command.args(words).stdout(Stdio::null());
        let status = shown(&mut command)?;
        if !status.success() {
            bail!("apt-get {} failed", words.join(" "));
        }
        Ok(())
    };
    apt(&["update"])?;
    let mut words = vec!["install", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)
}

#[expect(
    clippy::disallowed_methods,
    reason = "stages are timed, and nothing is decided by it"
)]
pub(crate) fn now() -> Instant {
    Instant::now()
}

fn name_of(command: &Command) -> String {
    let mut name = command.get_program().to_string_lossy().into_owned();
    for word in command.get_args().take(4) {
        name.push(' ');
        name.push_str(&word.to_string_lossy());
    }
    name
}
