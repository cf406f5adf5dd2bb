//! `string`, `int`, `uint`, `double`, `bool`, `bytes`: one kind of value made of another, or an error.

use crate::rule::federation::mapping::fuel::Trouble;
use crate::rule::federation::mapping::value::Value;

/// `string(value)`
pub(super) fn to_text(value: Value<'_>) -> Result<Value<'_>, Trouble> {
    let text = match value {
        Value::Text(text) => return Ok(Value::Text(text)),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Double(number) => number.to_string(),
        Value::Time(time) => time.to_string(),
        Value::Bytes(bytes) => String::from_utf8(bytes.to_vec())
            .map_err(|_| Trouble::new("these bytes are no text."))?,
        other => return Err(unfit("text", &other)),
    };
    Ok(Value::text(text))
}

/// `int(value)`
pub(super) fn to_int<'a>(value: &Value<'_>) -> Result<Value<'a>, Trouble> {
    let number = match value {
        Value::Int(number) => Some(*number),
        Value::UInt(number) => i64::try_from(*number).ok(),
        Value::Time(time) => Some(time.as_second()),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the fraction falls away, and what is beyond 64 bits is refused"
        )]
        Value::Double(number) if number.abs() < 9.2e18 => Some(*number as i64),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    };
    number.map(Value::Int).ok_or_else(|| unfit("int", value))
}

/// `uint(value)`
pub(super) fn to_unsigned<'a>(value: &Value<'_>) -> Result<Value<'a>, Trouble> {
    let number = match value {
        Value::Int(number) => u64::try_from(*number).ok(),
        Value::UInt(number) => Some(*number),
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the fraction falls away, and what is negative or beyond 64 bits is refused"
        )]
        Value::Double(number) if (0.0..1.8e19).contains(number) => Some(*number as u64),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    };
    number.map(Value::UInt).ok_or_else(|| unfit("uint", value))
}

/// `double(value)`
pub(super) fn to_double<'a>(value: &Value<'_>) -> Result<Value<'a>, Trouble> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a double of a large number has fewer digits, which is what was asked for"
    )]
    let number = match value {
        Value::Int(number) => Some(*number as f64),
        Value::UInt(number) => Some(*number as f64),
        Value::Double(number) => Some(*number),
        Value::Text(text) => text.parse().ok(),
        _ => None,
    };
    let number = number.map(Value::Double);
    number.ok_or_else(|| unfit("double", value))
}

/// `bool(value)`
pub(super) fn to_bool<'a>(value: &Value<'_>) -> Result<Value<'a>, Trouble> {
    match value {
        Value::Bool(truth) => Ok(Value::Bool(*truth)),
        Value::Text(text) => match &**text {
            "true" | "True" | "TRUE" | "t" | "1" => Ok(Value::Bool(true)),
            "false" | "False" | "FALSE" | "f" | "0" => Ok(Value::Bool(false)),
            _ => Err(unfit("bool", value)),
        },
        _ => Err(unfit("bool", value)),
    }
}

/// `bytes(value)`
pub(super) fn to_bytes(value: Value<'_>) -> Result<Value<'_>, Trouble> {
    match value {
        Value::Bytes(bytes) => Ok(Value::Bytes(bytes)),
        Value::Text(text) => Ok(Value::bytes(text.as_bytes().to_vec())),
        other => Err(unfit("bytes", &other)),
    }
}

/// An argument that counts something.
pub(super) fn whole(value: &Value<'_>) -> Result<i64, Trouble> {
    match value {
        Value::Int(number) => Ok(*number),
        other => Err(Trouble::new(format!(
            "{} stands where a whole number is wanted.",
            other.kind()
        ))),
    }
}

fn unfit(wanted: &str, value: &Value<'_>) -> Trouble {
    let kind = value.kind();
    Trouble::new(format!("this cannot be made {wanted}: {kind}."))
}
