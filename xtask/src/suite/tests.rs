//! Manifests, and the suites that are there.

use std::fs;

use super::Suite;
use crate::counts::Kind;
use crate::house::House;

#[test]
fn a_short_manifest_is_enough() {
    let suite = Suite::parse("kind = \"plain\"\nrun = \"./run.sh\"\n").unwrap();
    assert_eq!(
        (suite.kind, suite.run.as_str(), suite.timeout_seconds),
        (Kind::Plain, "./run.sh", 600)
    );
    assert!(suite.tools.is_empty() && suite.needs.is_empty() && suite.prepare.is_empty());
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for text in [
        "run = \"x\"",
        "kind = \"plain\"",
        "kind = \"plain\"\nrun = \" \"",
        "kind = \"tap\"\nrun = \"x\"",
        "kind = \"plain\"\nrun = \"x\"\nprepares = []",
        "kind = \"plain\"\nrun = \"x\"\ntimeout_seconds = 0",
    ] {
        assert!(Suite::parse(text).is_err(), "{text}");
    }
}

#[test]
fn each_suite_that_is_there_can_be_read() {
    let house = House::here().unwrap();
    for entry in fs::read_dir(house.root().join("interop")).unwrap() {
        let folder = entry.unwrap().path();
        if folder.is_dir() {
            Suite::read(&folder).unwrap();
        }
    }
}
