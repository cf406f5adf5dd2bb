//! Two programs with one file, and a file that cannot be written.

use std::path::Path;

use serde_json::Value;
use serde_json::json;

use super::Kept;
use crate::token::Secret;

fn file(path: &Path, token: &str) {
    let text = json!({"type": "authorized_user", "client_id": "app", "refresh_token": token});
    std::fs::write(path, text.to_string()).unwrap();
}

fn written(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn a_new_refresh_token_is_written_for_the_next_program() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("user.json");
    file(&path, "first");
    let one = Kept::new(Secret::new("first"), Some(&path));
    let other = Kept::new(Secret::new("first"), Some(&path));
    one.renew("second");
    assert_eq!(
        written(&path),
        json!({"type": "authorized_user", "client_id": "app", "refresh_token": "second"})
    );
    // The other sees it, and the first what the other writes.
    assert_eq!(other.token().reveal(), "second");
    other.renew("third");
    assert_eq!(one.token().reveal(), "third");
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn a_file_that_says_something_else_is_not_written_over() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("user.json");
    file(&path, "first");
    let kept = Kept::new(Secret::new("first"), Some(&path));
    assert_eq!(kept.token().reveal(), "first");
    file(&path, "of somebody who signed in anew");
    kept.renew("second");
    assert_eq!(
        written(&path)["refresh_token"],
        "of somebody who signed in anew"
    );
    assert_eq!(kept.token().reveal(), "of somebody who signed in anew");
}

#[test]
fn without_a_file_it_is_kept_as_long_as_the_program_runs() {
    let directory = tempfile::tempdir().unwrap();
    let gone = directory.path().join("gone").join("user.json");
    for path in [None, Some(gone.as_path())] {
        let kept = Kept::new(Secret::new("first"), path);
        kept.renew("second");
        assert_eq!(kept.token().reveal(), "second");
        kept.renew("third");
        assert_eq!(kept.token().reveal(), "third");
    }
}
