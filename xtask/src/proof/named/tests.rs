//! Which names are tests, in each language, and how one of two is asked for.

use std::path::Path;

use super::{Tests, contracts, java, reader, rust, script, short};

#[test]
fn a_function_below_a_mark_is_a_test_and_its_neighbour_is_none() {
    let text = "#[test]\n#[ignore]\nfn one() {}\nfn helper() {}\n#[tokio::test(flavor = \"multi_thread\")]\nasync fn two() {}\n";
    assert_eq!(rust(text), ["one", "two"]);
}

#[test]
fn a_mark_in_the_name_of_another_attribute_is_none() {
    assert!(rust("#[cfg(test)]\nmod tests;\nfn one() {}\n").is_empty());
    assert!(rust("#[testing]\nfn one() {}\n").is_empty());
}

#[test]
fn the_names_that_a_macro_is_given_are_tests_where_it_writes_tests() {
    let body = "#[tokio::test]\nasync fn $one() {}\n";
    let call = "races! {\n  one_of_them,\n  on_two_nodes:\n    a_helper;\n}\n";
    assert_eq!(
        rust(&format!("{body}{call}")),
        ["one_of_them", "on_two_nodes"]
    );
    assert!(rust(call).is_empty());
}

#[test]
fn each_language_marks_its_tests_in_its_own_way() {
    assert_eq!(
        contracts("pub async fn kept(store: X) {}\nasync fn no() {}"),
        ["kept"]
    );
    assert_eq!(java("@Test\n  void signsIn() throws X {}"), ["signsIn"]);
    assert_eq!(
        script("test('a code', () => 1)\n test(`b`, x)"),
        ["a code", "b"]
    );
    let python = reader(Path::new("interop/python/test_x.py")).map(|find| find("def test_it():\n"));
    assert_eq!(python, Some(vec!["test_it".to_owned()]));
    assert!(reader(Path::new("docs/x.md")).is_none());
}

#[test]
fn a_name_that_two_files_have_asks_for_the_file() {
    let places = vec!["a/one.rs".to_owned(), "a/two.rs".to_owned()];
    let tests = Tests {
        files: [("same".to_owned(), places)].into(),
    };
    assert!(
        tests
            .trouble("same")
            .is_some_and(|trouble| trouble.contains("two.rs"))
    );
    assert_eq!(tests.file("two.rs::same"), Some("a/two.rs"));
    assert!(tests.trouble("other").is_some());
    assert_eq!(short("two.rs::same"), "same");
}
