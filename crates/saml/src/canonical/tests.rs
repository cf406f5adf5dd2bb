//! The examples of the specifications, and what differs between two spellings.

use super::canonical;
use crate::document::Bounds;
use crate::document::Element;

fn parse(text: &str) -> Element {
    Element::parse(text, Bounds::TOKEN).expect(text)
}

fn of(text: &str) -> String {
    canonical(&parse(text), &[], None)
}

/// xml-exc-c14n section 2.2: the two documents around `n1:elem2` make no difference to it.
#[test]
fn exc_c14n_2_2_the_surroundings_make_no_difference() {
    let texts = [
        "<n0:local xmlns:n0='foo:bar' xmlns:n3='ftp://example.org'><n1:elem2 xmlns:n1='http://example.net' xml:lang='en'><n3:stuff xmlns:n3='ftp://example.org'/></n1:elem2></n0:local>",
        "<n2:pdu xmlns:n1='http://example.com' xmlns:n2='http://foo.example' xml:lang='fr' xml:space='retain'><n1:elem2 xmlns:n1='http://example.net' xml:lang='en'><n3:stuff xmlns:n3='ftp://example.org'/></n1:elem2></n2:pdu>",
    ];
    let expected = "<n1:elem2 xmlns:n1=\"http://example.net\" xml:lang=\"en\"><n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>";
    for text in texts {
        let document = parse(text);
        let inside = document.elements().next().expect("it has one");
        assert_eq!(canonical(inside, &[], None), expected);
    }
}

#[test]
fn exc_c14n_3_namespaces_stand_where_they_are_used() {
    let cases = [
        (
            "<a xmlns='u:1' xmlns:p='u:2'><p:b/><p:c/></a>",
            "<a xmlns=\"u:1\"><p:b xmlns:p=\"u:2\"></p:b><p:c xmlns:p=\"u:2\"></p:c></a>",
        ),
        (
            "<a xmlns='u:1'><b xmlns=''><c xmlns='u:1'/></b></a>",
            "<a xmlns=\"u:1\"><b xmlns=\"\"><c xmlns=\"u:1\"></c></b></a>",
        ),
        ("<a xmlns=''/>", "<a></a>"),
        (
            "<p:a xmlns:p='u:1'><p:b xmlns:p='u:2'><p:c xmlns:p='u:1'/></p:b></p:a>",
            "<p:a xmlns:p=\"u:1\"><p:b xmlns:p=\"u:2\"><p:c xmlns:p=\"u:1\"></p:c></p:b></p:a>",
        ),
        (
            "<a xmlns:q='u:2' xmlns:p='u:1' p:z='1' q:a='2' b='3' a='4'/>",
            "<a xmlns:p=\"u:1\" xmlns:q=\"u:2\" a=\"4\" b=\"3\" p:z=\"1\" q:a=\"2\"></a>",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(of(text), expected);
        assert_eq!(of(expected), expected, "it is its own canonical form");
    }
}

#[test]
fn exc_c14n_3_listed_prefixes_are_declared_where_they_are_in_scope() {
    let document = parse("<r xmlns='u:0' xmlns:p='u:1' xmlns:q='u:2'><q:a><p:b/></q:a></r>");
    let inside = document.elements().next().expect("it has one");
    let listed = ["p".to_owned(), "#default".to_owned(), "absent".to_owned()];
    assert_eq!(
        canonical(inside, &listed, None),
        "<q:a xmlns=\"u:0\" xmlns:p=\"u:1\" xmlns:q=\"u:2\"><p:b></p:b></q:a>"
    );
}

#[test]
fn c14n_2_3_characters_have_one_spelling() {
    assert_eq!(
        of("<a b='&#9;&#10;&#13;&lt;&gt;&amp;&quot;&apos;'>&lt;&gt;&amp;&#13;&#10;\"'</a>"),
        "<a b=\"&#x9;&#xA;&#xD;&lt;>&amp;&quot;'\">&lt;&gt;&amp;&#xD;\n\"'</a>"
    );
}

#[test]
fn what_is_enveloped_is_left_out() {
    let document = parse("<a>1<b/>2<b/></a>");
    let first = document.elements().next();
    assert_eq!(canonical(&document, &[], first), "<a>12<b></b></a>");
}
