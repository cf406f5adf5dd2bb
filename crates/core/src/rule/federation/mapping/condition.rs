//! The condition: whether it is true, and if not, which part of it was not and what that part saw.
//!
//! A condition is mostly several things that must all be so (`a && b && c`). Telling an owner that the whole is false
//! helps nobody (pains P3), so the first part that is false is found, and each claim or attribute that it reads
//! is shown with its value.

use carnet_wire::legal::Echo;

use super::Attribute;
use super::Expression;
use super::Wrong;
use super::evaluate::Facts;
use super::evaluate::Run;
use super::fuel::Fuel;
use super::syntax::Each;
use super::syntax::Kind;
use super::syntax::Node;
use super::syntax::Root;
use super::syntax::Step;
use super::target::Target;
use super::trace::Came;
use super::trace::Term;
use super::value::Value;

/// So many values of a false part are shown.
const SHOWN: usize = 8;

/// Evaluates the condition.
pub(super) fn came<'a>(condition: &'a Expression, facts: Facts<'a>, fuel: &mut Fuel) -> Came {
    match Run::new(facts, fuel).truth(&condition.root) {
        Ok(true) => Came::True,
        Ok(false) => Came::False(term(condition, facts, fuel)),
        Err(trouble) => Came::Failed(trouble.why),
    }
}

/// The first part of the conjunction that is false.
fn term<'a>(condition: &'a Expression, facts: Facts<'a>, fuel: &mut Fuel) -> Term {
    let mut part = &condition.root;
    while let Kind::And(terms) = &part.kind {
        let is_false = |term: &&Node| Run::new(facts, fuel).truth(term) == Ok(false);
        match terms.iter().find(is_false) {
            Some(found) => part = found,
            None => break,
        }
    }
    let mut read = Vec::new();
    paths(part, &mut read);
    let mut saw: Vec<(String, String)> = Vec::new();
    for path in read {
        if saw.len() >= SHOWN {
            break;
        }
        let name = path.written();
        if saw.iter().all(|(known, _)| *known != name) {
            let value = Run::new(facts, fuel).member(path.of, path.steps);
            let value = value.map_or_else(|trouble| trouble.why, |value| shown(&value));
            saw.push((name, value));
        }
    }
    let text = condition.text.get(part.from..part.to);
    let text = Echo::of(text.unwrap_or_default()).to_string();
    Term { text, saw }
}

/// A value in words.
fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Text(text) => format!("'{}'", Echo::of(text)),
        Value::List(list) => {
            let entries = (0..list.len().min(5)).filter_map(|at| list.at(at));
            let entries: Vec<_> = entries.map(|entry| inner(&entry)).collect();
            let more = list.len().saturating_sub(5);
            let more = if more == 0 {
                String::new()
            } else {
                format!(" and {more} more")
            };
            format!("[{}]{more}", entries.join(", "))
        }
        Value::Time(time) => time.to_string(),
        Value::Bytes(_) | Value::Span(_) | Value::Map(_) => value.kind().to_owned(),
    }
}

fn inner(value: &Value<'_>) -> String {
    match value {
        Value::List(_) => value.kind().to_owned(),
        other => shown(other),
    }
}

/// A variable and the fields that are picked out of it.
pub(super) struct Path<'a> {
    pub(super) of: &'a Node,
    pub(super) root: Root,
    pub(super) steps: &'a [Step],
}

impl Path<'_> {
    /// `assertion.a['b']`
    fn written(&self) -> String {
        let step = |step: &Step| match step {
            Step::Field(name) => format!(".{}", Echo::of(name)),
            Step::Index(Node { kind, .. }) => match kind {
                Kind::Text(name) => format!("['{}']", Echo::of(name)),
                Kind::Int(place) => format!("[{place}]"),
                _ => String::new(),
            },
            Step::Call(_) | Step::Each(_) => String::new(),
        };
        let steps: String = self.steps.iter().map(step).collect();
        format!("{}{steps}", self.root.name())
    }
}

/// What a part reads of the variables, from the left.
pub(super) fn paths<'a>(node: &'a Node, found: &mut Vec<Path<'a>>) {
    let Kind::Member(of, steps) = &node.kind else {
        for part in parts(node) {
            paths(part, found);
        }
        return;
    };
    let plain = steps.iter().take_while(|step| match step {
        Step::Field(_) => true,
        Step::Index(index) => matches!(index.kind, Kind::Text(_) | Kind::Int(_)),
        Step::Call(_) | Step::Each(_) => false,
    });
    let plain = plain.count();
    match of.kind {
        Kind::Root(root) => {
            if let Some(steps) = steps.get(..plain).filter(|steps| !steps.is_empty()) {
                found.push(Path { of, root, steps });
            }
        }
        _ => paths(of, found),
    }
    for step in steps {
        inside(step, found);
    }
}

fn inside<'a>(step: &'a Step, found: &mut Vec<Path<'a>>) {
    match step {
        Step::Field(_) => {}
        Step::Index(index) => paths(index, found),
        Step::Call(call) => {
            for part in &call.arguments {
                paths(part, found);
            }
        }
        Step::Each(Each { filter, body, .. }) => {
            if let Some(filter) = filter {
                paths(filter, found);
            }
            paths(body, found);
        }
    }
}

/// The parts of a part.
fn parts(node: &Node) -> Vec<&Node> {
    match &node.kind {
        Kind::List(entries) | Kind::And(entries) | Kind::Or(entries) => entries.iter().collect(),
        Kind::Map(entries) => entries
            .iter()
            .flat_map(|(key, value)| [key, value])
            .collect(),
        Kind::Call(call) => call.arguments.iter().collect(),
        Kind::Has(inner, _) | Kind::Not(inner) | Kind::Negate(inner) => vec![&**inner],
        Kind::Chain(first, rest) => {
            let rest = rest.iter().map(|(_, part)| part);
            std::iter::once(&**first).chain(rest).collect()
        }
        Kind::Choice(arms, otherwise) => {
            let arms = arms.iter().flat_map(|(condition, then)| [condition, then]);
            arms.chain([&**otherwise]).collect()
        }
        _ => Vec::new(),
    }
}

/// A condition that reads what nothing maps can never be true; that is a slip, and is said when it is saved.
pub(super) fn names_what_is_mapped(
    condition: &Expression,
    attributes: &[Attribute],
) -> Result<(), Wrong> {
    let mut read = Vec::new();
    paths(&condition.root, &mut read);
    for Path { of, root, steps } in read {
        let Some(Step::Field(name)) = steps.first() else {
            continue;
        };
        let own = match root {
            Root::Assertion | Root::Resource | Root::Api | Root::Request => continue,
            Root::Google => false,
            Root::Attribute => true,
        };
        let mapped = attributes.iter().any(|attribute| {
            let target = &attribute.target;
            matches!(target, Target::Own(_)) == own && target.name() == name
        });
        if !mapped {
            let (root, name) = (root.name(), Echo::of(name));
            let why = format!("{root}.{name} is not mapped by this provider.");
            return Err(Wrong::at(of.from, why));
        }
    }
    Ok(())
}
