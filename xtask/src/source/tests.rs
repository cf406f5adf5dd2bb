//! What is code, and what only looks like it.

use std::path::Path;

use super::{bare, is_test_file, lines_of_code, without_tests};

#[test]
fn comments_go_and_nest() {
    assert_eq!(bare("a // b\nc /* d /* e */ f */ g"), "a \nc  g");
    assert_eq!(bare("//! story\n/// more\nfn f() {}"), "\n\nfn f() {}");
}

#[test]
fn literals_are_blanked_and_hide_what_looks_like_a_comment() {
    assert_eq!(bare(r#"let a = "x // y";"#), r#"let a = "_ __ _";"#);
    assert_eq!(bare(r#"let a = "\"//";"#), r#"let a = "____";"#);
    assert_eq!(bare("r#\"a\"b\"# // c"), "r#\"___\"# ");
    assert_eq!(bare("br\"a\\\" // c"), "br\"__\" ");
    assert_eq!(bare("b\"//\" 'x' '\\'' '\"' // c"), "b\"__\" '_' '__' '_' ");
}

#[test]
fn lifetimes_and_raw_names_are_no_literals() {
    assert_eq!(
        bare("fn f<'a>(x: &'a str) {} // c"),
        "fn f<'a>(x: &'a str) {} "
    );
    assert_eq!(bare("let r#type = for_r; // c"), "let r#type = for_r; ");
}

#[test]
fn only_code_counts() {
    let text = "//! header\n\nuse a::b;\n\n/// doc\nfn f() {\n    // why\n    g(\"one\ntwo\");\n}\n\n\
                #[cfg(test)]\nmod tests {\n    fn t() { if x { y } }\n}\n";
    assert_eq!(lines_of_code(text), 5);
}

#[test]
fn a_test_module_ends_with_its_brace_or_its_semicolon() {
    assert_eq!(
        without_tests("a;\n#[cfg(test)]\nmod t { { } }\nb;").trim_end(),
        "a;\n\n\nb;"
    );
    assert_eq!(without_tests("#[cfg(test)]\nmod tests;\nb;"), "\n\nb;");
}

#[test]
fn test_files_are_known_by_their_place() {
    assert!(is_test_file(Path::new("crates/core/src/rule/tests.rs")));
    assert!(is_test_file(Path::new("crates/core/tests/flow.rs")));
    assert!(!is_test_file(Path::new("crates/testkit/src/contract.rs")));
}
