//! The functions an expression may call: one table of names, how each is called and with how many arguments.
//!
//! They are those of CEL's standard library that strings, lists and numbers need, Google's `extract`, the common
//! extensions for strings, and `base64.` and `url.`; and where there is a time, what times need. What is not here is refused when the expression is saved.

/// Something that can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Matches,
    Extract,
    Split,
    Join,
    LowerAscii,
    UpperAscii,
    Trim,
    Replace,
    Substring,
    IndexOf,
    LastIndexOf,
    CharAt,
    ToText,
    ToInt,
    ToUInt,
    ToDouble,
    ToBool,
    ToBytes,
    Dyn,
    Base64Encode,
    Base64Decode,
    UrlEncode,
    UrlDecode,
    GetAttribute,
    ToTime,
    ToSpan,
    Part(Part),
}

/// What of a time is asked for, or of a length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Month,
    Date,
    DayOfMonth,
    DayOfWeek,
    DayOfYear,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

/// How a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `value.name(arguments)`
    Of,
    /// `name(arguments)`
    Alone,
}

struct Row(Style, &'static str, Function, usize, usize);

use Style::Alone;
use Style::Of;

const TABLE: &[Row] = &[
    Row(Alone, "size", Function::Size, 1, 1),
    Row(Of, "size", Function::Size, 0, 0),
    Row(Of, "contains", Function::Contains, 1, 1),
    Row(Of, "startsWith", Function::StartsWith, 1, 1),
    Row(Of, "endsWith", Function::EndsWith, 1, 1),
    Row(Of, "matches", Function::Matches, 1, 1),
    Row(Alone, "matches", Function::Matches, 2, 2),
    Row(Of, "extract", Function::Extract, 1, 1),
    Row(Of, "split", Function::Split, 1, 2),
    Row(Of, "join", Function::Join, 0, 1),
    Row(Of, "lowerAscii", Function::LowerAscii, 0, 0),
    Row(Of, "upperAscii", Function::UpperAscii, 0, 0),
    Row(Of, "trim", Function::Trim, 0, 0),
    Row(Of, "replace", Function::Replace, 2, 3),
    Row(Of, "substring", Function::Substring, 1, 2),
    Row(Of, "indexOf", Function::IndexOf, 1, 2),
    Row(Of, "lastIndexOf", Function::LastIndexOf, 1, 1),
    Row(Of, "charAt", Function::CharAt, 1, 1),
    Row(Alone, "string", Function::ToText, 1, 1),
    Row(Alone, "int", Function::ToInt, 1, 1),
    Row(Alone, "uint", Function::ToUInt, 1, 1),
    Row(Alone, "double", Function::ToDouble, 1, 1),
    Row(Alone, "bool", Function::ToBool, 1, 1),
    Row(Alone, "bytes", Function::ToBytes, 1, 1),
    Row(Alone, "dyn", Function::Dyn, 1, 1),
    Row(Alone, "base64.encode", Function::Base64Encode, 1, 1),
    Row(Alone, "base64.decode", Function::Base64Decode, 1, 1),
    Row(Alone, "url.encode", Function::UrlEncode, 1, 1),
    Row(Alone, "url.decode", Function::UrlDecode, 1, 1),
    // Only where there is `api`.
    Row(Of, "getAttribute", Function::GetAttribute, 2, 2),
    // Only where there is `request`.
    Row(Alone, "timestamp", Function::ToTime, 1, 1),
    Row(Alone, "duration", Function::ToSpan, 1, 1),
    Row(Of, "getFullYear", Function::Part(Part::Year), 0, 1),
    Row(Of, "getMonth", Function::Part(Part::Month), 0, 1),
    Row(Of, "getDate", Function::Part(Part::Date), 0, 1),
    Row(Of, "getDayOfMonth", Function::Part(Part::DayOfMonth), 0, 1),
    Row(Of, "getDayOfWeek", Function::Part(Part::DayOfWeek), 0, 1),
    Row(Of, "getDayOfYear", Function::Part(Part::DayOfYear), 0, 1),
    Row(Of, "getHours", Function::Part(Part::Hours), 0, 1),
    Row(Of, "getMinutes", Function::Part(Part::Minutes), 0, 1),
    Row(Of, "getSeconds", Function::Part(Part::Seconds), 0, 1),
    Row(
        Of,
        "getMilliseconds",
        Function::Part(Part::Milliseconds),
        0,
        1,
    ),
];

/// Names before a dot that are no variables.
pub(super) const FAMILIES: &[&str] = &["base64", "url"];

/// Finds the function, or says why the call is none.
pub(super) fn find(style: Style, name: &str, arguments: usize) -> Result<Function, String> {
    let mut named = TABLE.iter().filter(|row| row.1 == name).peekable();
    if named.peek().is_none() {
        return Err(format!("there is no function '{name}'."));
    }
    let Some(row) = named.find(|row| row.0 == style) else {
        return Err(match style {
            Style::Of => format!("'{name}' is called alone: {name}(value)."),
            Style::Alone => format!("'{name}' is called on a value: value.{name}(...)."),
        });
    };
    if (row.3..=row.4).contains(&arguments) {
        return Ok(row.2);
    }
    let wanted = match (row.3, row.4) {
        (0, 0) => "no arguments".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, most) => format!("{least} or {most} arguments"),
    };
    Err(format!("'{name}' takes {wanted}, not {arguments}."))
}
