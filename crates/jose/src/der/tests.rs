//! Tests of `der`.

use super::{bits, bmp, context, context_primitive, octets, oid, sequence, set, unsigned};

#[test]
fn x690_8_3_integers_are_short_and_positive() {
    assert_eq!(unsigned(&[]), [2, 1, 0]);
    assert_eq!(unsigned(&[0, 0]), [2, 1, 0]);
    assert_eq!(unsigned(&[0, 1]), [2, 1, 1]);
    assert_eq!(unsigned(&[0x7F]), [2, 1, 0x7F]);
    assert_eq!(unsigned(&[0x80]), [2, 2, 0, 0x80]);
    assert_eq!(unsigned(&[0, 0, 0x80, 0]), [2, 3, 0, 0x80, 0]);
}

#[test]
fn x690_10_1_lengths_are_in_the_shortest_form() {
    assert_eq!(octets(&[]), [4, 0]);
    assert_eq!(octets(&[7; 127])[..2], [4, 127]);
    assert_eq!(octets(&[7; 128])[..3], [4, 0x81, 128]);
    assert_eq!(octets(&[7; 255])[..3], [4, 0x81, 255]);
    assert_eq!(octets(&[7; 256])[..4], [4, 0x82, 1, 0]);
    assert_eq!(octets(&vec![7; 65536])[..5], [4, 0x83, 1, 0, 0]);
}

#[test]
fn x690_8_19_object_identifiers() {
    assert_eq!(
        oid(&[1, 2, 840, 113_549]),
        [6, 6, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D]
    );
    assert_eq!(oid(&[2, 999, 3]), [6, 3, 0x88, 0x37, 0x03]); // the example of §8.19.5
    assert_eq!(oid(&[2, 5, 4, 0]), [6, 3, 0x55, 4, 0]);
    assert_eq!(oid(&[1, 3, 127, 128]), [6, 4, 0x2B, 0x7F, 0x81, 0x00]);
}

#[test]
fn elements_nest() {
    assert_eq!(
        sequence(&[&unsigned(&[1]), &octets(&[2])]),
        [0x30, 6, 2, 1, 1, 4, 1, 2]
    );
    assert_eq!(set(&[&unsigned(&[1])]), [0x31, 3, 2, 1, 1]);
    assert_eq!(bits(&[0xFF]), [3, 2, 0, 0xFF]);
    assert_eq!(bmp("aé"), [0x1E, 4, 0, 0x61, 0, 0xE9]);
    assert_eq!(context(0, &[5, 0]), [0xA0, 2, 5, 0]);
    assert_eq!(context_primitive(1, &[7]), [0x81, 1, 7]);
}
