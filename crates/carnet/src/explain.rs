//! `carnet explain`: a code of the catalogue, without any server, or the story of one request, from
//! the server's audit log.

use std::fmt::Write as _;

use carnet_wire::crn::{Answer, Crn, Entry};
use serde_json::{Value, json};

use crate::admin::{Admin, path};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::{Column, Output, printable};

/// Explains a code or a request.
pub(crate) async fn run(what: &str, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let what = what.trim();
    let is_code = what
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("CRN-"));
    if is_code || (what.len() == 4 && what.bytes().all(|byte| byte.is_ascii_digit())) {
        let code = what.parse::<Crn>().map_err(|error| {
            Failure::new(Exit::NotFound, format!("{what}: {error}"))
                .fix("all codes: carnet explain")
        })?;
        return code_page(code, output);
    }
    let trace = what.strip_prefix("trace ").unwrap_or(what);
    story(trace, global, output).await
}

/// Lists every code.
pub(crate) fn all(output: &Output) -> Result<Exit, Failure> {
    let items: Vec<_> = Crn::all().map(record).collect();
    output.list(&items, COLUMNS)?;
    Ok(Exit::Success)
}

const COLUMNS: &[Column] = &[
    Column::at("CODE", "/code"),
    Column::at("TITLE", "/title"),
    Column::at("ERROR", "/error"),
];

fn code_page(code: Crn, output: &Output) -> Result<Exit, Failure> {
    if output.is_for_people() {
        output.text(&page(code))?;
    } else {
        output.one(&record(code), COLUMNS)?;
    }
    Ok(Exit::Success)
}

fn record(code: Crn) -> Value {
    let entry = code.entry();
    let fixes = entry.fixes.iter().map(|fix| {
        let snippets = fix
            .snippets
            .iter()
            .map(|snippet| json!({"label": snippet.label, "code": snippet.code}));
        json!({"action": fix.action, "snippets": snippets.collect::<Vec<_>>()})
    });
    json!({
        "code": code.to_string(),
        "title": entry.title,
        "error": error(code),
        "status": code.status(),
        "meaning": entry.meaning,
        "causes": entry.causes,
        "fixes": fixes.collect::<Vec<_>>(),
        "sections": entry.sections,
        "related": entry.related.iter().map(|number| format!("CRN-{number}")).collect::<Vec<_>>(),
    })
}

/// The `error` that a program reads, if there is one.
fn error(code: Crn) -> Option<String> {
    match code.answer() {
        Answer::Token { error, .. } | Answer::Http { error, .. } => Some(error.as_str().to_owned()),
        Answer::Resource(Some(error)) => Some(error.as_str().to_owned()),
        Answer::Authorize(error) => Some(error.as_str().to_owned()),
        _ => None,
    }
}

fn page(code: Crn) -> String {
    let entry: &Entry = code.entry();
    let mut text = format!("{code}  {}\n", entry.title);
    let told: Vec<_> = [
        error(code),
        code.status().map(|status| format!("HTTP {status}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !told.is_empty() {
        let _ = writeln!(text, "{}", told.join(", "));
    }
    let _ = writeln!(text, "\n{}\n\nUsual causes", entry.meaning);
    for cause in entry.causes {
        let _ = writeln!(text, "  - {cause}");
    }
    text.push_str("\nWhat to do\n");
    for fix in entry.fixes {
        let _ = writeln!(text, "  - {}", fix.action);
        for snippet in fix.snippets {
            let label = format!("{}:", snippet.label);
            let lines: Vec<_> = snippet.code.lines().collect();
            let _ = writeln!(
                text,
                "      {label} {}",
                lines.join(&format!("\n      {:1$} ", "", label.len()))
            );
        }
    }
    if !entry.sections.is_empty() {
        let _ = writeln!(text, "\nWritten in: {}", entry.sections.join("; "));
    }
    if !entry.related.is_empty() {
        let related: Vec<_> = entry
            .related
            .iter()
            .map(|number| format!("CRN-{number}"))
            .collect();
        let _ = writeln!(text, "Easily taken for it: {}", related.join(", "));
    }
    text
}

const ENTRIES: &[Column] = &[
    Column::at("AT", "/at"),
    Column::at("ACTION", "/action"),
    Column::at("ACTOR", "/actor"),
    Column::at("TARGET", "/target"),
    Column::at("CODE", "/code"),
    Column::at("ADDRESS", "/address"),
];

/// The story of a request: what was done or refused, with everything that an owner may know.
async fn story(trace: &str, global: &Global, output: &Output) -> Result<Exit, Failure> {
    let admin = Admin::connect(global)?;
    let told = admin.get(path(&["traces", trace])).await?;
    if !output.is_for_people() {
        output.one(&told, ENTRIES)?;
        return Ok(Exit::Success);
    }
    let entries = told
        .get("entries")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut text = String::new();
    for entry in &entries {
        let part = |name: &str| {
            entry
                .get(name)
                .and_then(Value::as_str)
                .map(printable)
                .unwrap_or_default()
        };
        let head = ["at", "actor", "action", "target"].map(part);
        let head: Vec<_> = head.into_iter().filter(|word| !word.is_empty()).collect();
        let _ = writeln!(text, "{}", head.join("  "));
        if let Some(sentence) = entry.get("sentence").and_then(Value::as_str) {
            let _ = writeln!(text, "{}", printable(sentence));
        }
        if let Some(detail) = entry.get("detail").and_then(Value::as_object) {
            for (name, value) in detail {
                let value = value.as_str().map_or_else(|| value.to_string(), printable);
                let _ = writeln!(text, "  {name}: {value}");
            }
        }
        if let Ok(code) = part("code").parse::<Crn>() {
            text.push('\n');
            text.push_str(&page(code));
        }
    }
    output.text(&text)?;
    Ok(Exit::Success)
}

#[cfg(test)]
mod tests;
