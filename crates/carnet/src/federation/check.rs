//! `carnet federation check`: whether a provider would let a token in, step by step, and as whom.
//!
//! The server judges, by what it would use for a real request, and issues nothing. Here its steps become a list of
//! checks; where one failed, the command ends with 8.

use clap::Args;
use serde_json::Value;
use serde_json::json;

use super::named;
use super::named::Whose;
use crate::admin::Admin;
use crate::admin::Request;
use crate::checklist;
use crate::checklist::Check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;
use crate::token::text;

/// A token and the provider that would be asked.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// The provider, with its pool: POOL/PROVIDER, its whole name, or the audience of a credential file.
    #[arg(long, value_name = "POOL/PROVIDER")]
    provider: String,
    /// A file with the token, or - for standard input.
    #[arg(value_name = "FILE")]
    token: String,
    #[command(flatten)]
    whose: Whose,
}

/// Checks it.
pub(super) async fn run(
    arguments: Arguments,
    global: &Global,
    output: &Output,
) -> Result<Exit, Failure> {
    let admin = Admin::connect(global)?;
    let from = match arguments.token.as_str() {
        "-" => "-".to_owned(),
        file => format!("@{}", file.trim_start_matches('@')),
    };
    let token = text::read(&from)?;
    let provider = named::provider(&arguments.provider, arguments.whose, &admin).await?;
    let request = Request::post(format!("{provider}:check"));
    let told = admin
        .send(request.secret_json(json!({ "token": token })))
        .await?;
    checklist::report(&checks(&told), output)
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
