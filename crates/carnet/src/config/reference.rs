//! The reference page of the configuration, printed from the table of keys.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::key::{KEYS, Key, Kind};

/// The page in Markdown: `docs/config.md`.
pub(super) fn page() -> String {
    let mut page = String::from(HEAD);
    let mut section = "";
    for key in KEYS {
        let of = key.name.split_once('.').map_or("", |(section, _)| section);
        if of != section || key.name == "issuer" {
            section = of;
            let title = if of.is_empty() {
                "At the top".to_owned()
            } else {
                format!("`[{of}]`")
            };
            let _ = write!(
                page,
                "\n## {title}\n\n| key | what | default | environment |\n|---|---|---|---|\n"
            );
        }
        let name = key
            .name
            .strip_prefix(of)
            .and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(key.name);
        let default = if key.default.is_empty() {
            "must be set"
        } else {
            key.default
        };
        let reloads = if key.reloads {
            " Read again on SIGHUP."
        } else {
            ""
        };
        let _ = writeln!(
            page,
            "| `{name}` | {}{}{reloads} | {default} | `{}` |",
            key.about,
            kind(key),
            key.variable()
        );
    }
    page
}

const HEAD: &str = "# Configuration

*Printed by `carnet config schema`; a test holds this page to it.*

`carnet serve` reads one TOML file: the one of `--config`, or of `CARNET_CONFIG`, or `./carnet.toml`, or
`/etc/carnet/carnet.toml`. None is needed where the environment says enough. For each key the first of these wins:

1. the variable of the environment; lists are written with commas between
2. the same variable with `_FILE` behind it: the value stands in the file that it names
3. a credential of systemd (`LoadCredential=`) of the key's name; `secret_key` for `secret_key_file`
4. the TOML file
5. the default

`DATABASE_URL` and `RUST_LOG` are honoured under their usual names. An unknown key, or an unknown variable that begins with
`CARNET_`, stops the server (CRN-7001), a value that is not allowed too (CRN-7002); all faults are told at once.
`carnet config check` tells them without a start, `carnet config show` what is in force and where it was said.
";

fn kind(key: &Key) -> String {
    match key.kind {
        Kind::Choice(words) => format!(" One of {}.", words.join(", ")),
        Kind::Duration => " A length of time: `500ms`, `10s`, `2m`, `1h`, `14d`.".to_owned(),
        Kind::Text | Kind::Path | Kind::Number | Kind::List => String::new(),
    }
}

/// The table for programs.
pub(super) fn records() -> Vec<Value> {
    let records = KEYS.iter().map(|key| {
        let kind = match key.kind {
            Kind::Text => "text",
            Kind::Path => "path",
            Kind::Number => "number",
            Kind::Duration => "duration",
            Kind::List => "list",
            Kind::Choice(_) => "choice",
        };
        let choices = match key.kind {
            Kind::Choice(words) => json!(words),
            _ => Value::Null,
        };
        json!({
            "key": key.name, "kind": kind, "choices": choices, "default": key.default,
            "about": key.about, "reloads": key.reloads, "environment": key.variable(),
        })
    });
    records.collect()
}
