//! A page as far as a script reads it: its one form that asks something, and what stands in it.

use crate::request::encode;
/// A form.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Vec<(String, String)>,
}

/// What the form that matters has, at Carnet and at the peer.
const ASKS: [&str; 3] = ["\"password\"", "\"decision\"", "\"prompt\""];

impl Form {
    /// The form of a page that asks for a password or a consent, filled in by what the person says.
    pub(super) fn find(page: &str, says: &[(&str, &str)]) -> Option<Self> {
        let text = page
            .split("<form")
            .skip(1)
            .filter_map(|form| form.split("</form>").next())
            .find(|form| {
                ASKS.iter()
                    .any(|name| form.contains(&format!("name={name}")))
            })?;
        let opening = text.split('>').next()?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for input in text.split("<input").skip(1) {
            let tag = input.split('>').next().unwrap_or_default();
            let Some(name) = attribute(tag, "name") else {
                continue;
            };
            let unticked = tag.contains("checkbox") && !tag.contains(" checked");
            if !unticked && !says.iter().any(|(said, _)| *said == name) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        }
        for (name, value) in says {
            if text.contains(&format!("name=\"{name}\"")) {
                fields.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        Some(Self {
            action: attribute(opening, "action")?,
            fields,
        })
    }

    /// As a browser sends it.
    pub(super) fn encoded(&self) -> String {
        encode(
            self.fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = rest.split_once('"')?;
    Some(
        value
            .replace("&#x2f;", "/")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

#[cfg(test)]
mod tests;
