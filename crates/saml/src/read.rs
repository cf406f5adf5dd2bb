//! From a text to a tree: XML 1.0 with namespaces, without whatever a signed message does not need.
//!
//! quick-xml cuts the text into pieces and forgives much; the rules are here.
//!
//! 1. The text is short, and each of its characters is one of XML 1.0 (section 2.2).
//! 2. A declaration may stand at the very beginning, and says UTF-8. `<!DOCTYPE`, `<?…?>` and `<![CDATA[` are
//!    refused anywhere, and comments unless the bounds say that they are left out.
//! 3. Names are ASCII, with one colon at most; prefixes are declared, `xml` and `xmlns` are what they always are
//!    (Namespaces in XML 1.0 section 3).
//! 4. References are to characters or to one of the five entities that need no DTD (section 4.6).
//! 5. Ends of lines and white space in attributes become what sections 2.11 and 3.3.3 say.
//! 6. There is one outermost element, and outside of it nothing but white space.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use carnet_jose::printable::Printable;
use quick_xml::Reader;
use quick_xml::events::BytesDecl;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;

use crate::document::Attribute;
use crate::document::Bounds;
use crate::document::Element;
use crate::document::Node;
use crate::document::Scope;
use crate::names;
use crate::refused::Refused;

/// The longest name, prefix and colon included.
const LONGEST_NAME: usize = 128;

impl Element {
    /// Reads a document.
    pub fn parse(text: &str, bounds: Bounds) -> Result<Self, Refused> {
        if text.len() > bounds.bytes {
            let most = bounds.bytes;
            return Err(no(format!("it is longer than {most} bytes.")));
        }
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        if !text.chars().all(is_character) {
            return Err(no("it has characters that XML does not."));
        }
        let mut growing = Growing::new(bounds);
        let mut pieces = Reader::from_str(text);
        let mut first = true;
        loop {
            let piece = pieces.read_event();
            let piece = piece.map_err(|_| no("it is not well-formed."))?;
            match piece {
                Event::Eof => return growing.finish(),
                Event::Decl(declaration) if first => declared(&declaration)?,
                piece => growing.take(&piece)?,
            }
            first = false;
        }
    }
}

/// A tree of which some elements are not closed yet.
struct Growing {
    bounds: Bounds,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    declarations: usize,
}

impl Growing {
    const fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            open: Vec::new(),
            root: None,
            elements: 0,
            declarations: 0,
        }
    }

    fn take(&mut self, piece: &Event<'_>) -> Result<(), Refused> {
        match piece {
            Event::Start(start) => self.open(start),
            Event::Empty(start) => {
                self.open(start)?;
                self.close()
            }
            // That it closes what is open was checked.
            Event::End(_) => self.close(),
            Event::Text(text) if text.contains("]]>") => Err(no("']]>' stands in a text.")),
            Event::Text(text) => self.text(&lines(text)),
            Event::GeneralRef(reference) => {
                self.text(referred(reference)?.encode_utf8(&mut [0; 4]))
            }
            Event::Comment(_) if self.bounds.comments => Ok(()),
            Event::Comment(_) => Err(no("it has a comment.")),
            Event::CData(_) => Err(no("it has a CDATA section.")),
            Event::DocType(_) => Err(no("it has a document type declaration.")),
            Event::PI(_) | Event::Decl(_) => Err(no("it has a processing instruction.")),
            Event::Eof => Ok(()),
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Refused> {
        if self.root.is_some() {
            return Err(no("it has more than one outermost element."));
        }
        self.elements += 1;
        if self.open.len() >= self.bounds.depth || self.elements > self.bounds.elements {
            return Err(no("it has too many elements, or too many in each other."));
        }
        let written = self.written(start)?;
        let scope = self.scope(&written)?;
        let (prefix, local) = name(start.name().0)?;
        let mut attributes: Vec<Attribute> = Vec::new();
        for (prefix, local, value) in written {
            if declares(prefix, local).is_some() {
                continue;
            }
            let namespace = match prefix {
                "" => String::new(),
                prefix => resolved(prefix, &scope)?,
            };
            let same = |other: &Attribute| other.local == local && other.namespace == namespace;
            if attributes.iter().any(same) {
                return Err(no("an element has an attribute twice."));
            }
            attributes.push(Attribute {
                prefix: prefix.to_owned(),
                local: local.to_owned(),
                namespace,
                value,
            });
        }
        self.open.push(Element {
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            namespace: resolved(prefix, &scope)?,
            attributes,
            scope,
            children: Vec::new(),
        });
        Ok(())
    }

    /// The attributes as they were written: prefix, name and value, declarations of namespaces among them.
    fn written<'a>(
        &self,
        start: &'a BytesStart<'_>,
    ) -> Result<Vec<(&'a str, &'a str, String)>, Refused> {
        let mut written = Vec::new();
        let mut all = start.attributes();
        // What is twice is found below, by name and namespace.
        for attribute in all.with_checks(false) {
            let attribute = attribute.map_err(|_| no("an attribute is not well-formed."))?;
            if written.len() == self.bounds.attributes {
                return Err(no("an element has too many attributes."));
            }
            let (prefix, local) = name(attribute.key.0)?;
            written.push((prefix, local, value(&attribute.value)?));
        }
        Ok(written)
    }

    /// The namespaces in the scope of an element with these attributes.
    fn scope(&mut self, written: &[(&str, &str, String)]) -> Result<Scope, Refused> {
        let around = self.open.last().map(|element| Rc::clone(&element.scope));
        let mut scope = around.unwrap_or_default();
        let mut here: Vec<&str> = Vec::new();
        for (prefix, local, uri) in written {
            let Some(declared) = declares(prefix, local) else {
                continue;
            };
            let reserved = matches!(declared, "xml" | "xmlns");
            if reserved || uri == names::XML || uri == names::XMLNS {
                return Err(no("a reserved namespace is declared."));
            }
            if (uri.is_empty() && !declared.is_empty()) || here.contains(&declared) {
                return Err(no("a namespace is declared twice, or to be nothing."));
            }
            self.declarations += 1;
            if self.declarations > self.bounds.declarations {
                return Err(no("it declares too many namespaces."));
            }
            here.push(declared);
            let scope: &mut BTreeMap<_, _> = Rc::make_mut(&mut scope);
            scope.insert(declared.to_owned(), uri.clone());
            if scope.len() > self.bounds.scope {
                return Err(no("it declares too many namespaces."));
            }
        }
        Ok(scope)
    }

    fn close(&mut self) -> Result<(), Refused> {
        let closed = self.open.pop();
        let closed = closed.ok_or_else(|| no("it is not well-formed."))?;
        match self.open.last_mut() {
            Some(around) => around.children.push(Node::Element(closed)),
            None => self.root = Some(closed),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Refused> {
        let Some(around) = self.open.last_mut() else {
            return match text.trim_matches([' ', '\t', '\n']) {
                "" => Ok(()),
                _ => Err(no("it has text outside of its outermost element.")),
            };
        };
        match around.children.last_mut() {
            Some(Node::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => around.children.push(Node::Text(text.to_owned())),
        }
        Ok(())
    }

    fn finish(self) -> Result<Element, Refused> {
        match self.root {
            Some(root) if self.open.is_empty() => Ok(root),
            _ => Err(no("it ends too early.")),
        }
    }
}

/// The declaration at the beginning (section 2.8).
fn declared(declaration: &BytesDecl<'_>) -> Result<(), Refused> {
    let version = declaration.version();
    let encoding = declaration.encoding().transpose();
    match (version, encoding) {
        (Ok(version), Ok(encoding)) if version == "1.0" => match encoding {
            Some(name) if !name.eq_ignore_ascii_case("utf-8") => Err(no("it is not in UTF-8.")),
            _ => Ok(()),
        },
        _ => Err(no("it is not of XML 1.0.")),
    }
}

/// The prefix that an attribute declares; the empty one where it is the namespace of elements without.
fn declares<'a>(prefix: &str, local: &'a str) -> Option<&'a str> {
    match (prefix, local) {
        ("", "xmlns") => Some(""),
        ("xmlns", declared) => Some(declared),
        _ => None,
    }
}

fn resolved(prefix: &str, scope: &Scope) -> Result<String, Refused> {
    match scope.get(prefix) {
        Some(uri) => Ok(uri.clone()),
        None if prefix == "xml" => Ok(names::XML.to_owned()),
        None if prefix.is_empty() => Ok(String::new()),
        None => {
            let prefix = Printable::new(prefix);
            Err(no(format!("the prefix '{prefix}' is not declared.")))
        }
    }
}

/// Prefix and local part of a name.
fn name(written: &str) -> Result<(&str, &str), Refused> {
    let (prefix, local) = match written.split_once(':') {
        Some((prefix, local)) if is_name(prefix) => (prefix, local),
        Some(_) => ("", ""),
        None => ("", written),
    };
    if is_name(local) && written.len() <= LONGEST_NAME {
        return Ok((prefix, local));
    }
    let written = Printable::new(written);
    Err(no(format!(
        "'{written}' is no name of an element or attribute that is taken."
    )))
}

fn is_name(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let mut bytes = text.bytes();
    let first = bytes.next();
    first.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_') && bytes.all(rest)
}

/// Section 2.11.
fn lines(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace('\r', "\n")
}

/// The value of an attribute (section 3.3.3): white space becomes spaces unless a reference wrote it.
fn value(raw: &str) -> Result<String, Refused> {
    if raw.contains('<') {
        return Err(no("'<' stands in an attribute."));
    }
    let raw = lines(raw).replace(['\t', '\n'], " ");
    let mut read = String::with_capacity(raw.len());
    let mut rest = raw.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        let reference = after.split_once(';');
        let (reference, after) = reference.ok_or_else(|| no("a reference has no end."))?;
        read.push_str(before);
        read.push(referred(reference)?);
        rest = after;
    }
    read.push_str(rest);
    Ok(read)
}

/// What stands between `&` and `;`.
fn referred(reference: &str) -> Result<char, Refused> {
    let number = |digits: &str, radix| {
        let digit = |character: char| character.is_digit(radix);
        let fine = !digits.is_empty() && digits.chars().all(digit);
        let code = fine.then(|| u32::from_str_radix(digits, radix).ok());
        code.flatten().and_then(char::from_u32)
    };
    let read = match reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match (reference.strip_prefix("#x"), reference.strip_prefix('#')) {
            (Some(digits), _) => number(digits, 16),
            (None, Some(digits)) => number(digits, 10),
            (None, None) => None,
        },
    };
    let read = read.filter(|read| is_character(*read));
    read.ok_or_else(|| no("it refers to an entity, or to a character that XML does not have."))
}

/// Section 2.2.
const fn is_character(character: char) -> bool {
    matches!(
        character,
        '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..
    )
}

fn no(detail: impl fmt::Display) -> Refused {
    Refused::malformed(format!("The document cannot be read: {detail}"))
}
