//! On what, and with what, it was measured.

use std::fs;
use std::process::Command;

/// One line for the end of a page: the machine, how busy it was, the commit.
pub(crate) fn line() -> String {
    format!(
        "Machine: {}; load average {} at the end{}.",
        describe(),
        load(),
        commit().map_or_else(String::new, |commit| format!("; commit {commit}"))
    )
}

/// The processor, how many cores of it, and the kernel.
fn describe() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpus
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .map_or("unknown", |rest| rest.trim_start_matches([' ', '\t', ':']));
    let cores = cpus
        .lines()
        .filter(|line| line.starts_with("processor"))
        .count();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{model}, {cores} cores, Linux {}", kernel.trim())
}

/// How busy the machine is besides: the load average of the last minute.
fn load() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split_whitespace().next().unwrap_or("?").to_owned()
}

/// The commit that is checked out here, if Git knows.
fn commit() -> Option<String> {
    let output = Command::new("git")
        .args(["rev-parse", "--short", "HEAD"])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}
