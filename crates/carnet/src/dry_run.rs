//! Dry runs of the server: whether a token of somebody else's would be taken, step by step.
//!
//! The server judges. Here its steps become a list of checks; where one failed, the command ends with 8.

use serde_json::Value;

use crate::checklist;
use crate::checklist::Check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::token::text;

/// The token in this file; `-` is standard input.
pub(crate) fn token(file: &str) -> Result<String, Failure> {
    match file {
        "-" => text::read("-"),
        file => text::read(&format!("@{}", file.trim_start_matches('@'))),
    }
}

/// Prints what the server found, and says how the command ends.
pub(crate) fn report(told: &Value, output: &Output) -> Result<Exit, Failure> {
    checklist::report(&checks(told), output)
}

/// The steps of the server's answer, as checks.
fn checks(told: &Value) -> Vec<Check> {
    let steps = told.get("steps").and_then(Value::as_array);
    steps.into_iter().flatten().map(check).collect()
}

fn check(step: &Value) -> Check {
    let text = |name: &str| step.get(name).and_then(Value::as_str).unwrap_or_default();
    let (about, detail) = (text("step"), text("detail"));
    let mut check = match text("outcome") {
        "pass" => Check::pass(about, detail),
        "fail" => match text("code") {
            "" => Check::fail(about, detail),
            code => Check::fail(about, format!("{code}: {detail}")),
        },
        _ => Check::warn(about, detail),
    };
    if !text("expression").is_empty() && text("outcome") != "pass" {
        check = check.why(format!("the expression is {}", text("expression")));
    }
    match text("fix") {
        "" => check,
        fix => check.fix(fix),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::checks;
    use crate::checklist::ending;
    use crate::checklist::lines;
    use crate::exit::Exit;

    #[test]
    fn pains_p3_the_steps_of_the_server_are_checks_and_one_that_failed_is_8() {
        let told = json!({"steps": [
            {"step": "issuer", "outcome": "pass", "detail": "https://issuer.example"},
            {"step": "google.subject", "outcome": "pass", "detail": "'repo:acme/app'", "expression": "assertion.sub"},
            {"step": "condition", "outcome": "fail", "code": "CRN-2520", "expression": "assertion.ref == 'x'",
             "detail": "assertion.ref == 'x' is not true; assertion.ref is 'y'", "fix": "Change it."},
            {"step": "principal", "outcome": "skipped", "detail": "not asked"}
        ]});
        let checks = checks(&told);
        assert_eq!(
            lines(&checks, false),
            "PASS  issuer          https://issuer.example\n\
             PASS  google.subject  'repo:acme/app'\n\
             FAIL  condition       CRN-2520: assertion.ref == 'x' is not true; assertion.ref is 'y'\n      \
             why: the expression is assertion.ref == 'x'\n      fix: Change it.\n\
             WARN  principal       not asked\n"
        );
        assert_eq!(ending(&checks), Exit::ChecksFailed);
    }
}
