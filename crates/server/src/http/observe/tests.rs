//! Codes as the log shows them.

use super::Code;
use super::Escaped;

#[test]
fn a_code_is_printed_as_the_catalogue_prints_it() {
    assert_eq!(Code(2104).to_string(), "CRN-2104");
    assert_eq!(Code(7).to_string(), "CRN-0007");
}

#[test]
fn what_a_client_wrote_cannot_pretend_to_be_another_line() {
    assert_eq!(Escaped("/a%0Ab").to_string(), "/a%0Ab");
    assert_eq!(
        Escaped("/a\nb\u{1b}[31m c").to_string(),
        "/a\\u{a}b\\u{1b}[31m\\u{20}c"
    );
    assert_eq!(Escaped(&"x".repeat(256)).to_string().len(), 256);
    assert_eq!(Escaped(&"x".repeat(257)).to_string().len(), 259);
}
