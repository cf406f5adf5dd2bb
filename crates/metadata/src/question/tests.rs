//! What queries ask, and what they cannot.

use std::time::Duration;

use super::Form;
use super::NotAsked;
use super::Question;
use super::Wait;

#[test]
fn google_wire_7_1_scopes_come_with_commas_or_one_by_one() {
    let together = Question::read("scopes=https%3A%2F%2Fa.example%2Fx,b").unwrap();
    assert_eq!(together.scopes, ["https://a.example/x", "b"]);
    let apart = Question::read("scopes=a&transport=mtls&scopes=b+c&scopes=").unwrap();
    assert_eq!(apart.scopes, ["a", "b", "c"]);
}

#[test]
fn google_wire_7_1_words_are_taken_in_any_case() {
    let asked = Question::read("recursive=True&format=FULL&licenses=TRUE&audience=a").unwrap();
    assert!(asked.recursive && asked.full && asked.licenses);
    let standard = Question::read("recursive=1&format=standard&licenses=FALSE").unwrap();
    assert_eq!(standard, Question::default());
}

#[test]
fn a_wait_has_an_end_whoever_asks_for_it() {
    let waits = |query| Question::read(query).unwrap().wait;
    let ten_minutes = Duration::from_mins(10);
    assert_eq!(waits("timeout_sec=5&last_etag=0"), None);
    let asked = waits("wait_for_change=true&timeout_sec=5&last_etag=ab");
    let longest = Duration::from_secs(5);
    let last = Some("ab".to_owned());
    assert_eq!(asked, Some(Wait { longest, last }));
    for query in [
        "wait_for_change=true",
        "wait_for_change=TRUE&timeout_sec=18446744073709551615",
    ] {
        assert_eq!(waits(query).unwrap().longest, ten_minutes, "{query}");
    }
}

#[test]
fn what_is_printed_is_json_or_text() {
    assert_eq!(Question::read("alt=json").unwrap().form, Some(Form::Json));
    assert_eq!(Question::read("alt=text").unwrap().form, Some(Form::Text));
    assert_eq!(Question::read("").unwrap().form, None);
}

#[test]
fn what_there_is_not_is_refused() {
    let many = "s,".repeat(101);
    let cases = [
        ("alt=xml".to_owned(), NotAsked::Alt),
        ("timeout_sec=-1".to_owned(), NotAsked::Timeout),
        (
            "timeout_sec=99999999999999999999".to_owned(),
            NotAsked::Timeout,
        ),
        ("format=half".to_owned(), NotAsked::Format),
        ("licenses=some".to_owned(), NotAsked::Licenses),
        ("scopes=a%22b".to_owned(), NotAsked::Scopes),
        ("scopes=a%00b".to_owned(), NotAsked::Scopes),
        (format!("scopes={many}"), NotAsked::Scopes),
        (
            format!("audience={}", "a".repeat(2_049)),
            NotAsked::Audience,
        ),
        ("a".repeat(16 * 1024 + 1), NotAsked::Long),
    ];
    for (query, fault) in cases {
        assert_eq!(Question::read(&query), Err(fault), "{query:.40}");
    }
}
