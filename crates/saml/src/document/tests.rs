//! What is XML here, and what is not.

use super::Bounds;
use super::Element;
use super::Node;

fn parse(text: &str) -> Result<Element, String> {
    Element::parse(text, Bounds::TOKEN).map_err(|no| no.detail)
}

#[test]
fn namespaces_are_those_in_scope() {
    let read = parse("<a xmlns='u:1' xmlns:p='u:2' p:x='1' x='2'><b xmlns=''/><p:c/></a>");
    let read = read.expect("it is read");
    assert!(read.is("u:1", "a"));
    assert_eq!(read.attribute("x"), Some("2"));
    assert_eq!(read.qualified("u:2", "x"), Some("1"));
    let names: Vec<_> = read
        .elements()
        .map(|one| (one.namespace.as_str(), one.local.as_str()))
        .collect();
    assert_eq!(names, [("", "b"), ("u:2", "c")]);
}

#[test]
fn texts_and_attributes_are_normalized() {
    let read = parse(
        "\u{FEFF}<?xml version='1.0' encoding='utf-8'?>\n<a b='x&#10;y\r\nz\t&quot;'>1\r\n2\r3&amp;&#x26;&gt;</a>\n",
    );
    let read = read.expect("it is read");
    assert_eq!(read.attribute("b"), Some("x\ny z \""));
    assert_eq!(read.children, [Node::Text("1\n2\n3&&>".to_owned())]);
}

const REFUSED: &[&str] = &[
    "",
    " ",
    "x",
    "<a>",
    "</a>",
    "<a></b>",
    "<a/><b/>",
    "<a/>x",
    "x<a/>",
    "<a b='1' b='2'/>",
    "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>",
    "<a b=1/>",
    "<a b/>",
    "<a b='<'/>",
    "<a b='&'/>",
    "<a b='&x;'/>",
    "<a>&x;</a>",
    "<a>&#0;</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a>&#;</a>",
    "<a>&#+49;</a>",
    "<a>&#X31;</a>",
    "<a>&</a>",
    "<a>& </a>",
    "<a>]]></a>",
    "<a>\u{0}</a>",
    "<a>\u{FFFE}</a>",
    "<p:a/>",
    "<a p:b='1'/>",
    "<a xmlns:p=''/>",
    "<a xmlns:xml='u'/>",
    "<a xmlns:xmlns='u'/>",
    "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
    "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
    "<a xmlns:p='u' xmlns:p='u'/>",
    "<a:b:c xmlns:a='u'/>",
    "<:a/>",
    "<a:/>",
    "<1a/>",
    "<ä/>",
    "<a><!-- --></a>",
    "<!-- --><a/>",
    "<a/><!-- -->",
    "<a><?x?></a>",
    "<?x?><a/>",
    "<a><![CDATA[x]]></a>",
    "<!DOCTYPE a><a/>",
    " <?xml version='1.0'?><a/>",
    "<?xml version='1.1'?><a/>",
    "<?xml version='1.0' encoding='utf-16'?><a/>",
    "<a/><?xml version='1.0'?>",
    "<?xml version='1.0'?><?xml version='1.0'?><a/>",
    "<a",
    "<a b='",
    "<!",
    "<![",
    "<?",
];

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in REFUSED {
        assert!(parse(text).is_err(), "{text:?} was taken");
    }
}

#[test]
fn comments_are_left_out_of_metadata() {
    let text = "<!-- a --><a><!-- b -->x<!-- c -->y</a>";
    let read = Element::parse(text, Bounds::METADATA).expect("it is read");
    assert_eq!(read.text(), Some("xy"));
}

#[test]
fn one_of_several_is_none() {
    let read = parse("<a><b/><b/><c>x</c></a>").expect("it is read");
    assert_eq!(read.only("", "b"), None);
    assert_eq!(read.only("", "c").and_then(Element::text), Some("x"));
    assert_eq!(read.text(), None);
    let all: Vec<_> = read
        .everything()
        .iter()
        .map(|one| one.local.clone())
        .collect();
    assert_eq!(all, ["a", "b", "b", "c"]);
}
