//! A setting, where it was said, and the outside that it is read from.

use std::fmt;
use std::path::{Path, PathBuf};

use toml::Value;

use super::one_line::{on_one_line, short};

/// What a setting is, and where it was said.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Where a setting was said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Origin {
    /// In the TOML file, on this line.
    File(PathBuf, Option<usize>),
    /// In this variable.
    Variable(String),
    /// In the file that this variable names.
    VariableFile(String, PathBuf),
    /// In this credential of systemd.
    Credential(PathBuf),
    /// Nowhere.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = match self {
            Self::File(path, Some(line)) => format!("{} line {line}", path.display()),
            Self::File(path, None) => path.display().to_string(),
            Self::Variable(name) => format!("environment {}", short(name)),
            Self::VariableFile(name, path) => format!("environment {name}: {}", path.display()),
            Self::Credential(path) => format!("credential {}", path.display()),
            Self::Default => "default".to_owned(),
        };
        f.write_str(&on_one_line(&told))
    }
}

/// The environment, and the files that it and the command line name.
pub(crate) trait Outside {
    /// The value of a variable, if it is set to something.
    fn variable(&self, name: &str) -> Option<String>;
    /// The names of all variables that are set to something.
    fn variables(&self) -> Vec<String>;
    /// Whether there is a file of this name.
    fn is_file(&self, path: &Path) -> bool;
    /// The text of a file of at most so many bytes, or why it cannot be had.
    fn contents(&self, path: &Path, most: u64) -> Result<String, String>;
}
