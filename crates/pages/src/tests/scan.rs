//! A small scanner of our own HTML: tags, attributes, texts. Strict, so that it finds our mistakes.

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// `<a href="/">`: the name and the attributes, unescaped.
    Open(String, Vec<(String, String)>),
    /// `</a>`
    Close(String),
    /// Text between tags, unescaped and trimmed; never empty.
    Text(String),
}

const VOID: [&str; 6] = ["meta", "link", "input", "rect", "path", "!doctype"];

/// Takes the document apart and checks that every element is closed in its order.
pub(super) fn scan(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some((text, after)) = rest.split_once('<') {
        push_text(&mut pieces, text);
        let end = end_of_tag(after);
        let tag = &after[..end];
        rest = &after[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closing {name}");
            pieces.push(Piece::Close(name.to_owned()));
            continue;
        }
        let (name, attributes) = parse_tag(tag);
        if !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        pieces.push(Piece::Open(name, attributes));
    }
    push_text(&mut pieces, rest);
    assert!(open.is_empty(), "not closed: {open:?}");
    pieces
}

impl Piece {
    /// The attribute's value, if this is a tag that has it.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let Self::Open(_, attributes) = self else {
            return None;
        };
        attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether this opens an element of that name.
    pub(super) fn opens(&self, name: &str) -> bool {
        matches!(self, Self::Open(opened, _) if opened == name)
    }

    /// The piece without its texts and values: what a hostile string must not change.
    pub(super) fn shape(&self) -> Option<String> {
        match self {
            Self::Open(name, attributes) => {
                let names: Vec<&str> = attributes.iter().map(|(name, _)| name.as_str()).collect();
                Some(format!("<{name} {}>", names.join(" ")))
            }
            Self::Close(name) => Some(format!("</{name}>")),
            Self::Text(_) => None,
        }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    assert!(!text.contains('>'), "a bare > in {text:?}");
    let text = unescape(text.trim());
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// The position of the `>` that ends the tag; one inside quotes does not.
fn end_of_tag(text: &str) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    panic!("a tag without end");
}

fn parse_tag(tag: &str) -> (String, Vec<(String, String)>) {
    let tag = tag.trim_end_matches('/').trim_end();
    let (name, mut rest) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let mut attributes: Vec<(String, String)> = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return (name.to_owned(), attributes);
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let key = &rest[..end];
        rest = &rest[end..];
        let mut value = "";
        if let Some(after) = rest.strip_prefix("=\"") {
            let (quoted, after) = after.split_once('"').expect("a closing quote");
            value = quoted;
            rest = after;
        }
        assert!(!rest.starts_with('='), "an attribute without quotes: {tag}");
        assert!(
            key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "a strange attribute {key:?} in {tag}"
        );
        assert!(
            attributes.iter().all(|(known, _)| known != key),
            "{key} twice in {tag}"
        );
        attributes.push((key.to_owned(), unescape(value)));
    }
}

fn unescape(text: &str) -> String {
    assert!(!text.contains('<'), "a bare < in {text:?}");
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/")
        .replace("&#x60;", "`")
        .replace("&amp;", "&")
}

#[test]
fn the_scanner_finds_tags_values_and_texts() {
    let pieces = scan("<p class=\"a\">x &lt; y<input hidden value=\"1 > 0\"></p>");
    assert_eq!(pieces.len(), 4);
    assert_eq!(pieces[1], Piece::Text("x < y".to_owned()));
    assert_eq!(pieces[2].attribute("value"), Some("1 > 0"));
    assert_eq!(pieces[2].shape().unwrap(), "<input hidden value>");
}

#[test]
fn the_scanner_refuses_what_is_not_closed_or_quoted() {
    for wrong in [
        "<p>",
        "<p></b>",
        "<a href=/></a>",
        "a > b",
        "<a href=\"\" href=\"\"></a>",
    ] {
        assert!(std::panic::catch_unwind(|| scan(wrong)).is_err(), "{wrong}");
    }
}
