//! Whether the whole of a condition can be true or false at all, as far as its text says. The language has no types, so
//! that the value of a claim is known only when one comes; but a number that is written there stays one.

use carnet_wire::legal::Echo;

use super::Expression;
use super::Wrong;
use super::function::Function;
use super::syntax::Each;
use super::syntax::Kind;
use super::syntax::Node;
use super::syntax::Operator;
use super::syntax::Over;
use super::syntax::Step;

/// A condition that is something else would refuse everybody; that is a slip, and is said when it is saved.
pub(super) fn is_a_condition(expression: &Expression) -> Result<(), Wrong> {
    wants_truth(&expression.root, &expression.text)
}

fn wants_truth(node: &Node, text: &str) -> Result<(), Wrong> {
    let good = match &node.kind {
        Kind::And(parts) | Kind::Or(parts) => {
            return parts.iter().try_for_each(|part| wants_truth(part, text));
        }
        Kind::Not(inner) => return wants_truth(inner, text),
        Kind::Choice(arms, otherwise) => {
            for (condition, then) in arms {
                wants_truth(condition, text)?;
                wants_truth(then, text)?;
            }
            return wants_truth(otherwise, text);
        }
        Kind::Bool(_) | Kind::Has(..) | Kind::Local(_) => true,
        Kind::Chain(_, rest) => rest.last().is_none_or(|(operator, _)| compares(*operator)),
        Kind::Call(call) => gives_truth(call.function),
        Kind::Member(_, steps) => match steps.last() {
            Some(Step::Call(call)) => gives_truth(call.function),
            Some(Step::Each(Each { over, .. })) => !matches!(over, Over::Map | Over::Filter),
            Some(Step::Field(_) | Step::Index(_)) | None => true,
        },
        Kind::Null
        | Kind::Int(_)
        | Kind::UInt(_)
        | Kind::Double(_)
        | Kind::Text(_)
        | Kind::Bytes(_)
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Root(_)
        | Kind::Negate(_) => false,
    };
    if good {
        return Ok(());
    }
    let part = Echo::of(text.get(node.from..node.to).unwrap_or_default());
    let why = format!("'{part}' stands where true or false is wanted, and is never either.");
    Err(Wrong::at(node.from, why))
}

const fn compares(operator: Operator) -> bool {
    match operator {
        Operator::Add
        | Operator::Subtract
        | Operator::Multiply
        | Operator::Divide
        | Operator::Modulo => false,
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::In => true,
    }
}

/// Whether a function gives true or false, or what is not known before.
const fn gives_truth(function: Function) -> bool {
    matches!(
        function,
        Function::Contains
            | Function::StartsWith
            | Function::EndsWith
            | Function::Matches
            | Function::ToBool
            | Function::Dyn
            | Function::GetAttribute
    )
}
