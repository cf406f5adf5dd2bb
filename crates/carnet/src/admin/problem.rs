//! A no of the admin API, as a failure of a command.

use carnet_wire::crn::Crn;
use serde_json::Value;

use super::not_carnet;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::printable;
use crate::web::Answer;

/// The most wrong fields that are printed.
const MOST: usize = 20;

/// The failure that an answer is.
pub(super) fn of(answer: &Answer, url: &str) -> Failure {
    let status = answer.status.as_u16();
    let exit = Exit::of_status(status);
    let Ok(problem) = serde_json::from_slice::<Value>(&answer.body) else {
        return not_carnet(url, &format!("status {status} without a problem in JSON"))
            .exit_with(exit);
    };
    let text = |name: &str| problem.get(name).and_then(Value::as_str).map(printable);
    let title = text("title").unwrap_or_else(|| format!("the server answered {status}"));
    let what = match text("detail") {
        Some(detail) if !detail.is_empty() => detail,
        _ => title,
    };
    let mut failure = match text("code").and_then(|code| code.parse::<Crn>().ok()) {
        Some(code) => Failure::of(code, what),
        None => Failure::new(exit, what),
    };
    failure = failure.exit_with(exit).traced(text("trace_id"));
    if let Some(page) = text("type").filter(|page| page.starts_with("http")) {
        failure = failure.see(page);
    }
    let wrong = problem.get("errors").and_then(Value::as_array);
    for field in wrong.into_iter().flatten().take(MOST) {
        let part = |name: &str| {
            field
                .get(name)
                .and_then(Value::as_str)
                .map(printable)
                .unwrap_or_default()
        };
        failure = failure.also(format!("{}: {}", part("pointer"), part("detail")));
    }
    failure
}
