//! The plan holds, and it would be noticed if it did not.

use super::{MAY_USE, gate, trespasses};
use crate::house::House;

#[test]
fn each_manifest_keeps_to_the_plan() {
    let house = House::here().unwrap();
    assert_eq!(gate(&house).unwrap(), [""; 0]);
}

#[test]
fn the_core_may_not_reach_for_the_server() {
    let manifest = "[dependencies]\ncarnet-server.workspace = true\n";
    assert_eq!(
        trespasses("carnet-core", manifest).unwrap(),
        ["carnet-core must not use carnet-server"]
    );
}

#[test]
fn a_renamed_or_a_platforms_dependency_is_no_way_around() {
    let renamed = "[dependencies]\nwire = { package = \"carnet-core\", path = \"x\" }\n";
    assert_eq!(
        trespasses("carnet-wire", renamed).unwrap(),
        ["carnet-wire must not use carnet-core"]
    );
    let platform = "[target.'cfg(unix)'.build-dependencies]\ncarnet-core = \"1\"\n";
    assert_eq!(
        trespasses("carnet-wire", platform).unwrap(),
        ["carnet-wire must not use carnet-core"]
    );
}

#[test]
fn tests_may_use_the_testkit_and_nothing_else_besides() {
    let testkit = "[dev-dependencies]\ncarnet-testkit.workspace = true\n";
    assert_eq!(trespasses("carnet-server", testkit).unwrap(), [""; 0]);
    let built_with_it = "[dependencies]\ncarnet-testkit.workspace = true\n";
    assert_eq!(
        trespasses("carnet-server", built_with_it).unwrap(),
        ["carnet-server must not use carnet-testkit"]
    );
    let store = "[dev-dependencies]\ncarnet-store.workspace = true\n";
    assert_eq!(
        trespasses("carnet-server", store).unwrap(),
        ["carnet-server must not use carnet-store, not even in tests"]
    );
}

#[test]
fn the_core_knows_no_runtime_and_the_server_no_database() {
    let tokio = "[dependencies]\ntokio = \"1\"\n[dev-dependencies]\ntokio = \"1\"\n";
    assert_eq!(
        trespasses("carnet-core", tokio).unwrap(),
        ["carnet-core must not know tokio"]
    );
    let rusqlite = "[dependencies]\nrusqlite = \"1\"\n";
    assert_eq!(
        trespasses("carnet-server", rusqlite).unwrap(),
        ["carnet-server must not know rusqlite"]
    );
}

#[test]
fn a_crate_without_a_row_is_noticed() {
    assert_eq!(
        trespasses("carnet-attic", "").unwrap(),
        ["carnet-attic has no row in xtask/src/arrows.rs"]
    );
}

#[test]
fn the_plan_has_no_circle() {
    // Each crate may use only those that stand above it in the list: that is what a floor is.
    for (place, (name, allowed)) in MAY_USE.iter().enumerate() {
        for used in *allowed {
            let row = MAY_USE.iter().position(|(row, _)| row == used);
            assert!(row.is_some_and(|row| row < place), "{name} uses {used}");
        }
    }
}
