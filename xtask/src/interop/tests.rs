//! The runner itself, with a shell script in the place of `carnet`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::Result;

use super::{Desk, SUITES, run, without};
use crate::counts::{Counts, Kind};
use crate::house::House;
use crate::ledger::Outcome;
use crate::suite::Suite;

/// Ends in order when it is asked to.
const OBEDIENT: &str =
    "trap 'kill $!; exit 0' TERM; echo '{}' > \"$5\"; while :; do sleep 60 & wait $!; done";

struct Stand {
    folder: PathBuf,
}

impl Stand {
    fn with(name: &str, carnet: &str) -> Self {
        let folder =
            std::env::temp_dir().join(format!("carnet-interop-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("carnet");
        fs::write(&program, format!("#!/usr/bin/env bash\n{carnet}\n")).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        Self { folder }
    }

    fn run(&self, kind: Kind, text: &str) -> Result<Outcome> {
        let suite = Suite {
            features: Vec::new(),
            only_with: Vec::new(),
            kind,
            tools: Vec::new(),
            needs: Vec::new(),
            prepare: Vec::new(),
            run: text.to_owned(),
            dev_args: Vec::new(),
            timeout_seconds: 60,
            folder: self.folder.clone(),
        };
        let carnet = self.folder.join("carnet");
        let desk = Desk {
            folder: &suite.folder,
            work: self.folder.clone(),
            carnet: &carnet,
            ready_file: self.folder.join("ready.json"),
        };
        desk.tests(&suite)
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        let _removed = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn a_suite_finds_its_server_and_is_counted() {
    let stand = Stand::with("counted", OBEDIENT);
    let text = "test -s \"$CARNET_READY_FILE\"; test -x \"$CARNET_BIN\"; echo '2 passed, 0 failed, 1 skipped'";
    let outcome = stand.run(Kind::Plain, text).unwrap();
    assert_eq!(outcome.trouble, None);
    assert_eq!(
        outcome.counts,
        Counts {
            passed: 2,
            failed: 0,
            skipped: 1
        }
    );
}

#[test]
fn a_suite_that_ends_badly_is_trouble_whatever_it_printed() {
    let stand = Stand::with("badly", OBEDIENT);
    let outcome = stand
        .run(Kind::Plain, "echo '2 passed, 0 failed'; false")
        .unwrap();
    assert!(
        outcome
            .trouble
            .is_some_and(|trouble| trouble.contains("ended with"))
    );
}

#[test]
fn a_server_that_ends_badly_is_trouble() {
    let carnet = OBEDIENT.replace("exit 0", "exit 3");
    let stand = Stand::with("server", &carnet);
    let outcome = stand.run(Kind::Plain, "echo '2 passed, 0 failed'").unwrap();
    assert!(
        outcome
            .trouble
            .is_some_and(|trouble| trouble.contains("carnet dev ended with"))
    );
}

#[test]
fn a_server_that_does_not_start_is_told_with_its_last_words() {
    let stand = Stand::with("start", "echo 'the port is taken' >&2; exit 1");
    let error = stand
        .run(Kind::Plain, "echo '2 passed, 0 failed'")
        .unwrap_err();
    assert!(format!("{error:#}").contains("the port is taken"));
}

#[test]
fn a_suite_that_is_not_there_is_left_out_by_name() {
    let outcome = run(&House::here().unwrap(), "cobol", "/none".as_ref()).unwrap();
    assert_eq!(
        outcome.left_out.as_deref(),
        Some("there is no interop/cobol/suite.toml")
    );
    assert_eq!(SUITES.len(), 14);
}

#[test]
fn a_suite_without_its_programs_is_left_out_or_fails_in_ci() {
    let suite = |programs: &str| {
        let text = format!("kind = \"plain\"\nrun = \"x\"\n{programs}");
        Suite::parse(&text).unwrap()
    };
    assert!(without(&suite("tools = [\"sh\"]\nonly_with = [\"sh\"]"), true).is_none());

    let rare = suite("only_with = [\"sh\", \"no-such-program\"]");
    for in_ci in [false, true] {
        let outcome = without(&rare, in_ci).unwrap();
        assert_eq!(
            outcome.left_out.as_deref(),
            Some("not on this machine, and no package registry has it: no-such-program")
        );
    }

    let missing = suite("tools = [\"no-such-program\"]");
    assert!(without(&missing, false).unwrap().left_out.is_some());
    assert!(without(&missing, true).unwrap().trouble.is_some());
}
