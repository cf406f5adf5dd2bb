//! Places in a text, counted in characters from 0: `substring`, `indexOf`, `lastIndexOf`, `charAt`.

use crate::rule::federation::mapping::fuel::Trouble;
use crate::rule::federation::mapping::value::Value;

use super::argument;
use super::convert::whole;
use super::count;
use super::text;

/// `of.substring(from)` and `of.substring(from, to)`
pub(super) fn substring<'a>(of: &str, rest: &[Value<'_>]) -> Result<Value<'a>, Trouble> {
    let from = byte(of, whole(argument(rest, 0)?)?)?;
    let to = match rest.get(1) {
        Some(to) => byte(of, whole(to)?)?,
        None => of.len(),
    };
    let part = of.get(from..to).ok_or_else(outside)?;
    Ok(Value::text(part.to_owned()))
}

/// `of.indexOf(part)` and `of.indexOf(part, from)`; -1 where it is not.
pub(super) fn index_of<'a>(of: &str, rest: &[Value<'_>]) -> Result<Value<'a>, Trouble> {
    let part = text(argument(rest, 0)?)?;
    let from = match rest.get(1) {
        Some(from) => byte(of, whole(from)?)?,
        None => 0,
    };
    let found = of.get(from..).and_then(|behind| behind.find(part));
    Ok(character(of, found.map(|at| at + from)))
}

/// `of.lastIndexOf(part)`; -1 where it is not.
pub(super) fn last_index_of<'a>(of: &str, rest: &[Value<'_>]) -> Result<Value<'a>, Trouble> {
    let part = text(argument(rest, 0)?)?;
    Ok(character(of, of.rfind(part)))
}

/// `of.charAt(place)`; the empty text at the end.
pub(super) fn character_at<'a>(of: &str, rest: &[Value<'_>]) -> Result<Value<'a>, Trouble> {
    let from = byte(of, whole(argument(rest, 0)?)?)?;
    let found = of.get(from..).and_then(|behind| behind.chars().next());
    Ok(Value::text(found.map(String::from).unwrap_or_default()))
}

/// Where a character begins; the end is a place too.
fn byte(of: &str, place: i64) -> Result<usize, Trouble> {
    let place = usize::try_from(place).map_err(|_| outside())?;
    let mut places = of.char_indices().map(|(at, _)| at).chain([of.len()]);
    places.nth(place).ok_or_else(outside)
}

fn character<'a>(of: &str, found: Option<usize>) -> Value<'a> {
    match found {
        Some(at) => count(of.get(..at).unwrap_or_default().chars().count()),
        None => Value::Int(-1),
    }
}

fn outside() -> Trouble {
    Trouble::new("this place is outside the text.")
}
