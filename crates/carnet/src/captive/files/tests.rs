//! What is written, for whom, and what is kept.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use carnet_core::value::UnixTime;
use carnet_server::captive::names::Names;
use carnet_wire::crn::Crn;

use super::Kept;
use super::open;

const NOW: UnixTime = UnixTime(1_795_000_000);

fn mode(file: &std::path::Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_key_is_its_owners_alone_and_both_files_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::In(folder.path().join("data"));
    let (first, file) = open(&kept, &Names::default(), NOW).unwrap();
    let key = file.with_extension("key");
    assert_eq!((mode(&key), mode(&file)), (0o600, 0o644));
    assert!(!fs::read_to_string(&file).unwrap().contains("PRIVATE"));
    let (second, _) = open(&kept, &Names::default(), NOW).unwrap();
    assert_eq!(first.pem(), second.pem());
    fs::set_permissions(&key, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = open(&kept, &Names::default(), NOW).unwrap_err();
    assert_eq!(refused.code(), Crn::GOOGLE_AUTHORITY);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&key, "nothing").unwrap();
    let refused = open(&kept, &Names::default(), NOW).unwrap_err();
    assert!(refused.what().contains("google-ca.key"), "{refused}");
    assert_eq!(
        fs::read(&key).unwrap(),
        b"nothing",
        "it is never written over"
    );
}

#[test]
fn a_sandbox_in_memory_keeps_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let kept = Kept::Nowhere(folder.path().to_owned());
    let (first, file) = open(&kept, &Names::default(), NOW).unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), first.pem());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let (second, _) = open(&kept, &Names::default(), NOW).unwrap();
    assert_ne!(first.pem(), second.pem());
    assert_eq!(fs::read_to_string(&file).unwrap(), second.pem());
}
