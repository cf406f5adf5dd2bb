//! A document as a tree: elements with their namespaces, and text. [`Element::parse`] is the one way to get one.
//!
//! What a tree may have ([`Bounds`]) is counted while it grows, so nothing large is ever built and then refused.

use std::collections::BTreeMap;
use std::rc::Rc;

/// The namespaces that are in scope: from a prefix (none: empty) to a URI. An empty URI is no namespace.
pub type Scope = Rc<BTreeMap<String, String>>;

/// How much a document may have.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of the text.
    pub bytes: usize,
    /// Elements in each other.
    pub depth: usize,
    /// Elements.
    pub elements: usize,
    /// Attributes of one element, declarations of namespaces among them.
    pub attributes: usize,
    /// Declarations of namespaces in the whole document.
    pub declarations: usize,
    /// Namespaces in the scope of one element.
    pub scope: usize,
    /// Whether comments are left out, or refused.
    pub comments: bool,
}

impl Bounds {
    /// For what anybody sends.
    pub const TOKEN: Self = Self {
        bytes: 64 * 1024,
        depth: 24,
        elements: 2_000,
        attributes: 32,
        declarations: 1_000,
        scope: 32,
        comments: false,
    };

    /// For metadata, which an administrator gives: 128 KiB, as at Google.
    pub const METADATA: Self = Self {
        bytes: 128 * 1024,
        depth: 24,
        elements: 4_000,
        attributes: 64,
        declarations: 1_000,
        scope: 32,
        comments: true,
    };
}

/// An element.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Element {
    /// The prefix with which it was written; empty where there was none.
    pub prefix: String,
    /// Its name.
    pub local: String,
    /// Its namespace; empty where it has none.
    pub namespace: String,
    /// Its attributes, without declarations of namespaces. No two have the same name.
    pub attributes: Vec<Attribute>,
    /// The namespaces in its scope.
    pub scope: Scope,
    /// What is in it.
    pub children: Vec<Node>,
}

/// An attribute.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Attribute {
    /// The prefix with which it was written; empty where there was none.
    pub prefix: String,
    /// Its name.
    pub local: String,
    /// Its namespace; empty where it has none.
    pub namespace: String,
    /// Its value.
    pub value: String,
}

/// Something in an element.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Node {
    /// Another element.
    Element(Element),
    /// Text. Two of them never follow each other.
    Text(String),
}

impl Element {
    /// Whether this is its name.
    #[must_use]
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }

    /// The value of an attribute that has no namespace.
    #[must_use]
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.qualified("", local)
    }

    /// The value of an attribute.
    #[must_use]
    pub fn qualified(&self, namespace: &str, local: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        let found = all.find(|one| one.namespace == namespace && one.local == local);
        found.map(|one| one.value.as_str())
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The elements in it that have this name.
    pub fn all(&self, namespace: &str, local: &str) -> impl Iterator<Item = &Self> {
        self.elements()
            .filter(move |element| element.is(namespace, local))
    }

    /// The one element in it that has this name; none where there are several.
    #[must_use]
    pub fn only(&self, namespace: &str, local: &str) -> Option<&Self> {
        let mut all = self.all(namespace, local);
        all.next().filter(|_| all.next().is_none())
    }

    /// Its text, if there is nothing else in it.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.children.as_slice() {
            [] => Some(""),
            [Node::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Itself and all that is in it, in the order of the document.
    #[must_use]
    pub fn everything(&self) -> Vec<&Self> {
        let (mut found, mut open) = (Vec::new(), vec![self]);
        while let Some(element) = open.pop() {
            found.push(element);
            let inside: Vec<_> = element.elements().collect();
            open.extend(inside.into_iter().rev());
        }
        found
    }
}

#[cfg(test)]
mod tests;
