//! How the binary is linked.
//!
//! A program that may be loaded anywhere has a list of the places that hold addresses: three quarters of a
//! megabyte here, all of it read at each start and held from then on. Packed it is a fiftieth of that. Loaders of
//! glibc 2.36 (August 2022) and later understand the packed form, so it is asked for where this machine has one
//! and the binary is made for this machine.

use std::env;
use std::process::Command;

/// The first glibc whose loader reads the packed form (`DT_RELR`).
const PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let of = |name: &str| env::var_os(name).unwrap_or_default();
    let here = of("HOST") == of("TARGET");
    let glibc = of("CARGO_CFG_TARGET_OS") == "linux" && of("CARGO_CFG_TARGET_ENV") == "gnu";
    if here && glibc && version().is_some_and(|version| version >= PACKED) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// The version of this machine's glibc, as `getconf` tells it: `glibc 2.36`.
fn version() -> Option<(u32, u32)> {
    let told = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let told = String::from_utf8(told.ok()?.stdout).ok()?;
    let (major, minor) = told.trim().strip_prefix("glibc ")?.split_once('.')?;
    let minor = minor.split('.').next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
