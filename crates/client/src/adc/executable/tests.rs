//! A program is run when it is allowed, with what it needs to know, and no longer than it may.

use std::path::Path;

use serde_json::Value;
use serde_json::json;

use super::ALLOWED;
use super::Executable;
use super::words;
use crate::adc::environment::Environment;
use crate::adc::members::Members;
use crate::adc::source::Asking;
use crate::error::Error;
use crate::rehearsal::Hand;
use crate::rehearsal::NOW;
use crate::rehearsal::Script;
use crate::retry::Outside;
use crate::retry::Tries;
use crate::token::Secret;

const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

fn read(executable: &Value) -> Result<Executable, Error> {
    let source = Members::parse(json!({"executable": executable}).to_string().as_bytes())?;
    Executable::read(&source, ("//aud", JWT), Some("sa@p.example"))
}

async fn run(executable: &Value, allowed: &str) -> Result<Secret, Error> {
    let outside = Outside {
        transport: Script::default().transport(),
        clock: Hand::new().clock(),
    };
    let environment = Environment::of(&[(ALLOWED, allowed)]);
    let asking = Asking {
        outside: &outside,
        environment: &environment,
        scope: "",
        tries: Tries::One,
    };
    read(executable)?.token(asking).await
}

/// A program that prints what it is given.
fn prints(directory: &Path, script: &str) -> Value {
    let path = directory.join("program.sh");
    std::fs::write(&path, script).unwrap();
    json!({"command": format!("/bin/sh '{}'", path.display())})
}

fn said(result: Result<Secret, Error>) -> String {
    result.unwrap_err().to_string()
}

#[tokio::test]
async fn google_wire_6_3_a_program_is_run_only_where_it_is_allowed() {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("ran");
    let program = prints(directory.path(), &format!("touch '{}'", mark.display()));
    for not in ["", "0", "true", "11"] {
        assert!(said(run(&program, not).await).contains(ALLOWED));
    }
    assert!(!mark.exists());
    let _ = run(&program, "1").await;
    assert!(mark.exists());
}

#[tokio::test]
async fn google_wire_6_3_a_program_knows_what_it_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let program = prints(
        directory.path(),
        r#"echo "{\"version\":1,\"success\":true,\"token_type\":\"$GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE\",\"id_token\":\"$GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE $GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL $GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE\",\"expiration_time\":1900000000}"; echo secret >&2"#,
    );
    let token = run(&program, "1").await.unwrap();
    assert_eq!(token.reveal(), "//aud sa@p.example 0");
}

#[tokio::test]
async fn google_wire_6_3_what_a_program_says_is_judged() {
    let directory = tempfile::tempdir().unwrap();
    let judged = |printed: Value| {
        let program = prints(directory.path(), &format!("echo '{printed}'"));
        async move { run(&program, "1").await }
    };
    let fine = json!({"version": 1, "success": true, "token_type": JWT, "id_token": "a"});
    assert_eq!(judged(fine.clone()).await.unwrap().reveal(), "a");
    let with = |name: &str, value: Value| {
        let mut changed = fine.clone();
        changed[name] = value;
        changed
    };
    assert!(said(judged(with("version", json!(2))).await).contains("version 2"));
    assert!(said(judged(with("expiration_time", json!(NOW))).await).contains("over"));
    assert!(said(judged(with("token_type", json!("x"))).await).contains("token_type"));
    assert!(said(judged(with("id_token", json!(""))).await).contains("no token"));
    assert!(said(judged(json!({"success": true})).await).contains("version and success"));
    let no = json!({"version": 1, "success": false, "code": "401", "message": "log in"});
    assert!(said(judged(no).await).contains("it said no: 401: log in"));
    let saml = json!({
        "version": 1, "success": true,
        "token_type": "urn:ietf:params:oauth:token-type:saml2", "saml_response": "s",
    });
    assert_eq!(judged(saml).await.unwrap().reveal(), "s");
    let failing = prints(directory.path(), "exit 3");
    assert!(said(run(&failing, "1").await).contains("exit status: 3"));
    let missing = json!({"command": "/nowhere/at/all"});
    assert!(said(run(&missing, "1").await).contains("/nowhere/at/all"));
    let endless = prints(directory.path(), "yes");
    assert!(said(run(&endless, "1").await).contains("printed more than"));
}

#[tokio::test]
async fn google_wire_6_3_a_token_in_the_output_file_saves_the_run() {
    let directory = tempfile::tempdir().unwrap();
    let output = directory.path().join("output.json");
    let mut program = prints(directory.path(), "exit 3");
    program["output_file"] = json!(output);
    let kept = |expires: i64| {
        json!({"version": 1, "success": true, "token_type": JWT, "id_token": "kept",
               "expiration_time": expires})
        .to_string()
    };
    std::fs::write(&output, kept(NOW + 100)).unwrap();
    assert_eq!(run(&program, "1").await.unwrap().reveal(), "kept");
    // What is over, or does not say, is no reason not to run it.
    for stale in [
        kept(NOW - 1),
        json!({"version": 1, "success": true}).to_string(),
        "x".into(),
    ] {
        std::fs::write(&output, stale).unwrap();
        assert!(said(run(&program, "1").await).contains("exit status: 3"));
    }
    let write = format!(
        "echo '{}' > \"$GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE\"",
        kept(NOW + 5)
    );
    let mut writes = prints(directory.path(), &write);
    writes["output_file"] = json!(output);
    assert_eq!(run(&writes, "1").await.unwrap().reveal(), "kept");
}

#[tokio::test(start_paused = true)]
async fn google_wire_6_3_a_program_has_its_time_and_no_more() {
    let directory = tempfile::tempdir().unwrap();
    let mut slow = prints(directory.path(), "exec sleep 600");
    slow["timeout_millis"] = json!(5000);
    assert!(said(run(&slow, "1").await).contains("longer than 5s"));
    for wrong in [4999, 120_001] {
        slow["timeout_millis"] = json!(wrong);
        let error = read(&slow).unwrap_err();
        assert!(
            error.to_string().contains("credential_source")
                || error.to_string().contains("timeout_millis")
        );
    }
}

#[test]
fn a_command_is_split_as_a_shell_does() {
    let split = |command: &str| words(command).unwrap();
    assert_eq!(split("/bin/x --a 'b c'"), ["/bin/x", "--a", "b c"]);
    assert_eq!(
        split(r#"x "a \"b\" $c" d\ e '' f"g"'h'"#),
        ["x", r#"a "b" $c"#, "d e", "", "fgh"]
    );
    assert_eq!(split("  "), Vec::<String>::new());
    assert_eq!(words("x 'open"), None);
    assert_eq!(words("x \"open"), None);
    assert_eq!(words("x \\"), None);
}
