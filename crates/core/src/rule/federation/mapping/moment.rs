//! Times and lengths of time, where a condition may speak of them: `request.time < timestamp('2027-01-01T00:00:00Z')`,
//! `request.time.getHours('+01:00') >= 9` (cel-spec, "Timestamps and durations").
//!
//! A zone is `UTC` or an offset. Names such as `Europe/Berlin` need a table of zones, which differs from machine to
//! machine and from year to year; there is none here, and so they are refused when a condition is saved.

use std::rc::Rc;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::Offset;
use jiff::tz::TimeZone;

use super::fuel::Trouble;
use super::function::Part;
use super::value::Map;
use super::value::Value;

/// Units of a length of time, in nanoseconds: the longer name before the shorter one that it begins with.
const UNITS: [(&str, i128); 6] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
];

/// The longest text of a length of time, in bytes.
const LONGEST: usize = 64;

/// `request`: nothing but the time, and not even that where none is asked for.
pub(super) fn request<'a>(now: Option<Timestamp>) -> Value<'a> {
    let time = now.map(|now| (Value::lent("time"), Value::Time(now)));
    Value::Map(Map::Made(time.into_iter().collect::<Rc<[_]>>()))
}

/// Reads a moment (RFC 3339).
pub(super) fn time(text: &str) -> Result<Timestamp, &'static str> {
    let why = "a time is written as '2027-01-31T09:00:00Z'.";
    text.parse().map_err(|_| why)
}

/// Reads a length of time: `3600s`, `1h30m`, `-1.5s`.
pub(super) fn span(text: &str) -> Result<SignedDuration, &'static str> {
    let why = "a length of time is written as '3600s' or '1h30m'.";
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    if rest.is_empty() || rest.len() > LONGEST {
        return Err(why);
    }
    let mut all: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|one: char| !one.is_ascii_digit() && one != '.');
        let (number, behind) = rest.split_at(end.ok_or(why)?);
        let mut units = UNITS.into_iter();
        let (unit, nanoseconds) = units
            .find(|(unit, _)| behind.starts_with(unit))
            .ok_or(why)?;
        all = all
            .checked_add(part_of(number, nanoseconds).ok_or(why)?)
            .ok_or(why)?;
        rest = behind.get(unit.len()..).unwrap_or_default();
    }
    let all = i64::try_from(sign * all).map_err(|_| "a length of time has 292 years at most.")?;
    Ok(SignedDuration::from_nanos(all))
}

/// So many of a unit, in nanoseconds; what is less than one of them falls away.
fn part_of(number: &str, unit: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if number.is_empty() || whole.len() > 18 || fraction.contains('.') || fraction.len() > 12 {
        return None;
    }
    let digits = |text: &str| match text {
        "" => Some(0),
        text => text.parse::<i128>().ok(),
    };
    let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let whole = digits(whole)?.checked_mul(unit)?;
    let fraction = digits(fraction)?.checked_mul(unit)?.checked_div(scale)?;
    whole.checked_add(fraction)
}

/// Reads a zone: `UTC`, or an offset such as `+02:00`, whose plus may be left out.
pub(super) fn zone(text: &str) -> Result<TimeZone, &'static str> {
    let why = "a zone is 'UTC' or an offset such as '+02:00'; names of places are not known here.";
    if matches!(text, "UTC" | "Z" | "Etc/UTC") {
        return Ok(TimeZone::UTC);
    }
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'-') => (-1, text.get(1..)),
        Some(b'+') => (1, text.get(1..)),
        _ => (1, Some(text)),
    };
    let (hours, minutes) = rest.and_then(|rest| rest.split_once(':')).ok_or(why)?;
    let number = |text: &str, most: i32| {
        let two = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<i32>().ok().filter(|_| two);
        number.filter(|number| *number <= most).ok_or(why)
    };
    let seconds = number(hours, 23)? * 3_600 + number(minutes, 59)? * 60;
    let offset = Offset::from_seconds(sign * seconds).map_err(|_| why)?;
    Ok(TimeZone::fixed(offset))
}

/// `timestamp(value)`
pub(super) fn to_time(value: Value<'_>) -> Result<Value<'_>, Trouble> {
    match value {
        Value::Time(time) => Ok(Value::Time(time)),
        Value::Text(text) => time(&text).map(Value::Time).map_err(Trouble::new),
        Value::Int(seconds) => Timestamp::from_second(seconds)
            .map(Value::Time)
            .map_err(|_| Trouble::new("this is beyond the calendar.")),
        other => Err(unfit("a time", &other)),
    }
}

/// `duration(value)`
pub(super) fn to_span(value: Value<'_>) -> Result<Value<'_>, Trouble> {
    match value {
        Value::Span(span) => Ok(Value::Span(span)),
        Value::Text(text) => span(&text).map(Value::Span).map_err(Trouble::new),
        other => Err(unfit("a length of time", &other)),
    }
}

/// `value.getHours()` and its kin. Of a length of time it is the whole of it in that unit.
pub(super) fn part<'a>(
    part: Part,
    of: &Value<'a>,
    zoned: Option<&Value<'a>>,
) -> Result<Value<'a>, Trouble> {
    let number = match (of, zoned) {
        (Value::Time(time), None) => of_time(part, *time, TimeZone::UTC),
        (Value::Time(time), Some(Value::Text(text))) => {
            let zone = zone(text).map_err(Trouble::new)?;
            of_time(part, *time, zone)
        }
        (Value::Time(_), Some(other)) => return Err(unfit("a zone", other)),
        (Value::Span(span), None) => match part {
            Part::Hours => span.as_hours(),
            Part::Minutes => span.as_mins(),
            Part::Seconds => span.as_secs(),
            Part::Milliseconds => i64::from(span.subsec_millis()),
            _ => return Err(unfit("a time", of)),
        },
        _ => return Err(unfit("a time", of)),
    };
    Ok(Value::Int(number))
}

fn of_time(part: Part, time: Timestamp, zone: TimeZone) -> i64 {
    let there = time.to_zoned(zone);
    match part {
        Part::Year => i64::from(there.year()),
        Part::Month => i64::from(there.month()) - 1,
        Part::Date => i64::from(there.day()),
        Part::DayOfMonth => i64::from(there.day()) - 1,
        Part::DayOfWeek => i64::from(there.weekday().to_sunday_zero_offset()),
        Part::DayOfYear => i64::from(there.day_of_year()) - 1,
        Part::Hours => i64::from(there.hour()),
        Part::Minutes => i64::from(there.minute()),
        Part::Seconds => i64::from(there.second()),
        Part::Milliseconds => i64::from(there.millisecond()),
    }
}

fn unfit(wanted: &str, value: &Value<'_>) -> Trouble {
    let kind = value.kind();
    Trouble::new(format!("{kind} stands where {wanted} is wanted."))
}
