//! Who and what the pages for people name: a person, an app, a device.
//!
//! Names come from people we do not know. A page shows them whole and escaped; inside a sentence the
//! filter `isolated` takes their direction marks away, so that a name cannot turn the sentence round.

use serde::Serialize;

/// Somebody with an account here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The name to show: `Dana Kim`. The email address again where there is no name.
    pub name: String,
    /// The email address.
    pub email: String,
}

/// An app (a client) as far as the person in front of the page may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct App {
    /// Its name, as it was registered.
    pub name: String,
    /// The host where the person gets to: that of the redirect address, or of the app's home page.
    /// `None` for an app without one: a native app, a device.
    pub host: Option<String>,
}

/// With what somebody came, read from the `User-Agent` header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Agent {
    /// The browser's or tool's name: `Firefox`.
    pub browser: Option<String>,
    /// The system's name: `Windows`.
    pub system: Option<String>,
}

/// Bytes of the header that are read.
const MOST: usize = 512;

/// What stands in the header, and the name of the browser; the first that fits wins. The order is
/// that of disguise: most browsers also call themselves Chrome, and Chrome calls itself Safari.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "Python"),
    ("carnet/", "Carnet"),
];

const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

impl Agent {
    /// Reads a `User-Agent` header. It is a hint for people and proves nothing.
    pub fn of(user_agent: &str) -> Self {
        let end = (0..=MOST.min(user_agent.len()))
            .rev()
            .find(|end| user_agent.is_char_boundary(*end));
        let text = end
            .and_then(|end| user_agent.get(..end))
            .unwrap_or_default();
        let name = |known: &[(&str, &str)]| {
            let found = known.iter().find(|(mark, _)| text.contains(mark));
            found.map(|(_, name)| (*name).to_owned())
        };
        Self {
            browser: name(&BROWSERS),
            system: name(&SYSTEMS),
        }
    }
}

#[cfg(test)]
mod tests;
