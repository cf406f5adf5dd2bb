//! A code that is raised, one that is not, and one that waits.

use super::judge;

const CATALOGUE: &str = "impl Crn {
    /// 1201: the app.
    pub const CLIENT_UNKNOWN: Self = Self::of(&Entry {
        number: 1201,
        related: &[1203],
    });
    /// 1203: the address.
    pub const REDIRECT_URI: Self = Self::of(&Entry { number: 1203, related: &[] });
}";

fn found(program: &str, waiting: &[(&str, &str)]) -> Vec<String> {
    judge(&[CATALOGUE.to_owned()], &[program.to_owned()], waiting)
}

#[test]
fn what_nothing_raises_is_claimed_in_vain() {
    let both = "fn no() -> Crn { if x { Crn::CLIENT_UNKNOWN } else { Crn::REDIRECT_URI } }";
    assert_eq!(found(both, &[]), [""; 0]);
    let vain = ["CRN-1203 (Crn::REDIRECT_URI) stands in the catalogue, and nothing raises it"];
    for one in [
        "fn no() -> Crn { Crn::CLIENT_UNKNOWN }",
        "fn no() -> Crn { Crn::CLIENT_UNKNOWN } // Crn::REDIRECT_URI",
        "fn no() -> Crn { Crn::CLIENT_UNKNOWN } const X: &str = \"Crn::REDIRECT_URI\";",
        "fn no() -> Crn { Crn::CLIENT_UNKNOWN }\n#[cfg(test)]\nmod tests { use Crn::REDIRECT_URI; }",
        "fn no() -> Crn { Crn::CLIENT_UNKNOWN } fn other() { Crn::REDIRECT_URI_OTHER }",
    ] {
        assert_eq!(found(one, &[]), vain, "{one}");
    }
}

#[test]
fn what_waits_stands_there_no_longer_than_it_waits() {
    let one = "fn no() -> Crn { Crn::CLIENT_UNKNOWN }";
    assert_eq!(found(one, &[("REDIRECT_URI", "issue 3")]), [""; 0]);
    assert_eq!(
        found(
            one,
            &[("REDIRECT_URI", "issue 3"), ("CLIENT_UNKNOWN", "issue 3")]
        ),
        ["CLIENT_UNKNOWN is raised now: take it out of WAITING in xtask/src/codes.rs"]
    );
    assert_eq!(
        found(one, &[("REDIRECT_URI", "issue 3"), ("NOTHING", "nobody")]),
        ["WAITING names NOTHING, which is no code"]
    );
}
