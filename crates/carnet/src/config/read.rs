//! From what was said to what the program uses: every value of the right kind, every section made.

use std::path::Path;
use std::path::PathBuf;

use carnet_server::config::dpop::Dpop;
use carnet_server::config::drain::Drain;
use carnet_server::config::google::Google;
use carnet_server::config::http::Http;
use carnet_server::config::log::Log;
use carnet_server::config::ops::Ops;
use carnet_server::config::outbound::Outbound;
use carnet_server::config::par::Par;
use carnet_server::config::rate::Rate;
use carnet_server::config::registration::Registration;
use carnet_server::config::session::Session;
use carnet_server::password::Hashing;
use carnet_wire::crn::Crn;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::fault::Fault;
use super::key::{KEYS, Key, Kind};
use super::one_line::short;
use super::setting::Setting;
use super::source::Gathered;

/// What the server is told.
#[derive(Debug)]
pub(crate) struct Config {
    /// The public URL.
    pub(crate) issuer: String,
    /// How pages call this server.
    pub(crate) name: String,
    /// Where everything is kept.
    pub(crate) database_url: String,
    /// Where the key is that seals what is at rest.
    pub(crate) secret_key_file: PathBuf,
    /// The public listener.
    pub(crate) http: Http,
    /// The second listener.
    pub(crate) ops: Ops,
    /// What is logged.
    pub(crate) log: Log,
    /// How much of what one client may do.
    pub(crate) rate: Rate,
    /// What hashing passwords costs.
    pub(crate) password: Hashing,
    /// How long people stay signed in.
    pub(crate) session: Session,
    /// Apps that no administrator made.
    pub(crate) registration: Registration,
    /// What may be fetched.
    pub(crate) outbound: Outbound,
    /// How pushed requests are kept, and whether each must be pushed.
    pub(crate) par: Par,
    /// What proofs of possession must carry.
    pub(crate) dpop: Dpop,
    /// Google's names on this machine.
    pub(crate) google: Google,
    /// How the server stops.
    pub(crate) drain: Drain,
    /// Which file it was read from, if from any.
    pub(crate) file: Option<PathBuf>,
}

/// The configuration, or everything that is wrong with it.
pub(super) fn config(gathered: &Gathered) -> Result<Config, Vec<Fault>> {
    let mut faults = gathered.faults.clone();
    for key in KEYS {
        if let Some(setting) = gathered.settings.get(key.name) {
            faults.extend(wrong_kind(key, setting));
        }
    }
    let mut reader = Reader {
        gathered,
        told: faults.clone(),
        faults: Vec::new(),
    };
    let state = &gathered.state_directory;
    let config = Config {
        issuer: reader.issuer(),
        name: String::new(),
        database_url: reader
            .text("database_url")
            .unwrap_or_else(|| format!("sqlite:{}", state.join("carnet.db").display())),
        secret_key_file: reader
            .text("secret_key_file")
            .map_or_else(|| state.join("secret_key"), PathBuf::from),
        http: reader.section("http"),
        ops: reader.section("ops"),
        log: reader.section("log"),
        rate: reader.section("rate"),
        password: reader.section("password"),
        session: reader.section("session"),
        registration: reader.section("registration"),
        outbound: reader.section("outbound"),
        par: reader.section("par"),
        dpop: reader.section("dpop"),
        google: google(&mut reader, state),
        drain: reader.section("drain"),
        file: gathered.file.clone(),
    };
    let name = reader.text("name").unwrap_or_else(|| host(&config.issuer));
    faults.extend(reader.faults);
    if faults.is_empty() {
        Ok(Config { name, ..config })
    } else {
        Err(faults)
    }
}

/// The certificate authority is kept with the data, unless it is said where.
fn google(reader: &mut Reader<'_>, state: &Path) -> Google {
    let section: Google = reader.section("google");
    Google {
        folder: section.folder.or_else(|| Some(state.to_owned())),
        ..section
    }
}

fn host(issuer: &str) -> String {
    let url = url::Url::parse(issuer).ok();
    let host = url.and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "Carnet".to_owned())
}

struct Reader<'g> {
    gathered: &'g Gathered,
    /// What is told of values of the wrong kind.
    told: Vec<Fault>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn setting(&self, name: &str) -> Option<&Setting> {
        self.gathered.settings.get(name)
    }

    fn text(&self, name: &str) -> Option<String> {
        let value = &self.setting(name)?.value;
        value
            .as_str()
            .map(str::to_owned)
            .filter(|text| !text.is_empty())
    }

    fn issuer(&mut self) -> String {
        let Some(setting) = self.setting("issuer").cloned() else {
            let what = "issuer is not set: the public URL of this server";
            let fix = "issuer = \"https://auth.example.com\" in carnet.toml, or CARNET_ISSUER; carnet init asks for it";
            self.faults
                .push(Fault::new(Crn::CONFIG_KEY_MISSING, what).fix(fix));
            return String::new();
        };
        let text = setting
            .value
            .as_str()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned();
        if let Err(reason) = issuer(&text) {
            let what = format!("issuer is {}; {reason}", short(&text).escape_debug());
            self.faults
                .push(Fault::new(Crn::CONFIG_VALUE, what).at(setting.origin));
        }
        text
    }

    /// A section. Where a value of it is of the wrong kind, that was told already.
    fn section<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        let members = format!("{name}.");
        if self
            .told
            .iter()
            .any(|fault| fault.what.starts_with(&members))
        {
            return T::default();
        }
        match Value::Table(self.table(name)).try_into() {
            Ok(section) => section,
            Err(error) => {
                let told: Vec<_> = error
                    .message()
                    .lines()
                    .map(|line| self.told(name, line))
                    .collect();
                self.faults.extend(told);
                T::default()
            }
        }
    }

    /// The members of a section, with those below a dot nested.
    fn table(&self, section: &str) -> Table {
        let mut table = Table::new();
        for (key, setting) in &self.gathered.settings {
            let Some(rest) = key
                .strip_prefix(section)
                .and_then(|rest| rest.strip_prefix('.'))
            else {
                continue;
            };
            match rest.split_once('.') {
                None => {
                    table.insert(rest.to_owned(), setting.value.clone());
                }
                Some((inner, name)) => {
                    let inner = table
                        .entry(inner)
                        .or_insert_with(|| Value::Table(Table::new()));
                    if let Value::Table(inner) = inner {
                        inner.insert(name.to_owned(), setting.value.clone());
                    }
                }
            }
        }
        table
    }

    /// A section says `key is value; reason`, one fault on each line.
    fn told(&self, section: &str, line: &str) -> Fault {
        let key = line.split(" is ").next().unwrap_or_default();
        match self.setting(key) {
            Some(setting) => Fault::new(Crn::CONFIG_VALUE, line).at(setting.origin.clone()),
            None => Fault::new(Crn::CONFIG_VALUE, format!("[{section}]: {line}")),
        }
    }
}

/// The public URL can be one: https, or http where nobody else is on the way; nothing behind the host.
pub(crate) fn issuer(text: &str) -> Result<(), &'static str> {
    // The parser of URLs leaves these out; the issuer would carry them.
    if text
        .chars()
        .any(|letter| letter.is_control() || letter.is_whitespace())
    {
        return Err("no space or control character may stand in it");
    }
    let Ok(url) = url::Url::parse(text) else {
        return Err("it must be a URL like https://auth.example.com");
    };
    let local = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("it names no host"),
    };
    if url.scheme() != "https" && !(url.scheme() == "http" && local) {
        return Err("it must begin with https; http only on this machine (carnet dev takes any)");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("nothing may stand behind the host");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("no user or password may stand in it");
    }
    Ok(())
}

fn wrong_kind(key: &Key, setting: &Setting) -> Option<Fault> {
    let value = &setting.value;
    let texts = |value: &Value| {
        value
            .as_array()
            .is_some_and(|items| items.iter().all(|item| item.as_str().is_some()))
    };
    let (fits, wanted) = match key.kind {
        Kind::Text => (value.is_str(), "a text in quotes".to_owned()),
        Kind::Path => (value.is_str(), "a path in quotes".to_owned()),
        Kind::Number => (
            value.is_integer(),
            "a whole number without quotes".to_owned(),
        ),
        Kind::Duration => (
            value.is_str() || value.is_integer(),
            "a length of time like \"10s\"".to_owned(),
        ),
        Kind::List => (value.is_str() || texts(value), "a list of texts".to_owned()),
        Kind::Choice(words) => (
            value.as_str().is_some_and(|word| words.contains(&word)),
            format!("one of {}", words.join(", ")),
        ),
    };
    let shown = if key.secret {
        "a secret".to_owned()
    } else {
        short(&value.to_string())
    };
    (!fits).then(|| {
        let what = format!("{} is {shown}; it must be {wanted}", key.name);
        Fault::new(Crn::CONFIG_VALUE, what).at(setting.origin.clone())
    })
}

#[cfg(test)]
mod tests;
