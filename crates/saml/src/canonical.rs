//! Exclusive XML canonicalization without comments (xml-exc-c14n section 3, xml-c14n section 2.3): one spelling for
//! each tree, over which signatures are made.
//!
//! An element declares a namespace where it or one of its attributes uses the prefix and no element around it *in
//! the output* has declared the same. Prefixes that the signer lists are declared where they are in scope, used or not.
//! Declarations come sorted by prefix, attributes by namespace and name.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::document::Attribute;
use crate::document::Element;
use crate::document::Node;

/// What has been declared around an element, in the output.
type Rendered<'a> = BTreeMap<&'a str, &'a str>;

/// How the default namespace is called in a list of prefixes.
const DEFAULT: &str = "#default";

/// Writes an element, without one of the elements in it: the signature that it envelops.
#[must_use]
pub fn canonical(element: &Element, prefixes: &[String], without: Option<&Element>) -> String {
    let listed = prefixes.iter().map(|prefix| match prefix.as_str() {
        DEFAULT => "",
        prefix => prefix,
    });
    let writer = Writer {
        listed: listed.collect(),
        without,
    };
    let mut output = String::new();
    writer.element(element, &Rendered::new(), &mut output);
    output
}

struct Writer<'a> {
    listed: BTreeSet<&'a str>,
    without: Option<&'a Element>,
}

impl Writer<'_> {
    fn element<'e>(&self, element: &'e Element, around: &Rendered<'e>, output: &mut String) {
        let mut rendered = around.clone();
        output.push('<');
        qualified(&element.prefix, &element.local, output);
        for (prefix, uri) in self.declarations(element, around) {
            rendered.insert(prefix, uri);
            match prefix {
                "" => output.push_str(" xmlns"),
                prefix => {
                    output.push(' ');
                    qualified("xmlns", prefix, output);
                }
            }
            quoted(uri, output);
        }
        let mut attributes: Vec<&Attribute> = element.attributes.iter().collect();
        attributes.sort_by_key(|one| (one.namespace.as_str(), one.local.as_str()));
        for attribute in attributes {
            output.push(' ');
            qualified(&attribute.prefix, &attribute.local, output);
            quoted(&attribute.value, output);
        }
        output.push('>');
        for node in &element.children {
            match node {
                Node::Text(text) => escaped(text, output),
                Node::Element(inside) if self.leaves_out(inside) => {}
                Node::Element(inside) => self.element(inside, &rendered, output),
            }
        }
        output.push_str("</");
        qualified(&element.prefix, &element.local, output);
        output.push('>');
    }

    fn leaves_out(&self, element: &Element) -> bool {
        self.without.is_some_and(|one| std::ptr::eq(one, element))
    }

    /// What this element declares, sorted by prefix.
    fn declarations<'e>(&self, element: &'e Element, around: &Rendered<'e>) -> Rendered<'e> {
        let attributes = element.attributes.iter();
        let of_attributes = attributes
            .map(|one| one.prefix.as_str())
            .filter(|prefix| !prefix.is_empty());
        let mut used: BTreeSet<&str> = of_attributes.collect();
        used.insert(&element.prefix);
        let scope = element.scope.iter();
        let scope = scope.map(|(prefix, uri)| (prefix.as_str(), uri.as_str()));
        let concerned =
            scope.filter(|(prefix, _)| used.contains(prefix) || self.listed.contains(prefix));
        concerned
            .filter(|(prefix, uri)| match around.get(prefix) {
                Some(before) => before != uri,
                // No namespace is what there is where nothing was declared.
                None => !uri.is_empty(),
            })
            .collect()
    }
}

fn qualified(prefix: &str, local: &str, output: &mut String) {
    if !prefix.is_empty() {
        output.push_str(prefix);
        output.push(':');
    }
    output.push_str(local);
}

fn quoted(value: &str, output: &mut String) {
    output.push_str("=\"");
    for character in value.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '"' => output.push_str("&quot;"),
            '\t' => output.push_str("&#x9;"),
            '\n' => output.push_str("&#xA;"),
            '\r' => output.push_str("&#xD;"),
            other => output.push(other),
        }
    }
    output.push('"');
}

fn escaped(text: &str, output: &mut String) {
    for character in text.chars() {
        match character {
            '&' => output.push_str("&amp;"),
            '<' => output.push_str("&lt;"),
            '>' => output.push_str("&gt;"),
            '\r' => output.push_str("&#xD;"),
            other => output.push(other),
        }
    }
}

#[cfg(test)]
mod tests;
