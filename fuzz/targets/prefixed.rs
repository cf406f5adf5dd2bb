//! A token or secret in its text form from anybody. What is read is written again as the same text, and is of one
//! kind only; with any one character cut off it is nothing.

#![no_main]

use carnet_jose::Prefixed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read: Vec<_> = Prefixed::ALL
        .into_iter()
        .filter_map(|kind| Some((kind, kind.decode(text).ok()?)))
        .collect();
    match read.as_slice() {
        [] => {}
        [(kind, bytes)] => {
            assert_eq!(kind.encode(bytes), text);
            assert_eq!(Prefixed::of(text), Some(*kind));
            assert!(kind.decode(&text[..text.len() - 1]).is_err());
        }
        _ => panic!("a text of two kinds"),
    }
});
