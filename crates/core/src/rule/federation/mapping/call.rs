//! What the functions do. Their arguments are values; what they read and make is counted before it is done.

use super::extract::Template;
use super::fuel::ENTRIES;
use super::fuel::Fuel;
use super::fuel::Trouble;
use super::fuel::bounded;
use super::function::Function;
use super::moment;
use super::syntax::Call;
use super::value::Value;

mod convert;
mod encode;
mod place;

/// Calls the function; the first argument is what it is called on.
pub(super) fn call<'a>(
    called: &Call,
    arguments: Vec<Value<'a>>,
    fuel: &mut Fuel,
) -> Result<Value<'a>, Trouble> {
    let mut arguments = arguments.into_iter();
    let of = arguments.next().unwrap_or(Value::Null);
    let rest: Vec<Value<'a>> = arguments.collect();
    fuel.read(size_of_text(&of))?;
    match called.function {
        Function::Size => size(&of),
        Function::Contains => {
            let part = text(argument(&rest, 0)?)?;
            Ok(Value::Bool(text(&of)?.contains(part)))
        }
        Function::StartsWith => {
            let part = text(argument(&rest, 0)?)?;
            Ok(Value::Bool(text(&of)?.starts_with(part)))
        }
        Function::EndsWith => {
            let part = text(argument(&rest, 0)?)?;
            Ok(Value::Bool(text(&of)?.ends_with(part)))
        }
        Function::Matches => matches(called, text(&of)?, fuel),
        Function::Extract => {
            let template = Template::read(text(argument(&rest, 0)?)?);
            let template = template.map_err(Trouble::new)?;
            let part = template.part_of(text(&of)?);
            Ok(Value::text(part.to_owned()))
        }
        Function::Split => split(text(&of)?, &rest, fuel),
        Function::Join => join(&of, &rest, fuel),
        Function::LowerAscii => Ok(Value::text(text(&of)?.to_ascii_lowercase())),
        Function::UpperAscii => Ok(Value::text(text(&of)?.to_ascii_uppercase())),
        Function::Trim => Ok(Value::text(text(&of)?.trim().to_owned())),
        Function::Replace => replace(text(&of)?, &rest, fuel),
        Function::Substring => place::substring(text(&of)?, &rest),
        Function::IndexOf => place::index_of(text(&of)?, &rest),
        Function::LastIndexOf => place::last_index_of(text(&of)?, &rest),
        Function::CharAt => place::character_at(text(&of)?, &rest),
        Function::ToText => convert::to_text(of),
        Function::ToInt => convert::to_int(&of),
        Function::ToUInt => convert::to_unsigned(&of),
        Function::ToDouble => convert::to_double(&of),
        Function::ToBool => convert::to_bool(&of),
        Function::ToBytes => convert::to_bytes(of),
        Function::Dyn => Ok(of),
        Function::Base64Encode => encode::base64(&of),
        Function::Base64Decode => encode::from_base64(text(&of)?),
        Function::UrlEncode => Ok(Value::text(encode::percent(text(&of)?))),
        Function::UrlDecode => encode::from_percent(text(&of)?),
        Function::ToTime => moment::to_time(of),
        Function::ToSpan => moment::to_span(of),
        Function::Part(part) => moment::part(part, &of, rest.first()),
        // A condition that may call it is not evaluated here.
        Function::GetAttribute => Err(Trouble::new("there is no api here.")),
    }
}

fn size_of_text(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    }
}

fn argument<'v, 'a>(arguments: &'v [Value<'a>], at: usize) -> Result<&'v Value<'a>, Trouble> {
    let argument = arguments.get(at);
    argument.ok_or_else(|| Trouble::new("an argument is missing."))
}

fn text<'v>(value: &'v Value<'_>) -> Result<&'v str, Trouble> {
    match value {
        Value::Text(text) => Ok(text),
        other => Err(Trouble::new(format!(
            "{} stands where a text is wanted.",
            other.kind()
        ))),
    }
}

fn size<'a>(of: &Value<'_>) -> Result<Value<'a>, Trouble> {
    let size = match of {
        Value::Text(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        other => return Err(Trouble::new(format!("{} has no size.", other.kind()))),
    };
    Ok(count(size))
}

fn count<'a>(number: usize) -> Value<'a> {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn matches<'a>(called: &Call, text: &str, fuel: &mut Fuel) -> Result<Value<'a>, Trouble> {
    let pattern = called.pattern.as_ref();
    let pattern = pattern.ok_or_else(|| Trouble::new("a pattern is missing."))?;
    fuel.burn(pattern.cost(text.len()))?;
    Ok(Value::Bool(pattern.is_in(text)))
}

fn split<'a>(of: &str, rest: &[Value<'a>], fuel: &mut Fuel) -> Result<Value<'a>, Trouble> {
    let by = text(argument(rest, 0)?)?;
    let most = rest.get(1).map(convert::whole).transpose()?;
    let most = match most.map(usize::try_from) {
        Some(Ok(most)) => most,
        // A negative limit is none.
        None | Some(Err(_)) => usize::MAX,
    };
    let parts: Vec<&str> = if by.is_empty() {
        let mut rest = of;
        let mut parts = Vec::new();
        while parts.len() + 1 < most && parts.len() <= ENTRIES {
            let mut chars = rest.chars();
            if chars.next().is_none() || chars.as_str().is_empty() {
                break;
            }
            let (one, behind) = rest.split_at(rest.len() - chars.as_str().len());
            parts.push(one);
            rest = behind;
        }
        if most > 0 && !rest.is_empty() {
            parts.push(rest);
        }
        parts
    } else {
        let parts = of.splitn(most, by);
        parts.take(ENTRIES + 1).collect()
    };
    bounded(parts.len())?;
    fuel.burn(parts.len())?;
    let parts = parts.into_iter().map(|part| Value::text(part.to_owned()));
    Ok(Value::list(parts.collect()))
}

fn join<'a>(of: &Value<'a>, rest: &[Value<'a>], fuel: &mut Fuel) -> Result<Value<'a>, Trouble> {
    let Value::List(list) = of else {
        let why = format!("{} cannot be joined; a list of texts can.", of.kind());
        return Err(Trouble::new(why));
    };
    let between = rest.first().map_or(Ok(""), text)?;
    let mut joined = String::new();
    for at in 0..list.len() {
        let entry = list.at(at).unwrap_or(Value::Null);
        let entry = text(&entry)?;
        fuel.read(entry.len() + between.len())?;
        if at > 0 {
            joined.push_str(between);
        }
        joined.push_str(entry);
    }
    Ok(Value::text(joined))
}

fn replace<'a>(of: &str, rest: &[Value<'a>], fuel: &mut Fuel) -> Result<Value<'a>, Trouble> {
    let old = text(argument(rest, 0)?)?;
    let new = text(argument(rest, 1)?)?;
    let most = rest.get(2).map(convert::whole).transpose()?;
    let most = match most.map(usize::try_from) {
        Some(Ok(most)) => most,
        None | Some(Err(_)) => usize::MAX,
    };
    // So often it can be found: an empty text is before each character and at the end.
    let times = if old.is_empty() {
        of.chars().count() + 1
    } else {
        of.matches(old).count()
    };
    fuel.read(
        of.len()
            .saturating_add(times.min(most).saturating_mul(new.len())),
    )?;
    Ok(Value::text(of.replacen(old, new, most)))
}
