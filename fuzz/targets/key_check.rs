//! `carnet sa key check`: whatever an environment variable or a clipboard made of a key file.
//!
//! 1. Something is found in every input, and it fits a terminal: what the file says is cut.
//! 2. A file in which nothing is wrong can be read by our client, and its key signs.

#![no_main]

use carnet_jose::KeyPair;
use carnet_wire::google::{GdchKeyFile, KeyFile};
use libfuzzer_sys::fuzz_target;

/// The binary's own check. Nobody can depend on a binary, so its pure files are compiled here, by their paths.
#[path = "../../crates/carnet/src/sa/key_check"]
mod key_check {
    pub(crate) mod examine;
}

#[path = "../../crates/carnet/src/checklist"]
mod checklist {
    mod check;

    pub(crate) use check::Check;

    pub(crate) fn told(check: &Check) -> String {
        let words = [
            Some(check.about.clone()),
            Some(check.found.clone()),
            check.why.clone(),
            check.fix.clone(),
        ];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fuzz_target!(|bytes: &[u8]| {
    let checks = key_check::examine::examine(bytes);
    assert!(!checks.is_empty());
    for check in &checks {
        let told = checklist::told(check);
        assert!(told.chars().count() <= 500, "{told}");
    }
    if !checks.iter().any(checklist::Check::is_failed) {
        let private_key = match KeyFile::parse(bytes) {
            Ok(file) => file.private_key,
            Err(_) => {
                let file = GdchKeyFile::parse(bytes).expect("what passes can be read");
                file.private_key
            }
        };
        KeyPair::from_pem(&private_key).expect("its key signs");
    }
});
