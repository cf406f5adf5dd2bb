//! Where settings come from. The first of these that has a key wins: a variable of the environment, a
//! file that a variable names (`..._FILE`), a credential of systemd, the TOML file.
//!
//! `DATABASE_URL` and `RUST_LOG` are honoured under their usual names. Variables that begin with
//! `CARNET_` and set nothing are faults, apart from those of the command line and those that
//! Kubernetes makes for a service named carnet.
//!
//! The environment and the files are asked for through [`Outside`], so that what is read of them can
//! be held against texts that nobody wrote on purpose (`fuzz/targets/config.rs`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use carnet_wire::crn::Crn;
use toml::Value;

use super::fault::Fault;
use super::file;
use super::key::{KEYS, Key, Kind, closest};
use super::one_line::short;
use super::setting::{Origin, Outside, Setting};

/// The largest value that is read from a file, in bytes.
const LARGEST: u64 = 64 * 1024;

/// Variables of the command line, which set nothing here.
const OF_COMMANDS: &[&str] = &[
    "CARNET_URL",
    "CARNET_CONTEXT",
    "CARNET_TOKEN",
    "CARNET_TOKEN_EXPIRES",
    "CARNET_ORG",
    "CARNET_PROJECT",
    "CARNET_OUTPUT",
    "CARNET_CONFIG",
    "CARNET_CONFIG_DIR",
    "CARNET_NO_INPUT",
    "CARNET_COMMIT",
];

/// Everything that was said.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// What was said of each known key, by the one that wins.
    pub(super) settings: BTreeMap<&'static str, Setting>,
    /// What is wrong already.
    pub(super) faults: Vec<Fault>,
    /// The TOML file, if there is one.
    pub(super) file: Option<PathBuf>,
    /// Where data is kept unless said otherwise.
    pub(super) state_directory: PathBuf,
}

/// Looks everywhere.
pub(super) fn gather(named: Option<&Path>, outside: &dyn Outside) -> Gathered {
    let file = file::choose(named, outside);
    let state_directory = outside.variable("STATE_DIRECTORY");
    let mut gathered = Gathered {
        state_directory: state_directory.map_or_else(PathBuf::new, PathBuf::from),
        ..Gathered::default()
    };
    if let Some(path) = &file {
        match file::settings(path, outside) {
            Ok(settings) => settings
                .into_iter()
                .for_each(|setting| gathered.put(setting)),
            Err(fault) => gathered.faults.push(fault),
        }
    }
    gathered.file = file;
    for key in KEYS {
        match beside(key, outside) {
            Ok(Some(setting)) => {
                gathered.settings.insert(key.name, setting);
            }
            Ok(None) => {}
            Err(fault) => gathered.faults.push(fault),
        }
    }
    gathered
        .faults
        .extend(outside.variables().iter().filter_map(|name| stray(name)));
    gathered
}

impl Gathered {
    fn put(&mut self, setting: Setting) {
        match super::key::find(&setting.key) {
            Some(key) => {
                self.settings.insert(key.name, setting);
            }
            None => self.faults.push(unknown(&setting.key, setting.origin)),
        }
    }
}

fn unknown(key: &str, origin: Origin) -> Fault {
    // TOML lets a key be any text in quotes.
    let fault = Fault::new(
        Crn::CONFIG_KEY_UNKNOWN,
        format!("{} is not a key", short(key)),
    );
    let fault = fault.at(origin);
    match closest(key) {
        Some(near) => fault.fix(format!("did you mean {near}?")),
        None => fault.fix("carnet config schema lists all keys"),
    }
}

/// What the environment or a credential says of a key.
fn beside(key: &'static Key, outside: &dyn Outside) -> Result<Option<Setting>, Fault> {
    let own = key.variable();
    let usual = match key.name {
        "database_url" => Some("DATABASE_URL"),
        "log.level" => Some("RUST_LOG"),
        _ => None,
    };
    let names = [Some(own.as_str()), usual];
    for name in names.into_iter().flatten() {
        if let Some(text) = outside.variable(name) {
            return setting(key, &text, Origin::Variable(name.to_owned())).map(Some);
        }
    }
    for name in names.into_iter().flatten() {
        let name = format!("{name}_FILE");
        if let Some(path) = outside.variable(&name).map(PathBuf::from) {
            let text = contents(&path, outside)?;
            return setting(key, &text, Origin::VariableFile(name, path)).map(Some);
        }
    }
    credential(key, outside)
}

/// What systemd was told to load for a key.
fn credential(key: &'static Key, outside: &dyn Outside) -> Result<Option<Setting>, Fault> {
    let Some(folder) = outside.variable("CREDENTIALS_DIRECTORY") else {
        return Ok(None);
    };
    let name = if key.name == "secret_key_file" {
        "secret_key"
    } else {
        key.name
    };
    let path = Path::new(&folder).join(name);
    if !outside.is_file(&path) {
        return Ok(None);
    }
    let origin = Origin::Credential(path.clone());
    // Of a file the place is wanted, of everything else what stands in it.
    if key.kind == Kind::Path {
        return setting(key, &path.display().to_string(), origin).map(Some);
    }
    setting(key, &contents(&path, outside)?, origin).map(Some)
}

fn contents(path: &Path, outside: &dyn Outside) -> Result<String, Fault> {
    let text = outside.contents(path, LARGEST).map_err(|why| {
        let what = format!("{} cannot be read: {why}", path.display());
        Fault::new(Crn::FILE_NOT_READABLE, what)
    })?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// A text of the environment as the kind of value that the key has.
fn setting(key: &'static Key, text: &str, origin: Origin) -> Result<Setting, Fault> {
    let value = if key.kind == Kind::Number {
        let number = text.trim().parse().map_err(|_| {
            let text = short(text);
            let what = format!("{} is {text}; it must be a whole number", key.name);
            Fault::new(Crn::CONFIG_VALUE, what).at(origin.clone())
        })?;
        Value::Integer(number)
    } else {
        Value::String(text.to_owned())
    };
    Ok(Setting {
        key: key.name.to_owned(),
        value,
        origin,
    })
}

/// A variable that looks as if it should set something, and does not.
fn stray(name: &str) -> Option<Fault> {
    let rest = name.strip_prefix("CARNET_")?;
    let known = |name: &str| KEYS.iter().any(|key| key.variable() == name);
    let of_kubernetes = rest.starts_with("SERVICE_") || rest == "PORT" || rest.starts_with("PORT_");
    let is_known = known(name) || name.strip_suffix("_FILE").is_some_and(known);
    if is_known || of_kubernetes || OF_COMMANDS.contains(&name) {
        return None;
    }
    let key = rest.to_lowercase().replace("__", ".");
    let key = key.strip_suffix("_file").unwrap_or(&key).to_owned();
    Some(unknown(&key, Origin::Variable(name.to_owned())))
}

#[cfg(test)]
mod tests;
