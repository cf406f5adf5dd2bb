//! Commands that need no server.

use std::path::Path;

use tempfile::TempDir;

use crate::support::run;

#[test]
fn ux_3_1_exit_codes_tell_wrong_usage_from_failure() {
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    assert_eq!(run(at, &["nonsense"]).code, Some(2));
    assert_eq!(run(at, &["explain", "CRN-9999"]).code, Some(3));
    let nothing = run(at, &["whoami", "--url", "https://auth.example.com"]);
    assert_eq!(nothing.code, Some(4));
    assert!(
        nothing.err.starts_with("error[CRN-7006]: "),
        "{}",
        nothing.err
    );
    let silent = run(at, &["sa", "key", "check", "nowhere.json"]);
    assert_eq!((silent.code, silent.out.as_str()), (Some(1), ""));
}

#[test]
fn a_code_is_explained_without_a_server() {
    let folder = TempDir::new().unwrap();
    let told = run(folder.path(), &["explain", "CRN-2104"]);
    assert_eq!(told.code, Some(0));
    assert!(told.out.starts_with("CRN-2104  "), "{}", told.out);
    assert!(
        told.out.contains("timedatectl") && !told.out.contains('\u{1b}'),
        "{}",
        told.out
    );
    let all = run(folder.path(), &["explain", "-o", "name"]);
    assert!(all.out.lines().count() > 50 && all.out.contains("CRN-8001\n"));
}

#[test]
fn ux_3_1_errors_have_four_lines() {
    let folder = TempDir::new().unwrap();
    let words = ["whoami", "--key", "k.json"];
    let told = run(folder.path(), &words).err;
    let heads: Vec<_> = told
        .lines()
        .map(|line| line.trim_start().split([':', '[']).next().unwrap())
        .collect();
    assert_eq!(heads, ["error", "why", "fix", "see"], "{told}");
}

#[test]
fn the_reference_of_the_configuration_is_current() {
    let folder = TempDir::new().unwrap();
    let page = run(folder.path(), &["config", "schema"]).out;
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/config.md");
    let kept = std::fs::read_to_string(kept).unwrap();
    assert_eq!(kept, page, "run: carnet config schema > docs/config.md");
}

#[test]
fn ux_6_3_the_configuration_tells_all_its_faults_at_once() {
    let folder = TempDir::new().unwrap();
    let text = "isuer = 1\n[http]\nlisten = \"nowhere\"\n[log]\nformat = \"xml\"\n";
    std::fs::write(folder.path().join("carnet.toml"), text).unwrap();
    let checked = run(folder.path(), &["config", "check"]);
    assert_eq!(checked.code, Some(8));
    for part in [
        "CRN-7001  isuer is not a key   (carnet.toml line 1)",
        "did you mean issuer?",
        "CRN-7008  issuer is not set",
        "(carnet.toml line 3)",
        "log.format is \"xml\"; it must be one of auto, pretty, json   (carnet.toml line 5)",
    ] {
        assert!(
            checked.out.contains(part),
            "{part} is not in\n{}",
            checked.out
        );
    }
    let served = run(folder.path(), &["serve"]);
    assert_eq!(served.code, Some(1));
    assert!(served.err.contains("4 things are wrong"), "{}", served.err);
}

#[test]
fn contexts_are_kept_without_secrets_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let at = folder.path();
    let made = run(
        at,
        &[
            "context",
            "create",
            "acme",
            "--url",
            "https://auth.acme.example",
        ],
    );
    assert_eq!(made.code, Some(0), "{}", made.err);
    assert_eq!(run(at, &["context", "list", "-o", "name"]).out, "acme\n");
    let file = at.join(".config/carnet/config.toml");
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(run(at, &["context", "use", "other"]).code, Some(3));
    assert_eq!(run(at, &["context", "delete", "acme"]).code, Some(0));
    assert_eq!(run(at, &["context", "list", "-o", "json"]).out, "[]\n");
}

#[test]
fn help_is_there_for_commands_and_topics() {
    let folder = TempDir::new().unwrap();
    for (words, part) in [
        (vec!["help", "exit-codes"], "a check found something wrong"),
        (
            vec!["help", "environment"],
            "GOOGLE_APPLICATION_CREDENTIALS",
        ),
        (vec!["help", "formatting"], "one JSON object on each line"),
        (vec!["help", "sa", "key", "roll"], "--disable-old"),
        (vec!["help", "sa", "key", "roll"], "[default: 24h]"),
    ] {
        let told = run(folder.path(), &words);
        assert_eq!(told.code, Some(0), "{words:?}");
        assert!(told.out.contains(part), "{words:?}: {}", told.out);
    }
    assert_eq!(run(folder.path(), &["help", "nonsense"]).code, Some(2));
}

#[test]
fn ux_3_1_a_misspelt_command_names_the_closest() {
    let folder = TempDir::new().unwrap();
    for (words, part) in [
        (vec!["doctr"], "'doctor'"),
        (vec!["sa", "lst"], "'list'"),
        (vec!["help", "doctr"], "did you mean doctor?"),
        (vec!["help", "exit-code"], "did you mean exit-codes?"),
    ] {
        let told = run(folder.path(), &words);
        assert_eq!((told.code, told.out.as_str()), (Some(2), ""), "{words:?}");
        assert!(told.err.contains(part), "{words:?}: {}", told.err);
    }
}

#[test]
fn completions_and_manual_pages_are_there() {
    let folder = TempDir::new().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let told = run(folder.path(), &["completions", shell]);
        assert_eq!(told.code, Some(0), "{shell}: {}", told.err);
        assert!(told.out.contains("delegation"), "{shell}");
    }
    assert_eq!(run(folder.path(), &["man", "."]).code, Some(0));
    let page = std::fs::read_to_string(folder.path().join("carnet-sa-key.1")).unwrap();
    assert!(page.contains("roll"), "{page}");
    assert_eq!(run(folder.path(), &["man", "nowhere"]).code, Some(1));
}
