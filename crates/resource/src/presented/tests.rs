//! One token, in one place.

use http::HeaderMap;
use http::HeaderValue;
use http::header::AUTHORIZATION;

use super::InQuery;
use super::Place;
use super::token;

fn headers(values: &[&'static [u8]]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
    }
    headers
}

fn found(
    values: &[&'static [u8]],
    query: Option<&str>,
    in_query: InQuery,
) -> (String, Option<Place>) {
    match token(&headers(values), query, in_query) {
        Ok((_, token, place)) => (token.into_owned(), Some(place)),
        Err(refusal) => (refusal.crn(), None),
    }
}

#[test]
fn rfc6750_2_1_the_header() {
    let of = |value: &'static [u8]| found(&[value], Some("a=b"), InQuery::Refused);
    assert_eq!(of(b"Bearer abc"), ("abc".to_owned(), Some(Place::Header)));
    assert_eq!(of(b"bearer abc"), ("abc".to_owned(), Some(Place::Header)));
    for (value, crn) in [
        (b"Basic YTpi".as_slice(), "CRN-4007"),
        (b"Bearer", "CRN-4005"),
        (b"Bearer a b", "CRN-4005"),
        (b"Bearer \xFF", "CRN-4005"),
    ] {
        assert_eq!(of(value), (crn.to_owned(), None));
    }
    assert_eq!(found(&[], None, InQuery::Taken).0, "CRN-4007");
}

#[test]
fn rfc6750_2_not_in_more_than_one_way() {
    for in_query in [InQuery::Taken, InQuery::Refused] {
        let of = |values: &[&'static [u8]], query| found(values, query, in_query).0;
        assert_eq!(of(&[b"Bearer a", b"Bearer a"], None), "CRN-4008");
        assert_eq!(of(&[b"Bearer a"], Some("access_token=a")), "CRN-4008");
        assert_eq!(of(&[b"Basic a"], Some("access_token=a")), "CRN-4008");
        assert_eq!(of(&[], Some("access_token=a&access_token=a")), "CRN-4008");
    }
}

#[test]
fn rfc6750_2_3_the_url_only_where_it_is_allowed() {
    let query = Some("x=1&access_token=a.b-c%7E&y");
    assert_eq!(
        found(&[], query, InQuery::Taken),
        ("a.b-c~".to_owned(), Some(Place::Query))
    );
    assert_eq!(found(&[], query, InQuery::Refused).0, "CRN-4008");
}
