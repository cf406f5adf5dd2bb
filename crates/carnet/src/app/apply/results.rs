//! What came of it, app by app: for programs and for people.

use serde_json::{Value, json};

use super::plan::{Plan, Step};
use crate::failure::Failure;
use crate::output::Column;
use crate::work::Work;

/// What came of each app, in the order of the file.
#[derive(Debug, Default)]
pub(super) struct Results(Vec<Value>);

const COLUMNS: &[Column] = &[
    Column::at("CLIENT ID", "/id"),
    Column::at("RESULT", "/result"),
    Column::at("SECRET FILE", "/secret_file").wide(),
];

const WITH_SECRETS: &[Column] = &[
    Column::at("CLIENT ID", "/id"),
    Column::at("RESULT", "/result"),
    Column::at("CLIENT SECRET", "/client_secret"),
];

impl Results {
    /// Something was done.
    pub(super) fn done(&mut self, plan: &Plan, result: &str) {
        let changes = plan.differences.iter();
        let changes: Vec<Value> = changes
            .map(|(member, what)| json!({"member": member, "change": what}))
            .collect();
        self.0
            .push(json!({"id": plan.id, "result": result, "changes": changes}));
    }

    /// Something would be done.
    pub(super) fn planned(&mut self, plan: &Plan) {
        let result = match plan.step {
            Step::Nothing => "unchanged",
            Step::Make => "to make",
            Step::Change => "to change",
        };
        self.done(plan, result);
    }

    /// The secret of the last one, which is shown this once.
    pub(super) fn secret(&mut self, secret: &str) {
        self.beside("client_secret", secret);
    }

    /// Where the secret of the last one is.
    pub(super) fn file(&mut self, file: &str) {
        self.beside("secret_file", file);
    }

    fn beside(&mut self, name: &str, value: &str) {
        if let Some(Value::Object(last)) = self.0.last_mut() {
            last.insert(name.to_owned(), value.into());
        }
    }

    /// Prints them.
    pub(super) fn print(&self, work: &Work<'_>) -> Result<(), Failure> {
        let secret = |result: &Value| result.get("client_secret").is_some();
        if self.0.iter().any(secret) {
            work.output.list(&self.0, WITH_SECRETS)?;
            work.output
                .note("! A secret is shown this once. This is the only copy.");
            Ok(())
        } else {
            work.output.list(&self.0, COLUMNS)
        }
    }

    /// How many of which, in one sentence.
    pub(super) fn sum(&self) -> String {
        let of = |result: &str| {
            let same = |found: &&Value| found.get("result").and_then(Value::as_str) == Some(result);
            self.0.iter().filter(same).count()
        };
        format!(
            "{} made, {} changed, {} unchanged.",
            of("made"),
            of("changed"),
            of("unchanged")
        )
    }
}
