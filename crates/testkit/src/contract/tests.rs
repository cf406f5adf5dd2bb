//! No contract may be forgotten.

use std::fs;
use std::path::Path;

#[test]
fn every_contract_is_on_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
    let list = fs::read_to_string(folder.with_extension("rs")).unwrap();
    let mut seen = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        if path.ends_with("sample.rs") || path.ends_with("tests.rs") {
            continue;
        }
        for line in text.lines() {
            if let Some((name, _)) = line
                .strip_prefix("pub async fn ")
                .and_then(|rest| rest.split_once('('))
            {
                seen += 1;
                assert!(
                    list.contains(&format!("                {name},\n")),
                    "{} of {} is on no list",
                    name,
                    path.display()
                );
            }
        }
    }
    assert!(seen > 60, "only {seen} contracts were found");
}
