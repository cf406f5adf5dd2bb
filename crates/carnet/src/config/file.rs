//! The TOML file: flattened to keys with their values, each with the line that it stands on.

use std::path::{Path, PathBuf};

use carnet_wire::crn::Crn;
use toml::{Table, Value};

use super::fault::Fault;
use super::setting::{Origin, Outside, Setting};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// How deep sections may stand in each other.
const DEEPEST: usize = 4;

/// The file that is meant: the named one, or the first of the usual ones that is there.
pub(super) fn choose(named: Option<&Path>, outside: &dyn Outside) -> Option<PathBuf> {
    if let Some(named) = named {
        return Some(named.to_owned());
    }
    if let Some(named) = outside.variable("CARNET_CONFIG") {
        return Some(PathBuf::from(named));
    }
    let usual = ["carnet.toml", "/etc/carnet/carnet.toml"];
    usual
        .iter()
        .map(PathBuf::from)
        .find(|path| outside.is_file(path))
}

/// The settings of a file.
pub(super) fn settings(path: &Path, outside: &dyn Outside) -> Result<Vec<Setting>, Fault> {
    let shown = path.display();
    let text = outside.contents(path, LARGEST).map_err(|why| {
        let what = format!("{shown} cannot be read: {why}");
        Fault::new(Crn::FILE_NOT_READABLE, what)
    })?;
    let table: Table = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| 1 + lines_before(&text, span.start));
        let what = format!("{shown}: {}", error.message());
        let fault = Fault::new(Crn::CONFIG_NOT_TOML, what);
        match line {
            Some(line) => fault.at(Origin::File(path.to_owned(), Some(line))),
            None => fault,
        }
    })?;
    let mut settings = Vec::new();
    flatten("", table, &mut settings, &|key| {
        Origin::File(path.to_owned(), line_of(&text, key))
    });
    Ok(settings)
}

fn flatten(
    prefix: &str,
    table: Table,
    settings: &mut Vec<Setting>,
    origin: &dyn Fn(&str) -> Origin,
) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            Value::Table(inner) if key.matches('.').count() < DEEPEST => {
                flatten(&key, inner, settings, origin);
            }
            value => settings.push(Setting {
                origin: origin(&key),
                key,
                value,
            }),
        }
    }
}

fn lines_before(text: &str, place: usize) -> usize {
    text.bytes()
        .take(place)
        .filter(|byte| *byte == b'\n')
        .count()
}

/// The line on which a key stands, by the way in which people write TOML.
fn line_of(text: &str, key: &str) -> Option<usize> {
    let mut section = String::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.split(']').next())
        {
            name.trim().clone_into(&mut section);
            continue;
        }
        let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with('#')) else {
            continue;
        };
        let name = name.trim();
        let here = if section.is_empty() {
            name.to_owned()
        } else {
            format!("{section}.{name}")
        };
        // An inline table stands for what is in it.
        let within = key
            .strip_prefix(here.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if within {
            return Some(number + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::line_of;

    #[test]
    fn a_key_is_found_on_its_line() {
        let text =
            "issuer = \"x\"\n# http.listen = 1\n\n[http]\nlisten = \"a\"\ntls = { cert = \"c\" }\n";
        assert_eq!(line_of(text, "issuer"), Some(1));
        assert_eq!(line_of(text, "http.listen"), Some(5));
        assert_eq!(line_of(text, "http.tls.cert"), Some(6));
        assert_eq!(line_of(text, "ops.listen"), None);
    }
}
