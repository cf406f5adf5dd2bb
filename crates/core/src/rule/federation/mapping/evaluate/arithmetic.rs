//! `+ - * / %` and `-`: on numbers of one kind; `+` also joins texts, bytes and lists. What leaves 64 bits is an
//! error, and so is a division by zero.

use crate::rule::federation::mapping::fuel::Fuel;
use crate::rule::federation::mapping::fuel::Trouble;
use crate::rule::federation::mapping::fuel::bounded;
use crate::rule::federation::mapping::syntax::Operator;
use crate::rule::federation::mapping::value::List;
use crate::rule::federation::mapping::value::Value;

/// Two values and what stands between them.
pub(super) fn of<'a>(
    left: &Value<'a>,
    operator: Operator,
    right: &Value<'a>,
    fuel: &mut Fuel,
) -> Result<Value<'a>, Trouble> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => {
            let whole = match operator {
                Operator::Add => left.checked_add(*right),
                Operator::Subtract => left.checked_sub(*right),
                Operator::Multiply => left.checked_mul(*right),
                Operator::Divide => left.checked_div(*right),
                _ => left.checked_rem(*right),
            };
            whole.map(Value::Int).ok_or_else(beyond)
        }
        (Value::UInt(left), Value::UInt(right)) => {
            let whole = match operator {
                Operator::Add => left.checked_add(*right),
                Operator::Subtract => left.checked_sub(*right),
                Operator::Multiply => left.checked_mul(*right),
                Operator::Divide => left.checked_div(*right),
                _ => left.checked_rem(*right),
            };
            whole.map(Value::UInt).ok_or_else(beyond)
        }
        (Value::Double(one), Value::Double(two)) => match operator {
            Operator::Add => Ok(Value::Double(one + two)),
            Operator::Subtract => Ok(Value::Double(one - two)),
            Operator::Multiply => Ok(Value::Double(one * two)),
            Operator::Divide => Ok(Value::Double(one / two)),
            _ => Err(unfit(left, operator, right)),
        },
        (Value::Time(_) | Value::Span(_), Value::Time(_) | Value::Span(_)) => {
            moved(left, operator, right)
        }
        _ if operator == Operator::Add => joined(left, right, fuel),
        _ => Err(unfit(left, operator, right)),
    }
}

/// Times and lengths of time.
fn moved<'a>(
    left: &Value<'a>,
    operator: Operator,
    right: &Value<'a>,
) -> Result<Value<'a>, Trouble> {
    let time = |moved: Result<_, _>| moved.map(Value::Time).map_err(|_: jiff::Error| beyond());
    let span = |moved: Option<_>| moved.map(Value::Span).ok_or_else(beyond);
    match (left, operator, right) {
        (Value::Time(one), Operator::Subtract, Value::Time(two)) => {
            Ok(Value::Span(one.duration_since(*two)))
        }
        (Value::Time(one), Operator::Add, Value::Span(two))
        | (Value::Span(two), Operator::Add, Value::Time(one)) => time(one.checked_add(*two)),
        (Value::Time(one), Operator::Subtract, Value::Span(two)) => time(one.checked_sub(*two)),
        (Value::Span(one), Operator::Add, Value::Span(two)) => span(one.checked_add(*two)),
        (Value::Span(one), Operator::Subtract, Value::Span(two)) => span(one.checked_sub(*two)),
        _ => Err(unfit(left, operator, right)),
    }
}

fn joined<'a>(left: &Value<'a>, right: &Value<'a>, fuel: &mut Fuel) -> Result<Value<'a>, Trouble> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => {
            fuel.read(left.len() + right.len())?;
            Ok(Value::text([&**left, &**right].concat()))
        }
        (Value::Bytes(left), Value::Bytes(right)) => {
            fuel.read(left.len() + right.len())?;
            Ok(Value::bytes([&**left, &**right].concat()))
        }
        (Value::List(left), Value::List(right)) => {
            bounded(left.len() + right.len())?;
            let entries = |list: &List<'a>| {
                let list = list.clone();
                (0..list.len()).filter_map(move |at| list.at(at))
            };
            let mut all = Vec::with_capacity(left.len() + right.len());
            for entry in entries(left).chain(entries(right)) {
                fuel.burn(1)?;
                all.push(entry);
            }
            Ok(Value::list(all))
        }
        _ => Err(unfit(left, Operator::Add, right)),
    }
}

/// `-value`
pub(super) fn negated<'a>(value: &Value<'a>) -> Result<Value<'a>, Trouble> {
    match value {
        Value::Int(number) => number.checked_neg().map(Value::Int).ok_or_else(beyond),
        Value::Double(number) => Ok(Value::Double(-number)),
        other => Err(Trouble::new(format!("{} has no negative.", other.kind()))),
    }
}

/// Which entry of a list is meant.
pub(super) fn place(index: &Value<'_>) -> Result<i128, Trouble> {
    match index {
        Value::Int(place) => Ok(i128::from(*place)),
        Value::UInt(place) => Ok(i128::from(*place)),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it has no fraction and is below 1e15"
        )]
        Value::Double(place) if place.fract() == 0.0 && place.abs() < 1e15 => Ok(*place as i128),
        other => Err(Trouble::new(format!(
            "{} does not say which entry of a list is meant.",
            other.kind()
        ))),
    }
}

fn beyond() -> Trouble {
    Trouble::new("a number leaves 64 bits, or is divided by zero; or a time leaves the calendar.")
}

fn unfit(left: &Value<'_>, operator: Operator, right: &Value<'_>) -> Trouble {
    let (left, right, sign) = (left.kind(), right.kind(), operator.sign());
    Trouble::new(format!("{left} {sign} {right} has no meaning."))
}
