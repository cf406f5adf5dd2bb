//! Documents that do not change between two requests.

use http::HeaderMap;
use http::HeaderValue;
use http::Response;
use http_body::Body as _;

use super::Doc;

fn doc(text: &str) -> Doc {
    Doc::new(text.into(), "application/json", "public, max-age=3600")
}

fn ask(doc: &Doc, tags: &[&str]) -> Response<axum::body::Body> {
    let mut headers = HeaderMap::new();
    for tag in tags {
        headers.append("if-none-match", HeaderValue::from_str(tag).unwrap());
    }
    doc.answer(&headers)
}

#[test]
fn a_document_is_answered_with_type_tag_and_age() {
    let answer = ask(&doc("{}"), &[]);
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.body().size_hint().exact(), Some(2));
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=3600");
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
}

#[test]
fn rfc9110_13_1_2_who_has_the_document_gets_304() {
    let doc = doc("{}");
    let tag = ask(&doc, &[]).headers()["etag"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        tag.starts_with('"') && tag.ends_with('"') && tag.len() == 18,
        "{tag}"
    );
    for tags in [
        vec![tag.clone()],
        vec![format!("W/{tag}")],
        vec!["*".to_owned()],
        vec![format!("\"other\", {tag}")],
        vec!["\"other\"".to_owned(), tag.clone()],
    ] {
        let tags: Vec<_> = tags.iter().map(String::as_str).collect();
        let answer = ask(&doc, &tags);
        assert_eq!(answer.status(), 304, "{tags:?}");
        assert_eq!(answer.body().size_hint().exact(), Some(0));
        assert_eq!(answer.headers()["etag"], tag.as_str());
        assert!(answer.headers().contains_key("cache-control"));
        assert!(!answer.headers().contains_key("content-type"));
    }
    for other in ["\"other\"", "", "W/\"other\"", tag.trim_matches('"')] {
        assert_eq!(ask(&doc, &[other]).status(), 200, "{other}");
    }
}

#[test]
fn another_text_has_another_tag() {
    assert_ne!(
        ask(&doc("{}"), &[]).headers()["etag"],
        ask(&doc("[]"), &[]).headers()["etag"]
    );
}
