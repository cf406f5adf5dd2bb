//! RFC 4648 §10 and what must not be read.

use super::{print_url, read};

#[test]
fn rfc4648_10_test_vectors() {
    for (plain, coded) in [
        ("", ""),
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ] {
        let bare = coded.trim_end_matches('=');
        assert_eq!(print_url(plain.as_bytes()), bare);
        assert_eq!(read(coded).as_deref(), Some(plain.as_bytes()), "{coded}");
        assert_eq!(read(bare).as_deref(), Some(plain.as_bytes()), "{bare}");
    }
    assert_eq!(print_url(&[0xfb, 0xff]), "-_8");
    assert_eq!(read("+/8="), Some(vec![0xfb, 0xff]));
}

#[test]
fn rfc4648_3_what_is_not_base64_is_refused() {
    for text in [
        "A",
        "=",
        "Zg=",
        "Zg===",
        "Zm9v=",
        "Zh==",
        "Zm9=",
        "Z g=",
        "-_8=",
        "Zm8=Zm8=",
        "\u{e9}\u{e9}",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}
