//! Forms and links of a page, found in its HTML. Enough for pages of ours, whose attributes stand in double
//! quotes.

/// A form.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Form {
    /// `post` or `get`.
    pub method: String,
    /// Where it goes.
    pub action: String,
    /// What it sends: name and value, as far as the page fills them in.
    pub fields: Vec<(String, String)>,
    /// Its buttons with a name: name and value. One of them is sent.
    pub buttons: Vec<(String, String)>,
}

impl Form {
    /// The value of a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it has this field.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }
}

/// The forms of a page, in their order.
#[must_use]
pub fn forms(page: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    for tag in tags(page) {
        let text = |name| attribute(tag, name).unwrap_or_default();
        match tag.split_ascii_whitespace().next() {
            Some("form") => forms.push(Form {
                method: text("method").to_ascii_lowercase(),
                action: text("action"),
                ..Form::default()
            }),
            Some("input") => {
                let kind = text("type");
                let ticked = !matches!(kind.as_str(), "checkbox" | "radio") || has(tag, "checked");
                let (Some(form), Some(name)) = (forms.last_mut(), attribute(tag, "name")) else {
                    continue;
                };
                if ticked {
                    form.fields.push((name, text("value")));
                }
            }
            Some("button") => {
                let (Some(form), Some(name)) = (forms.last_mut(), attribute(tag, "name")) else {
                    continue;
                };
                form.buttons.push((name, text("value")));
            }
            _ => {}
        }
    }
    forms
}

/// Where the links of a page go.
#[must_use]
pub fn links(page: &str) -> Vec<String> {
    tags(page)
        .filter(|tag| tag.split_ascii_whitespace().next() == Some("a"))
        .filter_map(|tag| attribute(tag, "href"))
        .collect()
}

/// The inside of each tag that opens.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<')
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .map(|tag| tag.trim_end_matches('/'))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))?;
    let value = tag.get(start + name.len() + 3..)?.split('"').next()?;
    Some(unescaped(value))
}

fn has(tag: &str, name: &str) -> bool {
    tag.split_ascii_whitespace().any(|word| word == name)
}

/// The text behind the entities that templates write.
#[must_use]
pub fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let (entity, after) = after.split_once(';').unwrap_or((after, ""));
        match entity {
            "amp" => plain.push('&'),
            "lt" => plain.push('<'),
            "gt" => plain.push('>'),
            "quot" => plain.push('"'),
            _ => {
                let number = entity.strip_prefix("#x").map_or_else(
                    || entity.strip_prefix('#').and_then(|it| it.parse().ok()),
                    |hex| u32::from_str_radix(hex, 16).ok(),
                );
                plain.extend(number.and_then(char::from_u32));
            }
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::forms;
    use super::links;

    #[test]
    fn forms_are_found_with_what_they_send() {
        let page = "<p>a<form method=\"POST\" action=\"&#x2f;go\"><input type=\"hidden\" name=\"csrf\" value=\"a&amp;b\">\
            <input name=\"email\" required><input type=\"checkbox\" name=\"off\" value=\"1\">\
            <input type=\"checkbox\" name=\"on\" value=\"1\" checked><button name=\"decision\" value=\"allow\">\
            </button></form><a class=\"x\" href=\"/next?a=1&amp;b=2\">on</a>";
        let forms = forms(page);
        let [form] = forms.as_slice() else {
            panic!("{forms:?}");
        };
        assert_eq!(
            (form.method.as_str(), form.action.as_str()),
            ("post", "/go")
        );
        assert_eq!(form.field("csrf"), Some("a&b"));
        assert_eq!(form.field("email"), Some(""));
        assert_eq!((form.has("off"), form.has("on")), (false, true));
        assert_eq!(form.buttons, [("decision".to_owned(), "allow".to_owned())]);
        assert_eq!(links(page), ["/next?a=1&b=2"]);
    }
}
