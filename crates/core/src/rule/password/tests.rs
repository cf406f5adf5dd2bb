//! Which passwords may be set.

use super::Demand;
use super::LONGEST;
use super::Unfit;
use super::banned;
use super::fit;

fn full(password: &str) -> Result<(), Unfit> {
    let email = "Dana.Kim@acme.example".parse().unwrap();
    fit(password, &email, Demand::Full)
}

#[test]
fn nist_800_63b_3_1_1_length_is_what_counts() {
    assert_eq!(full(""), Err(Unfit::Empty));
    assert_eq!(full("zebra-7"), Err(Unfit::Short));
    assert_eq!(full("zebra-78"), Ok(()));
    assert_eq!(full("correct horse battery staple"), Ok(()));
    // Eight characters are enough, in whatever script; bytes are counted for the other end only.
    assert_eq!(full("пароль-ё"), Ok(()));
    assert_eq!(full("пароль-"), Err(Unfit::Short));
    let long = "Zebra ".repeat(170) + "1234";
    assert_eq!((long.len(), full(&long)), (LONGEST, Ok(())));
    assert_eq!(full(&(long + "5")), Err(Unfit::Long));
}

#[test]
fn an_address_is_no_password() {
    for password in [
        "dana.kim@acme.example",
        "DANA.KIM@ACME.EXAMPLE",
        "dana.kim",
        "Acme.Example",
        " dana.kim ",
    ] {
        assert_eq!(full(password), Err(Unfit::Address), "{password}");
    }
    assert_eq!(full("dana.kim+7 zebras"), Ok(()));
}

#[test]
fn what_everybody_tries_first_is_no_password() {
    for password in [
        "password",
        "Password123",
        "P@ssw0rd",
        "12345678",
        "87654321",
        "abcdefghij",
        "aaaaaaaaaaaa",
        "\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}",
        "QwertyUiop",
        "changeme123",
    ] {
        assert_eq!(full(password), Err(Unfit::Common), "{password}");
    }
}

#[test]
fn the_list_is_sorted_and_each_of_it_is_found() {
    assert!(banned::PASSWORDS.is_sorted());
    for password in banned::PASSWORDS {
        assert_eq!(full(password), Err(Unfit::Common), "{password}");
    }
}

#[test]
fn a_sandbox_takes_any_but_none() {
    let email = "alice@example.com".parse().unwrap();
    let sandbox = |password: &str| fit(password, &email, Demand::Sandbox);
    assert_eq!(sandbox("alice"), Ok(()));
    assert_eq!(sandbox(""), Err(Unfit::Empty));
    assert_eq!(sandbox(&"a".repeat(LONGEST + 1)), Err(Unfit::Long));
    assert_eq!(
        (Demand::of(true), Demand::of(false)),
        (Demand::Sandbox, Demand::Full)
    );
}
