//! The file in which contexts are kept.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use carnet_wire::crn::Crn;
use serde::{Deserialize, Serialize};

use crate::environment;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::key_files;

/// How large the file may be, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Which server, organization, project and key file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Context {
    /// The public URL of the server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    /// The id of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<String>,
    /// The id of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) project: Option<String>,
    /// Where the key file is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) key_file: Option<PathBuf>,
}

impl Context {
    /// What the options of every command say.
    pub(super) fn of(global: &Global) -> Result<Self, Failure> {
        let key_file = match &global.key {
            None => None,
            Some(path) => Some(fs::canonicalize(path).map_err(|error| unreadable(path, &error))?),
        };
        if global.url.is_none() && key_file.is_none() {
            return Err(Failure::usage("a context needs --url or --key")
                .fix("carnet context create NAME --key key.json"));
        }
        Ok(Self {
            url: global.url.clone(),
            organization: global.org.clone(),
            project: global.project.clone(),
            key_file,
        })
    }
}

/// All contexts.
#[derive(Debug, Default)]
pub(crate) struct Contexts {
    path: PathBuf,
    kept: Kept,
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
struct Kept {
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<String>,
    contexts: BTreeMap<String, Context>,
}

impl Contexts {
    /// Reads the file; where there is none there are no contexts.
    pub(crate) fn read() -> Result<Self, Failure> {
        let path = folder().join("config.toml");
        let kept = match fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Kept::default(),
            Ok(about) if about.len() > LARGEST => {
                return Err(Failure::of(
                    Crn::CONFIG_NOT_TOML,
                    format!("{} is larger than {LARGEST} bytes", path.display()),
                ));
            }
            _ => {
                let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
                toml::from_str(&text).map_err(|error| {
                    let what = format!("{}: {}", path.display(), error.message());
                    Failure::of(Crn::CONFIG_NOT_TOML, what)
                })?
            }
        };
        Ok(Self { path, kept })
    }

    /// Writes the file.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let text = toml::to_string(&self.kept).map_err(anyhow::Error::from)?;
        Ok(key_files::write(&self.path, text.as_bytes())?)
    }

    /// Where the file is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// All, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, &Context)> {
        self.kept
            .contexts
            .iter()
            .map(|(name, context)| (name.as_str(), context))
    }

    /// Whether this one is active.
    pub(super) fn is_active(&self, name: &str) -> bool {
        self.kept.active.as_deref() == Some(name)
    }

    /// The one of this name, or the active one; an empty one where there is none.
    pub(crate) fn choose(self, name: Option<&str>) -> Result<Context, Failure> {
        let Some(wanted) = name.or(self.kept.active.as_deref()) else {
            return Ok(Context::default());
        };
        self.kept
            .contexts
            .get(wanted)
            .cloned()
            .ok_or_else(|| no_context(wanted))
    }

    /// The name of the one that is meant: the one of this name, or the active one.
    pub(crate) fn chosen(&self, name: Option<&str>) -> Result<Option<String>, Failure> {
        match name.or(self.kept.active.as_deref()) {
            Some(wanted) if self.kept.contexts.contains_key(wanted) => Ok(Some(wanted.to_owned())),
            Some(wanted) => Err(no_context(wanted)),
            None => Ok(None),
        }
    }

    /// The one of this name, or the active one, if there is one.
    pub(crate) fn known(&self, name: Option<&str>) -> Option<&Context> {
        let wanted = name.or(self.kept.active.as_deref())?;
        self.kept.contexts.get(wanted)
    }

    /// Makes this one active.
    pub(super) fn activate(&mut self, name: &str) -> Result<(), Failure> {
        if !self.kept.contexts.contains_key(name) {
            return Err(no_context(name));
        }
        self.kept.active = Some(name.to_owned());
        Ok(())
    }

    /// Whether a context can have this name.
    pub(crate) fn check_name(name: &str) -> Result<(), Failure> {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
            return Err(Failure::usage(
                "a context has a name of 1 to 64 letters, digits and hyphens",
            ));
        }
        Ok(())
    }

    /// Keeps one, and makes it active.
    pub(crate) fn put(&mut self, name: &str, context: Context) -> Result<(), Failure> {
        Self::check_name(name)?;
        self.kept.contexts.insert(name.to_owned(), context);
        self.kept.active = Some(name.to_owned());
        Ok(())
    }

    /// Forgets one.
    pub(super) fn remove(&mut self, name: &str) -> Result<(), Failure> {
        self.kept
            .contexts
            .remove(name)
            .ok_or_else(|| no_context(name))?;
        if self.kept.active.as_deref() == Some(name) {
            self.kept.active = None;
        }
        Ok(())
    }
}

/// Where our own files for a person are.
fn folder() -> PathBuf {
    if let Some(own) = environment::value("CARNET_CONFIG_DIR") {
        return PathBuf::from(own);
    }
    let home = || environment::value("HOME").map(|home| Path::new(&home).join(".config"));
    let base = environment::value("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(home);
    base.unwrap_or_default().join("carnet")
}

fn no_context(name: &str) -> Failure {
    Failure::new(Exit::NotFound, format!("there is no context {name}")).fix("carnet context list")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::of(
        Crn::FILE_NOT_READABLE,
        format!("{} cannot be read: {error}", path.display()),
    )
}
