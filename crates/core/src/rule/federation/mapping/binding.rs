//! The condition of a binding in a policy: when what is bound counts, as an expression over `request` and `resource`.
//!
//! 1. *When a policy is saved* the text is compiled and evaluated once, for the resource that the policy is on and the
//!    moment that it is: what names something that is not there, or gives neither true nor false, is refused then.
//! 2. *When it is asked whether somebody may*, it is compiled again, which is linear in the text, and evaluated. What
//!    has no value, for whatever reason, counts as false: it grants nothing.
//! 3. All conditions that one question looks at burn of one tank ([`Fuel`]).

use carnet_wire::legal::Echo;
use jiff::Timestamp;
use serde_json::Value as Json;
use serde_json::json;

use super::CONDITION_CHARS;
use super::Expression;
use super::Faulty;
use super::Wrong;
use super::compiled;
use super::condition;
use super::evaluate::Facts;
use super::evaluate::Run;
use super::fuel::Fuel;
use super::fuel::Trouble;
use super::placed;
use super::syntax::Kind;
use super::syntax::Node;
use super::syntax::Root;
use super::syntax::Step;
use super::whole;
use crate::value::UnixTime;

/// What the expression of a binding is called.
pub const BINDING: &str = "condition.expression";

/// What there is of `request` and of `resource`.
const REQUEST: &[&str] = &["time"];
const RESOURCE: &[&str] = &["name", "service", "type"];

/// The moment and the account for which a condition is asked.
#[derive(Debug)]
pub struct Circumstances {
    now: Option<Timestamp>,
    resource: Json,
    fuel: Fuel,
}

impl Circumstances {
    /// Now, for the account that is called so: `projects/P/serviceAccounts/E-MAIL`.
    #[must_use]
    pub fn of(now: UnixTime, account: &str) -> Self {
        Self {
            now: Timestamp::from_second(now.0).ok(),
            resource: json!({
                "name": account,
                "service": "iam.googleapis.com",
                "type": "iam.googleapis.com/ServiceAccount",
            }),
            fuel: Fuel::full(),
        }
    }

    /// Whether this condition is true. One that has no value is not.
    pub fn hold(&mut self, text: &str) -> bool {
        read(text).is_ok_and(|condition| self.truth(&condition) == Ok(true))
    }

    fn truth(&mut self, condition: &Expression) -> Result<bool, Trouble> {
        let nothing = Json::Null;
        let facts = Facts {
            assertion: &nothing,
            google: &nothing,
            attribute: &nothing,
            now: self.now,
            resource: &self.resource,
        };
        Run::new(facts, &mut self.fuel).truth(&condition.root)
    }
}

/// Whether this can be the condition of a binding, as things are.
pub fn check_binding(text: &str, mut circumstances: Circumstances) -> Result<(), Faulty> {
    let condition = read(text)?;
    match circumstances.truth(&condition) {
        Ok(_) => Ok(()),
        Err(trouble) => Err(whole(BINDING, trouble.why)),
    }
}

fn read(text: &str) -> Result<Expression, Faulty> {
    let roots = [Root::Request, Root::Resource];
    let condition = compiled(BINDING, text, CONDITION_CHARS, &roots)?;
    names_what_there_is(&condition).map_err(|wrong| placed(BINDING, text, wrong))?;
    Ok(condition)
}

/// What Google has elsewhere and nothing here can tell (`request.host`, `resource.matchTag`, `destination.ip`) would
/// make a condition that is never true, or never false.
fn names_what_there_is(condition: &Expression) -> Result<(), Wrong> {
    let mut read = Vec::new();
    condition::paths(&condition.root, &mut read);
    for path in read {
        let known = match path.root {
            Root::Request => REQUEST,
            Root::Resource => RESOURCE,
            Root::Assertion | Root::Google | Root::Attribute | Root::Api => continue,
        };
        let Some(
            Step::Field(name)
            | Step::Index(Node {
                kind: Kind::Text(name),
                ..
            }),
        ) = path.steps.first()
        else {
            continue;
        };
        if !known.contains(&name.as_str()) {
            let (root, name, known) = (path.root.name(), Echo::of(name), known.join(", "));
            let why = format!("there is no {root}.{name} here; there is: {known}.");
            return Err(Wrong::at(path.of.from, why));
        }
    }
    Ok(())
}
